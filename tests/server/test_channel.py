"""What a running callback reaches its page through, at its edges. What it is for is in test_calls."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

from tests.server.apps import app_with
from tests.server.streaming import until
from wscb import Input, Limits, Output, Patch, ctx, get_prop, set_props
from wscb.errors import CallOver, GetPropFailed, GetPropTimeout, NeedsSocket, UsageError, ValueTooLarge
from wscb.protocol.messages import PropValue
from wscb.server.channel import HttpChannel, call_over, encode_all
from wscb.session import changes_of
from wscb.testing import User

RUN = Input("run", "n_clicks")
OUT = Output("out", "children")


def both(app: Any, work: Callable[[int], Any], plain: bool) -> None:
    async def work_async(clicks: int) -> Any:
        return work(clicks)

    app.callback(OUT, RUN, websocket=True)(work if plain else work_async)


def over_http() -> HttpChannel:
    app = app_with()

    @app.callback(OUT, RUN)
    def work(clicks: int) -> None: ...

    (callback,) = app.build().callbacks.values()
    return HttpChannel(callback, changes_of)


@pytest.mark.parametrize("plain", [False, True])
async def test_a_value_over_the_limit_is_an_error_where_it_is_set(plain: bool) -> None:
    app = app_with(limits=Limits(value_bytes=1000))
    errors: list[str] = []

    def work(clicks: int) -> str:
        set_props("log", {"children": "before"})
        try:
            set_props("log", {"children": "x" * 2000})
        except ValueTooLarge as error:
            errors.append(str(error))
        set_props("log", {"title": "after"})
        return "done"

    both(app, work, plain)
    async with User(app) as user:
        (call,) = await user.set("run", "n_clicks", 1)
        assert await user.settled(call) == "ok"
        assert "log.children" in errors[0]
        assert user.props["log", "children"] == "before"
        assert user.props["log", "title"] == "after"


@pytest.mark.parametrize("plain", [False, True])
async def test_what_is_mutated_later_does_not_change_what_was_set(plain: bool) -> None:
    app = app_with()

    def work(clicks: int) -> None:
        items = ["a"]
        set_props("log", {"children": items})
        items.append("b")

    both(app, work, plain)
    async with User(app) as user:
        (call,) = await user.set("run", "n_clicks", 1)
        await user.settled(call)
        assert user.props["log", "children"] == ["a"]


@pytest.mark.parametrize("plain", [False, True])
async def test_props_that_are_set_together_arrive_together_and_in_order(plain: bool) -> None:
    app = app_with()

    def work(clicks: int) -> None:
        set_props("log", {"children": [], "title": "x"})
        for n in range(300):
            patch = Patch()
            patch.append(n)
            set_props("log", {"children": patch})

    both(app, work, plain)
    async with User(app) as user:
        (call,) = await user.set("run", "n_clicks", 1)
        await user.settled(call)
        assert user.props["log", "children"] == list(range(300))


async def test_a_thread_that_goes_on_after_the_call_has_no_effect(caplog: pytest.LogCaptureFixture) -> None:
    """It was given up; what it still sets is an error for it, and nothing for the page."""
    app = app_with(limits=Limits(cancel_seconds=0.01))
    begun, go_on, tried = asyncio.Event(), threading.Event(), threading.Event()
    loop = asyncio.get_running_loop()
    errors: list[BaseException] = []

    @app.callback(OUT, RUN, websocket=True)
    def stubborn(clicks: int) -> str:
        loop.call_soon_threadsafe(begun.set)
        go_on.wait(10)
        for _ in range(2):
            try:
                set_props("log", {"children": "late"})
            except (CallOver, asyncio.CancelledError) as error:
                errors.append(error)
        tried.set()
        return "late"

    async with User(app) as user:
        (call,) = await user.set("run", "n_clicks", 1)
        await begun.wait()
        user.cancel(call)
        assert await user.settled(call) == "cancelled"
        assert "stubborn" in caplog.text
        go_on.set()
        assert await asyncio.to_thread(tried.wait, 5)
        (again,) = await user.set("run", "n_clicks", 2)
        assert await user.settled(again) == "ok"
        assert errors[0].__class__ is CallOver
        assert user.props.get(("log", "children")) is None or len(errors) == 2


@pytest.mark.parametrize("shared", [False, True])
async def test_a_thread_that_was_given_up_ends_where_it_sleeps(shared: bool, caplog: pytest.LogCaptureFixture) -> None:
    """It would come back from each sleep at once, and go round without a pause."""
    app = app_with(limits=Limits(cancel_seconds=0.01))
    begun, go_on, ended = asyncio.Event(), threading.Event(), threading.Event()
    loop = asyncio.get_running_loop()
    rounds: list[int] = []

    @app.callback(OUT, persistent=True, shared=shared)
    def stubborn() -> None:
        loop.call_soon_threadsafe(begun.set)
        go_on.wait(10)
        try:
            while len(rounds) < 100:
                rounds.append(1)
                ctx.sleep(0.01)
        finally:
            ended.set()

    async with User(app) as user:
        await begun.wait()
        user.leave()
        await until(lambda: "stubborn" in caplog.text)
        go_on.set()
        assert await asyncio.to_thread(ended.wait, 5)
    assert len(rounds) == 1


async def test_a_write_that_waits_for_the_loop_while_its_call_is_given_up_is_dropped() -> None:
    app = app_with()
    begun, go_on = asyncio.Event(), threading.Event()
    written, end = threading.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    @app.callback(OUT, RUN, websocket=True)
    def work(clicks: int) -> None:
        loop.call_soon_threadsafe(begun.set)
        go_on.wait(10)
        set_props("log", {"children": "late"})
        written.set()
        end.wait(10)

    async with User(app) as user:
        actor = app.site().hub.sessions[user.session or ""]
        await user.set("run", "n_clicks", 1)
        await begun.wait()
        user.socket.stall()
        go_on.set()
        assert written.wait(5)  # the loop is busy with these lines: the write waits in the inbox
        actor.drained()
        await asyncio.wait({asyncio.ensure_future(asyncio.to_thread(end.set))})
        user.socket.resume()
        await user.until(lambda: user.closed is not None)
        assert user.props.get(("log", "children")) is None


async def test_ctx_knows_when_the_page_is_gone() -> None:
    app = app_with()
    begun, go_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()
    seen: list[bool] = []

    @app.callback(persistent=True)
    def stream() -> None:
        page = ctx.websocket
        assert page is not None
        seen.append(page.is_shutdown)
        loop.call_soon_threadsafe(begun.set)
        while not page.is_shutdown:
            go_on.wait(0.001)
        seen.append(True)

    async with User(app):
        await begun.wait()
    assert seen == [False, True]


async def test_get_prop_gives_up_after_its_time() -> None:
    app = app_with()

    @app.callback(OUT, RUN, websocket=True)
    async def work(clicks: int) -> str:
        with pytest.raises(GetPropTimeout, match=r"get_prop\('log', 'children'\)"):
            await get_prop("log", "children", timeout=0.01)
        return "raised"

    async with User(app) as user:
        user.mute()
        (call,) = await user.set("run", "n_clicks", 1)
        assert await user.settled(call) == "ok"


async def test_get_prop_has_the_pages_own_error() -> None:
    app = app_with()
    asked: asyncio.Queue[int] = asyncio.Queue()

    @app.callback(OUT, RUN, websocket=True)
    async def work(clicks: int) -> str:
        with pytest.raises(GetPropFailed, match="it is broken"):
            await get_prop("log", "children")
        return "raised"

    async with User(app) as user:
        user._answer = lambda message: user.socket.say(PropValue(id=message.id, error="it is broken"))  # type: ignore[method-assign]
        (call,) = await user.set("run", "n_clicks", 1)
        assert await user.settled(call) == "ok"
    assert asked.empty()


async def test_get_prop_survives_a_lost_connection() -> None:
    app = app_with()

    @app.callback(OUT, RUN, websocket=True)
    async def work(clicks: int) -> Any:
        return await get_prop("run", "n_clicks")

    async with User(app) as user:
        answer = user._answer
        user._answer = lambda message: user.drop()  # type: ignore[method-assign]
        (call,) = await user.set("run", "n_clicks", 7)
        await user.until(lambda: user.closed is not None)
        user._answer = answer  # type: ignore[method-assign]
        await user.connect()
        assert await user.settled(call) == "ok"
        assert user.props["out", "children"] == 7


async def test_over_http_it_collects() -> None:
    channel = over_http()
    channel.set_props("a", {"x": 1, "y": 2})
    channel.set_props("b", {"x": 3})
    assert channel.is_shutdown is False
    assert [change.key for change in channel.end()] == [("a", "x"), ("a", "y"), ("b", "x")]
    assert channel.is_shutdown is True
    with pytest.raises(CallOver, match=r"set_props for a\.x"):
        channel.set_props("a", {"x": 4})


async def test_over_http_what_needs_the_socket_says_so() -> None:
    channel = over_http()
    with pytest.raises(NeedsSocket, match="yield"):
        channel.yielded([])
    with pytest.raises(NeedsSocket, match=r"State\('a', 'x'\)"):
        await channel.get_prop("a", "x", 1)
    with pytest.raises(NeedsSocket):
        channel.get_prop_sync("a", "x", 1)
    with pytest.raises(NeedsSocket, match="flush"):
        await channel.flush()


def test_each_output_is_encoded_by_itself() -> None:
    changes = encode_all(changes_of, [("a", "x", 1), ("b", "y", 2), ("a", "x", 3)])
    assert [change.key for change in changes] == [("a", "x"), ("b", "y"), ("a", "x")]


def test_the_error_for_a_late_write_names_what_was_written() -> None:
    assert "a.x, b.y" in call_over(encode_all(changes_of, [("a", "x", 1), ("b", "y", 1)]))


# ------------------------------------------------------------------------------------------------- ctx.sleep


async def test_a_sleeping_thread_wakes_when_its_call_is_cancelled() -> None:
    app = app_with()
    seen: list[object] = []

    @app.callback(OUT, RUN, websocket=True)
    def work(clicks: int) -> str:
        seen.append(ctx.cancelled)
        set_props("log", {"children": "asleep"})
        try:
            ctx.sleep(60)
        finally:
            seen.append(ctx.cancelled)
            ctx.sleep(0)  # it has been told, and may finish what it does
            set_props("log", {"children": "cleaned"})
        return "never"

    async with User(app) as user:
        (call,) = await user.set("run", "n_clicks", 1)
        await user.wait_for("log", "children", lambda text: text == "asleep")
        user.cancel(call)
        assert await user.settled(call) == "cancelled"
        assert user.props["log", "children"] == "cleaned"
    assert seen == [False, True]


async def test_a_thread_sleeps_as_long_as_it_wants() -> None:
    app = app_with()

    @app.callback(OUT, RUN, websocket=True)
    def work(clicks: int) -> str:
        ctx.sleep(0.001)
        return "rested"

    async with User(app) as user:
        (call,) = await user.set("run", "n_clicks", 1)
        assert await user.settled(call) == "ok"
        assert user.props["out", "children"] == "rested"


async def test_sleeping_on_the_loop_is_an_error() -> None:
    app = app_with()
    errors: list[str] = []

    @app.callback(OUT, RUN, websocket=True)
    async def work(clicks: int) -> None:
        with pytest.raises(UsageError, match=r"await asyncio\.sleep") as raised:
            ctx.sleep(1)
        errors.append(str(raised.value))

    async with User(app) as user:
        (call,) = await user.set("run", "n_clicks", 1)
        await user.settled(call)
    assert errors
    http = over_http()
    with pytest.raises(UsageError, match=r"await asyncio\.sleep"):
        http.sleep(1)
    await asyncio.to_thread(http.sleep, 0)
    assert not http.cancelled
