"""What only an ASGI host has: sockets, middleware of that kind, and a start and an end."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware

from tests.backends.hosts import Kind
from tests.server.asgi_app import MSGPACK, Line, call, delta_of
from wscb import App, Input, Output, set_props
from wscb.protocol import codec
from wscb.protocol.messages import Hello, Location, Welcome

PREFIXES = ["/", "/dash/", "/a/b/"]
RUN = Input("run", "n_clicks")
OUT = Output("out", "children")
ID = "out.children|run.n_clicks"


async def page_status(kind: Kind, server: Any) -> int:
    async with kind.client(server) as client:
        return int((await client.get("/dash/")).status_code)


async def test_cors_and_compression_around_it(socket_kind: Kind) -> None:
    app = socket_kind.app(websocket_allowed_origins=["http://other.example"])
    app.callback(OUT, RUN)(lambda clicks: "x" * 2000)
    around = GZipMiddleware(CORSMiddleware(app.server, allow_origins=["http://other.example"], allow_methods=["POST"]))
    async with socket_kind.client(around, origin="http://other.example", **{"accept-encoding": "gzip"}) as client:
        asked = {"access-control-request-method": "POST", "access-control-request-headers": "content-type"}
        assert (await client.request("OPTIONS", "/_wscb/invoke", headers=asked)).status_code == 200
        answer = await client.post("/_wscb/invoke", content=call(ID, [1]), headers=MSGPACK)
        assert answer.headers["access-control-allow-origin"] == "http://other.example"
        assert answer.headers["content-encoding"] == "gzip"
        assert delta_of(answer).changes == [("set", "out", "children", "x" * 2000)]
        script = await client.get("/_wscb/static/x/wscb.js")
        assert "late.js" in script.text  # once, though two would


async def test_the_hosts_start_and_end_are_its_own(socket_kind: Kind) -> None:
    """A WSGI host has neither."""
    events: list[str] = []
    server = socket_kind.host(events)
    socket_kind.app(server, "/dash/")
    to_app: asyncio.Queue[Any] = asyncio.Queue()
    from_app: asyncio.Queue[Any] = asyncio.Queue()
    scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}
    living = asyncio.create_task(server(scope, to_app.get, from_app.put))
    to_app.put_nowait({"type": "lifespan.startup"})
    assert (await from_app.get())["type"] == "lifespan.startup.complete"
    assert events == ["started"]
    assert await page_status(socket_kind, server) == 200
    to_app.put_nowait({"type": "lifespan.shutdown"})
    assert (await from_app.get())["type"] == "lifespan.shutdown.complete"
    assert events == ["started", "ended"]
    await living


def hello() -> bytes:
    return codec.encode(Hello(n=1, build="b", page=Location(path="/", query=""), visible=True, have=0))


async def welcomed(line: Line) -> Welcome:
    accepted = await line.hear()
    assert (accepted["type"], accepted["subprotocol"]) == ("websocket.accept", "wscb.v1")
    line.say("receive", bytes=hello())
    welcome = codec.decode_server((await line.hear())["bytes"])
    assert isinstance(welcome, Welcome)
    return welcome


@pytest.mark.parametrize(("prefix", "root"), [("/", ""), ("/dash/", ""), ("/dash/", "/proxy"), ("/", "/proxy")])
async def test_the_socket_is_below_the_prefix(socket_kind: Kind, prefix: str, root: str) -> None:
    server = socket_kind.host()
    app = socket_kind.app(server, prefix)
    line = Line(server, f"{root}{prefix}_wscb/ws", "wscb.v1", root_path=root)
    session = (await welcomed(line)).session
    await line.end()
    await app.site().hub.gone(session)  # at once, since the page said that it leaves


async def test_a_call_over_the_socket(socket_kind: Kind) -> None:
    server = socket_kind.host()
    app: App = socket_kind.app(server, "/dash/")

    @app.callback(OUT, RUN, websocket=True)
    async def work(clicks: int) -> str:
        set_props("log", {"children": "on the way"})
        return f"done {clicks}"

    line = Line(server, "/dash/_wscb/ws", "wscb.v1")
    session = (await welcomed(line)).session
    line.say("receive", bytes=call(ID, [4], id=1, q=1))
    changes: list[Any] = []
    while ("set", "out", "children", "done 4") not in changes:
        changes += getattr(codec.decode_server((await line.hear())["bytes"]), "changes", [])
    assert ("set", "log", "children", "on the way") in changes
    await line.end()
    await app.site().hub.gone(session)


async def test_a_frame_that_is_no_message_is_answered_with_its_code(socket_kind: Kind) -> None:
    server = socket_kind.host()
    socket_kind.app(server)
    for frame in ({"bytes": b""}, {"text": ""}, {"bytes": None, "text": "hello"}):
        line = Line(server, "/_wscb/ws", "wscb.v1")
        await line.hear()
        line.say("receive", **frame)
        while (heard := await line.hear())["type"] != "websocket.close":
            pass
        assert heard["code"] == 4500
        await line.end()


async def test_what_is_elsewhere_is_no_socket(socket_kind: Kind) -> None:
    server = socket_kind.host()
    socket_kind.app(server, "/dash/")
    line = Line(server, "/_wscb/ws", "wscb.v1")
    assert (await line.hear())["type"] == "websocket.close"
    await line.end()


@pytest.mark.parametrize("prefix", PREFIXES)
async def test_the_hosts_sockets_stay(socket_kind: Kind, prefix: str) -> None:
    server = socket_kind.host()
    socket_kind.app(server, prefix)
    line = Line(server, "/echo")
    assert (await line.hear())["type"] == "websocket.accept"
    line.say("receive", text="hello")
    assert (await line.hear())["text"] == "hello"
    await line.end()
