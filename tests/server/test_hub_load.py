"""How many sessions there are, how slow their pages may be, and how all of them end."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from tests.server.apps import app_with
from tests.server.lines import ID, OUT, RUN, attached, close_code, counting, hear, hello, line
from wscb import App, Limits, set_props
from wscb.protocol.closing import CloseCode
from wscb.protocol.messages import Delta, Drain, Invoke, Ping, Welcome
from wscb.server import hub as module
from wscb.server.hub import SPREAD_MS
from wscb.testing import User

# --------------------------------------------------------------------------------------------------- how many


async def test_the_one_away_longest_makes_room() -> None:
    app = app_with(limits=Limits(sessions=2))
    hub = app.site().hub
    async with User(app) as first, User(app) as second:
        for user in (second, first):  # the second is away longer
            user.drop()
            await user.until(lambda user=user: user.closed is not None)
        async with User(app) as third:
            assert third.mode == "new"
            assert set(hub.sessions) == {first.session, third.session}
            await first.connect()
            assert first.mode == "resumed"
            await second.connect()
            assert second.closed == CloseCode.OVERLOADED


async def test_pages_that_are_here_never_make_room() -> None:
    app = app_with(limits=Limits(sessions=1))
    async with User(app) as first, line(app) as second:
        second.say(hello())
        assert await close_code(second) == CloseCode.OVERLOADED
        assert first.closed is None
        first.leave()
        await app.site().hub.gone(first.session or "")


async def test_two_that_come_at_once_do_not_both_get_the_last_place() -> None:
    app = app_with(limits=Limits(sessions=1))
    async with line(app) as first, line(app) as second:
        for socket in (first, second):
            socket.say(hello(build=app.site().definition.build))
        await hear(first, Welcome)
        assert await close_code(second) == CloseCode.OVERLOADED
        assert first.closed_with is None


async def test_a_session_that_is_over_is_not_waited_for(caplog: pytest.LogCaptureFixture) -> None:
    """A callback that does not end keeps something of its session alive; its page starts anew all the same."""
    app = app_with(limits=Limits(grace_seconds=0.01, cancel_seconds=0.01))
    begun, go_on = asyncio.Event(), asyncio.Event()

    @app.callback(RUN, websocket=True)
    async def stubborn(clicks: int) -> None:
        begun.set()
        while not go_on.is_set():
            try:
                await go_on.wait()
            except asyncio.CancelledError:
                cancelled.set()

    cancelled = asyncio.Event()
    async with User(app) as user:
        session = user.session
        await user.set("run", "n_clicks", 1)
        await begun.wait()
        user.drop()
        await asyncio.wait_for(cancelled.wait(), 5)
        await user.connect()
        assert user.mode == "new"
        go_on.set()
        await app.site().hub.gone(session or "")


# ------------------------------------------------------------------------------------------------- slow pages


def pouring(**options: Any) -> App:
    """An app whose callback sets as many props as it is told, each of 500 bytes."""
    app = app_with(**options)

    @app.callback(OUT, RUN, websocket=True)
    async def work(clicks: int) -> str:
        for n in range(clicks):
            set_props(f"item{n}", {"children": "x" * 500})
            await asyncio.sleep(0)
        return "done"

    return app


async def test_a_page_that_reads_nothing_is_closed_and_holds_nothing(caplog: pytest.LogCaptureFixture) -> None:
    app = pouring(limits=Limits(outbox_bytes=20_000, window_bytes=5_000))
    async with User(app) as neighbour, User(app) as slow:
        actor = app.site().hub.sessions[slow.session or ""]
        slow.socket.stall()
        await slow.set("run", "n_clicks", 1000)
        await asyncio.wait_for(app.site().hub.gone(slow.session or ""), 5)
        assert actor.machine.size == 0
        assert slow.socket._to_page.qsize() == 0
        assert "too_slow" in caplog.text
        (call,) = await neighbour.set("run", "n_clicks", 3)
        assert await neighbour.settled(call) == "ok"
        slow.socket.resume()
        assert await close_code(slow.socket) == CloseCode.TOO_SLOW


async def test_one_that_never_reads_again_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CLOSE_SECONDS", 0.01)
    app = pouring(limits=Limits(outbox_bytes=20_000))
    async with User(app) as slow:
        (endpoint,) = (task for task in slow._running if "connect" in str(task.get_coro()))
        slow.socket.stall()
        await slow.set("run", "n_clicks", 1000)
        await asyncio.wait_for(asyncio.wait({endpoint}), 5)
        assert slow.socket.closed_with is None


async def test_a_page_that_reads_slowly_gets_the_newest_and_little_is_held() -> None:
    app = app_with(limits=Limits(outbox_bytes=20_000, window_bytes=5_000))
    done = asyncio.Event()
    most = 0

    @app.callback(RUN, websocket=True)
    async def work(clicks: int) -> None:
        nonlocal most
        for n in range(clicks):
            set_props("out", {"children": f"{n:1000}"})
            most = max(most, actor.machine.size)
        done.set()

    async with User(app) as user:
        actor = app.site().hub.sessions[user.session or ""]
        user.socket.stall()
        (call,) = await user.set("run", "n_clicks", 1000)
        await done.wait()
        assert most < 5_000
        user.socket.resume()
        assert await user.settled(call) == "ok"
        assert user.props["out", "children"].strip() == "999"
        assert user.have == actor.machine._box.version


async def test_a_page_that_acknowledges_nothing_is_held_to_its_window() -> None:
    app = app_with(limits=Limits(window_bytes=5_000))
    sent = 0
    done = asyncio.Event()

    @app.callback(RUN, websocket=True)
    async def work(clicks: int) -> None:
        for n in range(clicks):
            set_props("out", {"children": f"{n:1000}"})
            await asyncio.sleep(0)
        done.set()

    app.site()
    async with line(app) as socket:
        await attached(app, socket)
        (callback,) = app.site().definition.callbacks
        socket.say(Invoke(q=1, id=1, callback=callback, inputs=[100], state=[], trigger=[]))
        await done.wait()
        while not socket._to_page.empty():
            sent += len(await socket._to_page.get() or b"")
        assert 4_000 < sent < 8_000


async def test_a_page_that_answers_no_ping_is_closed() -> None:
    app = app_with(limits=Limits(heartbeat_seconds=0.01, pong_seconds=0.01))
    async with line(app) as socket:
        await attached(app, socket)
        await hear(socket, Ping)
        assert await close_code(socket) == CloseCode.HEARTBEAT


async def test_a_page_on_which_nothing_happens_is_closed() -> None:
    async with User(app_with(limits=Limits(inactivity_seconds=0.02))) as user:
        assert await close_code(user.socket) == CloseCode.IDLE


# ------------------------------------------------------------------------------------------------------ the end


async def test_draining_tells_cancels_settles_and_closes() -> None:
    app = app_with()
    running, cleaned, let_go = asyncio.Event(), asyncio.Event(), asyncio.Event()

    @app.callback(persistent=True)
    async def stream() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cleaned.set()

    @app.callback(OUT, RUN, websocket=True)
    async def work(clicks: int) -> str:
        running.set()
        await let_go.wait()
        return "done"

    heard: list[Any] = []
    async with line(app) as socket:
        await attached(app, socket)
        socket.say(Invoke(q=1, id=1, callback=ID, inputs=[1], state=[], trigger=[]))
        await running.wait()
        draining = asyncio.create_task(app.site().hub.drain())
        await asyncio.wait_for(cleaned.wait(), 5)
        let_go.set()
        await draining
        assert await close_code(socket, heard) == CloseCode.DRAIN
        assert any(isinstance(message, Drain) for message in heard)
        deltas = [message for message in heard if isinstance(message, Delta)]
        assert heard[-1] is deltas[-1]
        assert deltas[-1].cq == 1
        assert [outcome for delta in deltas for outcome in delta.outcomes] == [(1, "ok")]
        assert [task for delta in deltas for task in delta.tasks][-1][1] == "cancelled"
        assert app.site().hub.sessions == {}


async def test_what_does_not_end_in_time_is_given_up(caplog: pytest.LogCaptureFixture) -> None:
    app = app_with(limits=Limits(cancel_seconds=0.02))
    running = asyncio.Event()

    @app.callback(OUT, RUN, websocket=True)
    async def work(clicks: int) -> None:
        running.set()
        await asyncio.Event().wait()

    async with User(app) as user:
        (call,) = await user.set("run", "n_clicks", 1)
        await running.wait()
        await asyncio.wait_for(app.site().hub.drain(), 5)
        assert user.outcomes[call][0] == "cancelled"
        assert user.closed == CloseCode.DRAIN


async def test_what_comes_while_it_drains_does_not_run() -> None:
    app = app_with()
    first, ran, let_go = asyncio.Event(), [], asyncio.Event()

    @app.callback(OUT, RUN, websocket=True)
    async def work(clicks: int) -> int:
        ran.append(clicks)
        first.set()
        await let_go.wait()
        return clicks

    async with line(app) as socket:
        await attached(app, socket)
        socket.say(Invoke(q=1, id=1, callback=ID, inputs=[1], state=[], trigger=[]))
        await first.wait()
        draining = asyncio.create_task(app.site().hub.drain())
        await hear(socket, Drain)
        socket.say(Invoke(q=2, id=2, callback=ID, inputs=[2], state=[], trigger=[]))
        let_go.set()
        last = await hear(socket, Delta)
        await draining
        assert await close_code(socket) == CloseCode.DRAIN
        assert ran == [1]
        assert last.cq == 1  # so the page knows that the second has not run


async def test_a_page_that_is_away_when_it_drains_is_forgotten() -> None:
    app = app_with()
    async with User(app) as user:
        user.drop()
        await user.until(lambda: user.closed is not None)
        await app.site().hub.drain()
        assert app.site().hub.sessions == {}


async def test_a_draining_server_takes_nobody_new() -> None:
    app = app_with()
    await app.site().hub.drain()
    async with line(app) as socket:
        socket.say(hello())
        assert await close_code(socket) == CloseCode.OVERLOADED


async def test_one_that_comes_just_before_is_drained_too(monkeypatch: pytest.MonkeyPatch) -> None:
    app = app_with()
    async with line(app) as socket:
        begun = asyncio.Event()
        new_session = app.site().hub._new_session
        monkeypatch.setattr(app.site().hub, "_new_session", lambda *args: begun.set() or new_session(*args))
        socket.say(hello())
        await begun.wait()
        await asyncio.wait_for(app.site().hub.drain(), 0.5)
        assert await close_code(socket) in (CloseCode.DRAIN, CloseCode.OVERLOADED)
        assert app.site().hub.sessions == {}


async def test_draining_twice_is_draining_once() -> None:
    app = app_with()
    async with User(app) as user:
        await asyncio.gather(app.site().hub.drain(), app.site().hub.drain())
        assert user.closed == CloseCode.DRAIN


async def test_the_more_pages_the_longer_their_return_is_spread() -> None:
    app = app_with()
    async with line(app) as one, line(app) as two:
        for socket in (one, two):
            await attached(app, socket)
        await app.site().hub.drain()
        assert [(await hear(socket, Drain)).after for socket in (one, two)] == [2 * SPREAD_MS] * 2


async def test_a_fault_of_wscbs_own_ends_that_session_alone(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    app = counting()
    caplog.set_level(logging.ERROR)
    async with User(app) as neighbour, User(app) as user:
        actor = app.site().hub.sessions[user.session or ""]

        def broken(*_: object) -> None:
            raise KeyError("a fault")

        monkeypatch.setattr(actor.machine, "finished", broken)
        await user.set("run", "n_clicks", 1)
        await asyncio.wait_for(app.site().hub.gone(user.session or ""), 5)
        assert await close_code(user.socket) == 1011
        assert "a fault of wscb's own" in caplog.text
        (call,) = await neighbour.set("run", "n_clicks", 2)
        assert await neighbour.settled(call) == "ok"
        await user.connect()
        assert user.mode == "new"
