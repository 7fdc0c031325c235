"""One session from its hello to its end: tasks, and that nothing of it is left."""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import Callable

import pytest

from tests.server.apps import app_with
from wscb import App, Input, Limits, Output, ctx, get_prop, set_props
from wscb.errors import UsageError
from wscb.protocol.messages import Bye
from wscb.server.gate import user_key
from wscb.server.socket import Disconnected
from wscb.testing import User

RUN = Input("run", "n_clicks")
OUT = Output("out", "children")


class Steps:
    """A stream that goes on when it is told to; `ended` is set when its `finally` has run."""

    def __init__(self, app: App) -> None:
        self.go_on: asyncio.Queue[str] = asyncio.Queue()
        self.begun = self.ended = 0
        self.end = asyncio.Event()
        app.callback(persistent=True)(self.stream)
        self.id = ""

    async def stream(self) -> None:
        self.begun += 1
        try:
            while True:
                text = await self.go_on.get()
                if text == "fail":
                    raise ValueError("the secret 1234")
                if text == "return":
                    return
                set_props("log", {"children": text})
        finally:
            self.ended += 1
            self.end.set()


async def turns(holds: Callable[[], bool]) -> None:
    """Lets the loop turn until something is so that tells nobody."""
    for _ in range(1000):
        if holds():
            return
        await asyncio.sleep(0)
    raise AssertionError("it did not become so")


def state(user: User) -> str | None:
    return next(iter(user.tasks.values()), None)


async def test_a_stream_starts_with_its_page_and_ends_with_it() -> None:
    app = app_with()
    steps = Steps(app)
    async with User(app) as user:
        steps.go_on.put_nowait("one")
        await user.wait_for("log", "children", lambda text: text == "one")
        assert state(user) == "running"
        user.leave()
        await asyncio.wait_for(steps.end.wait(), 5)
    assert (steps.begun, steps.ended) == (1, 1)


async def test_it_goes_on_while_the_line_is_cut_and_the_page_catches_up() -> None:
    app = app_with()
    steps = Steps(app)
    async with User(app) as user:
        steps.go_on.put_nowait("one")
        await user.wait_for("log", "children", lambda text: text == "one")
        user.drop()
        await user.until(lambda: user.closed is not None)
        steps.go_on.put_nowait("two")
        steps.go_on.put_nowait("three")
        await user.connect()
        await user.wait_for("log", "children", lambda text: text == "three")
        assert (user.mode, steps.begun, steps.ended) == ("resumed", 1, 0)


async def test_each_page_has_a_task_of_its_own() -> None:
    app = app_with()
    numbers = itertools.count(1)
    ended: list[int] = []

    @app.callback(persistent=True)
    async def stream() -> None:
        number = next(numbers)
        try:
            set_props("log", {"children": f"{number} {ctx.path}"})
            await asyncio.Event().wait()
        finally:
            ended.append(number)

    async with User(app, path="/b") as second:
        async with User(app, path="/a") as first:
            await first.wait_for("log", "children", lambda text: text == "2 /a")
            await second.wait_for("log", "children", lambda text: text == "1 /b")
        assert ended == [2]
        assert state(second) == "running"
    assert ended == [2, 1]


@pytest.mark.parametrize(("step", "expected"), [("return", "completed"), ("fail", "failed")])
async def test_the_page_is_told_how_its_task_ended(step: str, expected: str, caplog: pytest.LogCaptureFixture) -> None:
    app = app_with()
    steps = Steps(app)
    async with User(app) as user:
        steps.go_on.put_nowait(step)
        await user.until(lambda: state(user) not in (None, "running"))
        assert state(user) == expected
        assert ("the secret 1234" in caplog.text) == (step == "fail")


async def test_a_plain_task_ends_with_its_page_too() -> None:
    app = app_with()
    ended = threading.Event()

    @app.callback(persistent=True)
    def stream() -> None:
        try:
            for n in itertools.count():
                set_props("log", {"children": n})
        finally:
            ended.set()

    async with User(app) as user:
        await user.wait_for("log", "children", lambda n: n > 3)
    assert ended.is_set()


async def test_everything_of_a_session_is_cancelled_with_it() -> None:
    app = app_with()
    began: asyncio.Queue[int] = asyncio.Queue()
    ended: list[int] = []

    @app.callback(OUT, RUN, websocket=True)
    async def work(clicks: int) -> None:
        try:
            began.put_nowait(clicks)
            await asyncio.Event().wait()
        finally:
            set_props("log", {"children": "nobody sees it"})
            ended.append(clicks)

    async with User(app) as user:
        actor = app.site().hub.sessions[user.session or ""]
        for clicks in (1, 2, 3):
            await user.set("run", "n_clicks", clicks)
            await began.get()
    assert sorted(ended) == [1, 2, 3]
    assert (actor.runs, actor._gets, actor._flushes, actor._connections) == ({}, {}, {}, {})
    assert actor.machine.size == 0
    assert actor._timer is None


async def test_a_flush_is_let_go_when_the_page_leaves() -> None:
    app = app_with()
    flushing = asyncio.Event()
    ended: list[str] = []

    @app.callback(persistent=True)
    async def stream() -> None:
        try:
            set_props("log", {"children": "x"})
            flushing.set()
            await ctx.flush()
        finally:
            ended.append("ended")

    async with User(app) as user:
        user.socket.stall()
        await flushing.wait()
        user.socket.resume()
    assert ended == ["ended"]


async def test_flushes_that_nobody_waits_for_are_forgotten() -> None:
    """Else a page that acknowledges nothing could make them grow for ever."""
    app = app_with()

    @app.callback(OUT, RUN, websocket=True)
    async def work(clicks: int) -> str:
        for n in range(5):
            set_props("log", {"children": n})
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.001):
                    await ctx.flush()
        held.append(len(actor.machine._sender._flushes) + len(actor._flushes))
        return "gave up"

    held: list[int] = []
    async with User(app) as user:
        actor = app.site().hub.sessions[user.session or ""]
        user.socket.stall()
        await user.set("run", "n_clicks", 1)
        while not held:  # noqa: ASYNC110  # it can say nothing of it
            await asyncio.sleep(0)
        user.socket.resume()
    assert held == [0]


async def test_a_get_prop_that_nobody_waits_for_is_forgotten() -> None:
    app = app_with()

    @app.callback(OUT, RUN, websocket=True)
    async def work(clicks: int) -> str:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await get_prop("log", "children")
        return "gave up"

    async with User(app) as user:
        user.mute()
        (call,) = await user.set("run", "n_clicks", 1)
        assert await user.settled(call) == "ok"
        actor = app.site().hub.sessions[user.session or ""]
        assert actor._gets == {}
        assert len(actor.machine._gets.pending) == 0


async def test_a_callback_that_never_awaits_has_its_first_update_on_the_page_at_once() -> None:
    app = app_with()
    sent: list[int] = []

    @app.callback(OUT, RUN, websocket=True)
    async def work(clicks: int) -> None:
        before = user.socket._to_page.qsize()
        set_props("log", {"children": "x"})
        sent.append(user.socket._to_page.qsize() - before)

    async with User(app) as user:
        (call,) = await user.set("run", "n_clicks", 1)
        await user.settled(call)
    assert sent == [1]


async def test_the_calls_of_a_page_that_is_away_go_on_until_its_grace_is_over() -> None:
    app = app_with(limits=Limits(grace_seconds=0.02))
    steps = Steps(app)
    async with User(app) as user:
        user.drop()
        await asyncio.wait_for(steps.end.wait(), 5)
        assert steps.ended == 1


class Named:
    def __str__(self) -> str:
        return "ann"


class Anonymous:
    is_authenticated = False


class Known:
    is_authenticated = True
    identity = "7"
    display_name = "Ann"


class Row:
    id = 12
    display_name = "Ann"


@pytest.mark.parametrize(
    ("user", "key"),
    [
        (None, None),
        ("ann", "ann"),
        (7, "7"),
        (Named(), "ann"),
        (Anonymous(), None),
        (Known(), "7"),
        (Row(), "12"),
        ({"sub": "ann", "seen": 3}, "ann"),
        ({"id": 0}, "0"),
        ({"role": "admin"}, "{'role': 'admin'}"),
    ],
)
def test_what_a_session_is_bound_to(user: object, key: str | None) -> None:
    assert user_key(user) == key


def test_a_user_that_cannot_be_told_from_others_is_none() -> None:
    with pytest.raises(UsageError, match="is a object with nothing that tells it from other users"):
        user_key(object())


async def test_a_send_that_finds_the_line_cut_loses_the_connection_and_no_update() -> None:
    app = app_with()
    steps = Steps(app)
    async with User(app) as user:
        actor = app.site().hub.sessions[user.session or ""]

        async def cut(data: bytes) -> None:
            raise Disconnected

        user.socket.send = cut  # type: ignore[method-assign]
        steps.go_on.put_nowait("one")
        async with asyncio.timeout(5):
            while actor.machine.attached:  # noqa: ASYNC110 - it tells nobody, and its reader has heard nothing yet
                await asyncio.sleep(0)
        user.drop()
        await user.until(lambda: user.closed is not None)
        await user.connect()
        assert user.mode == "resumed"
        await user.wait_for("log", "children", lambda text: text == "one")


@pytest.mark.parametrize("said", [False, True])
@pytest.mark.parametrize("waits", [False, True])
async def test_a_page_that_leaves_while_it_is_written_to_is_gone(said: bool, waits: bool) -> None:
    """The send knows only that the line is cut. What the page said before, its reader has yet to read."""
    app = app_with(limits=Limits(grace_seconds=3600))
    steps = Steps(app)
    async with User(app) as user:
        leaving = user.socket

        async def cut(data: bytes) -> None:
            if waits:
                await asyncio.sleep(0)
            if said:
                leaving.say(Bye())
            leaving.drop(1006 if said else 1001)
            raise Disconnected

        leaving.send = cut  # type: ignore[method-assign]
        steps.go_on.put_nowait("one")
        await asyncio.wait_for(app.site().hub.gone(user.session or ""), 5)
        assert app.site().hub.sessions == {}


async def test_nobody_waits_for_a_send_on_a_line_that_was_cut() -> None:
    app = app_with()
    steps = Steps(app)
    async with User(app) as user:
        (connection,) = app.site().hub.sessions[user.session or ""]._connections.values()
        user.socket.stall()
        steps.go_on.put_nowait("one")
        await turns(lambda: connection.sending is not None)
        sending = connection.sending
        assert sending is not None
        user.drop()
        await user.until(lambda: user.closed is not None)
        await asyncio.wait({sending}, timeout=5)
        assert sending.cancelled()


async def test_an_endpoint_that_was_replaced_ends_as_if_nobody_had_cancelled_it() -> None:
    app = app_with()
    async with User(app) as user:
        (endpoint,) = (task for task in user._running if "connect" in str(task.get_coro()))
        await user.connect()
        await asyncio.wait({endpoint}, timeout=5)
        assert (endpoint.cancelled(), endpoint.cancelling()) == (False, 0)
