"""`Sampler`: how busy the machine is, twenty times a second, for as long as somebody watches."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import psutil

from wscb.demo.history import History
from wscb.demo.shared import Shared

HZ = 20
KEEP = 5000
"""Rows: a good four minutes."""
MAX_LANES = 8
"""More lines than this no eye can tell apart: of more cores, neighbours share a line."""

_SMOOTH_SECONDS = 0.3
"""CPU time is counted in ticks of 10 ms, of which a sample sees five: unsmoothed there would be steps of 20 %."""
_STALE_SECONDS = 1.5
_VITALS_EVERY = 5


@dataclass(frozen=True, slots=True)
class Counters:
    """What the machine has counted so far: seconds for each core, bytes over all networks but the loopback."""

    at: float
    busy: tuple[float, ...]
    total: tuple[float, ...]
    received: int
    sent: int


@dataclass(frozen=True, slots=True)
class Vitals:
    """What changes slowly. Bytes, and how many processes wanted to run over 1, 5 and 15 minutes."""

    memory_used: int
    memory_total: int
    load: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Rates:
    """How busy it is at one moment: percent for each core, bytes a second."""

    cores: tuple[float, ...]
    down: float
    up: float

    @property
    def all(self) -> float:
        return sum(self.cores) / len(self.cores)


def read_counters() -> Counters:
    """Takes about 0.1 ms on a small machine: less than handing it to a thread."""
    cores = psutil.cpu_times(percpu=True)
    # The time of guests is counted as user time too.
    totals = [sum(core) - getattr(core, "guest", 0.0) - getattr(core, "guest_nice", 0.0) for core in cores]
    idle = [core.idle + getattr(core, "iowait", 0.0) for core in cores]
    cards = [card for name, card in psutil.net_io_counters(pernic=True).items() if not name.lower().startswith("lo")]
    return Counters(
        at=time.time(),
        busy=tuple(total - rest for total, rest in zip(totals, idle, strict=True)),
        total=tuple(totals),
        received=sum(card.bytes_recv for card in cards),
        sent=sum(card.bytes_sent for card in cards),
    )


def read_vitals() -> Vitals:
    memory = psutil.virtual_memory()
    return Vitals(memory.total - memory.available, memory.total, psutil.getloadavg())


def rates(before: Counters, after: Counters) -> Rates | None:
    """How busy it was between two readings; None where they tell nothing (a clock set back, a core taken away)."""
    seconds = after.at - before.at
    if seconds <= 0 or len(before.total) != len(after.total):
        return None
    return Rates(
        cores=tuple(
            100 * min(max((busy_after - busy_before) / max(total_after - total_before, 1e-9), 0.0), 1.0)
            for busy_before, busy_after, total_before, total_after in zip(
                before.busy, after.busy, before.total, after.total, strict=True
            )
        ),
        down=max(after.received - before.received, 0) / seconds,
        up=max(after.sent - before.sent, 0) / seconds,
    )


def smoothed(before: Rates, now: Rates, seconds: float) -> Rates:
    """`now`, drawn towards what was `before` it, so that after `_SMOOTH_SECONDS` two thirds of a change show."""
    share = 1 - math.exp(-seconds / _SMOOTH_SECONDS)

    def mix(old: float, new: float) -> float:
        return old + share * (new - old)

    return Rates(
        cores=tuple(mix(old, new) for old, new in zip(before.cores, now.cores, strict=True)),
        down=mix(before.down, now.down),
        up=mix(before.up, now.up),
    )


def lanes(cores: int) -> list[range]:
    """The cores that share each line of the chart."""
    each = math.ceil(cores / MAX_LANES)
    return [range(first, min(first + each, cores)) for first in range(0, cores, each)]


class Sampler(Shared):
    """`history` has a row a sample; `rates` and `vitals` are the newest. Nothing runs while nobody watches.

    `read`, `read_vitals` and `sleep` are handed in by tests.
    """

    def __init__(
        self,
        cores: int,
        read: Callable[[], Counters] = read_counters,
        read_vitals: Callable[[], Vitals] = read_vitals,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        super().__init__()
        self.lanes = lanes(cores)
        self.cpu_keys = ["x", "all", *(f"lane{number}" for number in range(len(self.lanes)))]
        self.net_keys = ["x", "down", "up"]
        self.history = History([*self.cpu_keys, "down", "up"], KEEP)
        self.rates = Rates((0.0,) * cores, 0.0, 0.0)
        self.vitals = read_vitals()
        self._once = self.rates
        self._last: Counters | None = None
        self._read = read
        self._read_vitals = read_vitals
        self._sleep = sleep

    def begin(self) -> None:
        self.sample()

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            due = max(due + 1 / HZ, loop.time() - 1)  # after a standstill it does not run after what was missed
            await self._sleep(max(0.0, due - loop.time()))
            self.sample()
            self.tell()

    def sample(self) -> None:
        """Takes one sample."""
        counters = self._read()
        before, self._last = self._last, counters
        if before is None or not 0 <= counters.at - before.at < _STALE_SECONDS:
            self.history.clear()  # nobody watched for a while: a line across the gap would be invented
            return
        now = rates(before, counters)
        if now is None:
            return
        first = self.history.empty
        self._show(now, None if first else counters.at - before.at)
        if first or self.history.total % _VITALS_EVERY == 0:
            self.vitals = self._read_vitals()
        self.history.add(self._row(counters.at))

    def _show(self, now: Rates, seconds: float | None) -> None:
        """Smooths twice, which makes a hill of a burst where once would make a shark's fin."""
        self._once = smoothed(self._once, now, seconds) if seconds else now
        self.rates = smoothed(self.rates, self._once, seconds) if seconds else now

    def _row(self, at: float) -> dict[str, float]:
        cores = self.rates.cores
        row = {"x": at, "all": self.rates.all, "down": round(self.rates.down), "up": round(self.rates.up)}
        for number, lane in enumerate(self.lanes):
            row[f"lane{number}"] = sum(cores[core] for core in lane) / len(lane)
        return row
