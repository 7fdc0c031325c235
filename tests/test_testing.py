"""The doubles that apps' tests use, and ours."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.server.apps import app_with
from wscb import ALL, ALLSMALLER, MATCH, Input, Output, Patch, State, ctx, dcc, get_prop, html, set_props
from wscb.protocol import codec
from wscb.protocol.messages import Invoke, Ping, Pong
from wscb.server.socket import Disconnected
from wscb.testing import FakeSocket, ManualClock, User

RUN = Input("run", "n_clicks")
OUT = Output("out", "children")


# ----------------------------------------------------------------------------------------------- the clock


def test_time_passes_when_a_test_says_so() -> None:
    clock = ManualClock(10)
    assert (clock(), clock()) == (10, 10)
    assert clock.advance(2.5) == 12.5
    assert clock() == 12.5


# ---------------------------------------------------------------------------------------------- the socket


async def test_what_the_page_says_the_server_receives() -> None:
    socket = FakeSocket()
    socket.say(Pong())
    socket.say_raw("text")
    assert codec.unpack(await socket.receive(), codec.ANY_SERVER) == {"type": "pong"}  # type: ignore[arg-type]
    assert await socket.receive() == "text"


async def test_what_the_server_sends_the_page_hears_with_chunks_joined() -> None:
    socket = FakeSocket()
    frame = codec.delta(1, 0, [codec.change_set("a", "x", "y" * 5000)], [], [])
    await socket.send(codec.encode(Ping()))
    for chunk in codec.chunks(frame, 1024):
        await socket.send(chunk)
    assert isinstance(await socket.hear(), Ping)
    assert (await socket.hear()).changes == [("set", "a", "x", "y" * 5000)]  # type: ignore[union-attr]


@pytest.mark.parametrize("code", [1006, 1001])
async def test_a_cut_line_is_cut_at_both_ends(code: int) -> None:
    socket = FakeSocket()
    await socket.send(codec.encode(Ping()))
    socket.drop(code)
    with pytest.raises(Disconnected) as server:
        await socket.receive()
    assert server.value.code == code
    await socket.hear()  # what came before the cut
    for _ in range(2):
        with pytest.raises(Disconnected):
            await socket.hear()
    await socket.send(b"lost")
    assert socket.closed_with == (code, "dropped")


async def test_the_first_end_counts() -> None:
    socket = FakeSocket()
    await socket.close(4500, "bad")
    socket.drop()
    assert socket.closed_with == (4500, "bad")


async def test_a_stalled_page_holds_the_server_back() -> None:
    socket = FakeSocket()
    socket.stall()
    sending = asyncio.create_task(socket.send(codec.encode(Ping())))
    _, waiting = await asyncio.wait({sending}, timeout=0.001)
    assert waiting == {sending}
    socket.resume()
    await sending
    assert isinstance(await socket.hear(), Ping)


# ------------------------------------------------------------------------------------------------ the page


async def test_a_page_has_the_props_of_the_layout() -> None:
    app = app_with(dcc.Input(id="name", value="ann"))
    async with User(app) as user:
        assert user.props["name", "value"] == "ann"
        assert user.props["run", "children"] == "Run"


async def test_a_change_calls_what_it_triggers_and_so_on() -> None:
    app = app_with(dcc.Input(id="name", value="ann"))
    app.callback(OUT, Input("name", "value"), websocket=True)(lambda name: name.upper())
    app.callback(Output("log", "children"), Input("out", "children"), websocket=True)(lambda text: f"{text}!")
    async with User(app) as user:
        (call,) = await user.set("name", "value", "bob")
        assert await user.settled(call) == "ok"
        assert await user.wait_for("log", "children", lambda text: text == "BOB!")


def row(index: Any, type: str = "row") -> dict[str, Any]:
    return {"type": type, "index": index}


async def test_a_change_calls_what_a_pattern_has_it_for() -> None:
    app = app_with(dcc.Input(id=row(1), value=1), dcc.Input(id=row(2), value=2))
    app.callback(OUT, Input(row(ALL), "value"), websocket=True)(sum)
    async with User(app) as user:
        (call,) = await user.set('{"index":2,"type":"row"}', "value", 5)
        assert await user.settled(call) == "ok"
        assert user.props["out", "children"] == 6


async def test_a_call_says_what_its_patterns_stand_for() -> None:
    rows = [dcc.Input(id=row(index), value=index) for index in (1, 2)]
    app = app_with(*rows, *(html.Div(id=row(index, "out")) for index in (2, 1, 3)))
    app.callback(
        Output(row(MATCH, "out"), "children"),
        Input(row(MATCH), "value"),
        State(row(ALLSMALLER), "value"),
        websocket=True,
    )(lambda value, smaller: None)
    one, two = ('{"index":1,"type":"row"}', '{"index":2,"type":"row"}')
    async with User(app) as user:
        said: list[Any] = []
        say = user.socket.say
        user.socket.say = lambda message: (said.append(message), say(message))[1]  # type: ignore[method-assign]
        (callback,) = app.build().callbacks
        (call,) = await user.set(two, "value", 5)
        await user.call(callback)
        await user.call(callback, f"{one}.value")
        invokes = [message for message in said if isinstance(message, Invoke)]
        assert await user.settled(call) is not None
    assert [invoke.ids for invoke in invokes] == [
        (['{"index":2,"type":"out"}'], [two], [[one]]),
        (['{"index":2,"type":"out"}'], [two], [[one]]),
        (['{"index":1,"type":"out"}'], [one], [[]]),
    ]
    assert [(invoke.inputs, invoke.state) for invoke in invokes] == [([5], [[1]]), ([5], [[1]]), ([1], [[]])]
    assert [invoke.trigger for invoke in invokes] == [[f"{two}.value"], [], [f"{one}.value"]]


async def test_components_that_are_set_have_their_props_too() -> None:
    """What a callback puts on the page can be asked for, and triggers, as in a browser."""
    app = app_with(suppress_callback_exceptions=True)

    @app.callback(OUT, RUN, websocket=True)
    async def work(clicks: int) -> str:
        set_props("log", {"children": [dcc.Input(id="later", value="new")]})
        return str(await get_prop("later", "value"))

    async with User(app) as user:
        (call,) = await user.set("run", "n_clicks", 1)
        assert await user.settled(call) == "ok"
        assert user.props["out", "children"] == "new"


async def test_a_patch_is_applied_to_what_the_page_has() -> None:
    app = app_with()

    @app.callback(OUT, RUN, websocket=True)
    async def work(clicks: int) -> Patch:
        patch = Patch()
        patch.extend([clicks, clicks + 1], maxlen=3)
        return patch

    async with User(app) as user:
        user.props["out", "children"] = [0, 1]
        (call,) = await user.set("run", "n_clicks", 2)
        assert await user.settled(call) == "ok"
        assert user.props["out", "children"] == [1, 2, 3]


async def test_what_was_not_said_before_a_cut_is_said_again_after_it() -> None:
    """As a page does: a call that the server has not had is not lost."""
    app = app_with()
    app.callback(OUT, RUN, websocket=True)(lambda clicks: clicks)
    async with User(app) as user:
        user.drop()
        await user.until(lambda: user.closed is not None)
        (call,) = await user.set("run", "n_clicks", 3)
        await user.connect()
        assert user.mode == "resumed"
        assert await user.settled(call) == "ok"
        assert user.props["out", "children"] == 3


async def test_it_connects_with_headers_cookies_and_a_path() -> None:
    app = app_with()
    seen: list[object] = []

    @app.callback(OUT, RUN, websocket=True)
    async def work(clicks: int) -> None:
        seen.extend([ctx.headers["x-mine"], ctx.cookies["a"], ctx.path])

    async with User(app, headers={"x-mine": "1"}, cookies={"a": "2"}, path="/tab") as user:
        (call,) = await user.set("run", "n_clicks", 1)
        await user.settled(call)
    assert seen == ["1", "2", "/tab"]


async def test_a_refused_page_says_so() -> None:
    app = app_with()
    user = User(app, headers={"origin": "http://evil.example"})
    async with user:
        assert (user.mode, user.closed) == (None, 4503)


async def test_waiting_for_what_does_not_come_is_an_error() -> None:
    async with User(app_with()) as user:
        with pytest.raises(TimeoutError):
            await user.until(lambda: False, seconds=0.01)


async def test_one_that_is_away_leaves_without_its_grace_period() -> None:
    app = app_with()
    async with User(app) as user:
        user.drop()
        await user.until(lambda: user.closed is not None)
    assert app.site().hub.sessions == {}
