"""Pages that do not read: what is held for them is bounded, they are closed and named, and nobody else notices."""

from __future__ import annotations

import asyncio
import contextlib
import random

from tests.faults.conftest import settles
from tests.faults.measures import MB, PATIENT, Resident, Rounds, Viewer, answer_times, arrive
from tests.faults.page import LivePage
from tests.faults.proxy import Proxy
from tests.faults.servers import Backend, Backends
from tests.faults.sizes import FLOODS, VIEWERS
from wscb import Limits

OUTBOX = Limits().outbox_bytes
WINDOW = Limits().window_bytes
ALLOCATOR = 256 * 1024
"""Bytes that it takes more than it was asked for."""

SIZE = 10_000
CALLS = 200
STALLS = 3
TICKS = 8


def times_too_slow(backend: Backend) -> int:
    return backend.server.log.count("too_slow")


async def test_a_page_that_stops_reading(backends: Backends) -> None:
    """Operations that nobody reads are held up to the bound. Then it is closed with 4002; the log says whose it was and
    what wrote them."""
    backend = backends.start()
    async with Proxy(backend.port) as proxy, LivePage(backend.port, backend.page) as other:
        await other.live()
        grown, rounds = [], Rounds()
        async with LivePage(proxy.port, backend.page, user="ann") as page:
            for number in range(FLOODS):
                await page.live()
                calm = await beside_values(page, other, f"calm {number}")
                session = str(page.session)
                async with Resident(backend) as resident:
                    with proxy.stalled(proxy.down):
                        flood = page.ask("flood", SIZE)
                        beside = await answer_times(
                            other, f"beside {number}", lambda number=number: times_too_slow(backend) > number
                        )
                grown.append(resident.grown)
                rounds.add(calm, beside)
                assert await page.settled(flood) == "unknown"
                assert page.codes == [4002] * (number + 1)
                (line,) = (line for line in backend.server.log.splitlines() if f"{session[:8]}" in line)
                assert "of 'ann'" in line
                assert "producer='blob.children'" in line
            assert page.modes == {"new": FLOODS + 1}
        figures = await backend.figures()
        assert other.codes == []
    print(rounds, f"grown by {[f'{each / MB:.1f} MB' for each in grown]}, at most {figures['peak'] / MB:.1f} MB held")
    rounds.check()
    assert OUTBOX - 2 * SIZE < figures["peak"] <= OUTBOX
    assert max(grown) <= OUTBOX + WINDOW + ALLOCATOR


async def beside_values(page: LivePage, other: LivePage, name: str) -> list[float]:
    """The other's times while the server writes at full speed for a page that has no trouble, and is not looked at."""
    page.show(False)
    values = page.ask("values", SIZE)
    times = await answer_times(other, name, CountDown(CALLS))
    page.cancel(values)
    page.show(True)
    assert await page.settled(values) == "cancelled"
    return times


class CountDown:
    """False so many times."""

    def __init__(self, count: int) -> None:
        self.left = count

    def __call__(self) -> bool:
        self.left -= 1
        return self.left < 0


async def test_values_at_full_speed_for_a_page_that_stops_reading(backends: Backends) -> None:
    """Of values the newest alone is held, so that there is nothing to close it for; in the end it has the last one."""
    backend = backends.start()
    async with Proxy(backend.port) as proxy, LivePage(backend.port, backend.page) as other:
        async with LivePage(proxy.port, backend.page) as page:
            await asyncio.gather(other.live(), page.live())
            grown, rounds = [], Rounds()
            for number in range(FLOODS):
                calm = await beside_values(page, other, f"calm {number}")
                async with Resident(backend) as resident:
                    with proxy.stalled(proxy.down):
                        values = page.ask("values", SIZE)
                        beside = await answer_times(other, f"beside {number}", CountDown(CALLS))
                        page.cancel(values)
                grown.append(resident.grown)
                rounds.add(calm, beside)
                assert await page.settled(values) == "cancelled"
            assert page.codes == []
        figures = await backend.figures()
    print(rounds, f"grown by {[f'{each / MB:.1f} MB' for each in grown]}, at most {figures['peak'] / 1024:.0f} kB held")
    rounds.check()
    assert figures["peak"] < WINDOW
    assert max(grown) <= WINDOW


async def test_one_of_many_viewers_is_stalled(backends: Backends, chance: random.Random) -> None:
    """What the others see is as new as before, and only the one is closed: by what is held for it, and by name."""
    backend = backends.start(outbox_bytes=MB, **PATIENT)
    pause = max(0.05, VIEWERS / 1000)
    seconds = pause * TICKS
    async with Proxy(backend.port) as proxy, contextlib.AsyncExitStack() as stack:
        stalled = await stack.enter_async_context(Viewer(proxy.port, backend.page, user="ann"))
        others = [Viewer(backend.port, backend.page) for _ in range(VIEWERS - 1)]
        await arrive(stack, others)
        for page in others:
            page.ask("ticks", {"pause": pause, "offset": chance.random() * pause})
        # So much at once that it is over its bound after about as long as the calm is measured.
        flood = {"pause": seconds * SIZE / (MB + WINDOW), "append": SIZE}
        rounds = Rounds()
        for number in range(STALLS):
            await stalled.live()
            calm = await fresh_ages(others)
            session = str(stalled.session)
            for page in others:
                page.ages.clear()
            with proxy.stalled(proxy.down):  # and no longer: a close that nobody reads is given up
                lost = stalled.ask("ticks", flood)
                # Seldom, since the log of so many is long, and to read it keeps the viewers' own loop.
                await settles(lambda number=number: times_too_slow(backend) > number, 60, every=0.2)
            rounds.add(calm, [age for page in others for age in page.ages])
            assert await stalled.settled(lost) == "unknown"
            assert stalled.codes == [4002] * (number + 1)
            (line,) = (line for line in backend.server.log.splitlines() if session[:8] in line)
            assert "of 'ann'" in line
            assert "producer='blob.children'" in line
        assert [page.codes for page in others] == [[]] * (VIEWERS - 1)
        assert times_too_slow(backend) == STALLS
    print(f"{VIEWERS} viewers,", rounds)
    rounds.check()


async def fresh_ages(viewers: list[Viewer]) -> list[float]:
    """How old it was what they were shown, all of them so many times."""
    for page in viewers:
        page.ages.clear()
    for page in viewers:
        await page.until(lambda page=page: len(page.ages) >= TICKS, 60)
    return [age for page in viewers for age in page.ages]
