"""What one page does, or one callback, is not felt by the pages beside it."""

from __future__ import annotations

import asyncio
import contextlib

from tests.faults.page import LivePage
from tests.faults.proxy import Proxy
from tests.faults.servers import Backends
from tests.faults.sizes import BLOCKED


async def test_a_blocked_loop_disconnects_nobody(backends: Backends) -> None:
    """The pongs lie in the sockets when it goes on, and the heartbeat's time is over: they count all the same."""
    backend = backends.start(heartbeat_seconds=BLOCKED / 4, pong_seconds=BLOCKED * 3 / 4)
    async with Proxy(backend.port) as proxy, contextlib.AsyncExitStack() as stack:
        pages = [LivePage(proxy.port, backend.page, patience=20) for _ in range(10)]
        for page in pages:
            await stack.enter_async_context(page)
        await asyncio.gather(*(page.live() for page in pages))
        with proxy.delayed(up=BLOCKED / 4):  # so that most of the time some ping waits for its answer
            for number in range(2):
                assert await pages[0].settled(pages[0].ask("blocked", BLOCKED * (1 + number / 8))) == "ok"
                calls = [(page, page.ask("recorded", f"after the block {number}")) for page in pages]
                assert [await page.settled(call) for page, call in calls] == ["ok"] * 10
        assert [page.codes for page in pages] == [[]] * 10
