"""Draining before the server's own way to stop."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable
from typing import Any

import pytest

from wscb.server.signals import on_termination


class Signals:
    """The process's table of handlers, without the process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.handlers: dict[int, Any] = {}
        self.stopped: list[int] = []
        self.done = asyncio.Event()
        monkeypatch.setattr(signal, "getsignal", lambda number: self.handlers.get(number))
        monkeypatch.setattr(signal, "signal", lambda number, handler: self.handlers.update({number: handler}))

    def graceful(self, number: int, frame: object) -> None:
        self.stopped.append(number)
        self.done.set()

    def served(self) -> None:
        """As uvicorn installs its handlers before it serves."""
        self.handlers = {signal.SIGTERM: self.graceful, signal.SIGINT: self.graceful}

    async def stop(self) -> None:
        await asyncio.wait_for(self.done.wait(), 5)


@pytest.fixture
async def signals(monkeypatch: pytest.MonkeyPatch) -> Signals:
    return Signals(monkeypatch)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_drains_and_then_calls_on(signals: Signals, number: int) -> None:
    order: list[Any] = []

    async def drain() -> None:
        order.append(list(signals.stopped))

    signals.served()
    on_termination(drain)
    signals.handlers[number](number, None)
    await signals.stop()
    assert order == [[]]
    assert signals.stopped == [number]


async def test_a_second_signal_does_not_wait(signals: Signals) -> None:
    begun, never = asyncio.Event(), asyncio.Event()

    async def drain() -> None:
        begun.set()
        await never.wait()

    signals.served()
    on_termination(drain)
    handle: Callable[[int, None], None] = signals.handlers[signal.SIGTERM]
    handle(signal.SIGTERM, None)
    await begun.wait()
    assert signals.stopped == []
    handle(signal.SIGTERM, None)
    assert signals.stopped == [signal.SIGTERM]
    never.set()
    await handle._task  # type: ignore[attr-defined]


async def test_it_stops_though_draining_fails(signals: Signals, caplog: pytest.LogCaptureFixture) -> None:
    async def drain() -> None:
        raise ValueError("broken")

    signals.served()
    on_termination(drain)
    signals.handlers[signal.SIGTERM](signal.SIGTERM, None)
    await signals.stop()
    assert "draining failed" in caplog.text


@pytest.mark.parametrize("handler", [signal.SIG_DFL, signal.SIG_IGN, None, signal.default_int_handler])
async def test_where_no_server_stops_gracefully_nothing_is_changed(signals: Signals, handler: Any) -> None:
    signals.handlers = {signal.SIGTERM: handler, signal.SIGINT: handler}
    on_termination(asyncio.Event().wait)  # type: ignore[arg-type]
    assert signals.handlers == {signal.SIGTERM: handler, signal.SIGINT: handler}


async def test_off_the_main_thread_nothing_is_changed(signals: Signals) -> None:
    signals.served()
    before = dict(signals.handlers)
    thread = threading.Thread(target=on_termination, args=(asyncio.Event().wait,))
    thread.start()
    thread.join(5)
    assert signals.handlers == before


async def test_when_the_loop_is_gone_the_signal_goes_straight_on(signals: Signals) -> None:
    signals.served()
    loop = asyncio.new_event_loop()

    async def install() -> None:
        on_termination(asyncio.Event().wait)  # type: ignore[arg-type]

    def other() -> None:
        loop.run_until_complete(install())
        loop.close()

    # On a thread that passes for the main one: this test's own loop runs on that.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(threading, "main_thread", threading.current_thread)
        await asyncio.to_thread(other)
    signals.handlers[signal.SIGTERM](signal.SIGTERM, None)
    assert signals.stopped == [signal.SIGTERM]
