"""Faults around single calls: each ends exactly once, and runs at most once."""

from __future__ import annotations

from tests.faults.page import LivePage
from tests.faults.proxy import Cut, Proxy
from tests.faults.servers import Backend


async def test_a_call_without_trouble(backend: Backend, proxy: Proxy) -> None:
    async with LivePage(proxy.port, backend.page) as page:
        assert await page.settled(page.ask("recorded", "untroubled")) == "ok"
        assert page.shows("recorded") == ["untroubled"]
        assert await page.settled(page.ask("got", "asked")) == "ok"
        _, answer, missing = page.shows("got")
        assert answer["value"] == "asked"
        assert missing == "NotOnPage"
    assert backend.ran()["untroubled"] == 1
