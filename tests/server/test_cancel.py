"""Cancelling: what a callback sees, and what is left."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator

import pytest

from tests.server.apps import app_with
from wscb import Input, Limits, Output, get_prop_sync, set_props
from wscb.testing import User

RUN = Input("run", "n_clicks")
OUT = Output("out", "children")


async def test_a_coroutine_sees_cancelled_error_and_its_finally_runs() -> None:
    app = app_with()

    @app.callback(OUT, RUN, websocket=True)
    async def work(clicks: int) -> str:
        try:
            await asyncio.Event().wait()
        finally:
            set_props("log", {"children": "cleaned"})
        return "never"

    async with User(app) as user:
        (call,) = await user.set("run", "n_clicks", 1)
        user.cancel(call)
        assert await user.settled(call) == "cancelled"
        assert user.props["log", "children"] == "cleaned"
        assert user.props.get(("out", "children")) is None


async def test_a_thread_is_interrupted_at_its_next_call_of_ours() -> None:
    app = app_with()
    started, go_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    @app.callback(OUT, RUN, websocket=True)
    def work(clicks: int) -> str:
        loop.call_soon_threadsafe(started.set)
        go_on.wait(10)
        try:
            set_props("log", {"children": "never"})
        finally:
            set_props("log", {"children": "cleaned"})
        return "never"

    async with User(app) as user:
        (call,) = await user.set("run", "n_clicks", 1)
        await started.wait()
        user.cancel(call)
        await user.until(lambda: user.told >= 2)  # the server has read the cancel
        go_on.set()
        assert await user.settled(call) == "cancelled"
        assert user.props["log", "children"] == "cleaned"


async def test_one_that_is_cancelled_before_its_first_step_still_ends() -> None:
    app = app_with()

    @app.callback(OUT, RUN, websocket=True)
    async def work(clicks: int) -> str:
        await asyncio.Event().wait()
        return "never"

    async with User(app) as user:
        calls = [(await user.set("run", "n_clicks", n))[0] for n in range(5)]
        for call in calls:
            user.cancel(call)
        assert [await user.settled(call) for call in calls] == ["cancelled"] * 5


async def test_three_at_once_and_one_cancelled() -> None:
    app = app_with()
    go_on = asyncio.Event()

    @app.callback(OUT, RUN, websocket=True)
    async def work(clicks: int) -> int:
        await go_on.wait()
        return clicks

    async with User(app) as user:
        calls = [(await user.set("run", "n_clicks", n))[0] for n in (1, 2, 3)]
        user.cancel(calls[1])
        assert await user.settled(calls[1]) == "cancelled"
        go_on.set()
        assert await user.settled(calls[2]) == "ok"
        assert user.props["out", "children"] == 3


async def test_a_coroutine_that_swallows_its_cancellation_is_named(caplog: pytest.LogCaptureFixture) -> None:

    app = app_with(limits=Limits(cancel_seconds=0.01))
    go_on = asyncio.Event()

    @app.callback(OUT, RUN, websocket=True)
    async def stubborn(clicks: int) -> str:
        while not go_on.is_set():
            with contextlib.suppress(asyncio.CancelledError):
                await go_on.wait()
        return "late"

    async with User(app) as user:
        (call,) = await user.set("run", "n_clicks", 1)
        user.cancel(call)
        assert await user.settled(call) == "cancelled"
        assert "stubborn" in caplog.text
        assert __file__ in caplog.text
        go_on.set()
    assert user.props.get(("out", "children")) is None


async def test_a_thread_that_goes_on_is_named_and_counted(caplog: pytest.LogCaptureFixture) -> None:
    app = app_with(limits=Limits(cancel_seconds=0.01))
    go_on = threading.Event()
    loop, running = asyncio.get_running_loop(), asyncio.Semaphore(0)

    @app.callback(OUT, RUN, websocket=True)
    def stubborn(clicks: int) -> str:
        loop.call_soon_threadsafe(running.release)
        go_on.wait(10)
        return "late"

    stuck = app.site().workers.stuck
    async with User(app) as user:
        for clicks in (1, 2):
            (call,) = await user.set("run", "n_clicks", clicks)
            await running.acquire()
            user.cancel(call)
            assert await user.settled(call) == "cancelled"
        assert len(stuck) == 2
        first, second = (record.getMessage() for record in caplog.records)
        assert f"stubborn ({__file__}" in first
        assert "as 1 of this process do" in first
        assert "as 2 of this process do" in second
        go_on.set()
    assert len(stuck) == 0
    assert user.props.get(("out", "children")) is None


async def test_what_a_finally_writes_when_the_tab_was_closed_is_dropped(caplog: pytest.LogCaptureFixture) -> None:
    app = app_with()
    started, cleaned = asyncio.Event(), asyncio.Event()

    @app.callback(OUT, RUN, websocket=True)
    async def work(clicks: int) -> str:
        started.set()
        try:
            await asyncio.Event().wait()
        finally:
            set_props("log", {"children": "cleaned"})
            cleaned.set()
        return "never"

    async with User(app) as user:
        await user.set("run", "n_clicks", 1)
        await started.wait()
    assert cleaned.is_set()
    assert "CallOver" not in caplog.text


async def test_a_call_that_waits_for_a_thread_never_runs() -> None:
    app = app_with(limits=Limits(workers=1))
    ran: list[int] = []
    started, go_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    @app.callback(OUT, RUN, websocket=True)
    def work(clicks: int) -> int:
        ran.append(clicks)
        loop.call_soon_threadsafe(started.set)
        go_on.wait(10)
        return clicks

    async with User(app) as user:
        (first,) = await user.set("run", "n_clicks", 1)
        await started.wait()
        (second,) = await user.set("run", "n_clicks", 2)
        user.cancel(second)
        assert await user.settled(second) == "cancelled"
        go_on.set()
        assert await user.settled(first) == "ok"
    assert ran == [1]


async def test_a_call_whose_thread_is_there_when_it_was_cancelled_already_runs_not_either() -> None:
    app = app_with()
    ran: list[int] = []

    @app.callback(OUT, RUN, websocket=True)
    def work(clicks: int) -> int:
        ran.append(clicks)
        return clicks

    async with User(app) as user:
        calls = [(await user.set("run", "n_clicks", n))[0] for n in range(3)]
        for call in calls:
            user.cancel(call)  # read together with the calls, before any of them has begun
        assert [await user.settled(call) for call in calls] == ["cancelled"] * 3
    assert ran == []


async def test_a_plain_generator_sees_its_cancellation_where_it_yielded() -> None:
    app = app_with()
    started, go_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    @app.callback(OUT, RUN, websocket=True)
    def work(clicks: int) -> Iterator[str]:
        yield "one"
        loop.call_soon_threadsafe(started.set)
        go_on.wait(10)
        try:
            yield "two"
        except asyncio.CancelledError:
            set_props("log", {"children": "seen"})
            raise

    async with User(app) as user:
        (call,) = await user.set("run", "n_clicks", 1)
        await started.wait()
        user.cancel(call)
        await user.until(lambda: user.told >= 2)
        go_on.set()
        assert await user.settled(call) == "cancelled"
        assert user.props["log", "children"] == "seen"
        assert user.props["out", "children"] == "one"


async def test_a_thread_that_waits_for_the_page_is_interrupted(caplog: pytest.LogCaptureFixture) -> None:
    app = app_with()

    @app.callback(OUT, RUN, websocket=True)
    def work(clicks: int) -> str:
        try:
            return str(get_prop_sync("run", "n_clicks"))
        finally:
            set_props("log", {"children": "cleaned"})

    async with User(app) as user:
        user.mute()
        (call,) = await user.set("run", "n_clicks", 1)
        await user.until(lambda: user.asked > 0)
        user.cancel(call)
        assert await user.settled(call) == "cancelled"
        assert user.props["log", "children"] == "cleaned"
    assert "did not end" not in caplog.text


class Stop(BaseException):
    """What some libraries raise so that nobody catches it."""


@pytest.mark.parametrize("plain", [False, True])
async def test_no_exception_ends_more_than_its_call(plain: bool) -> None:
    app = app_with()

    def stop(clicks: int) -> str:
        if clicks == 1:
            raise Stop
        return "goes on"

    async def stop_async(clicks: int) -> str:
        return stop(clicks)

    app.callback(OUT, RUN, websocket=True)(stop if plain else stop_async)
    async with User(app) as user:
        (call,) = await user.set("run", "n_clicks", 1)
        assert await user.settled(call) == "error"
        (call,) = await user.set("run", "n_clicks", 2)
        assert await user.settled(call) == "ok"
        assert user.props["out", "children"] == "goes on"
