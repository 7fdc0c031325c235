"""How writes get from a callback's thread to the loop: in order, in batches, no more than the loop keeps up with."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Inbox(Generic[T]):
    """A bounded hand-over. `deliver` gets batches on the loop's thread; one wake-up serves all that came meanwhile."""

    LIMIT = 256

    def __init__(self, loop: asyncio.AbstractEventLoop, deliver: Callable[[list[T]], None]) -> None:
        self._loop = loop
        self._deliver = deliver
        self._items: list[T] = []
        self._changed = threading.Condition()
        self._closed = False

    def put(self, item: T) -> None:
        """From any thread but the loop's; waits while the inbox is full. Nothing is kept once it is closed."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._items) < self.LIMIT or self._closed)
            if self._closed:
                return
            self._items.append(item)
            first = len(self._items) == 1
        if first:
            self._loop.call_soon_threadsafe(self._take)

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._items.clear()
            self._changed.notify_all()

    def _take(self) -> None:
        with self._changed:
            items, self._items = self._items, []
            self._changed.notify_all()
        self._deliver(items)
