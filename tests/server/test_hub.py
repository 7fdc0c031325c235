"""Who gets in, who comes back, and whose connection is closed."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import weakref
from typing import Any

import pytest

from tests.server.apps import app_with
from tests.server.lines import ID, OUT, RUN, attached, close_code, counting, handshake, hear, hello, line
from wscb import Limits, set_props
from wscb.protocol import codec
from wscb.protocol.closing import CloseCode
from wscb.protocol.messages import Bye, Chunk, Delta, Error, Invoke, Pong, Welcome
from wscb.server.socket import Disconnected
from wscb.testing import FakeSocket, User

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


# ---------------------------------------------------------------------------------------------------- what it holds


class Host:
    """What a server puts into the context of a connection: in Quart it holds the connection itself."""


async def test_a_session_that_waits_for_its_page_holds_nothing_of_its_connections_context() -> None:
    app = counting()
    hub, socket = app.site().hub, FakeSocket()
    host, context = Host(), contextvars.copy_context()
    context.run(contextvars.ContextVar[Host]("host").set, host)
    serving = asyncio.get_running_loop().create_task(app.site().connect(socket, handshake()), context=context)
    welcome = await attached(app, socket)
    socket.say(Invoke(q=1, id=1, callback=ID, inputs=[1], state=[], trigger=[]))
    await hear(socket, Delta)
    socket.drop()
    await serving
    seen = weakref.ref(host)
    del host, context, serving
    for _ in range(200):  # so many that the loop lets go of its cancelled timers, that of the hello among them
        asyncio.get_running_loop().call_later(60, gc.collect).cancel()
    await asyncio.sleep(0)
    gc.collect()
    assert hub.sessions[welcome.session].away
    assert seen() is None
    hub.sessions[welcome.session].end(None)
    await hub.gone(welcome.session)
