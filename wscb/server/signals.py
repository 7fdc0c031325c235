"""Draining on SIGTERM and SIGINT, before the server's own handler: it closes the sockets before lifespan shutdown."""

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


EXIT_SECONDS = 5.0
"""For the server to end by itself after the drain, when a callback does not."""


def on_termination(drain: Callable[[], Awaitable[list[str]]]) -> None:
    """Has `drain` awaited on the running loop at the first signal, then calls what handled the signal before.

    A second signal goes straight there. Does nothing off the main thread, where signals cannot be handled, and where
    the default or nothing handles a signal: then no server has installed a graceful way to stop.

    `drain` returns the callbacks that did not end. A loop waits for those for ever, so then the process is ended.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()
    for number in _SIGNALS:
        handler = signal.getsignal(number)
        if callable(handler) and handler is not signal.default_int_handler:
            signal.signal(number, _Draining(loop, drain, handler))


class _Draining:
    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        drain: Callable[[], Awaitable[list[str]]],
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
            stuck = await self._drain()
        except Exception:
            logger.exception("draining failed; the server stops all the same")
        finally:
            self._then(number, None)
        if stuck:
            logger.error("%s: did not end; this process is ended in %g s", ", ".join(stuck), EXIT_SECONDS)
            end_process(EXIT_SECONDS)


def end_process(seconds: float) -> None:
    """Ends this process after so long, unless it has ended before."""
    timer = threading.Timer(seconds, os._exit, (1,))  # sys.exit would wait for what does not end
    timer.daemon = True
    timer.start()
