"""Requests and sockets to an app's server without a network: what a test says in ASGI's own words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from typing import Any

import httpx

from wscb import App
from wscb.protocol import codec
from wscb.protocol.messages import Delta, Invoke

MSGPACK = {"content-type": "application/x-msgpack"}


@asynccontextmanager
async def browser(server: Any, **headers: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an ASGI app. An exception of the app is a 500, as a real server makes of it."""
    transport = httpx.ASGITransport(server, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver", headers=headers) as client:
        yield client


def call(callback: str, inputs: list[Any], state: list[Any] | None = None, id: int = 7, **more: Any) -> bytes:
    """A call's frame, as it is posted."""
    made = {"q": 0, "id": id, "callback": callback, "inputs": inputs, "state": state or [], "trigger": [], **more}
    return codec.encode(Invoke(**made))


async def post(app: App, body: bytes, path: str = "/_wscb/invoke", **headers: str) -> httpx.Response:
    async with browser(app.server) as client:
        return await client.post(path, content=body, headers={**MSGPACK, **headers})


def delta_of(response: httpx.Response) -> Delta:
    assert response.status_code == 200, response.text
    message = codec.decode_server(response.content)
    assert isinstance(message, Delta)
    return message


async def delta(app: App, body: bytes, **headers: str) -> Delta:
    return delta_of(await post(app, body, **headers))


class Line:
    """A WebSocket to an ASGI app, in ASGI's own words."""

    def __init__(self, server: Any, path: str, *subprotocols: str, root_path: str = "", **headers: str) -> None:
        self._to_app: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
        self._from_app: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
        scope = {
            "type": "websocket",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "path": path,
            "raw_path": path.encode(),
            "root_path": root_path,
            "query_string": b"",
            "headers": [(b"host", b"here"), *((name.encode(), value.encode()) for name, value in headers.items())],
            "scheme": "ws",
            "client": ("10.0.0.9", 1),
            "subprotocols": list(subprotocols),
            "state": {},
        }
        self.say("connect")
        self._task = asyncio.ensure_future(server(scope, self._to_app.get, self._from_app.put))

    def say(self, kind: str, **event: Any) -> None:
        self._to_app.put_nowait({"type": f"websocket.{kind}", **event})

    async def hear(self) -> MutableMapping[str, Any]:
        return await asyncio.wait_for(self._from_app.get(), 5)

    async def end(self) -> None:
        self.say("disconnect", code=1001)
        await asyncio.wait_for(self._task, 5)
