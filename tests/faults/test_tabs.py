"""Tabs that are reloaded, duplicated or dropped while the server asks them something: each answers for itself alone."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator

import pytest

from tests.faults.conftest import settles
from tests.faults.page import LivePage
from tests.faults.proxy import Cut, Proxy
from tests.faults.servers import Backend, Backends
from tests.faults.sizes import RELOADS


class Slow(LivePage):
    """Answers nothing until it is told to; `asked` counts the questions."""

    answers = False
    asked = 0

    def _answer(self) -> None:
        if self.answers:
            super()._answer()

    def _receive(self, message: object) -> None:
        before = len(self.waiting)
        super()._receive(message)
        self.asked += len(self.waiting) > before

    def answer(self) -> None:
        self.answers = True
        self._answer()


@pytest.fixture
async def slow(backend: Backend, proxy: Proxy) -> AsyncIterator[Slow]:
    async with Slow(proxy.port, backend.page) as page:
        await page.live()
        yield page


async def test_get_prop_during_a_drop(backend: Backend, proxy: Proxy, slow: Slow, chance: random.Random) -> None:
    """A page that is back is asked again, as often as it drops, and answers once."""
    call = slow.ask("asked", "dropped")
    for times in range(1, 11):
        await slow.until(lambda times=times: slow.asked == times)
        proxy.cut(chance.choice(list(Cut)))
        await slow.until(lambda times=times: slow.modes["resumed"] == times and slow.ready)
    await slow.until(lambda: slow.waiting)
    slow.answer()
    assert await slow.settled(call) == "ok"
    assert outcomes(backend, "dropped") == ["answered", "begun"]


async def test_get_prop_during_a_drop_that_takes_the_answer(backend: Backend, proxy: Proxy, slow: Slow) -> None:
    call = slow.ask("asked", "answer lost")
    await slow.until(lambda: slow.waiting)
    with proxy.blackholed(proxy.up):
        passed = proxy.up.read
        slow.answer()
        await settles(lambda: proxy.up.read > passed)
    proxy.cut()
    assert await slow.settled(call) == "ok"
    assert outcomes(backend, "answer lost") == ["answered", "begun"]


async def test_get_prop_during_a_reload(backend: Backend, proxy: Proxy) -> None:
    """The question ends with the page that it was put to. The page after it is another one and is not asked."""
    async with Slow(proxy.port, backend.page) as old:
        old.ask("asked", "reloaded")
        await old.until(lambda: old.waiting)
    async with Slow(proxy.port, backend.page) as new:
        assert await new.settled(new.ask("recorded", "after the reload")) == "ok"
        await settles(lambda: backend.ran()["reloaded CancelledError"])
        assert (new.asked, new.modes) == (0, {"new": 1})
    assert outcomes(backend, "reloaded") == ["CancelledError", "begun"]


async def test_get_prop_of_a_page_that_stays_away(backends: Backends) -> None:
    """It waits as long as the session does, and then nothing of it is left."""
    backend = backends.start(grace_seconds=0.3)
    async with Slow(backend.port, backend.page) as page:
        page.ask("asked", "left")
        await page.until(lambda: page.waiting)
        await page.stop()
    await settles(lambda: backend.ran()["left CancelledError"])
    async with asyncio.timeout(10):
        while (await backend.figures())["sessions"]:
            pass
    assert (await backend.figures())["runs"] == 0
    assert outcomes(backend, "left") == ["CancelledError", "begun"]


def outcomes(backend: Backend, key: str) -> list[str]:
    """What the journal says of a question, each as often as it stands there."""
    found = [name.removeprefix(f"{key} ") for name in backend.ran().elements() if name.startswith(f"{key} ")]
    return sorted(found)


async def test_a_duplicated_tab(backend: Backend, proxy: Proxy) -> None:
    """It has the same address and knows nothing else of the first, so it is a page of its own, and both go on."""
    async with LivePage(proxy.port, backend.page) as first:
        assert await first.settled(first.ask("recorded", "first")) == "ok"
        held = first.ask("held", "of the first")
        await settles(lambda: backend.ran()["of the first begun"])
        async with LivePage(proxy.port, backend.page) as second:
            assert await second.settled(second.ask("recorded", "second")) == "ok"
            assert second.session != first.session
            proxy.cut()
            await asyncio.gather(
                *(page.until(lambda page=page: page.modes["resumed"] == 1) for page in (first, second))
            )
        await backend.release()
        assert await first.settled(held) == "ok"
        assert (first.shows("recorded"), second.shows("recorded")) == (["first"], ["second"])
    assert backend.ran()["of the first done"] == 1


async def test_reload_racing_reconnect(backend: Backend, proxy: Proxy, chance: random.Random) -> None:
    """The old page goes somewhere between its drop and its welcome; the new one is another session."""
    for number in range(RELOADS):
        async with LivePage(proxy.port, backend.page) as old:
            await old.live()
            left = old.ask("recorded", f"old page {number}")
            proxy.cut()
            passed = proxy.up.passed + chance.randrange(700)
            await settles(lambda passed=passed, left=left: proxy.up.passed >= passed or left in old.outcome)
            async with LivePage(proxy.port, backend.page) as new:
                assert await new.settled(new.ask("recorded", f"new page {number}")) == "ok"
                assert new.shows("recorded") == [f"new page {number}"]
                assert new.modes == {"new": 1}
    ran = backend.ran()
    assert all(ran[f"new page {number}"] == 1 and ran[f"old page {number}"] <= 1 for number in range(RELOADS))
