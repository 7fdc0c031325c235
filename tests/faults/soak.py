"""Pages at work on lines in trouble, for as long as told: `make soak SECONDS=600 SEED=7`.

Every page checks each delta against the oracle, and at its end that each of its calls has exactly one outcome, that
what ended ok has run once and shows once, and that nothing ran twice. The figures are printed; a problem is an error.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

from tests.faults.page import LivePage
from tests.faults.proxy import Proxy
from tests.faults.servers import Backend, Backends
from tests.faults.trouble import LineTrouble, ProcessTrouble

PAGES = 6
IN_FLIGHT = 20
"""Calls that a page has open at most; it is the page that keeps to the limits."""

SHOWN = 50
"""So many keys are kept in `recorded`."""

SETTLES_WITHIN = 90.0
GRACE = 15.0
"""Seconds that a lost page is waited for: longer than any trouble."""

TASKS = 3
"""Of a server at rest that is asked for its figures."""

PROCESS_SECONDS = 12.0
"""Between two troubles of the process, on average."""


class Figures:
    """What is printed."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.outcomes: Counter[str] = Counter()
        self.trouble: Counter[str] = Counter()
        self.peak = self.resident = 0
        self.problems: list[str] = []

    def lines(self) -> list[str]:
        """For people."""
        counts = "  ".join(f"{name} {count}" for name, count in sorted(self.counts.items()))
        outcomes = "  ".join(f"{name} {count}" for name, count in self.outcomes.most_common())
        trouble = "  ".join(f"{name} {count}" for name, count in self.trouble.most_common())
        return [
            counts,
            f"outcomes: {outcomes}",
            f"lost {self.counts['lost']}  duplicated {self.counts['duplicated']}",
            f"peak bytes held for one page {self.peak}  resident at most {self.resident // 2**20} MB",
            f"trouble: {trouble}",
        ]


class Visitor:
    """One page after the other on one line. `keys` are what its calls of the present page were to record."""

    def __init__(self, number: int, backend: Backend, proxy: Proxy, chance: random.Random, figures: Figures) -> None:
        self._number = number
        self._backend = backend
        self._proxy = proxy
        self._chance = chance
        self._figures = figures
        self._pages = 0
        self._keys: dict[int, str] = {}
        self._raced: dict[int, str] = {}
        self._repeatable: set[str] = set()
        self._changes = self._counting = self._last = 0

    async def visit(self, until: float) -> None:
        """Opens pages until the time has come; raises what a page found wrong."""
        while time.monotonic() < until:
            self._pages += 1
            self._keys, self._raced, self._repeatable = {}, {}, set()
            self._changes = self._counting = 0
            async with LivePage(self._proxy.port, self._backend.page) as page:
                for _ in range(self._chance.randint(20, 200)):
                    if time.monotonic() > until:
                        break
                    await self._act(page)
                await page.until(lambda page=page: not page.calls, SETTLES_WITHIN)
                self._check(page)
            self._account(page)

    async def _act(self, page: LivePage) -> None:
        await page.until(lambda: len(page.calls) < IN_FLIGHT, SETTLES_WITHIN)
        await asyncio.sleep(self._chance.expovariate(1 / 0.02))
        what = self._chance.choice(
            ["record", "record", "record", "again", "hold", "race", "get", "blob", "changes", "count"]
        )
        key = f"{self._number}.{self._pages}.{len(self._keys) + len(self._raced)} {what}"
        if what in ("record", "again"):
            if what == "again":
                self._repeatable.add(key)
            self._keys[page.ask("recorded", key, retry=what == "again")] = key
        elif what == "hold":
            call = page.ask("held", key)
            if self._chance.random() < 0.5:
                page.cancel(call)
        elif what == "race":
            call = page.ask("raced", {"key": key, "steps": self._chance.randrange(8)})
            self._raced[call] = key
            page.cancel(call)
        elif what == "get":
            page.ask("got", key)
        elif what == "blob":
            page.ask("blob", self._chance.randint(1, 150_000))
        elif what == "changes" and self._changes not in page.calls:
            seed = self._chance.random()
            self._changes = page.ask("random", {"seed": seed, "steps": 300, "burst": 5, "pause": 0.005})
        elif what == "count" and self._counting not in page.calls:
            self._last = self._chance.randint(10, 5000)
            self._counting = page.ask("count", {"count": self._last, "burst": 50, "pause": 0.01})

    def _check(self, page: LivePage) -> None:
        ran = self._backend.ran()
        self._check_once(page, page.shows("recorded") or [], self._keys, ran, SHOWN)
        self._check_once(page, page.shows("raced") or [], self._raced, ran, 5000)
        if page.outcome.get(self._counting) == "ok" and page.shows("counter") != self._last - 1:
            self._problem("lost", f"the counter shows {page.shows('counter')}, and {self._last - 1} was written last")

    def _check_once(
        self, page: LivePage, shown: list[str], calls: dict[int, str], ran: Counter[str], most: int
    ) -> None:
        done = [key for call, key in calls.items() if page.outcome[call] == "ok"]
        for key in done:
            if not ran[key]:
                self._problem("lost", f"{key} ended ok and did not run")
        for key in calls.values():
            if ran[key] > 1 and key not in self._repeatable:
                self._problem("duplicated", f"{key} ran {ran[key]} times")
        for key, count in Counter(shown).items():
            if count > 1:
                self._problem("duplicated", f"{key} shows {count} times")
        if len(done) <= most and sorted(shown) != sorted(done):
            self._problem("lost", f"shown {sorted(shown)}, ended ok {sorted(done)}")

    def _problem(self, kind: str, text: str) -> None:
        self._figures.counts[kind] += 1
        self._figures.problems.append(f"page {self._number}.{self._pages}: {text}")

    def _account(self, page: LivePage) -> None:
        figures = self._figures
        figures.outcomes.update(page.outcome.values())
        figures.counts.update(
            pages=1,
            cuts=len(page.codes),
            resumes=page.modes["resumed"],
            sessions=page.modes["new"],
            calls=len(page.outcome),
            deltas=page.deltas,
        )


async def soak(backend: Backend, seed: int, seconds: float, *, processes: bool = True) -> Figures:
    """Runs all of it; the figures have the problems."""
    figures, chance = Figures(), random.Random(seed)
    until = time.monotonic() + seconds
    async with contextlib.AsyncExitStack() as stack:
        visitors, troubles = [], []
        for number in range(PAGES):
            proxy = await stack.enter_async_context(Proxy(backend.port))
            troubles.append(LineTrouble(proxy, random.Random(chance.random())))
            visitors.append(Visitor(number, backend, proxy, random.Random(chance.random()), figures))
        if processes:
            troubles.append(ProcessTrouble(backend, random.Random(chance.random()), PROCESS_SECONDS))
        making = [asyncio.ensure_future(trouble.go_on()) for trouble in troubles]
        making.append(asyncio.ensure_future(watch(backend, figures)))
        ended = await asyncio.gather(*(visitor.visit(until) for visitor in visitors), return_exceptions=True)
        for task in making:
            task.cancel()
        ended += await asyncio.gather(*making, return_exceptions=True)
        for error in ended:
            if isinstance(error, BaseException) and not isinstance(error, asyncio.CancelledError):
                figures.problems.append("".join(traceback.format_exception(error))[-4000:])
        for trouble in troubles:
            figures.trouble += trouble.happened
    return figures


async def watch(backend: Backend, figures: Figures) -> None:
    """Lets end what holds, and looks at the server's own figures, twice a second."""
    while True:
        with contextlib.suppress(OSError, ValueError):
            await backend.release()
            found = await backend.figures()
            figures.peak = max(figures.peak, found["peak"])
            figures.resident = max(figures.resident, found["resident"])
        await asyncio.sleep(0.5)


async def left(backend: Backend) -> list[str]:
    """What is there of the pages when all have gone, and the last that was lost has been waited for."""
    deadline = time.monotonic() + GRACE + 10
    while True:
        found = await backend.figures()
        some = {name: found[name] for name in ("sessions", "runs") if found[name]}
        if not some and found["tasks"] <= TASKS:
            return []
        if time.monotonic() > deadline:
            return [f"left behind: {some or found}"]
        await asyncio.sleep(0.2)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=None)
    told = parser.parse_args()
    seed = random.randrange(2**32) if told.seed is None else told.seed
    print(f"seed {seed}, {told.seconds:g} s", flush=True)
    with tempfile.TemporaryDirectory() as directory:
        backends = Backends(Path(directory))
        try:
            backend = backends.start(heartbeat_seconds=1.0, pong_seconds=1.0, grace_seconds=GRACE)
            figures = asyncio.run(soak(backend, seed, told.seconds))
            figures.problems += asyncio.run(left(backend))
            log = backend.server.log
        finally:
            backends.end()
    own = [line for line in log.split("\n") if "fault of wscb's own" in line or "Task exception was never" in line]
    print("\n".join(figures.lines() + figures.problems + own))
    if figures.problems or own:
        print(f"{len(figures.problems) + len(own)} problems; again with SEED={seed}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
