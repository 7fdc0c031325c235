"""All who view a stream, and how they are told: each in order, and some at a time.

To tell a thousand sessions takes the loop tens of milliseconds. So a slice of them is told at once and the rest after
what else the loop has to do; what comes meanwhile waits, joined together, until the round is over.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable
from typing import Protocol

from wscb.protocol.limits import KIB, MIB
from wscb.server.workers import Outcome
from wscb.session import Change, Told
from wscb.session.changes import Key

SLICE = 32
"""Viewers that are told before others of the loop have their turn: a millisecond or two, their sockets included."""

JOINED_BYTES = 64 * KIB
"""What waits is joined up to this size: pages get it as one version."""

WAITING_BYTES = MIB
"""When more than this waits, it is told at once: who writes without a pause pays, and memory stays bounded."""

_OVERHEAD = 64


class News:
    """What viewers get as one version: changes, the stream's state, or how it has ended, which is the last of all."""

    __slots__ = ("_changes", "_of", "outcome", "size", "told")

    def __init__(
        self, changes: Iterable[Change] = (), told: Told | None = None, outcome: Outcome | None = None
    ) -> None:
        self._changes: dict[int, Change] = {}
        self._of: dict[Key, list[int]] = {}
        self.size = _OVERHEAD
        self.told = told
        self.outcome = outcome
        self._add(changes)

    @property
    def changes(self) -> list[Change]:
        return list(self._changes.values())

    def join(self, later: News, most: int = JOINED_BYTES) -> bool:
        """Takes in what came after it, up to `most` bytes together; False if that is to wait by itself."""
        if self.outcome or later.outcome or self.size + later.size > most:
            return False
        self._add(later.changes)
        self.told = later.told or self.told
        return True

    def _add(self, changes: Iterable[Change]) -> None:
        """A set takes the place of what came before it, but not of what names components: others may stand on those."""
        for change in changes:
            before = self._of.setdefault(change.key, [])
            if not change.op and not any(self._changes[number].kids for number in before):
                for number in before:
                    self.size -= self._changes.pop(number).size + _OVERHEAD
                before.clear()
            number = next(reversed(self._changes), 0) + 1
            self._changes[number] = change
            before.append(number)
            self.size += change.size + _OVERHEAD


class Viewer(Protocol):
    """`seen` is the audience's own: how much of the news is in what the viewer was given when it came."""

    seen: int

    def take(self, news: News) -> None:
        """Never raises."""
        ...


class Audience:
    """`outbox_bytes` is how much may be held for a page: what is joined must fit."""

    def __init__(self, loop: asyncio.AbstractEventLoop, outbox_bytes: int = 8 * MIB) -> None:
        self._loop = loop
        self._joined_bytes = min(JOINED_BYTES, outbox_bytes // 2)
        self.viewers: dict[Viewer, None] = {}
        self._news: list[News] = []
        self._size = 0
        self._closed = False
        """Whether the last of the news is to stay as it is: somebody has come since, who knows it already."""
        self._count = 0
        self._round: list[News] = []
        self._left: deque[Viewer] = deque()
        self._telling = self._busy = False

    def join(self, viewer: Viewer) -> None:
        """From now on it is told what comes."""
        viewer.seen = self._count
        self._closed = True
        self.viewers[viewer] = None

    def leave(self, viewer: Viewer) -> None:
        self.viewers.pop(viewer, None)

    def tell(self, news: News) -> None:
        """Tells all viewers, the first slice now."""
        if not self._news or self._closed or not self._news[-1].join(news, self._joined_bytes):
            self._news.append(news)
            self._count += 1
            self._closed = False
        self._size += news.size
        if not self._busy:
            self._go_on()
        elif self._size > WAITING_BYTES and not self._telling:
            self._tell_all()

    def _go_on(self) -> None:
        """Tells a slice; the rest has its turn after what else the loop has to do."""
        self._tell_some(SLICE)
        self._busy = bool(self._left or self._news)
        if self._busy:
            self._loop.call_soon(self._go_on)

    def _tell_all(self) -> None:
        while self._left or self._news:
            self._tell_some(len(self.viewers) + len(self._left))

    def _tell_some(self, most: int) -> None:
        self._busy = self._telling = True
        if not self._left:
            self._round, self._news, self._size = self._news, [], 0
            self._left.extend(self.viewers)
        for _ in range(min(most, len(self._left))):
            self._tell_one(self._left.popleft())
        self._telling = False

    def _tell_one(self, viewer: Viewer) -> None:
        first = self._count - len(self._news) - len(self._round)
        for news in self._round[max(0, viewer.seen - first) :]:
            if viewer in self.viewers:
                viewer.take(news)
