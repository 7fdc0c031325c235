"""Many pages at once: they come back from a restart without a rush, and of those that have left nothing is left."""

from __future__ import annotations

import asyncio
import contextlib
import math
import random
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator

import psutil

from tests.faults.measures import MB, PATIENT, arrive
from tests.faults.page import LivePage
from tests.faults.servers import Backend, Backends
from tests.faults.sizes import CONNECTIONS, PAGES
from wscb.server.hub import SPREAD_MS

TASKS = 3
"""Of a server at rest that is asked for its figures."""

BIN = 0.1
"""Seconds."""

SESSION = 50_000
"""Bytes that one page may cost its server, its connection included."""

ALLOCATOR = 4 * MB
"""What the interpreter may keep to use again. Of ten thousand connections none may keep as much as half a kilobyte."""


@contextlib.asynccontextmanager
async def crowd(backend: Backend, port: int) -> AsyncIterator[list[LivePage]]:
    """So many pages, which come back as browsers do."""
    async with contextlib.AsyncExitStack() as stack:
        pages = [LivePage(port, backend.page) for _ in range(PAGES)]
        await arrive(stack, pages)
        yield pages


async def back(pages: list[LivePage], calls: list[int]) -> None:
    """Each has asked something while the server was away, and now has its answer from a new one."""
    await asyncio.gather(
        *(
            page.until(lambda page=page, call=call: call in page.outcome, 120)
            for page, call in zip(pages, calls, strict=True)
        )
    )
    assert [page.outcome[call] for page, call in zip(pages, calls, strict=True)] == ["ok"] * PAGES
    assert [page.modes for page in pages] == [{"new": 2}] * PAGES


async def report(backend: Backend, began: float) -> list[float]:
    """Prints what the return was to the server; returns when each connection came, in seconds."""
    load = await backend.load()
    came = sorted(when - began for when in load["connects"])
    bins = Counter(int((when - came[0]) / BIN) for when in came)
    shape = [bins[number] for number in range(max(bins) + 1)]
    resident = psutil.Process(backend.server.pid).memory_info().rss / MB
    print(f"{len(came)} connections from {came[0]:.2f} to {came[-1]:.2f} s, in each {BIN:g} s: {shape}")
    print(f"at most {load['delay'] * 1000:.0f} ms behind, {load['cpu']:.1f} s of processor, {resident:.0f} MB resident")
    # Few pages make a rough shape.
    assert max(shape) < len(came) / (4 if len(came) >= 1000 else 2), "they came at once"
    return came


async def test_many_pages_come_back_after_a_restart(backends: Backends) -> None:
    """The server is killed. Each page finds the new one by itself, and what it asked meanwhile has run once."""
    backend = backends.start(**PATIENT)
    async with crowd(backend, backend.port) as pages:
        before = psutil.Process(backend.server.pid).memory_info().rss
        restarting = asyncio.ensure_future(backend.restart(signal.SIGKILL))
        await asyncio.gather(*(page.until(lambda page=page: not page.ready) for page in pages))
        began = time.monotonic()
        calls = [page.ask("recorded", f"while it was away {number}") for number, page in enumerate(pages)]
        await restarting
        await back(pages, calls)
        await report(backend, began)
        grown = psutil.Process(backend.server.pid).memory_info().rss - before
        assert grown < 32 * MB + PAGES * SESSION
    ran = backend.ran()
    assert all(ran[f"while it was away {number}"] == 1 for number in range(PAGES))


async def test_many_pages_are_spread_by_a_drain(backends: Backends) -> None:
    """The old server tells them over which time to come to the new one, and they fill it evenly."""
    old, new = backends.start(**PATIENT), backends.start(**PATIENT)
    after = PAGES * SPREAD_MS / 1000
    async with crowd(old, old.port) as pages:
        for page in pages:
            page.port = new.port
        began = time.monotonic()
        stopping = asyncio.ensure_future(asyncio.to_thread(old.server.stop))
        await asyncio.gather(
            *(page.until(lambda page=page: not page.ready or page.modes["new"] == 2) for page in pages)
        )
        calls = [page.ask("recorded", f"spread {number}") for number, page in enumerate(pages)]
        await stopping
        await back(pages, calls)
        # A machine that cannot make the hellos of all in time gets 4008, and they come again.
        assert {tuple(page.codes) for page in pages} <= {(4000,), (4000, 4008)}
        assert [page.drains for page in pages] == [[PAGES * SPREAD_MS]] * PAGES
        came = await report(new, began)
    quarters = Counter(math.floor((when - came[0]) / after * 4) for when in came)
    print(f"in quarters of {after:g} s: {[quarters[number] for number in range(max(quarters) + 1)]}")
    assert max(quarters.values()) < PAGES * 0.6
    assert came[-1] - came[0] > 0.8 * after
    ran = old.ran() + new.ran()
    assert all(ran[f"spread {number}"] == 1 for number in range(PAGES))


async def test_nothing_is_left_of_many_connections(backends: Backends, chance: random.Random) -> None:
    """Tasks, descriptors, sessions and runs are as many as before, and memory has not grown."""
    backend = backends.start(grace_seconds=0.2)
    await visits(backend, CONNECTIONS // 2, chance)  # the first ones make what all use
    before = await baseline(backend)
    await visits(backend, CONNECTIONS, chance)
    after = await baseline(backend)
    print(f"before {before}, after {CONNECTIONS} connections {after}")
    assert after["tasks"] <= before["tasks"]
    assert after["descriptors"] <= before["descriptors"]
    assert after["blocks"] < before["blocks"] + CONNECTIONS / 2, "less than a piece of memory for two"
    assert after["resident"] < before["resident"] + ALLOCATOR


async def visits(backend: Backend, count: int, chance: random.Random) -> None:
    """Twenty at a time. Each begins a call that never ends; some say that they leave, some vanish, some drop first."""

    async def some(numbers: range) -> None:
        for number in numbers:
            async with LivePage(backend.port, backend.page) as page:
                await page.live()
                page.ask("held", f"visit {number}")
                ends = chance.randrange(3)
                if ends == 0:
                    await page.stop()
                elif ends == 1:
                    page.drop()
                    await page.until(lambda page=page: page.modes.total() == 2 and page.ready)

    await asyncio.gather(*(some(range(start, count, 20)) for start in range(20)))


async def baseline(backend: Backend) -> dict[str, int]:
    """The figures once no session, no run and no connection of a page is left."""
    async with asyncio.timeout(20):
        while (figures := await backend.figures())["sessions"] or figures["runs"] or figures["tasks"] > TASKS:
            pass
    return figures
