"""Faults under streams: what the page shows is exactly a state of the server, and in the end the last one."""

from __future__ import annotations

import random
import time

from tests.faults.conftest import settles
from tests.faults.oracle import DIGEST
from tests.faults.page import LivePage
from tests.faults.proxy import Cut, Proxy
from tests.faults.servers import Backend, Backends
from tests.faults.sizes import BLOB, STREAMS, WRITES


async def test_a_hundred_cuts_during_a_thousand_writes_a_second(
    backend: Backend, proxy: Proxy, chance: random.Random
) -> None:
    async with LivePage(proxy.port, backend.page) as page:
        await page.live()
        streams = cuts = 0
        while cuts < 100:
            stream = page.ask("count", {"count": 1000, "burst": 10, "pause": 0.01, "append": True})
            streams += 1
            while stream not in page.outcome:
                cuts += await cut_once(page, proxy, stream, chance)
            assert page.outcome[stream] == "ok"
            assert page.shows("counter") == 999
            assert page.shows("items") == list(range(1000)) * streams
        assert page.modes["new"] == 1
        assert page.modes["resumed"] >= 100


async def cut_once(page: LivePage, proxy: Proxy, stream: int, chance: random.Random) -> int:
    """As soon as the page is back, or as soon as something came then; 0 when the stream was quicker."""
    await page.until(lambda: page.ready)
    have, back = page.have, page.modes["resumed"]
    if chance.random() < 0.7:
        await page.until(lambda: page.have > have or stream in page.outcome)
    if stream in page.outcome:
        return 0
    proxy.cut(chance.choice(list(Cut)))
    await page.until(lambda: page.modes["resumed"] > back)
    return 1


async def test_random_sets_and_ops_against_the_oracle(backend: Backend, proxy: Proxy, chance: random.Random) -> None:
    """Each delta is one state of the server's, whichever byte the line is cut at; LivePage looks at each."""
    async with LivePage(proxy.port, backend.page) as page:
        await page.live()
        for _ in range(STREAMS):
            stream = page.ask("random", {"seed": chance.random(), "steps": 400, "burst": 5, "pause": 0.002})
            while stream not in page.outcome:
                proxy.down.cut_after(chance.randrange(1, 30_000), chance.choice(list(Cut)))
                cuts = len(page.codes)
                await page.until(lambda stream=stream, cuts=cuts: stream in page.outcome or len(page.codes) > cuts)
            assert page.outcome[stream] == "ok"
            proxy.down.was_cut()
        assert page.modes["new"] == 1
        assert page.modes["resumed"] >= 1


async def test_random_changes_in_pieces_and_late(backend: Backend, proxy: Proxy, chance: random.Random) -> None:
    async with LivePage(proxy.port, backend.page) as page:
        with proxy.split(lambda: chance.randint(1, 400)), proxy.delayed(up=0.005, down=0.02):
            stream = page.ask("random", {"seed": chance.random(), "steps": 300, "burst": 5, "pause": 0.001})
            assert await page.settled(stream) == "ok"
        assert page.shows(DIGEST)
        assert page.codes == []


async def test_ten_thousand_writes_a_second_to_one_prop(backends: Backends) -> None:
    """No more goes than the line and the window take, nothing waits but the newest, and the last value arrives."""
    rate, window = 20_000, 16 * 1024
    backend = backends.start(window_bytes=window)
    async with Proxy(backend.port) as proxy, LivePage(proxy.port, backend.page) as page:
        page.ack_bytes = window // 4
        await page.live()
        began = time.monotonic()
        with proxy.slow(down=rate):
            stream = page.ask("count", {"count": WRITES, "burst": 100, "pause": 0.008})
            assert await page.settled(stream) == "ok"
        took = time.monotonic() - began
        assert page.shows("counter") == WRITES - 1
        held = (await backend.figures())["peak"]
    print(f"{WRITES / took:.0f} writes a second, {page.deltas} deltas, {proxy.down.passed} bytes in {took:.1f} s")
    assert proxy.down.passed < rate * took + window
    assert page.deltas < WRITES / 2
    assert held < 1000


async def test_a_large_delta_over_a_slow_line(backends: Backends) -> None:
    """It takes three times as long as the heartbeat allows for an answer, but bytes under way are signs of life."""
    size = BLOB
    rate, heartbeat = 200_000, 0.5
    backend = backends.start(heartbeat_seconds=heartbeat, pong_seconds=heartbeat)
    async with Proxy(backend.port) as proxy, LivePage(proxy.port, backend.page) as page:
        await page.live()
        with proxy.slow(down=rate):
            assert await page.settled(page.ask("blob", size)) == "ok"
        assert page.shows("blob") == "b" * size
        assert await page.settled(page.ask("recorded", "after the blob")) == "ok"  # whatever lay behind the blob
        assert (page.codes, page.modes) == ([], {"new": 1})
        assert proxy.down.passed < size * 1.05


async def test_what_is_held_back_arrives_at_once(backend: Backend, proxy: Proxy) -> None:
    async with LivePage(proxy.port, backend.page) as page:
        await page.live()
        with proxy.buffered(proxy.down):
            stream = page.ask("count", {"count": 500, "burst": 50, "pause": 0, "append": True})
            recorded = page.ask("recorded", f"held back {page.session}")
            (line,) = proxy.lines
            await settles(lambda: line.down.held > 20_000)
        assert await page.settled(stream, recorded) == "ok"
        assert page.shows("items") == list(range(500))
        assert page.codes == []
