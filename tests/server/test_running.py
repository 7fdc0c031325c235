"""How `app.run` serves."""

from __future__ import annotations

import logging
import signal
import socket
import subprocess
import sys
from typing import Any

import pytest
import uvicorn
import watchfiles

from tests.server.apps import app_with
from wscb import Limits
from wscb.errors import DeclarationError
from wscb.server import running

Served = list[dict[str, Any]]


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Served:
    calls: Served = []
    monkeypatch.setattr(uvicorn, "run", lambda server, **settings: calls.append({"server": server, **settings}))
    return calls


def test_it_serves_with_the_settings_that_the_runtime_is_built_for(served: Served) -> None:
    app = app_with(limits=Limits(message_bytes=300_000))
    app.run("0.0.0.0", 9000)
    (settings,) = served
    assert settings["server"] is app.server
    assert (settings["host"], settings["port"]) == ("0.0.0.0", 9000)
    assert settings["ws_per_message_deflate"] is False
    assert settings["ws_max_size"] == 600_000  # bytes that a peer can have it hold before we hear of them
    assert settings["ws"] == "websockets-sansio"
    assert settings["timeout_graceful_shutdown"] > 0


def test_a_users_own_options_win(served: Served) -> None:
    app_with().run(log_level="warning", ssl_keyfile="key")
    assert (served[0]["log_level"], served[0]["ssl_keyfile"]) == ("warning", "key")


def test_an_app_that_is_declared_wrongly_does_not_start(served: Served) -> None:
    app = app_with()
    app.layout = None
    with pytest.raises(DeclarationError, match="no layout"):
        app.run()
    assert served == []


def test_only_the_child_of_a_debug_run_serves(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    supervised: list[bool] = []
    monkeypatch.setattr(running, "supervise", lambda *_: supervised.append(True))
    monkeypatch.delenv("WSCB_RELOAD_CHILD", raising=False)
    app = app_with()
    app.run(debug=True)
    assert (served, supervised) == ([], [True])
    monkeypatch.setenv("WSCB_RELOAD_CHILD", "1")
    app.run(debug=True)
    assert (len(served), supervised, app.debug) == (1, [True], True)


class Child:
    """A process that notes what is done to it."""

    def __init__(
        self, command: list[str], env: dict[str, str], pass_fds: tuple[int, ...] = (), stubborn: bool = False
    ) -> None:
        self.command, self.env, self.stubborn, self.files = command, env, stubborn, pass_fds
        self.did: list[str] = []
        self.returncode = 1

    def poll(self) -> int | None:
        return 0 if "waited" in self.did else None

    def terminate(self) -> None:
        self.did.append("SIGTERM")

    def wait(self, timeout: float | None = None) -> int:
        if self.stubborn and timeout is not None:
            raise subprocess.TimeoutExpired("child", timeout)
        self.did.append("waited")
        return 0

    def kill(self) -> None:
        self.did.append("killed")


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> list[Child]:
    made: list[Child] = []

    def start(*args: Any, **options: Any) -> Child:
        made.append(Child(*args, **options))
        return made[-1]

    monkeypatch.setattr(subprocess, "Popen", start)
    monkeypatch.setattr(signal, "signal", lambda number, handler: None)
    return made


def test_a_change_starts_another_child(children: list[Child], monkeypatch: pytest.MonkeyPatch) -> None:
    # One watch that goes on, so that no change is missed between two; at its end the person has pressed Ctrl-C.
    watches = iter([[{"a change"}, {"another"}]])
    monkeypatch.setattr(watchfiles, "watch", lambda *args, **options: iter(next(watches)))
    running.supervise("127.0.0.1", 0, {})
    assert [child.did for child in children] == [["SIGTERM", "waited"]] * 2 + [["waited"]]  # it has had the Ctrl-C too
    assert len({child.env["WSCB_RELOAD_CHILD"] for child in children}) == 3
    assert all(child.command[0] == sys.executable for child in children)
    (listening,) = {child.files for child in children}  # what pages ask while none is there waits for the next
    assert {child.env["WSCB_RELOAD_FD"] for child in children} == {str(listening[0])}
    assert {child.env["WERKZEUG_SERVER_FD"] for child in children} == {str(listening[0])}


def test_the_child_is_told_of_a_signal_that_its_supervisor_alone_has_had(
    children: list[Child], monkeypatch: pytest.MonkeyPatch
) -> None:
    handlers: dict[int, Any] = {}
    monkeypatch.setattr(signal, "signal", lambda number, handler: handlers.update({number: handler}))

    def watch(*args: Any, **options: Any) -> Any:
        with pytest.raises(SystemExit):  # the watch takes it for a Ctrl-C, and ends
            handlers[signal.SIGTERM](signal.SIGTERM, None)
        return iter([])

    monkeypatch.setattr(watchfiles, "watch", watch)
    running.supervise("127.0.0.1", 0, {})
    assert [child.did for child in children] == [["SIGTERM", "waited"]]


def test_a_child_that_ends_by_itself_is_said_once(
    children: list[Child], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def watch(*args: Any, **options: Any) -> Any:
        yield set()
        children[0].did.append("waited")
        yield set()
        yield set()

    monkeypatch.setattr(watchfiles, "watch", watch)
    running.supervise("127.0.0.1", 0, {})
    assert capsys.readouterr().out.count("Ended with 1; it starts again when a file changes") == 1


def test_a_child_serves_where_its_supervisor_listens(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WSCB_RELOAD_FD", "7")
    app_with().run()
    assert served[0]["fd"] == 7


def test_who_gives_a_socket_of_his_own_has_that(children: list[Child], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watchfiles, "watch", lambda *args, **options: iter([]))
    running.supervise("127.0.0.1", 1, {"uds": "/run/app.sock"})
    assert (children[0].files, "WSCB_RELOAD_FD" in children[0].env) == ((), False)


def test_a_port_that_is_taken_is_said(children: list[Child]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit, match=f"Cannot serve on 127.0.0.1, port {port}: .*in use"):
            running.supervise("127.0.0.1", port, {})
    assert children == []


def test_what_waiting_pages_ask_is_not_logged(monkeypatch: pytest.MonkeyPatch) -> None:
    loggers = [logging.getLogger(name) for name in ("uvicorn.access", "werkzeug")]
    for logger in loggers:
        monkeypatch.setattr(logger, "filters", [])
    running.quiet()
    assert [logger.filters for logger in loggers] == [[], []]
    monkeypatch.setenv("WSCB_RELOAD_CHILD", "a child")
    running.quiet()
    for logger in loggers:
        for path, kept in [("/app/_wscb/status", False), ("/app/_wscb/invoke", True)]:
            record = logger.makeRecord(logger.name, logging.INFO, "", 0, '"GET %s HTTP/1.1"', (path,), None)
            assert bool(logger.filter(record)) is kept


def test_when_watching_ends_with_an_error_no_child_is_left(
    children: list[Child], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*args: Any, **options: Any) -> Any:
        raise SystemExit(0)

    monkeypatch.setattr(watchfiles, "watch", stop)
    with pytest.raises(SystemExit):
        running.supervise("127.0.0.1", 0, {})
    assert [child.did for child in children] == [["SIGTERM", "waited"]]


def test_stopping_asks_first() -> None:
    child = Child([], {})
    running._stop(child)  # type: ignore[arg-type]
    assert child.did == ["SIGTERM", "waited"]


def test_a_child_that_does_not_stop_is_killed() -> None:
    child = Child([], {}, stubborn=True)
    running._stop(child)  # type: ignore[arg-type]
    assert child.did == ["SIGTERM", "killed", "waited"]
