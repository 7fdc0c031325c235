"""An event loop on a thread of its own: where a server that has none, a WSGI one, lets coroutines run."""

from __future__ import annotations

import asyncio
import atexit
import os
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class BackgroundLoop:
    """Started at the first use, and again in a process that was forked off, where threads do not go on."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        os.register_at_fork(after_in_child=self._forget)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Waits for the coroutine, which runs on the loop in a copy of the caller's context. Raises what it raises."""
        return asyncio.run_coroutine_threadsafe(work, self._running()).result()

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                thread = threading.Thread(target=_serve, args=(self._loop,), name="wscb-loop", daemon=True)
                thread.start()
                atexit.register(_stop, self._loop, thread)
            return self._loop

    def _forget(self) -> None:
        self._lock = threading.Lock()
        self._loop = None


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
    finally:
        loop.close()


def _stop(loop: asyncio.AbstractEventLoop, thread: threading.Thread) -> None:
    if thread.is_alive():  # not in a process that was forked off
        loop.call_soon_threadsafe(loop.stop)
        thread.join(1)


background = BackgroundLoop()
"""The one of this process."""
