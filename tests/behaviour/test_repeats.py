"""What a new call does while one runs. Over HTTP the page decides it, which is tested with the page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.behaviour.pages import Page, Transport
from tests.behaviour.test_contexts import row, rows
from wscb import MATCH, Input, Output

MODES = {
    "parallel": (["superseded", "ok"], {"1 a", "1 b"}),
    "cancel": (["superseded", "ok"], {"1 b"}),
    "queue": (["ok", "ok"], {"1 a", "1 b"}),
    "ignore": (["ok", "rejected"], {"1 a"}),
}


@pytest.fixture
async def socket(clean_loop: None) -> AsyncIterator[Transport]:
    transport = Transport("socket")
    yield transport
    await transport.close()


class Held:
    """Calls that go on when the test says so. `ended` are those that ran to their end."""

    def __init__(self) -> None:
        self.doors: dict[str, asyncio.Event] = {}
        self.begun: list[str] = []
        self.ended: set[str] = set()

    def door(self, name: str) -> asyncio.Event:
        return self.doors.setdefault(name, asyncio.Event())

    async def __call__(self, value: str) -> str:
        self.begun.append(value)
        await self.door(value).wait()
        self.ended.add(value)
        return value


async def twice(page: Page, index: int) -> list[int]:
    """Two calls of one instance, one after the other."""
    calls: list[int] = []
    for letter in "ab":
        calls += await page.change(f'{{"index":{index},"type":"row"}}', "value", f"{index} {letter}")
    return calls


@pytest.mark.parametrize("mode", MODES)
async def test_each_instance_of_a_pattern_is_by_itself(socket: Transport, mode: Any) -> None:
    hows, ended = MODES[mode]
    held = Held()
    app = socket.app(*rows(1, 2))
    output, input = Output({**row(MATCH), "type": "p"}, "children"), Input(row(MATCH), "value")
    app.callback(output, input, on_repeat=mode)(held)
    page = await socket.page(app)
    other = await twice(page, 2)
    calls = await twice(page, 1)
    await page.user.until(lambda: page.user.told >= 4)  # the server has all of them
    held.door("1 b").set()
    if mode == "parallel":
        assert (await page.ended(calls[1])).how == "ok"
    held.door("1 a").set()
    assert [(await page.ended(call)).how for call in calls] == hows
    assert held.ended == ended
    last = "1 a" if mode == "ignore" else "1 b"
    assert page.props['{"index":1,"type":"p"}', "children"] == last
    assert ('{"index":2,"type":"p"}', "children") not in page.props
    for letter in "ab":
        held.door(f"2 {letter}").set()
    for call in other:
        await page.ended(call)
    assert page.props['{"index":2,"type":"p"}', "children"] == last.replace("1", "2")
