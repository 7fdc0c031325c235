"""Connections to an app, for the tests of the hub: what a page says on them and what it hears."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests.server.apps import app_with
from wscb import App, Input, Output
from wscb.protocol.messages import Hello, Location, Welcome
from wscb.server.socket import Disconnected, Handshake
from wscb.testing import FakeSocket

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


async def attached(app: App, socket: FakeSocket) -> Welcome:
    socket.say(hello(build=app.site().definition.build))
    welcome = await hear(socket, Welcome)
    assert isinstance(welcome, Welcome)
    return welcome
