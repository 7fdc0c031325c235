from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from wscb.demo.sampler import (
    HZ,
    KEEP,
    MAX_LANES,
    Counters,
    Rates,
    Sampler,
    Vitals,
    lanes,
    rates,
    read_counters,
    read_vitals,
    smoothed,
)

VITALS = Vitals(1, 2, (0.1, 0.2, 0.3))


def counters(at: float, busy: float = 0, total: float = 0, received: int = 0, sent: int = 0) -> Counters:
    return Counters(at, (busy, 0.0), (total, total), received, sent)


class Machine:
    """A machine with two cores, of which the first is busy for half of the time; each reading is a tick later."""

    def __init__(self) -> None:
        self.at = 1000.0

    def read(self) -> Counters:
        self.at += 1 / HZ
        return counters(self.at, self.at / 2, self.at, int(self.at * 100), 0)


def test_rates_are_differences() -> None:
    found = rates(counters(10, 4, 100, 1000, 50), counters(12, 5, 102, 3000, 50))
    assert found == Rates(cores=(50.0, 0.0), down=1000.0, up=0.0)
    assert found is not None
    assert found.all == 25.0


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (counters(10), counters(10)),
        (counters(10), counters(9)),
        (counters(10), Counters(11, (0.0,), (0.0,), 0, 0)),
    ],
)
def test_readings_that_tell_nothing(before: Counters, after: Counters) -> None:
    assert rates(before, after) is None


def test_counters_that_go_back_are_not_negative() -> None:
    found = rates(counters(10, 9, 100, 1000, 1000), counters(11, 4, 101, 0, 0))
    assert found == Rates((0.0, 0.0), 0.0, 0.0)


def test_smoothing_gets_there_and_not_at_once() -> None:
    old, new = Rates((0.0,), 0.0, 100.0), Rates((100.0,), 10.0, 0.0)
    soon = smoothed(old, new, 0.05)
    assert 5 < soon.cores[0] < 30
    late = smoothed(old, new, 60)
    assert late.cores[0] == pytest.approx(100)
    assert late.up == pytest.approx(0)


@pytest.mark.parametrize("cores", [1, 2, 7, 8, 9, 12, 16, 64, 100])
def test_each_core_has_one_lane(cores: int) -> None:
    found = lanes(cores)
    assert [core for lane in found for core in lane] == list(range(cores))
    assert len(found) <= MAX_LANES
    if cores <= MAX_LANES:
        assert len(found) == cores


def test_a_sample_is_a_row() -> None:
    machine = Machine()
    sampler = Sampler(2, machine.read, lambda: VITALS)
    sampler.sample()
    assert sampler.history.empty, "one reading says nothing about a rate"
    for _ in range(200):
        sampler.sample()
    row = {key: values[-1] for key, values in sampler.history.since(199, [*sampler.cpu_keys, "down", "up"]).items()}
    assert row == pytest.approx({"x": machine.at, "lane0": 50, "lane1": 0, "all": 25, "down": 100, "up": 0}, abs=5)
    assert sampler.history.total == 200


def test_the_first_rates_are_shown_as_they_are() -> None:
    sampler = Sampler(2, Machine().read, lambda: VITALS)
    sampler.sample()
    sampler.sample()
    assert sampler.rates.cores[0] == pytest.approx(50)


def test_the_history_ends_where_nobody_watched() -> None:
    machine = Machine()
    sampler = Sampler(2, machine.read, lambda: VITALS)
    for _ in range(10):
        sampler.sample()
    machine.at += 60
    sampler.sample()
    assert sampler.history.empty
    sampler.sample()
    assert sampler.history.since(0, ["x"])["x"][0] == pytest.approx(machine.at)


def test_no_more_than_it_keeps() -> None:
    sampler = Sampler(2, Machine().read, lambda: VITALS)
    for _ in range(3 * KEEP):
        sampler.sample()
    assert len(sampler.history.since(0, ["x"])["x"]) == KEEP


async def test_it_samples_while_somebody_watches() -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await asyncio.sleep(0)

    sampler = Sampler(2, Machine().read, lambda: VITALS, sleep)
    async with sampler:
        for rows in range(1, 6):
            await sampler.news()
            assert sampler.history.total == rows
    stopped = sampler.history.total
    await asyncio.sleep(0)
    assert sampler.history.total == stopped
    # Nobody waited, so the fifth sample is due five twentieths of a second after the start.
    assert 4 / HZ < slept[4] <= 5 / HZ


@pytest.mark.parametrize("read", [read_counters, read_vitals])
def test_this_machine_can_be_read(read: Callable[[], Counters | Vitals]) -> None:
    found = read()
    if isinstance(found, Counters):
        assert len(found.busy) == len(found.total) >= 1
        assert all(0 <= busy <= total for busy, total in zip(found.busy, found.total, strict=True))
    else:
        assert 0 < found.memory_used <= found.memory_total
