"""Server processes that are killed, stopped or replaced."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections.abc import Callable

from tests.faults.conftest import settles
from tests.faults.page import LivePage
from tests.faults.proxy import Proxy
from tests.faults.servers import Backends
from tests.faults.sizes import HEARTBEAT, PONG


async def test_kill_and_restart_with_the_socket_first(backends: Backends) -> None:
    """A page that was there before the new process is the first to ask it anything. What was handed is never repeated
    unless it may be."""
    backend = backends.start()
    async with Proxy(backend.port) as proxy, LivePage(proxy.port, backend.page) as page:
        assert await page.settled(page.ask("recorded", "before")) == "ok"
        handed = page.ask("held", "handed")
        again = page.ask("held", "again", retry=True)
        stream = page.ask("count", {"count": 10_000, "burst": 10, "pause": 0.01})
        await settles(lambda: backend.ran()["handed begun"] and backend.ran()["again begun"])
        await page.until(lambda: (page.shows("counter") or 0) > 50)
        proxy.refuse()
        await backend.restart(signal.SIGKILL)
        await page.until(lambda: not page.ready)
        waiting = page.ask("recorded", "never handed")
        proxy.accept()
        assert await page.settled(waiting) == "ok"
        await settles(lambda: backend.ran()["again begun"] == 2)
        await backend.release()
        assert await page.settled(again) == "ok"
        assert page.outcome[handed] == page.outcome[stream] == "unknown"
        assert page.modes == {"new": 2}
        # What the page showed stays; the new process knows nothing of it and adds to it.
        assert page.shows("recorded") == ["before", "never handed"]
    ran = backend.ran()
    assert (ran["handed begun"], ran["handed done"], ran["again done"], ran["never handed"]) == (1, 0, 1, 1)


async def test_a_rolling_restart(backends: Backends, chance: random.Random) -> None:
    """Of two processes behind a proxy each drains while the other takes over: every call has run exactly once."""
    first, second = backends.start(), backends.start()
    async with Proxy(first.port) as proxy:
        pages = [LivePage(proxy.port, first.page) for _ in range(5)]
        for page in pages:
            await page.__aenter__()
        await asyncio.gather(*(page.live() for page in pages))
        calls: dict[str, tuple[LivePage, int]] = {}

        async def ask_until(holds: Callable[[], bool]) -> None:
            while not holds():
                page = chance.choice(pages)
                key = f"rolling {len(calls)}"
                calls[key] = page, page.ask("recorded", key)
                await asyncio.sleep(0.002)

        for sessions, (old, new) in enumerate([(first, second), (second, first)], 2):
            ran = old.ran().total()
            await ask_until(lambda old=old, ran=ran: old.ran().total() > ran + 20)
            proxy.target = new.port
            stopping = asyncio.ensure_future(asyncio.to_thread(old.server.stop))
            await ask_until(
                lambda stopping=stopping, sessions=sessions: (
                    stopping.done() and all(page.modes["new"] == sessions for page in pages)
                )
            )
            await stopping
            await asyncio.to_thread(old.server.start)
        for key, (page, call) in calls.items():
            assert await page.settled(call) == "ok", key
        for page in pages:
            assert page.codes == [4000, 4000]
            await page.__aexit__(None, None, None)
    counted = first.ran() + second.ran()
    assert {key: counted[key] for key in calls} == dict.fromkeys(calls, 1)


async def test_stopped_for_longer_than_the_heartbeat(backends: Backends) -> None:
    """SIGSTOP, then SIGCONT: the page has given up, comes back, and its session goes on."""
    backend = backends.start(heartbeat_seconds=HEARTBEAT, pong_seconds=PONG)
    async with Proxy(backend.port) as proxy, LivePage(proxy.port, backend.page) as page:
        await page.live()
        stream = page.ask("count", {"count": 300, "burst": 1, "pause": 0.002, "append": True})
        await page.until(lambda: page.shows("counter"))
        os.kill(backend.server.pid, signal.SIGSTOP)
        try:
            await page.until(lambda: not page.ready, 2 * (HEARTBEAT + PONG))
            call = page.ask("recorded", "said meanwhile")
        finally:
            os.kill(backend.server.pid, signal.SIGCONT)
        assert await page.settled(stream, call) == "ok"
        assert page.shows("items") == list(range(300))
        assert page.modes["new"] == 1
        assert page.modes["resumed"] >= 1
    assert backend.ran()["said meanwhile"] == 1
