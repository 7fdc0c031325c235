"""The log of the shift: what people say and do, for all who follow it. It knows no framework."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator
from typing import NamedTuple


class Note(NamedTuple):
    time: str
    who: str
    text: str


class Log:
    """The last notes. Who follows is woken by each, and holds a number and no queue: a slow reader costs nothing."""

    def __init__(self, keep: int = 50) -> None:
        self._notes: deque[Note] = deque(maxlen=keep)
        self.total = 0
        self._news = asyncio.Event()

    def add(self, who: str, text: str) -> None:
        """For the event loop, as all of this."""
        self._notes.append(Note(time.strftime("%H:%M:%S"), who, text[:200]))
        self.total += 1
        self._news.set()
        self._news = asyncio.Event()

    def since(self, total: int = 0) -> list[Note]:
        """What has come since there were `total`; of these what is kept."""
        new = min(self.total - total, len(self._notes))
        return list(self._notes)[len(self._notes) - new :]

    async def follow(self) -> AsyncIterator[Note]:
        seen = 0
        while True:
            notes, seen = self.since(seen), self.total
            for note in notes:
                yield note
            if seen == self.total:
                await self._news.wait()


log = Log()
log.add("Line 4", "The shift has begun.")
log.add("Raj Patel", "Labels of batch 7731 are on the line, the first hundred are checked.")
