"""Under the servers that people run: a page, a call over HTTP, the socket where there is one, and the end of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.backends.process import Process, serving
from tests.deploy.guide import blocks
from tests.server.asgi_app import MSGPACK, call, delta_of
from wscb.protocol import codec
from wscb.protocol.closing import CloseCode
from wscb.protocol.messages import Drain, Hello, Location, Welcome

MODULE = "tests.backends.served"
MORE = {
    "hypercorn-in-one-process": ("fastapi", f"hypercorn -w 0 {MODULE}:server --bind 127.0.0.1:{{port}}"),
    "app.run": ("quart", f"python -m {MODULE}"),
    "gunicorn-preload": ("flask", f"gunicorn -w 2 --threads 4 --preload --bind 127.0.0.1:{{port}} {MODULE}:server"),
    "app.run-flask": ("flask", f"python -m {MODULE}"),
}


def documented() -> dict[str, tuple[str, str]]:
    """The commands of docs/deploy.md: those of the second block are for Flask."""
    found = {}
    for block, backends in zip(blocks(), (("quart", "fastapi"), ("flask", "flask")), strict=True):
        for number, line in enumerate(block.splitlines()):
            command = line.replace("app:server", f"{MODULE}:server").replace("8050", "{port}")
            found[line] = backends[number % 2], command
    return found


SERVERS = {**documented(), **MORE}


@pytest.fixture(params=SERVERS)
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Process]:
    backend, command = SERVERS[request.param]
    with serving(command.split(), backend, tmp_path) as process:
        process.sockets = backend != "flask"
        process.cuts = command.startswith("granian")
        yield process


def test_it_serves(server: Any) -> None:
    with httpx.Client(base_url=server.url, timeout=20) as client:
        page = client.get("/")
        assert 'src="/_wscb/static/' in page.text
        assert client.get("/health").text == "OK"
        assert client.get("/nowhere").status_code == 404
        answer = client.post("/_wscb/invoke", content=call("out.children|run.n_clicks", [4]), headers=MSGPACK)
        assert delta_of(answer).changes == [("set", "out", "children", 8)]
    assert process_of(server) > 0
    if server.sockets:
        drained(server)
    server.terminate()
    began = time.monotonic()
    server.ended()
    assert time.monotonic() - began < 20
    assert "Traceback" not in server.log


def test_any_process_answers_a_call(tmp_path: Path) -> None:
    """The page may come from one, and each call of it go to another: nothing of it is kept."""
    with serving(SERVERS["gunicorn-preload"][1].split(), "flask", tmp_path) as server:
        processes = {process_of(server)}
        deadline = time.monotonic() + 20
        while len(processes) < 2:
            assert time.monotonic() < deadline
            processes.add(process_of(server))


@pytest.mark.parametrize("backend", ["fastapi", "quart", "flask"])
def test_a_long_call_does_not_delay_others(backend: str, tmp_path: Path) -> None:
    """It ends when the others have been answered, and not before; what it costs them is told."""

    def asked(output: str) -> Any:
        body = call(f"{output}|run.n_clicks", [4])
        return delta_of(client.post("/_wscb/invoke", content=body, headers=MSGPACK)).changes

    def seconds() -> float:
        began = time.perf_counter()
        assert asked("out.children") == [("set", "out", "children", 8)]
        return time.perf_counter() - began

    with (
        serving(f"python -m {MODULE}".split(), backend, tmp_path) as server,
        httpx.Client(base_url=server.url, timeout=30) as client,
        ThreadPoolExecutor(1) as other,
    ):
        alone = [seconds() for _ in range(50)]
        long = other.submit(asked, "long.children")
        beside = [seconds() for _ in range(50)]
        assert not long.done()
        asked("long.title")
        assert long.result(30) == [("set", "long", "children", True)]
    print(f"{backend}: {median(alone) * 1000:.1f} ms alone, {median(beside) * 1000:.1f} ms beside a call that goes on")


def process_of(server: Process) -> int:
    """The one that answers a call on a new connection."""
    body = call("log.children|run.n_clicks", [4])
    (change,) = delta_of(httpx.post(f"{server.url}/_wscb/invoke", content=body, headers=MSGPACK, timeout=20)).changes
    return int(change[3])


def drained(server: Process) -> None:
    """A task is under way when the server is told to stop: the page is told, the task ends, and then the connection.

    It is told once: Python has a traceback of its own for a signal that comes while a loop closes.
    """
    with connect(f"{server.url.replace('http', 'ws')}/_wscb/ws", subprotocols=["wscb.v1"]) as line:  # type: ignore[list-item]
        line.send(codec.encode(Hello(n=1, build="b", page=Location(path="/", query=""), visible=True, have=0)))
        assert isinstance(codec.decode_server(line.recv(20)), Welcome)  # type: ignore[arg-type]
        line.send(call("end.children|run.n_clicks", [4], id=1, q=1))
        changes: list[Any] = []
        while len(changes) < 2:
            changes += getattr(codec.decode_server(line.recv(20)), "changes", [])  # type: ignore[arg-type]
        assert sorted(changes) == [("set", "end", "children", 12), ("set", "log", "children", "begun")]
        server.terminate()
        heard: list[Any] = []
        with pytest.raises(ConnectionClosed) as closed:
            heard.extend(messages(line))
    if server.cuts:
        return
    assert any(isinstance(message, Drain) for message in heard)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == CloseCode.DRAIN
    assert "endless was cancelled" in server.log


def messages(line: Any) -> Iterator[Any]:
    while True:
        yield codec.decode_server(line.recv(20))
