"""What a callback can do over the socket, seen from the page."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from tests.server.apps import app_with
from wscb import Input, Limits, Output, PreventUpdate, State, ctx, dcc, get_prop, get_prop_sync, no_update, set_props
from wscb.errors import CallOver, CannotEncode, NotOnPage, UnknownProp, UsageError, ValueTooLarge
from wscb.testing import User

RUN = Input("run", "n_clicks")
OUT = Output("out", "children")


async def test_a_plain_function_runs_off_the_loop() -> None:
    app = app_with()
    threads: list[int] = []

    @app.callback(OUT, RUN, websocket=True)
    def work(clicks: int) -> str:
        threads.append(threading.get_ident())
        set_props("log", {"children": "half"})
        return f"{clicks} of {get_prop_sync('log', 'children')}"

    async with User(app) as user:
        (call,) = await user.set("run", "n_clicks", 2)
        assert await user.settled(call) == "ok"
        assert user.props["out", "children"] == "2 of half"
        assert threads != [threading.get_ident()]


async def test_progress_arrives_while_the_call_runs() -> None:
    app = app_with()
    go_on = asyncio.Event()

    @app.callback(OUT, RUN, websocket=True)
    async def work(clicks: int) -> str:
        set_props("log", {"children": "half"})
        await go_on.wait()
        return "done"

    async with User(app) as user:
        (call,) = await user.set("run", "n_clicks", 1)
        await user.wait_for("log", "children", lambda text: text == "half")
        assert call not in user.outcomes
        go_on.set()
        assert await user.settled(call) == "ok"


async def test_each_yield_updates_the_outputs() -> None:
    app = app_with()
    go_on = asyncio.Event()

    @app.callback(OUT, RUN, websocket=True)
    async def work(clicks: int) -> AsyncIterator[str]:
        yield "one"
        await go_on.wait()
        yield "two"

    async with User(app) as user:
        (call,) = await user.set("run", "n_clicks", 1)
        await user.wait_for("out", "children", lambda text: text == "one")
        go_on.set()
        assert await user.settled(call) == "ok"
        assert user.props["out", "children"] == "two"


async def test_a_plain_generator_yields_from_its_thread() -> None:
    app = app_with()
    go_on = threading.Event()

    @app.callback(OUT, RUN, websocket=True)
    def work(clicks: int) -> Iterator[str]:
        yield "one"
        go_on.wait(10)
        yield "two"

    async with User(app) as user:
        (call,) = await user.set("run", "n_clicks", 1)
        await user.wait_for("out", "children", lambda text: text == "one")
        go_on.set()
        assert await user.settled(call) == "ok"
        assert user.props["out", "children"] == "two"


@pytest.mark.parametrize("plain", [False, True])
async def test_nothing_changes(plain: bool) -> None:
    app = app_with()

    def unchanged(clicks: int) -> Any:
        if clicks == 1:
            raise PreventUpdate
        return no_update

    async def unchanged_async(clicks: int) -> Any:
        return unchanged(clicks)

    app.callback(OUT, RUN, websocket=True)(unchanged if plain else unchanged_async)
    async with User(app) as user:
        for clicks in (1, 2):
            (call,) = await user.set("run", "n_clicks", clicks)
            assert await user.settled(call) == "no_update"
        assert user.props.get(("out", "children")) is None


async def test_a_callback_without_outputs_ends_ok() -> None:
    app = app_with()

    @app.callback(RUN, websocket=True)
    async def work(clicks: int) -> None:
        set_props("out", {"children": clicks})

    async with User(app) as user:
        (call,) = await user.set("run", "n_clicks", 5)
        assert await user.settled(call) == "ok"
        assert user.props["out", "children"] == 5


async def test_the_connection_is_seen_through_ctx() -> None:
    app = app_with(dcc.Input(id="name", value="x"))
    seen: dict[str, Any] = {}

    @app.callback(OUT, RUN, State("name", "value"), websocket=True)
    async def work(clicks: int, name: str) -> str:
        seen.update(
            cookie=ctx.cookies["login"],
            header=ctx.headers["User-Agent"],
            path=ctx.path,
            address=ctx.remote_addr,
            triggered=ctx.triggered_id,
            states=ctx.states,
        )
        return name

    async with User(app, cookies={"login": "ann"}, headers={"user-agent": "test"}, path="/here") as user:
        (call,) = await user.set("run", "n_clicks", 1)
        assert await user.settled(call) == "ok"
    assert seen == {
        "cookie": "ann",
        "header": "test",
        "path": "/here",
        "address": "127.0.0.1",
        "triggered": "run",
        "states": {"name.value": "x"},
    }


@pytest.mark.parametrize("debug", [False, True])
async def test_an_exception_stays_on_the_server_unless_in_debug(debug: bool, caplog: pytest.LogCaptureFixture) -> None:
    app = app_with()
    app.debug = debug

    @app.callback(OUT, RUN, websocket=True)
    async def work(clicks: int) -> str:
        raise ValueError("the password is 1234")

    async with User(app) as user:
        (call,) = await user.set("run", "n_clicks", 1)
        assert await user.settled(call) == "error"
        (detail,) = user.outcomes[call][1]
        (logged,) = [record for record in caplog.records if record.name == "wscb.callbacks"]
        assert detail.ref in logged.getMessage()
        assert "work" in logged.getMessage()
        assert ("1234" in str(detail.traceback)) is debug
        assert ("1234" in str(detail.message)) is debug
        # the page goes on
        (call,) = await user.set("run", "n_clicks", 2)
        assert await user.settled(call) == "error"


@pytest.mark.parametrize("plain", [False, True])
async def test_on_error_supplies_the_output(plain: bool) -> None:
    app = app_with()

    def fail(clicks: int) -> str:
        raise ValueError(f"bad {clicks}")

    async def fail_async(clicks: int) -> str:
        return fail(clicks)

    handler = {"on_error": lambda error: f"handled: {error}"}
    app.callback(OUT, RUN, websocket=True, **handler)(fail if plain else fail_async)
    async with User(app) as user:
        (call,) = await user.set("run", "n_clicks", 1)
        assert await user.settled(call) == "ok"
        assert user.props["out", "children"] == "handled: bad 1"


async def test_on_error_of_the_app_may_fail_itself() -> None:
    def handler(error: Exception) -> None:
        if str(error) == "1":
            raise RuntimeError("the handler fails too")

    app = app_with(on_error=handler)

    @app.callback(OUT, RUN, websocket=True)
    async def work(clicks: int) -> str:
        raise ValueError(str(clicks))

    async with User(app) as user:
        (call,) = await user.set("run", "n_clicks", 1)
        assert await user.settled(call) == "error"
        (call,) = await user.set("run", "n_clicks", 2)
        assert await user.settled(call) == "no_update"


async def test_a_value_that_cannot_travel_names_where_it_is(caplog: pytest.LogCaptureFixture) -> None:
    app = app_with()
    errors: list[Exception] = []

    @app.callback(OUT, RUN, websocket=True)
    async def work(clicks: int) -> Any:
        try:
            set_props("log", {"children": ["fine", {"deep": [object()]}]})
        except CannotEncode as error:
            errors.append(error)
        return object()

    async with User(app) as user:
        (call,) = await user.set("run", "n_clicks", 1)
        assert await user.settled(call) == "error"
    (error,) = errors
    assert "log" in str(error)
    assert "children" in str(error)
    assert "[1]['deep'][0]" in str(error).replace('"', "'")
    assert "CannotEncode" in caplog.text


async def test_a_prop_that_the_component_does_not_have() -> None:
    app = app_with()
    errors: list[Exception] = []

    @app.callback(OUT, RUN, websocket=True)
    async def work(clicks: int) -> str:
        try:
            set_props("log", {"childern": "x"})
        except UnknownProp as error:
            errors.append(error)
        return "x"

    async with User(app) as user:
        (call,) = await user.set("run", "n_clicks", 1)
        assert await user.settled(call) == "ok"
    assert "did you mean 'children'" in str(errors[0])


async def test_get_prop_of_what_is_not_there() -> None:
    app = app_with()

    @app.callback(OUT, RUN, websocket=True)
    async def work(clicks: int) -> str:
        with pytest.raises(NotOnPage):
            await get_prop("nowhere", "value")
        with pytest.raises(UsageError, match="await get_prop"):
            get_prop_sync("log", "children")
        return "raised"

    async with User(app) as user:
        (call,) = await user.set("run", "n_clicks", 1)
        assert await user.settled(call) == "ok"


async def test_a_call_that_waits_for_a_page_that_leaves_is_cancelled() -> None:
    app = app_with()
    ended = asyncio.Event()
    asked = asyncio.Event()

    @app.callback(RUN, websocket=True)
    async def work(clicks: int) -> None:
        try:
            asked.set()
            await get_prop("run", "n_clicks")
        except asyncio.CancelledError:
            ended.set()
            raise

    async with User(app) as user:
        user.mute()
        await user.set("run", "n_clicks", 1)
        await asked.wait()
        user.leave()
        await asyncio.wait_for(ended.wait(), 5)


async def test_set_props_after_the_outcome_is_an_error() -> None:
    app = app_with()
    late: asyncio.Future[Exception] = asyncio.get_running_loop().create_future()
    go_on = asyncio.Event()
    tasks: list[asyncio.Task[None]] = []

    @app.callback(OUT, RUN, websocket=True)
    async def work(clicks: int) -> str:
        async def afterwards() -> None:
            await go_on.wait()
            try:
                set_props("log", {"children": "late"})
            except CallOver as error:
                late.set_result(error)

        tasks.append(asyncio.create_task(afterwards()))
        return "done"

    async with User(app) as user:
        (call,) = await user.set("run", "n_clicks", 1)
        assert await user.settled(call) == "ok"
        go_on.set()
        await asyncio.wait_for(late, 5)
        assert user.props.get(("log", "children")) is None
        await tasks[0]


async def test_flush_returns_when_the_page_has_it() -> None:
    app = app_with()
    seen: list[Any] = []

    @app.callback(RUN, websocket=True)
    async def work(clicks: int) -> None:
        set_props("out", {"children": "x"})
        await ctx.flush()
        seen.append(user.props["out", "children"])

    async with User(app) as user:
        (call,) = await user.set("run", "n_clicks", 1)
        assert await user.settled(call) == "ok"
        assert seen == ["x"]


@pytest.mark.parametrize("plain", [False, True])
async def test_a_value_over_the_limit_raises_where_it_is_set(plain: bool) -> None:
    app = app_with(limits=Limits(value_bytes=1000))
    errors: list[Exception] = []

    def work(clicks: int) -> str:
        try:
            set_props("log", {"children": "x" * 2000})
        except ValueTooLarge as error:
            errors.append(error)
        return "y" * 2000

    async def work_async(clicks: int) -> str:
        return work(clicks)

    app.callback(OUT, RUN, websocket=True)(work if plain else work_async)
    async with User(app) as user:
        (call,) = await user.set("run", "n_clicks", 1)
        assert await user.settled(call) == "error"
        assert user.props.get(("out", "children")) is None
    assert "log.children" in str(errors[0])
    assert "1000" in str(errors[0])


async def test_calls_that_end_together_are_answered_together() -> None:
    app = app_with()

    @app.callback(OUT, RUN, websocket=True)
    async def work(clicks: int) -> int:
        return clicks

    async with User(app) as user:
        sent = user.have
        calls = [(await user.set("run", "n_clicks", n))[0] for n in range(20)]
        assert [await user.settled(call) for call in calls] == ["ok"] * 20
        assert user.props["out", "children"] == 19
        assert 0 < user.deltas < 10, "each outcome had a delta of its own"
        assert user.have >= sent + 20
