"""What is measured where neighbours must notice nothing: the same times, with trouble beside them and without."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack

import psutil

from tests.faults.page import LivePage
from tests.faults.servers import Backend, PageData
from wscb.protocol.messages import Delta

NOISE = 2.0
"""Between two p99 of the same thing on a machine that does other things too."""

MB = 1024 * 1024


PATIENT = {"heartbeat_seconds": 20.0, "pong_seconds": 10.0}
"""For crowds, on a machine that has to be all the pages as well."""


async def arrive(stack: AsyncExitStack, pages: Sequence[LivePage]) -> None:
    """They come as readers come, and not all at once; and wait for their server as browsers do."""
    for start in range(0, len(pages), 50):
        some = pages[start : start + 50]
        for page in some:
            page.calm = True
            await stack.enter_async_context(page)
        await asyncio.gather(*(page.live() for page in some))
    assert [page.codes for page in pages] == [[]] * len(pages)


def p99(seconds: list[float]) -> float:
    return sorted(seconds)[max(0, len(seconds) * 99 // 100 - 1)]


class Rounds:
    """Times in turns: calm, in trouble, calm ... so that what else the machine does is in both.

    Trouble that is felt is felt in each round. So the quietest round of trouble is held against the noisiest calm one.
    """

    def __init__(self) -> None:
        self.calm: list[float] = []
        self.trouble: list[float] = []

    def add(self, calm: list[float], trouble: list[float]) -> None:
        self.calm.append(p99(calm))
        self.trouble.append(p99(trouble))

    def check(self) -> None:
        assert min(self.trouble) <= NOISE * max(self.calm), str(self)

    def __str__(self) -> str:
        calm, trouble = (" ".join(f"{value * 1000:.2f}" for value in each) for each in (self.calm, self.trouble))
        return f"p99 in ms: {calm} before, {trouble} beside the trouble"


class Viewer(LivePage):
    """Notes how old the times are that it is shown."""

    def __init__(self, port: int, data: PageData, *, user: str | None = None) -> None:
        super().__init__(port, data, user=user)
        self.ages: list[float] = []

    def _commit(self, delta: Delta) -> None:
        super()._commit(delta)
        now = time.monotonic()  # one clock for all processes of a machine
        self.ages += [now - change[3] for change in delta.changes if change[1] == "ticked"]


async def answer_times(page: LivePage, name: str, until: Callable[[], object]) -> list[float]:
    """Of calls one after the other, in seconds."""
    times: list[float] = []
    async with asyncio.timeout(30):
        while not until():
            began = time.monotonic()
            await page.settled(page.ask("recorded", f"{name} {len(times)}"))
            times.append(time.monotonic() - began)
    return times


class Resident:
    """The most memory that a server had while the block ran, and how much more that is than before it."""

    def __init__(self, backend: Backend) -> None:
        self._process = psutil.Process(backend.server.pid)
        self.before = self.peak = self._now()

    def _now(self) -> int:
        return int(self._process.memory_info().rss)

    @property
    def grown(self) -> int:
        return self.peak - self.before

    async def __aenter__(self) -> Resident:
        self._watching = asyncio.ensure_future(self._watch())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._watching.cancel()
        await asyncio.gather(self._watching, return_exceptions=True)
        self.peak = max(self.peak, self._now())

    async def _watch(self) -> None:
        while True:
            self.peak = max(self.peak, self._now())
            await asyncio.sleep(0.002)
