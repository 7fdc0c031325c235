"""The first step of a coroutine without a task."""

from __future__ import annotations

import asyncio

import pytest

from wscb.server.stepping import step


async def test_one_that_never_waits_has_ended() -> None:
    done: list[str] = []

    async def quick() -> None:
        done.append("x")

    assert step(quick()) is None
    assert done == ["x"]


async def test_one_that_waits_goes_on_in_a_task() -> None:
    first, second = asyncio.Event(), asyncio.Event()
    done: list[str] = []

    async def slow() -> None:
        done.append("begun")
        await first.wait()
        done.append("half")
        await second.wait()
        done.append("done")

    rest = step(slow())
    assert rest is not None
    assert done == ["begun"]
    task = asyncio.ensure_future(rest)
    first.set()
    second.set()
    await task
    assert done == ["begun", "half", "done"]


async def test_what_it_raises_at_once_is_raised_at_once() -> None:
    async def broken() -> None:
        raise ValueError("at once")

    with pytest.raises(ValueError, match="at once"):
        step(broken())


async def test_what_it_raises_later_is_raised_where_the_rest_is_awaited() -> None:
    go_on = asyncio.Event()

    async def broken() -> None:
        await go_on.wait()
        raise ValueError("later")

    rest = step(broken())
    assert rest is not None
    go_on.set()
    with pytest.raises(ValueError, match="later"):
        await rest


async def test_a_cancelled_rest_cancels_what_it_waits_for() -> None:
    ended: list[str] = []

    async def waits() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise

    rest = step(waits())
    assert rest is not None
    task = asyncio.ensure_future(rest)
    await asyncio.wait({task}, timeout=0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended == ["cancelled"]


async def test_a_cancelled_rest_is_cancelled_also_where_it_waits_for_nothing() -> None:
    ended: list[str] = []

    async def spins() -> None:
        try:
            for _ in range(1000):
                await asyncio.sleep(0)
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise

    rest = step(spins())
    assert rest is not None
    task = asyncio.ensure_future(rest)
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended == ["cancelled"]
