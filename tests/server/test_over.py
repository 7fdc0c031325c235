"""What is left of a session when it is over, however it ended: nothing."""

from __future__ import annotations

import asyncio
import gc
import threading
import weakref
from collections.abc import Awaitable, Callable

import pytest

from tests.server.apps import app_with
from tests.server.lines import OUT, RUN, attached, handshake, hear, hello, line
from wscb import App, Input, Limits, ctx, get_prop, get_prop_sync, set_props
from wscb.protocol.messages import Bye, GetProp, Invoke, Pong
from wscb.server import hub as hub_module
from wscb.server.actor import Actor
from wscb.testing import FakeSocket

LIMITS = Limits(grace_seconds=0.02, cancel_seconds=0.1, messages_per_second=10, outbox_bytes=50_000)
ASKING, FLUSHING, ON_A_THREAD = (Input("run", prop) for prop in ("asking", "flushing", "on_a_thread"))


def busy_app(ended: list[str]) -> App:
    """A task and three calls that wait for what the page does not do: answer and acknowledge."""
    app = app_with(limits=LIMITS, suppress_callback_exceptions=True)

    @app.callback(persistent=True)
    async def stream() -> None:
        try:
            set_props("log", {"children": "task"})
            await asyncio.Event().wait()
        finally:
            ended.append("task")

    @app.callback(ASKING, websocket=True)
    async def asking(value: int) -> None:
        try:
            await get_prop("log", "title", timeout=3600)
        finally:
            ended.append("asking")

    @app.callback(FLUSHING, websocket=True)
    async def flushing(value: int) -> None:
        try:
            set_props("log", {"title": "written"})
            await ctx.flush()
            await asyncio.Event().wait()
        finally:
            ended.append("flushing")

    @app.callback(ON_A_THREAD, websocket=True)
    def on_a_thread(value: int) -> None:
        try:
            get_prop_sync("log", "title", timeout=3600)
        finally:
            ended.append("on a thread")

    @app.callback(OUT, RUN, websocket=True)
    async def pour(value: int) -> None:
        for n in range(200):
            set_props(f"item{n}", {"children": "x" * 500})
            await asyncio.sleep(0)

    return app


async def bye(app: App, socket: FakeSocket) -> None:
    socket.say(Bye())


async def closed_tab(app: App, socket: FakeSocket) -> None:
    socket.drop(1001)


async def grace(app: App, socket: FakeSocket) -> None:
    socket.drop(1006)


async def bad_message(app: App, socket: FakeSocket) -> None:
    socket.say_raw(b"\xc1")


async def too_many(app: App, socket: FakeSocket) -> None:
    for _ in range(30):
        socket.say(Pong())


async def too_slow(app: App, socket: FakeSocket) -> None:
    socket.stall()
    callback = next(id for id in app.site().definition.callbacks if id.endswith("run.n_clicks"))
    socket.say(Invoke(q=4, id=4, callback=callback, inputs=[1], state=[], trigger=[]))


async def drained(app: App, socket: FakeSocket) -> None:
    await app.site().hub.drain()


@pytest.mark.parametrize("end", [bye, closed_tab, grace, bad_message, too_many, too_slow, drained])
async def test_nothing_is_left(end: Callable[[App, FakeSocket], Awaitable[None]]) -> None:
    ended: list[str] = []
    app = busy_app(ended)
    hub = app.site().hub
    before = asyncio.all_tasks()
    async with line(app) as socket:
        session = (await attached(app, socket)).session
        actor = weakref.ref(hub.sessions[session])
        machine = weakref.ref(hub.sessions[session].machine)
        for q, prop in enumerate(("asking", "flushing", "on_a_thread"), 1):
            callback = next(id for id in app.site().definition.callbacks if id.endswith(prop))
            socket.say(Invoke(q=q, id=q, callback=callback, inputs=[1], state=[], trigger=[]))
        for _ in range(2):
            await hear(socket, GetProp)
        await end(app, socket)
        await asyncio.wait_for(hub.gone(session), 5)
        socket.resume()
    assert sorted(ended) == ["asking", "flushing", "on a thread", "task"]
    assert (hub.sessions, hub._lives) == ({}, {})
    assert {task for task in asyncio.all_tasks() - before if not task.done()} == set()
    gc.collect()
    assert (actor(), machine()) == (None, None), "something still knows of it"
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("wscb-task")] == []


async def test_nothing_is_left_of_a_page_that_was_gone_before_its_session_began(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    began = asyncio.Event()

    async def started(actor: Actor) -> None:
        began.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(Actor, "started", started)
    app, socket = app_with(), FakeSocket()
    serving = asyncio.create_task(app.site().connect(socket, handshake()))
    socket.say(hello())
    await began.wait()
    (session,) = app.site().hub.sessions
    serving.cancel()
    await asyncio.wait({serving})
    await asyncio.wait_for(app.site().hub.gone(session), 5)
    assert app.site().hub.sessions == {}


async def test_nothing_is_left_of_a_session_that_could_not_attach(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise KeyError("a fault")

    monkeypatch.setattr(hub_module, "request_from", broken)
    app, socket = app_with(), FakeSocket()
    socket.say(hello())
    with pytest.raises(KeyError):
        await app.site().connect(socket, handshake())
    for session in list(app.site().hub.sessions):
        await asyncio.wait_for(app.site().hub.gone(session), 5)
    assert app.site().hub.sessions == {}
