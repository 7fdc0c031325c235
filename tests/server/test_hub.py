"""Many sockets and their sessions: who gets in, who comes back, who is closed, and what is left."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.server.apps import app_with
from wscb import App, Input, Limits, Output, set_props
from wscb.protocol import codec
from wscb.protocol.closing import CloseCode
from wscb.protocol.messages import Bye, Chunk, Delta, Drain, Error, Hello, Invoke, Location, Ping, Pong, Welcome
from wscb.server import hub as module
from wscb.server.hub import SPREAD_MS
from wscb.server.socket import Disconnected, Handshake
from wscb.testing import FakeSocket, User

RUN = Input("run", "n_clicks")
OUT = Output("out", "children")
ID = "out.children|run.n_clicks"


def handshake(**changes: Any) -> Handshake:
    return Handshake(**{"headers": (("host", "here"),), "subprotocols": ("wscb.v1",), **changes})


def hello(**changes: Any) -> Hello:
    page = Location(path="/", query="")
    return Hello(**{"n": 1, "build": "b", "page": page, "visible": True, "have": 0, **changes})


@asynccontextmanager
async def line(app: App, **changes: Any) -> AsyncIterator[FakeSocket]:
    """A connection on which nothing was said yet; it is cut at the end."""
    socket = FakeSocket()
    serving = asyncio.create_task(app.site().connect(socket, handshake(**changes)))
    try:
        yield socket
    finally:
        socket.drop(1001)
        await asyncio.wait_for(serving, 5)
        for session in list(app.site().hub.sessions):
            app.site().hub.sessions[session].end(None)
            await app.site().hub.gone(session)


async def close_code(socket: FakeSocket, heard: list[Any] | None = None) -> int:
    """Reads until the server closes."""
    heard = [] if heard is None else heard
    while True:
        try:
            heard.append(await asyncio.wait_for(socket.hear(), 5))
        except Disconnected as error:
            return error.code


async def hear(socket: FakeSocket, kind: type) -> Any:
    while not isinstance(message := await asyncio.wait_for(socket.hear(), 5), kind):
        pass
    return message


def counting() -> App:
    app = app_with()

    @app.callback(OUT, RUN, websocket=True)
    async def work(clicks: int) -> int:
        return clicks

    return app


# --------------------------------------------------------------------------------------------------- who gets in


async def test_a_page_is_welcomed_with_its_session_and_the_limits() -> None:
    app = app_with(limits=Limits(message_bytes=4096, calls_in_flight=3, messages_per_second=9, heartbeat_seconds=7))
    async with line(app) as socket:
        socket.say(hello(build=app.site().definition.build))
        welcome = await hear(socket, Welcome)
        assert socket.accepted_with == "wscb.v1"
        assert (welcome.mode, welcome.attach, welcome.cq, welcome.heartbeat) == ("new", 1, 0, 7000)
        assert (welcome.limits.message, welcome.limits.calls, welcome.limits.rate) == (4096, 3, 9)
        assert len(welcome.token) >= 43  # 256 bits
        assert list(app.site().hub.sessions) == [welcome.session]


async def test_a_page_of_another_build_is_stale() -> None:
    async with line(app_with()) as socket:
        socket.say(hello(build="another"))
        assert (await hear(socket, Welcome)).mode == "stale"


async def test_a_session_that_is_not_known_is_a_new_one() -> None:
    app = app_with()
    async with line(app) as socket:
        socket.say(hello(build=app.site().definition.build, session="lost", token="old", have=99, n=4))
        welcome = await hear(socket, Welcome)
        assert (welcome.mode, welcome.session != "lost") == ("new", True)


async def test_a_hello_that_comes_too_late() -> None:
    async with line(app_with(limits=Limits(hello_seconds=0.01))) as socket:
        assert await close_code(socket) == CloseCode.NO_HELLO


@pytest.mark.parametrize(
    "frame",
    [
        codec.encode(Pong()),
        codec.encode(Invoke(q=1, id=1, callback=ID, inputs=[1], state=[], trigger=[])),
        "a text frame",
        b"",
        b"\xc1\xc1",
        codec.pack({"type": "hello"}),
    ],
)
async def test_the_first_message_is_hello(frame: bytes | str) -> None:
    app = counting()
    async with line(app) as socket:
        socket.say_raw(frame)
        error = await hear(socket, Error)
        assert error.code == CloseCode.BAD_MESSAGE
        assert await close_code(socket) == CloseCode.BAD_MESSAGE
        assert app.site().hub.sessions == {}


async def test_one_who_goes_before_the_hello_leaves_nothing() -> None:
    app = app_with()
    async with line(app) as socket:
        socket.drop()
    assert app.site().hub.sessions == {}


async def test_another_origin_is_accepted_and_closed() -> None:
    """Accepted first: a browser does not tell the code of a socket that never opened."""
    async with line(app_with(), headers=(("host", "here"), ("origin", "http://evil.example"))) as socket:
        assert (await hear(socket, Error)).code == CloseCode.REFUSED
        assert await close_code(socket) == CloseCode.REFUSED
        assert socket.accepted_with == "wscb.v1"


async def test_another_version_is_closed_with_its_own_name_echoed() -> None:
    async with line(app_with(), subprotocols=("wscb.v9",)) as socket:
        assert await close_code(socket) == CloseCode.UNKNOWN_VERSION
        assert socket.accepted_with == "wscb.v9"


async def test_why_is_said_only_where_the_page_does_not_come_back() -> None:
    async with line(app_with(limits=Limits(hello_seconds=0.01))) as socket:
        with pytest.raises(Disconnected):
            await socket.hear()


# ------------------------------------------------------------------------------------------------- bad messages


@pytest.mark.parametrize(
    "frame",
    [
        "text",
        b"",
        b"\xc1",
        b"\xdf\xff\xff\xff\xff",
        b"\x92" * 2000,
        codec.pack({"type": "nothing"}),
        codec.pack({"type": "ack", "have": -1}),
        codec.pack({"type": "ack", "have": 1, "more": 1}),
        codec.encode(Chunk(data=codec.encode(Chunk(data=b"x", last=True)), last=True)),
        codec.encode(Chunk(data=b"\xc1", last=True)),
        codec.encode(hello()) + b"x",
    ],
)
async def test_a_bad_frame_closes_its_connection_and_no_neighbour_notices(frame: bytes | str) -> None:
    app = counting()
    async with User(app) as neighbour, User(app) as user:
        before = neighbour.socket
        user.socket.say_raw(frame)
        assert await close_code(user.socket) == CloseCode.BAD_MESSAGE
        assert user.socket.closed_with is not None
        assert 0 < len(user.socket.closed_with[1]) <= 123
        (call,) = await neighbour.set("run", "n_clicks", 5)
        assert await neighbour.settled(call) == "ok"
        assert (neighbour.socket is before, neighbour.closed) == (True, None)
        await asyncio.wait_for(app.site().hub.gone(user.session or ""), 5)  # its page is told not to come back


async def test_chunks_are_joined() -> None:
    app = counting()
    async with User(app) as user:
        frame = codec.encode(Invoke(q=1, id=9, callback=ID, inputs=["x" * 3000], state=[], trigger=[]))
        for chunk in codec.chunks(frame, 1000):
            user.socket.say_raw(chunk)
        assert await user.settled(9) == "ok"
        assert user.props["out", "children"] == "x" * 3000


@pytest.mark.parametrize("in_chunks", [False, True])
async def test_a_message_over_the_limit_is_too_big(in_chunks: bool) -> None:
    app = app_with(limits=Limits(message_bytes=2000))
    async with User(app) as user:
        frame = codec.encode(Invoke(q=1, id=9, callback=ID, inputs=["x" * 3000], state=[], trigger=[]))
        for part in codec.chunks(frame, 1000) if in_chunks else [frame]:
            user.socket.say_raw(part)
        assert await close_code(user.socket) == CloseCode.TOO_BIG


async def test_too_many_messages_a_second() -> None:
    async with User(app_with(limits=Limits(messages_per_second=5))) as user:
        for _ in range(50):
            user.socket.say(Pong())
        assert await close_code(user.socket) == CloseCode.TOO_MANY


async def test_a_gap_brings_the_page_back() -> None:
    async with User(counting()) as user:
        user.socket.say(Invoke(q=5, id=1, callback=ID, inputs=[1], state=[], trigger=[]))
        assert await close_code(user.socket) == CloseCode.GAP
        await user.connect()
        assert user.mode == "resumed"


# ------------------------------------------------------------------------------------------------- coming back


async def test_a_page_that_comes_back_has_what_was_written_meanwhile() -> None:
    app = app_with()
    away, written = asyncio.Event(), asyncio.Event()

    @app.callback(OUT, RUN, websocket=True)
    async def work(clicks: int) -> str:
        set_props("log", {"children": "begun"})
        await away.wait()
        set_props("log", {"children": "meanwhile"})
        written.set()
        return "done"

    async with User(app) as user:
        session = user.session
        (call,) = await user.set("run", "n_clicks", 1)
        await user.wait_for("log", "children", lambda text: text == "begun")
        user.drop()
        await user.until(lambda: user.closed is not None)
        away.set()
        await written.wait()
        assert user.props["log", "children"] == "begun"
        await user.connect()
        assert (user.mode, user.session) == ("resumed", session)
        assert await user.settled(call) == "ok"
        assert user.props["log", "children"] == "meanwhile"
        assert user.props["out", "children"] == "done"


async def test_a_page_that_stays_away_has_nothing_left() -> None:
    app = app_with(limits=Limits(grace_seconds=0.02))
    ended = asyncio.Event()

    @app.callback(OUT, RUN, websocket=True)
    async def work(clicks: int) -> None:
        try:
            set_props("log", {"children": "begun"})
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with User(app) as user:
        await user.set("run", "n_clicks", 1)
        await user.wait_for("log", "children", bool)
        session = user.session
        user.drop()
        assert session is not None
        await asyncio.wait_for(app.site().hub.gone(session), 5)
        assert ended.is_set()
        assert app.site().hub.sessions == {}
        assert app.site().hub._lives == {}
        await user.connect()
        assert (user.mode, user.session == session) == ("new", False)


@pytest.mark.parametrize("code", [1001, None])
async def test_a_page_that_leaves_is_not_waited_for(code: int | None) -> None:
    app = app_with(limits=Limits(grace_seconds=3600))
    async with User(app) as user:
        session = user.session
        assert session is not None
        if code is None:
            user.socket.say(Bye())
        else:
            user.socket.drop(code)
        await asyncio.wait_for(app.site().hub.gone(session), 5)
        assert app.site().hub.sessions == {}


async def attached(app: App, socket: FakeSocket) -> Welcome:
    socket.say(hello(build=app.site().definition.build))
    welcome = await hear(socket, Welcome)
    assert isinstance(welcome, Welcome)
    return welcome


async def test_a_wrong_token_is_refused_and_nobody_is_disturbed() -> None:
    app = counting()
    async with User(app) as user, line(app) as thief:
        thief.say(hello(n=9, session=user.session, token="guessed"))
        assert await close_code(thief) == CloseCode.UNAUTHENTICATED
        (call,) = await user.set("run", "n_clicks", 1)
        assert await user.settled(call) == "ok"
        user.drop()
        await user.until(lambda: user.closed is not None)
        await user.connect()  # with n=2: the refused hello, which had n=9, has not counted
        assert user.mode == "resumed"
        await user.settled((await user.set("run", "n_clicks", 2))[0])
        user.leave()
        await app.site().hub.gone(user.session or "")


async def test_no_token_is_a_wrong_token() -> None:
    app = app_with()
    async with line(app) as owner, line(app) as thief:
        session = (await attached(app, owner)).session
        thief.say(hello(n=2, session=session))
        assert await close_code(thief) == CloseCode.UNAUTHENTICATED
        assert owner.closed_with is None


class Person:
    """A user as middleware sets it: another object for each connection, and without a text of its own."""

    is_authenticated = True

    def __init__(self, name: str) -> None:
        self.display_name = name

    @property
    def identity(self) -> str:
        raise NotImplementedError


class Nobody:
    is_authenticated = False
    display_name = ""


@pytest.mark.parametrize(
    ("first", "second", "resumed"),
    [
        ("ann", "ann", True),
        ("ann", "bob", False),
        ("ann", None, False),
        (None, "ann", False),
        (Person("ann"), Person("ann"), True),
        (Person("ann"), Person("bob"), False),
        (Nobody(), Nobody(), True),
        (Nobody(), Person("ann"), False),
    ],
)
async def test_a_session_belongs_to_its_user(first: Any, second: Any, resumed: bool) -> None:
    app = app_with()
    async with line(app, user=first) as one, line(app, user=second) as two:
        welcome = await attached(app, one)
        two.say(hello(n=2, session=welcome.session, token=welcome.token))
        if resumed:
            assert (await hear(two, Welcome)).mode == "resumed"
        else:
            assert await close_code(two) == CloseCode.UNAUTHENTICATED


async def test_the_newest_connection_of_a_page_counts() -> None:
    app = counting()
    async with line(app) as old, line(app) as new:
        welcome = await attached(app, old)
        new.say(hello(n=2, session=welcome.session, token=welcome.token))
        assert (await hear(new, Welcome)).attach == 2
        assert await close_code(old) == CloseCode.REPLACED
        old.say(Invoke(q=1, id=1, callback=ID, inputs=["old"], state=[], trigger=[]))
        new.say(Invoke(q=1, id=1, callback=ID, inputs=["new"], state=[], trigger=[]))
        delta = await hear(new, Delta)
        assert [change[3] for change in delta.changes] == ["new"]


async def test_an_older_hello_that_comes_late_is_refused() -> None:
    app = app_with()
    async with line(app) as one, line(app) as late:
        one.say(hello(n=5, build=app.site().definition.build))
        welcome = await hear(one, Welcome)
        late.say(hello(n=4, session=welcome.session, token=welcome.token))
        assert await close_code(late) == CloseCode.REPLACED
        assert one.closed_with is None


async def test_a_server_that_cancels_the_endpoint_loses_only_the_connection() -> None:
    app = app_with()
    async with User(app) as user:
        (endpoint,) = (task for task in user._running if "connect" in str(task.get_coro()))
        endpoint.cancel()
        await asyncio.wait({endpoint})
        assert app.site().hub.sessions[user.session or ""].machine.attached is False
        user.drop()
        await user.until(lambda: user.closed is not None)
        user._running.discard(endpoint)
        await user.connect()
        assert user.mode == "resumed"


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
