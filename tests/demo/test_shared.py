from __future__ import annotations

import asyncio
from contextvars import ContextVar

import pytest

from wscb.demo.shared import Shared

who: ContextVar[str] = ContextVar("who", default="nobody")


class Bell(Shared):
    """Rings when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = 0
        self.runs = 0
        self.seen = ""
        self.fail = asyncio.Event()

    def begin(self) -> None:
        self.begun += 1

    async def run(self) -> None:
        self.runs += 1
        self.seen = who.get()
        await self.fail.wait()
        raise OSError("the bell is broken")


async def test_one_run_for_all_viewers_and_none_after() -> None:
    bell = Bell()
    async with bell:
        async with bell:
            await asyncio.sleep(0)
            assert (bell.begun, bell.runs, bell.running) == (1, 1, True)
        assert bell.running
    assert not bell.running
    async with bell:
        await asyncio.sleep(0)
        assert bell.runs == 2


async def test_a_viewer_who_is_cancelled_leaves() -> None:
    bell = Bell()

    async def watch() -> None:
        async with bell:
            await bell.news()

    viewer = asyncio.create_task(watch())
    await asyncio.sleep(0)
    assert bell.running
    viewer.cancel()
    await asyncio.wait([viewer])
    assert not bell.running


async def test_news_reach_all_who_wait() -> None:
    bell = Bell()
    async with bell:
        waiting = [asyncio.create_task(bell.news()) for _ in range(3)]
        await asyncio.sleep(0)
        assert not any(task.done() for task in waiting)
        bell.tell()
        await asyncio.gather(*waiting)
        late = asyncio.create_task(bell.news())
        await asyncio.sleep(0)
        assert not late.done()
        late.cancel()
        await asyncio.wait([late])


async def test_what_is_shared_does_not_belong_to_its_first_viewer() -> None:
    bell = Bell()
    who.set("the first")
    async with bell:
        await asyncio.sleep(0)
        assert bell.seen == "nobody"


async def test_a_failure_reaches_the_viewers_and_a_new_one_starts_again() -> None:
    bell = Bell()
    bell.fail.set()
    with pytest.raises(OSError, match="broken"):
        async with bell:
            await bell.news()
    bell.fail.clear()
    async with bell:
        await asyncio.sleep(0)
        assert bell.runs == 2
