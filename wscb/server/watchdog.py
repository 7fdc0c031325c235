"""Names the callback that blocks the event loop, while it does.

A thread asks the loop for a sign of life; when none comes in time it looks at what the loop's thread is executing.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
from collections.abc import Callable
from types import FrameType

from wscb.callbacks.declaration import Callback

logger = logging.getLogger("wscb.callbacks")

BLOCKED_SECONDS = 0.25
"""How long the loop may be busy with one step before it is said. All pages of the process wait meanwhile."""


class Watchdog:
    """Watches the running loop. One warning for each time that the loop is blocked."""

    def __init__(self, callback_of: Callable[[object], Callback | None], patience: float = BLOCKED_SECONDS) -> None:
        self._loop = asyncio.get_running_loop()
        self._loop_thread = threading.get_ident()
        self._callback_of = callback_of
        self._patience = patience
        self._alive = threading.Event()
        self._stopped = threading.Event()

    def start(self) -> None:
        threading.Thread(target=self._watch, name="wscb-watchdog", daemon=True).start()

    def stop(self) -> None:
        self._stopped.set()

    def _watch(self) -> None:
        while not self._stopped.wait(self._patience):
            self._alive.clear()
            try:
                self._loop.call_soon_threadsafe(self._alive.set)
            except RuntimeError:  # the loop is closed
                return
            if not self._alive.wait(self._patience):
                self._report(sys._current_frames().get(self._loop_thread))
                self._alive.wait()

    def _report(self, frame: FrameType | None) -> None:
        """Says it when a callback is on the stack; a slow machine, or the host's own code, is not ours to report."""
        while frame is not None:
            callback = self._callback_of(frame.f_code)
            if callback is not None:
                logger.warning(
                    "callback %s has blocked the event loop for more than %g s, at line %d; every page of this "
                    "process waits. Declare it with def instead of async def, or use await asyncio.to_thread(...).",
                    callback.where,
                    self._patience,
                    frame.f_lineno,
                )
                return
            frame = frame.f_back
