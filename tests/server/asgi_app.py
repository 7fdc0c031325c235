"""Requests and sockets to an app's server without a network: what a test says in ASGI's own words."""

from __future__ import annotations

from collections.abc import AsyncIterator
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
