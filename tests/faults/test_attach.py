"""What one connection owes to the one before it: order, the window, the newest result, what has surely not run."""

from __future__ import annotations

import asyncio
import signal

from tests.faults.conftest import settles
from tests.faults.page import LivePage
from tests.faults.proxy import Proxy
from tests.faults.servers import Backend, Backends


async def test_a_call_between_hello_and_welcome(backend: Backend, proxy: Proxy) -> None:
    """It waits for its turn: what was asked before it has not been handed over yet."""
    async with LivePage(proxy.port, backend.page) as page:
        await page.live()
        with proxy.refused():
            await page.until(lambda: not page.ready)
            first = page.ask("recorded", "asked while away")
        with proxy.delayed(down=0.05):
            await settles(lambda: page.link)
            assert not page.ready
            second = page.ask("recorded", "asked before the welcome")
            assert await page.settled(first, second) == "ok"
        assert page.shows("recorded") == ["asked while away", "asked before the welcome"]
        assert page.codes == [None]
    ran = backend.ran()
    assert ran["asked while away"] == ran["asked before the welcome"] == 1


async def test_a_cut_within_a_delta_that_fills_the_window(backend: Backend, proxy: Proxy) -> None:
    """What was lost on the old connection takes no room in the window of the new one."""
    size = 400_000
    async with LivePage(proxy.port, backend.page) as page:
        await page.live()
        for kept in (1000, 200_000):
            proxy.down.cut_after(kept)
            assert await page.settled(page.ask("blob", size)) == "ok"
            assert page.shows("blob") == "b" * size
        assert page.modes == {"new": 1, "resumed": 2}


async def test_a_result_that_comes_after_a_newer_one(backend: Backend, proxy: Proxy) -> None:
    async with LivePage(proxy.port, backend.page) as page:
        await page.live()
        slow = page.ask("latest", {"key": "old", "steps": 500})
        quick = page.ask("latest", {"key": "new", "steps": 0})
        await page.settled(quick, slow)
        assert (page.outcome[slow], page.outcome[quick]) == ("superseded", "ok")
        assert page.shows("latest") == "new"


async def test_drained_while_the_page_reads_nothing(backends: Backends) -> None:
    """The last delta goes whatever the window says: so the page knows that its call has run, and does not repeat it."""
    backend = backends.start(window_bytes=16 * 1024)
    async with Proxy(backend.port) as proxy, LivePage(proxy.port, backend.page) as page:
        await page.live()
        page.listening.clear()
        blob = page.ask("blob", 60_000)
        await settles(lambda: proxy.down.passed > 60_000)
        call = page.ask("recorded", "before the drain")
        await settles(lambda: backend.ran()["before the drain"])
        stopping = asyncio.ensure_future(backend.restart(signal.SIGTERM))
        await settles(lambda: "Shutting down" in backend.server.log)
        page.listening.set()
        await stopping
        await page.until(lambda: page.modes["new"] == 2)
        assert await page.settled(blob, call) == "ok"
        assert page.codes[0] == 4000
    assert backend.ran()["before the drain"] == 1


async def test_nothing_runs_on_when_a_page_stays_away(backends: Backends) -> None:
    """The grace period is over: what it had asked for is cancelled, and its session is gone."""
    backend = backends.start(grace_seconds=0.1)
    async with LivePage(backend.port, backend.page) as page:
        await page.live()
        page.ask("held", "left behind")
        await settles(lambda: backend.ran()["left behind begun"])
        await page.stop()
    async with asyncio.timeout(3):
        while (await backend.figures())["sessions"]:
            pass
    assert backend.ran()["left behind done"] == 0
