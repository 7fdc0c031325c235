"""Bounded threads for plain `def` callbacks.

`concurrent.futures` joins its threads when the interpreter ends, so one callback stuck in C code would keep a stopped
server from leaving. A thread cannot be killed; these are daemons, and what a thread still did is named in the log.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")
_Work = tuple[Callable[[], object], "Future[object]"]


class DaemonThreads:
    """At most `limit` threads, each made when there is work and no idle one."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._work: queue.SimpleQueue[_Work | None] = queue.SimpleQueue()
        self._idle = threading.Semaphore(0)
        self._lock = threading.Lock()
        self._threads = 0
        self._closed = False

    def submit(self, function: Callable[[], T]) -> Future[T]:
        """Runs `function` on a thread as soon as one is free; the future has what it returned or raised."""
        if self._closed:
            return own_thread(function, "wscb-worker-late")  # a request that came before the server stopped listening
        future: Future[T] = Future()
        self._work.put((function, future))  # type: ignore[arg-type]  # a queue of futures of any type
        if not self._idle.acquire(blocking=False):
            self._add_thread()
        return future

    def close(self) -> None:
        """Threads end when no work is left that came before."""
        self._closed = True
        for _ in range(self._threads):
            self._work.put(None)

    def _add_thread(self) -> None:
        with self._lock:
            if self._threads >= self._limit:
                return
            self._threads += 1
            name = f"wscb-worker-{self._threads}"
        threading.Thread(target=self._run, name=name, daemon=True).start()

    def _run(self) -> None:
        while (work := self._work.get()) is not None:
            perform(*work)
            del work  # an idle thread must not keep the last result alive
            self._idle.release()


def perform(function: Callable[[], T], future: Future[T]) -> None:
    """Runs `function` and settles `future` with what came of it, whatever that was."""
    if not future.set_running_or_notify_cancel():
        return
    try:
        result = function()
    except BaseException as error:
        future.set_exception(error)
    else:
        future.set_result(result)


class OwnThreads:
    """A thread for each piece of work, at most `limit` at once: for tasks that live as long as their pages."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._lock = threading.Lock()
        self._running = 0

    def start(self, function: Callable[[], T], name: str) -> Future[T] | None:
        """None when there are as many as may be. One that was given up counts for as long as it goes on."""
        with self._lock:
            if self._running >= self.limit:
                return None
            self._running += 1
        return own_thread(lambda: self._counted(function), name)

    def _counted(self, function: Callable[[], T]) -> T:
        try:
            return function()
        finally:  # before the result is known, since the next may start with it
            with self._lock:
                self._running -= 1


def own_thread(function: Callable[[], T], name: str) -> Future[T]:
    """Runs `function` on a daemon thread of its own."""
    future: Future[T] = Future()
    threading.Thread(target=perform, args=(function, future), name=name, daemon=True).start()
    return future
