"""Draining before the server's own way to stop."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable
from typing import Any

import pytest
from hypercorn.utils import raise_shutdown

from wscb.server import signals as signals_module
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


@pytest.mark.parametrize("ends", [0, 1])
async def test_under_hypercorn_it_drains_when_that_ends(ends: int) -> None:
    """It waits for two ends, of the process's parent and of a worker that has served enough; whichever is first."""
    waits = [asyncio.Event(), asyncio.Event()]
    tasks = [asyncio.create_task(raise_shutdown(wait.wait)) for wait in waits]
    drained: list[str] = []
    done = asyncio.Event()

    async def drain() -> list[str]:
        drained.append("once")
        done.set()
        return []

    on_termination(drain)
    waits[ends].set()
    await asyncio.wait_for(done.wait(), 5)
    tasks[1 - ends].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.sleep(0)
    assert drained == ["once"]


async def test_under_hypercorn_too_it_does_not_wait_for_what_is_stuck(monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[float] = []
    done = asyncio.Event()
    monkeypatch.setattr(signals_module, "end_process", lambda seconds: (ended.append(seconds), done.set()))

    async def drain() -> list[str]:
        return ["stubborn (app.py:1)"]

    over = asyncio.Event()
    task = asyncio.create_task(raise_shutdown(over.wait))
    on_termination(drain)
    over.set()
    await asyncio.wait_for(done.wait(), 5)
    await asyncio.gather(task, return_exceptions=True)
    assert ended == [signals_module.EXIT_SECONDS]
