from __future__ import annotations

import hashlib

import pytest

from wscb.demo.jobs import ALGORITHMS, CHUNK, MEGABYTE, RATE, Hashing


class Time:
    """A clock that only sleeping moves, and the hashing of a chunk by what it `costs`."""

    def __init__(self, costs: float = 0.0) -> None:
        self.now = 100.0
        self.costs = costs
        self.slept = 0.0

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept += seconds
        self.now += seconds

    def data(self, size: int) -> bytes:
        self.now += self.costs
        return bytes(size)


def job(time: Time, algorithm: str = "sha256", size: float = 100) -> Hashing:
    return Hashing(algorithm, size, clock=time.clock, sleep=time.sleep, data=time.data)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
async def test_it_hashes_all_of_it(algorithm: str) -> None:
    hashing = job(Time(), algorithm)
    percents = [hashing.percent]
    while not hashing.complete:
        await hashing.step()
        percents.append(hashing.percent)
    assert hashing.digest == hashlib.new(algorithm, bytes(100 * MEGABYTE)).hexdigest()
    assert percents == sorted(percents)
    assert percents[-1] == 100
    assert hashing.verdict == "Done: 100 MB in 2.5 s"


async def test_it_is_held_back_to_its_rate() -> None:
    time = Time()
    hashing = job(time)
    for _ in range(10):
        await hashing.step()
    assert time.slept == pytest.approx(10 * CHUNK / RATE)
    assert hashing.rate == pytest.approx(RATE)
    assert hashing.status == "20 of 100 MB · 40.0 MB/s · 2 s left"
    assert hashing.log_line == " 0.5 s   20 %    20 MB"


async def test_a_slow_machine_is_not_made_slower() -> None:
    time = Time(costs=1.0)
    hashing = job(time)
    await hashing.step()
    assert time.slept == 0
    assert hashing.rate == pytest.approx(CHUNK)
    assert hashing.seconds_left == pytest.approx(49)


async def test_before_its_end_it_is_cancelled() -> None:
    hashing = job(Time())
    assert (hashing.rate, hashing.seconds_left) == (0, 0)
    await hashing.step()
    await hashing.step()
    assert hashing.verdict == "Cancelled after 4 MB"


@pytest.mark.parametrize(("algorithm", "size"), [("md5", 100), ("", 100), ("sha256", 10**9), ("sha256", 0)])
def test_what_is_not_offered_is_refused(algorithm: str, size: float) -> None:
    with pytest.raises(ValueError, match="not"):
        Hashing(algorithm, size)
