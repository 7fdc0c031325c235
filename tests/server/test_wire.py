"""The debug log of the wire."""

from __future__ import annotations

import logging
import tracemalloc
from collections.abc import Iterator

import pytest

from tests.server.apps import app_with
from wscb import Input, Output
from wscb.protocol import codec
from wscb.protocol.limits import WireLimits
from wscb.protocol.messages import Ack
from wscb.server import wire
from wscb.testing import FakeSocket, User

LIMITS = WireLimits()


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What is said, in place of the terminal."""
    said: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(record.getMessage().split(" ", 1)[1])

    monkeypatch.setenv("WSCB_DEBUG", "1")
    handler = Keep()
    wire.logger.addHandler(handler)
    wire.logger.setLevel(logging.DEBUG)
    yield said
    wire.logger.removeHandler(handler)
    wire.logger.setLevel(logging.NOTSET)


@pytest.mark.parametrize("value", ["", "0", None])
def test_nothing_is_watched_unless_it_is_wanted(monkeypatch: pytest.MonkeyPatch, value: str | None) -> None:
    monkeypatch.delenv("WSCB_DEBUG", raising=False)
    if value is not None:
        monkeypatch.setenv("WSCB_DEBUG", value)
    socket = FakeSocket()
    assert wire.watched(socket, LIMITS) is socket


def test_it_goes_to_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WSCB_DEBUG", "1")
    monkeypatch.setattr(wire, "logger", logging.Logger("alone"))
    wire.watched(FakeSocket(), LIMITS)
    wire.watched(FakeSocket(), LIMITS)
    assert len(wire.logger.handlers) == 1
    assert wire.logger.propagate is False


async def test_a_call_in_both_directions_and_no_secret(lines: list[str]) -> None:
    app = app_with()

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), websocket=True)
    async def work(clicks: int) -> int:
        return clicks

    async with User(app) as user:
        (call,) = await user.set("run", "n_clicks", 7)
        assert await user.settled(call) == "ok"
        secrets = [user.session or "?", user._token or "?"]
    text = "\n".join(lines)
    assert lines[0] == "= accepted as wscb.v1"
    assert "< hello n=1" in text
    assert f"> welcome session={secrets[0][:8]}... token=... attach=1 mode='new'" in text
    assert "< invoke q=1 id=1 callback='out.children|run.n_clicks' inputs=[7]" in text
    assert "> delta to=1 cq=1 changes=[['set', 'out', 'children', 7]] outcomes=[[1, 'ok']]" in text
    assert "= attach 1 at version 0" in lines
    assert lines[-3:] == ["= disconnected with 1001", "= attach 1 left with 1001", "= over"]
    assert not any(secret in text for secret in secrets)


async def test_what_became_of_a_session(lines: list[str]) -> None:
    async with User(app_with()) as user:
        user.drop()
        await user.connect()
    became = [line for line in lines if line.startswith(("= attach", "= over"))]
    assert became == ["= attach 1 at version 0", "= attach 1 lost with 1006", "= attach 2 at version 0",
                      "= attach 2 left with 1001", "= over"]  # fmt: skip


@pytest.mark.parametrize(
    ("frame", "line"),
    [
        (codec.encode(Ack(have=3)), "ack have=3"),
        ("text\x1b[31m\n", r"text text\x1b[31m\n"),
        (b"\xc1\x00", "2 bytes that are no message"),
        (codec.pack({"type": "hello", "session": ["S"], "token": 1}), "hello session=... token=..."),
        (codec.pack([1, "a\nb"]), r"no message: [1, 'a\\nb']"),
        (codec.pack({"type": "x\x1b", "a": "b\x1b"}), r"x\x1b a='b\\x1b'"),
    ],
)
def test_hostile_frames_stay_in_their_line(frame: bytes | str, line: str) -> None:
    said = wire.describe(frame)
    assert said.startswith(line)
    assert said.isprintable()


def test_a_long_frame_is_cut() -> None:
    assert len(wire.describe(codec.pack({"type": "x", "a": "b" * 10_000}))) == wire.LONGEST


async def test_what_a_page_claims_is_not_allocated_to_be_shown(lines: list[str]) -> None:
    bomb = b"\xdd\x00\x0f\x00\x00" * 260 + b"\xc0" * 1_000_000
    socket = FakeSocket()
    socket.say_raw(bomb)
    tracemalloc.start()
    await wire.watched(socket, LIMITS).receive()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "bytes that are no message (" in lines[-1]
    assert peak < 1_000_000


async def test_a_refusal_is_said(lines: list[str]) -> None:
    socket = wire.watched(FakeSocket(), LIMITS)
    await socket.close(4500, "bad\x1b")
    assert lines == [r"= closed with 4500 bad\x1b"]
