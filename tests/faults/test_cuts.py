"""The line is cut, at every byte and many times; the page never notices more than a pause."""

from __future__ import annotations

import itertools
import random
import time
from collections import Counter

import pytest

from tests.faults.page import LivePage
from tests.faults.proxy import Cut, Proxy, Way
from tests.faults.script import play
from tests.faults.servers import Backend
from tests.faults.sizes import EVERY


async def recorded(backend: Backend, proxy: Proxy) -> tuple[int, int]:
    """How many bytes the session takes, up and down."""
    up, down = proxy.up.passed, proxy.down.passed
    async with LivePage(proxy.port, backend.page) as page:
        await play(page, backend, f"recorded {time.monotonic_ns()}")
    return proxy.up.passed - up, proxy.down.passed - down


async def cut_at(backend: Backend, proxy: Proxy, way: Way, offset: int, how: Cut) -> Counter[str]:
    """Plays the session on a line that is cut after `offset` bytes this way. Returns the modes of its welcomes."""
    way.cut_after(offset, how)
    async with LivePage(proxy.port, backend.page) as page:
        try:
            await play(page, backend, f"{offset} {time.monotonic_ns()}")
        except BaseException as error:
            error.add_note(f"cut after {offset} bytes {'up' if way is proxy.up else 'down'}, {how}")
            raise
    way.was_cut()  # the session may have been shorter this time
    return page.modes


@pytest.mark.parametrize("direction", ["up", "down"])
async def test_cut_at_every_byte_of_a_session(
    backend: Backend, proxy: Proxy, chance: random.Random, direction: str
) -> None:
    up, down = await recorded(backend, proxy)
    way, size = (proxy.up, up) if direction == "up" else (proxy.down, down)
    hows = itertools.cycle(Cut)
    modes: Counter[str] = Counter()
    offsets = range(chance.randrange(EVERY), size, EVERY)
    for offset in offsets:
        modes += await cut_at(backend, proxy, way, offset, next(hows))
    assert modes["resumed"] > len(offsets) / 2, "most of the cuts are after the welcome"
