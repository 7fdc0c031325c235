"""The business: a bottling line of six machines. It knows no web framework and no dashboard.

What a machine does is a function of the time, so that nothing has to run in the background and every process of a
service sees the same line. A real service asks its database, or the machines, in the places of these functions.
"""

from __future__ import annotations

import csv
import io
import math
import time
import zlib
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

NOMINAL = 400  # bottles a minute, of the filler; all others are faster, so that it never has to wait
SLOWEST, FASTEST = 200, 520
TURN, STOP, RAMP = 75, 14, 2.5  # seconds: in each turn a machine may stop once, for so long, and it takes a while

MachineId = Literal["rinser", "filler", "capper", "labeller", "packer", "palletiser"]


@dataclass
class Machine:
    id: str
    name: str
    usual: int
    """Bottles a minute."""
    warmth: float
    """Degrees Celsius at rest."""
    _changes: list[tuple[float, int]] = field(init=False)

    def __post_init__(self) -> None:
        self._changes = [(0.0, self.usual)]

    @property
    def speed(self) -> int:
        """What it is set to, in bottles a minute."""
        return self._changes[-1][1]

    def set_speed(self, speed: int) -> None:
        """Raises ValueError for a speed that the machine does not have."""
        if not SLOWEST <= speed <= FASTEST:
            raise ValueError(f"{self.name} runs at {SLOWEST} to {FASTEST} bottles a minute.")
        self._changes.append((time.time(), speed))

    def rate(self, at: float) -> float:
        """What it does at that time, in bottles a minute."""
        speed = self._changes[bisect_right(self._changes, (at, FASTEST)) - 1][1]
        sway = 0.97 + 0.012 * math.sin(at / 9 + self.warmth) + 0.008 * math.sin(at / 2.7 + 2 * self.warmth)
        return speed * sway * self._on(at)

    def temperature(self, at: float) -> float:
        mean = sum(self.rate(at - ago) for ago in (0, 5, 10, 15)) / 4
        return self.warmth + 14 * mean / self.usual + 0.3 * math.sin(at / 31 + self.warmth)

    def stopped(self, at: float) -> bool:
        return self._on(at) < 0.5

    def _on(self, at: float) -> float:
        """1 while it runs, 0 while it stands, and in between for the seconds that it takes to do so."""
        turn, second = divmod(at, TURN)
        chance = zlib.crc32(f"{self.id} {turn:.0f}".encode())
        if chance % 11:
            return 1.0
        begin = 5 + chance // 11 % (TURN - STOP - 10)
        return min(1.0, max(0.0, abs(second - begin - STOP / 2) - STOP / 2 + RAMP) / RAMP)


MACHINES: dict[str, Machine] = {
    machine.id: machine
    for machine in (
        Machine("rinser", "Rinser", 440, 21.0),
        Machine("filler", "Filler", 400, 9.5),
        Machine("capper", "Capper", 415, 26.0),
        Machine("labeller", "Labeller", 455, 31.5),
        Machine("packer", "Packer", 480, 28.0),
        Machine("palletiser", "Palletiser", 505, 24.5),
    )
}


def output(at: float) -> float:
    """Bottles a minute that leave the line: no more than its slowest machine lets through."""
    return min(machine.rate(at) for machine in MACHINES.values())


def made(minutes: float, at: float) -> float:
    """Bottles that have left the line in the minutes before, counted every 15 s of the clock, for all who ask alike."""
    last = at - at % 15
    return sum(output(last - ago) for ago in range(0, round(minutes * 60), 15)) / 4


def moment(at: float) -> dict[str, float]:
    """The time "x", in seconds since 1970, and bottles a minute, of each machine and as "output" of the line."""
    return {"x": at, **{one.id: round(one.rate(at), 1) for one in MACHINES.values()}, "output": round(output(at), 1)}


def history(minutes: float, at: float, points: int = 300) -> dict[str, list[float]]:
    """Columns of numbers: what `moment` gives, at so many points of the minutes before."""
    step = minutes * 60 / points
    moments = [moment(at - step * ago) for ago in range(points, -1, -1)]
    return {name: [one[name] for one in moments] for name in moments[0]}


class Report(NamedTuple):
    """What one machine did."""

    machine: str
    minutes: int
    bottles: int
    of_its_speed: float
    """0 to 1"""
    stops: int
    standing: int
    """Seconds."""


def report(machine_id: str, minutes: int, at: float) -> Report:
    """Raises KeyError for a machine that there is not."""
    machine = MACHINES[machine_id]
    seconds = range(minutes * 60, -1, -1)
    rates = [machine.rate(at - ago) for ago in seconds]
    stands = [machine.stopped(at - ago) for ago in seconds]
    stops = sum(now and not before for before, now in zip([False, *stands], stands, strict=False))
    bottles = sum(rates) / 60
    return Report(machine.name, minutes, round(bottles), bottles / (machine.speed * minutes), stops, sum(stands))


class Step(NamedTuple):
    """How far a long job has come; the last step has its result."""

    percent: int
    doing: str
    csv: str = ""


def export(minutes: int, at: float) -> Iterator[Step]:
    """The long job: a table of all machines, minute by minute. Whoever runs it takes a step and then a break."""
    table = io.StringIO()
    write = csv.writer(table).writerow
    write(["minutes ago", *MACHINES, "output"])
    for ago in range(minutes, 0, -1):
        write([ago, *(round(one.rate(at - ago * 60)) for one in MACHINES.values()), round(output(at - ago * 60))])
        yield Step(99 * (minutes - ago + 1) // minutes, f"Minute {minutes - ago + 1} of {minutes}")
    yield Step(100, "Ready", table.getvalue())
