"""Draining when the server is about to stop: it closes the sockets before lifespan shutdown, which would be too late.

On SIGTERM and SIGINT that is before the server's own handler. Under hypercorn no signal need reach this process; there
it is when hypercorn's own wait for the end is over, and beside what it then does.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Awaitable, Callable
from types import FrameType
from typing import Any

logger = logging.getLogger("wscb.hub")

_SIGNALS = (signal.SIGTERM, signal.SIGINT)

Drain = Callable[[], Awaitable[list[str]]]

EXIT_SECONDS = 5.0
"""For the server to end by itself after the drain, when a callback does not."""


def on_termination(drain: Drain) -> None:
    """Has `drain` awaited on the running loop at the first signal, then calls what handled the signal before.

    A second signal goes straight there. Does nothing off the main thread, where signals cannot be handled, and where
    the default or nothing handles a signal: then no server has installed a graceful way to stop.

    `drain` returns the callbacks that did not end. A loop waits for those for ever, so then the process is ended.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    _on_hypercorns_end(drain)
    loop = asyncio.get_running_loop()
    for number in _SIGNALS:
        handler = signal.getsignal(number)
        if callable(handler) and handler is not signal.default_int_handler:
            signal.signal(number, _Draining(loop, drain, handler))


class _Draining:
    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        drain: Drain,
        then: Callable[[int, FrameType | None], Any],
    ) -> None:
        self._loop = loop
        self._drain = drain
        self._then = then
        self._begun = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if self._begun or self._loop.is_closed():
            self._then(number, frame)
            return
        self._begun = True
        self._loop.call_soon_threadsafe(self._start, number)

    def _start(self, number: int) -> None:
        self._task = self._loop.create_task(self._run(number), name="wscb drain")

    async def _run(self, number: int) -> None:
        stuck: list[str] = []
        try:
            stuck = await _drained(self._drain)
        finally:
            self._then(number, None)
        _end_in_spite_of(stuck)


def _on_hypercorns_end(drain: Drain) -> None:
    """hypercorn polls an event that its parent process sets, in a coroutine that ends with the serving.

    Its sockets live on for `graceful_timeout` from then, three seconds unless told otherwise.
    """
    draining: list[asyncio.Task[None]] = []

    async def run() -> None:
        _end_in_spite_of(await _drained(drain))

    def over(_: object) -> None:
        if not draining and not loop.is_closed():
            draining.append(loop.create_task(run(), name="wscb drain"))

    loop = asyncio.get_running_loop()
    for task in asyncio.all_tasks():
        code = getattr(task.get_coro(), "cr_code", None)
        if code is not None and code.co_name == "raise_shutdown" and "hypercorn" in code.co_filename:
            task.add_done_callback(over)


async def _drained(drain: Drain) -> list[str]:
    try:
        return await drain()
    except Exception:
        logger.exception("draining failed; the server stops all the same")
        return []


def _end_in_spite_of(stuck: list[str]) -> None:
    if stuck:
        logger.error("%s: did not end; this process is ended in %g s", ", ".join(stuck), EXIT_SECONDS)
        end_process(EXIT_SECONDS)


def end_process(seconds: float) -> None:
    """Ends this process after so long, unless it has ended before."""
    timer = threading.Timer(seconds, os._exit, (1,))  # sys.exit would wait for what does not end
    timer.daemon = True
    timer.start()
