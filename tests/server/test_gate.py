"""Hooks of sockets: who gets in, as whom, and which messages reach a session."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

from tests.server.apps import app_with
from tests.server.asgi_app import call, delta
from tests.server.lines import ID, OUT, RUN, close_code, counting, hear, hello, line
from wscb import App, Limits, ctx
from wscb.callbacks.hooks import Hooks
from wscb.protocol.messages import Delta, Error, Invoke, Welcome
from wscb.server import hub
from wscb.server.gate import Gate
from wscb.testing import FakeSocket, User


@pytest.fixture
def hooks(monkeypatch: pytest.MonkeyPatch) -> Hooks:
    """Those of this test alone."""
    mine = Hooks()
    monkeypatch.setattr(hub, "hooks", mine)
    return mine


def both(function: Callable[..., Any], plain: bool) -> Callable[..., Any]:
    async def as_coroutine(*arguments: Any) -> Any:
        await asyncio.sleep(0)
        return function(*arguments)

    return function if plain else as_coroutine


def raises(error: BaseException) -> Callable[..., Any]:
    def hook(*_: Any) -> Any:
        raise error

    return hook


async def verdict_on(app: App, **said: Any) -> tuple[int, list[Any]]:
    """The code that a new page is closed with, and what it heard; 0 when it is welcome."""
    heard: list[Any] = []
    async with line(app, **said) as socket:
        socket.say(hello(build=app.site().definition.build))
        while True:
            try:
                heard.append(await asyncio.wait_for(socket.hear(), 5))
            except Exception:
                return socket.closed_with[0] if socket.closed_with else 0, heard
            if isinstance(heard[-1], Welcome):
                return 0, heard


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize(
    ("says", "code"),
    [
        (True, 0),
        (None, 0),
        ("ann", 0),
        ({"id": 7}, 0),
        (False, 4501),
        ((4501, "Log in first."), 4501),
        ((4001, "Later."), 4001),
        ((1008, "No."), 1008),
        ((1000, "no code for an app"), 4503),
        (object(), 4503),
    ],
)
async def test_what_a_hook_says_of_a_connection(hooks: Hooks, plain: bool, says: Any, code: int) -> None:
    hooks.websocket_connect()(both(lambda socket: says, plain))
    assert (await verdict_on(app_with()))[0] == code


async def test_the_reason_arrives_and_is_as_long_as_a_close_can_have(hooks: Hooks) -> None:
    hooks.websocket_connect()(lambda socket: (4600, "ä" * 100 + "\n"))
    app = app_with()
    async with line(app) as socket:
        error = await hear(socket, Error)
        assert await close_code(socket) == 4600
        assert socket.closed_with is not None
        assert error.message == socket.closed_with[1] == "ä" * 60


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("error", [ValueError("secret"), SystemExit(2), TimeoutError()])
async def test_a_hook_that_raises_refuses_and_is_logged(
    hooks: Hooks, plain: bool, error: BaseException, caplog: pytest.LogCaptureFixture
) -> None:
    hooks.websocket_connect()(both(raises(error), plain))
    code, heard = await verdict_on(app_with())
    assert code == 4503
    ref = heard[0].message.rpartition(" ")[2]
    assert f"raised {type(error).__name__} [ref {ref}]" in caplog.text
    assert "secret" not in heard[0].message


async def test_it_is_asked_before_anything_is_read_and_sees_the_handshake(hooks: Hooks) -> None:
    seen: list[Any] = []
    asked = asyncio.Event()

    @hooks.websocket_connect()
    async def look(socket: Any) -> None:
        asked.set()
        seen.append((socket.cookies["session"], socket.headers["X-Who"], socket.remote_addr, socket.path))

    app = app_with()
    said = {"cookies": {"session": "abc"}, "headers": (("host", "here"), ("x-who", "ann"))}
    async with line(app, remote_addr="10.0.0.7", path="/_wscb/ws", **said) as socket:
        await asyncio.wait_for(asked.wait(), 5)  # no hello was said
        assert seen == [("abc", "ann", "10.0.0.7", "/_wscb/ws")]
        assert socket.accepted_with == "wscb.v1"
        assert not app.site().hub.sessions


async def test_a_foreign_page_never_reaches_a_hook(hooks: Hooks) -> None:
    asked: list[Any] = []
    hooks.websocket_connect()(asked.append)
    code, _ = await verdict_on(app_with(), headers=(("host", "here"), ("origin", "http://evil.example")))
    assert (code, asked) == (4503, [])


async def test_they_are_asked_in_order_until_one_refuses(hooks: Hooks) -> None:
    asked: list[str] = []

    def named(name: str, says: Any) -> Callable[[Any], Any]:
        def hook(socket: Any) -> Any:
            asked.append(f"{name} of {socket.user}")
            return says

        return hook

    hooks.websocket_connect(final=True)(named("last", True))
    hooks.websocket_connect()(named("third", False))
    hooks.websocket_connect(priority=5)(named("first", "ann"))
    hooks.websocket_connect()(named("never", True))
    assert (await verdict_on(app_with()))[0] == 4501
    assert asked == ["first of None", "third of ann"]


async def test_one_that_does_not_answer_is_not_waited_for(hooks: Hooks, caplog: pytest.LogCaptureFixture) -> None:
    @hooks.websocket_connect()
    async def hangs(socket: Any) -> None:
        await asyncio.Event().wait()

    assert (await verdict_on(app_with(limits=Limits(hello_seconds=0.02))))[0] == 4005
    assert "hangs" in caplog.text
    assert "did not say in 0.02 s" in caplog.text


async def test_busy_callbacks_let_nobody_wait_at_the_door(hooks: Hooks) -> None:
    hooks.websocket_connect()(lambda socket: True)
    app = app_with(websocket_max_workers=1)
    go_on = threading.Event()
    busy = app.site().workers._threads.submit(lambda: go_on.wait(10))
    assert (await verdict_on(app))[0] == 0
    go_on.set()
    await asyncio.wrap_future(busy)


def greeting() -> App:
    app = app_with()

    @app.callback(OUT, RUN, websocket=True)
    async def work(clicks: int) -> str:
        return f"{ctx.user}"

    return app


async def test_an_identity_is_the_user_of_callbacks(hooks: Hooks) -> None:
    hooks.websocket_connect()(lambda socket: "ann")
    hooks.websocket_connect()(lambda socket: True)  # which says nothing of who this is
    async with User(greeting()) as user:
        (one,) = await user.set("run", "n_clicks", 1)
        assert await user.settled(one) == "ok"
        assert user.props["out", "children"] == "ann"


@pytest.mark.parametrize(("second", "code"), [("ann", None), ("bob", 4501), (True, 4501), (False, 4501)])
async def test_each_connection_is_asked_about_anew(hooks: Hooks, second: Any, code: int | None) -> None:
    says: list[Any] = ["ann"]
    hooks.websocket_connect()(lambda socket: says[-1])
    async with User(greeting()) as user:
        says.append(second)
        user.drop()
        await user.until(lambda: user.closed is not None)
        await user.connect()
        assert (user.mode, user.closed) == ((None, code) if code else ("resumed", None))


async def test_a_call_over_http_is_no_matter_of_theirs(hooks: Hooks) -> None:
    hooks.websocket_connect()(lambda socket: False)
    hooks.websocket_message()(lambda socket, message: False)
    app = app_with()

    @app.callback(OUT, RUN)
    async def work(clicks: int) -> str:
        return f"{ctx.user}"

    assert (await delta(app, call(ID, [1]))).changes == [("set", "out", "children", "None")]


# -------------------------------------------------------------------------------------------------- messages


async def welcomed(app: App, socket: FakeSocket) -> Welcome:
    socket.say(hello(build=app.site().definition.build))
    message = await hear(socket, Welcome)
    assert isinstance(message, Welcome)
    return message


def said(inputs: Any) -> Invoke:
    return Invoke(q=1, id=1, callback=ID, inputs=inputs, state=[], trigger=[])


@pytest.mark.parametrize("plain", [False, True])
async def test_each_message_is_shown_before_its_session_sees_it(hooks: Hooks, plain: bool) -> None:
    seen: list[dict[str, Any]] = []
    users: set[Any] = set()

    def look(socket: Any, message: dict[str, Any]) -> Any:
        seen.append(dict(message))
        users.add(socket.user)
        message["inputs"] = ["changed"]  # of its own copy
        return True

    hooks.websocket_connect()(lambda socket: "ann")
    hooks.websocket_message()(both(look, plain))
    app = counting()
    async with line(app) as socket, line(app) as again:
        welcome = await welcomed(app, socket)
        socket.say(said([5]))
        assert (await hear(socket, Delta)).changes == [("set", "out", "children", 5)]
        again.say(hello(n=2, session=welcome.session, token=welcome.token))
        await hear(again, Welcome)
    assert [message["type"] for message in seen] == ["hello", "invoke", "hello"]
    assert seen[2]["n"] == 2
    assert not {"token", "session"} & seen[2].keys()  # whoever has these can take over the session
    assert seen[1] == {"type": "invoke", "q": 1, "id": 1, "callback": ID, "inputs": [5], "state": [], "trigger": []}
    assert users == {"ann"}


async def test_one_that_came_in_pieces_is_shown_whole(hooks: Hooks) -> None:
    sizes: list[int] = []
    hooks.websocket_message()(lambda socket, message: sizes.append(len(str(message.get("inputs")))))
    app = counting()
    async with line(app) as socket:
        await welcomed(app, socket)
        frame = chunks(said(["x" * 100]))
        for piece in frame:
            socket.say_raw(piece)
        assert len((await hear(socket, Delta)).changes[0][3]) == 100
    assert sizes == [4, 104]


def chunks(message: Invoke) -> list[bytes]:
    from wscb.protocol import codec
    from wscb.protocol.messages import Chunk

    data = codec.encode(message)
    return [codec.encode(Chunk(data=data[:40], last=False)), codec.encode(Chunk(data=data[40:], last=True))]


@pytest.mark.parametrize(
    ("says", "code", "kept"),
    [(False, 4501, False), ((4600, "Not you."), 4600, False), ((4001, "Later."), 4001, True)],
)
async def test_a_message_that_is_refused_closes_its_connection(hooks: Hooks, says: Any, code: int, kept: bool) -> None:
    ran: list[int] = []
    hooks.websocket_message()(lambda socket, message: message["type"] != "invoke" or says)
    app = app_with()

    @app.callback(OUT, RUN, websocket=True)
    async def work(clicks: int) -> None:
        ran.append(clicks)

    async with line(app) as socket, line(app) as neighbour:
        session = (await welcomed(app, socket)).session
        await welcomed(app, neighbour)
        socket.say(said([5]))
        assert await close_code(socket) == code
        assert neighbour.closed_with is None
        actor = app.site().hub.sessions.get(session)
        assert (actor is not None and not actor.machine.over) is kept
    assert ran == []


async def test_also_a_hello(hooks: Hooks) -> None:
    hooks.websocket_message()(lambda socket, message: (4600, "No."))
    app = app_with()
    assert (await verdict_on(app))[0] == 4600
    assert not app.site().hub.sessions


async def test_one_that_raises_closes_the_connection_and_is_logged(
    hooks: Hooks, caplog: pytest.LogCaptureFixture
) -> None:
    hooks.websocket_message()(raises(KeyError("x")))
    assert (await verdict_on(app_with()))[0] == 4503
    assert "raised KeyError" in caplog.text


async def test_a_connection_that_is_replaced_waits_for_no_hook(hooks: Hooks) -> None:
    hangs = asyncio.Event()

    @hooks.websocket_message()
    async def slow(socket: Any, message: dict[str, Any]) -> None:
        if message["type"] == "invoke":
            hangs.set()
            await asyncio.Event().wait()

    app = counting()
    async with line(app) as old, line(app) as new:
        welcome = await welcomed(app, old)
        old.say(said([5]))
        await asyncio.wait_for(hangs.wait(), 5)
        new.say(hello(n=2, session=welcome.session, token=welcome.token))
        assert (await hear(new, Welcome)).attach == 2
        assert await close_code(old) == 4509


async def test_a_plain_hook_may_hand_back_a_coroutine(hooks: Hooks) -> None:
    async def find() -> str:
        return "ann"

    hooks.websocket_connect()(lambda socket: find())
    gate = Gate(hooks, 5)
    admitted = await gate.admit(hub.Handshake())
    assert isinstance(admitted, hub.Handshake)
    assert admitted.user == "ann"
    gate.close()
