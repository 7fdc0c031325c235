"""`Shared`: work that is done once for all who watch, and only while somebody does."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from contextvars import Context
from typing import Self


class Shared(ABC):
    """`async with shared:` counts a viewer. The first makes it `begin` and starts `run` as a task, the last ends it.

    `run` calls `tell` when there is something new; `news` waits for that, and raises what `run` raised.
    """

    def __init__(self) -> None:
        self._viewers = 0
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def running(self) -> bool:
        return self._task is not None

    async def __aenter__(self) -> Self:
        self._viewers += 1
        if self._task is None:
            self._news = asyncio.Event()  # of this loop, and not that of a failure before
            self.begin()
            # A context of its own: what is done for all must not hold on to the call of the viewer who came first.
            self._task = asyncio.create_task(self.run(), name=type(self).__name__, context=Context())
            self._task.add_done_callback(lambda _: self._news.set())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._viewers -= 1
        if self._viewers == 0 and self._task is not None:
            task, self._task = self._task, None
            task.cancel()
            await asyncio.wait([task])
            if not task.cancelled():
                task.exception()  # the viewers have been told

    def begin(self) -> None:  # noqa: B027 - not every kind has something to do
        """Does what is to be done before the first viewer looks."""

    @abstractmethod
    async def run(self) -> None:
        """Works until it is cancelled."""

    def tell(self) -> None:
        """Wakes all that wait."""
        self._news.set()
        self._news = asyncio.Event()

    async def news(self) -> None:
        """Returns at the next `tell`. For viewers only."""
        await self._news.wait()
        if self._task is not None and self._task.done():
            self._task.result()
