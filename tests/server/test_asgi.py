"""ASGI's words in ours: scopes, sockets, bodies, and a browser that gives up."""

from __future__ import annotations

import asyncio
import time
from collections.abc import MutableMapping
from typing import Any

import pytest

from tests.server.apps import app_with
from tests.server.asgi_app import MSGPACK, call, post
from wscb import Input, Limits, Output
from wscb.server.asgi import AsgiSite, AsgiSocket, _body, handshake, parse_cookies
from wscb.server.socket import Disconnected

RUN = Input("run", "n_clicks")
OUT = Output("out", "children")


class Peer:
    """The server's two callables: `events` are what it receives, `sent` is what it was sent."""

    def __init__(self, *events: MutableMapping[str, Any]) -> None:
        self.events: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
        for event in events:
            self.events.put_nowait(event)
        self.sent: list[MutableMapping[str, Any]] = []
        self.received = 0

    async def receive(self) -> MutableMapping[str, Any]:
        event = await self.events.get()
        self.received += 1
        return event

    async def send(self, event: MutableMapping[str, Any]) -> None:
        self.sent.append(event)

    @property
    def socket(self) -> AsgiSocket:
        return AsgiSocket(self.receive, self.send)


@pytest.mark.parametrize(
    ("header", "cookies"),
    [
        ("", {}),
        ("a=1; b=two", {"a": "1", "b": "two"}),
        ("a=; b=2", {"a": "", "b": "2"}),
        ("a=1;;b=2; ", {"a": "1", "b": "2"}),
        ("a=1; =lost; b=2", {"a": "1", "b": "2"}),
        ("a=1; nothing; c=3", {"a": "1", "c": "3"}),
        ('a=1; prefs={"dark": true}; b=2', {"a": "1", "prefs": '{"dark": true}', "b": "2"}),
        ('a="with \\"quotes\\" inside"', {"a": 'with "quotes" inside'}),
        ('a="\\303\\274\\0\\400"', {"a": "\xc3\xbc0400"}),
        ('a="', {"a": '"'}),
        ('a="\\"', {"a": "\\"}),
        ("path=/x; a=1", {"path": "/x", "a": "1"}),
        ("a=b=c", {"a": "b=c"}),
        ("a=1; a=2", {"a": "2"}),
    ],
)
def test_cookies(header: str, cookies: dict[str, str]) -> None:
    assert parse_cookies(header) == cookies


def test_a_long_cookie_takes_no_time() -> None:
    began = time.process_time()
    assert parse_cookies('a="' + '\\"' * 100_000 + '"') == {"a": '"' * 100_000}
    assert time.process_time() - began < 2  # quadratic it would be a minute


def test_a_handshake_has_what_the_peer_said() -> None:
    found = handshake(
        {
            "type": "websocket",
            "path": "/_wscb/ws",
            "query_string": b"a=1",
            "scheme": "wss",
            "headers": [(b"Host", b"here"), (b"cookie", b"a=1"), (b"cookie", b"b=2")],
            "client": ("10.0.0.9", 55),
            "subprotocols": ["wscb.v1"],
            "user": "ann",
        }
    )
    assert (found.path, found.query, found.scheme) == ("/_wscb/ws", "a=1", "wss")
    assert found.header("host") == "here"
    assert found.cookies == {"a": "1", "b": "2"}
    assert (found.remote_addr, found.user, found.subprotocols) == ("10.0.0.9", "ann", ("wscb.v1",))


def test_a_handshake_may_lack_most_of_it() -> None:
    found = handshake({"type": "http", "path": "/", "headers": [], "client": None})
    assert (found.query, found.remote_addr, found.user, found.cookies) == ("", None, None, {})


async def test_a_socket_is_accepted_with_the_subprotocol() -> None:
    peer = Peer({"type": "websocket.connect"})
    await peer.socket.accept("wscb.v1")
    assert peer.sent == [{"type": "websocket.accept", "subprotocol": "wscb.v1"}]


async def test_frames_of_both_kinds_and_the_end() -> None:
    peer = Peer(
        {"type": "websocket.receive", "bytes": b"x"},
        {"type": "websocket.receive", "bytes": b""},
        {"type": "websocket.receive", "text": "y", "bytes": None},
        {"type": "websocket.disconnect", "code": 1001},
        {"type": "websocket.disconnect", "code": None},
    )
    assert await peer.socket.receive() == b"x"
    assert await peer.socket.receive() == b""
    assert await peer.socket.receive() == "y"
    for code in (1001, 1006):
        with pytest.raises(Disconnected) as raised:
            await peer.socket.receive()
        assert raised.value.code == code


async def test_what_a_server_raises_for_a_gone_peer_is_disconnected() -> None:
    class ClientDisconnected(Exception):
        pass

    async def fail(event: MutableMapping[str, Any]) -> None:
        raise ClientDisconnected

    socket = AsgiSocket(Peer().receive, fail)
    with pytest.raises(Disconnected):
        await socket.send(b"x")
    with pytest.raises(Disconnected):
        await socket.close(4000, "drain")


async def test_it_sends_and_closes() -> None:
    peer = Peer()
    await peer.socket.send(b"x")
    await peer.socket.close(4500, "bad")
    assert peer.sent == [
        {"type": "websocket.send", "bytes": b"x"},
        {"type": "websocket.close", "code": 4500, "reason": "bad"},
    ]


def http_scope(path: str = "/_wscb/invoke", method: str = "POST", **more: Any) -> dict[str, Any]:
    headers = [(name.encode(), value.encode()) for name, value in MSGPACK.items()]
    return {"type": "http", "path": path, "method": method, "headers": headers, **more}


async def test_of_a_body_over_the_limit_no_more_is_held_than_shows_it() -> None:
    peer = Peer(*({"type": "http.request", "body": b"x" * 60, "more_body": True} for _ in range(9)))
    assert len(await _body(peer.receive, 100)) == 120
    assert peer.received == 2


async def test_a_body_comes_in_pieces() -> None:
    peer = Peer(
        {"type": "http.request", "body": b"a", "more_body": True},
        {"type": "http.request", "more_body": True},
        {"type": "http.request", "body": b"b"},
    )
    assert await _body(peer.receive, 100) == b"ab"


async def test_a_body_that_breaks_off_has_what_came() -> None:
    peer = Peer({"type": "http.request", "body": b"a", "more_body": True}, {"type": "http.disconnect"})
    assert await _body(peer.receive, 100) == b"a"


async def test_a_body_at_the_limit_is_taken() -> None:
    app = app_with(limits=Limits(message_bytes=100))
    assert (await post(app, b"\xc1" * 100)).status_code == 400
    assert (await post(app, b"\xc1" * 101)).status_code == 413


async def test_a_browser_that_gives_up_cancels_its_call() -> None:
    app = app_with()
    begun, ended = asyncio.Event(), asyncio.Event()

    @app.callback(OUT, RUN)
    async def work(clicks: int) -> None:
        try:
            begun.set()
            await asyncio.Event().wait()
        finally:
            ended.set()

    body = call("out.children|run.n_clicks", [1])
    peer = Peer({"type": "http.request", "body": body})
    serving = asyncio.create_task(AsgiSite("/", app.site)(http_scope(), peer.receive, peer.send))
    await begun.wait()
    peer.events.put_nowait({"type": "http.disconnect"})
    await serving
    await asyncio.wait_for(ended.wait(), 5)
    assert peer.sent == []


@pytest.mark.parametrize("prefix", ["/", "/dash/"])
@pytest.mark.parametrize("root", ["", "/proxy"])
@pytest.mark.parametrize("stripped", [False, True])
async def test_paths_are_read_below_root_and_prefix(prefix: str, root: str, stripped: bool) -> None:
    """Some servers leave the root path in `path`, as the specification says, some take it away."""
    app = app_with(url_base_pathname=prefix)
    peer = Peer({"type": "http.request"})
    path = ("" if stripped else root) + prefix + "_wscb/status"
    await AsgiSite(prefix, app.site)(http_scope(path, "GET", root_path=root), peer.receive, peer.send)
    assert peer.sent[0]["status"] == 200


async def test_head_has_the_headers_and_no_body() -> None:
    app = app_with()
    peer = Peer({"type": "http.request"})
    await AsgiSite("/", app.site)(http_scope("/", "HEAD"), peer.receive, peer.send)
    start, body = peer.sent
    assert int(dict(start["headers"])[b"content-length"]) > 100
    assert body["body"] == b""


async def test_a_socket_scope_goes_to_the_hub() -> None:
    app = app_with()
    peer = Peer({"type": "websocket.connect"}, {"type": "websocket.disconnect", "code": 1006})
    scope = {"type": "websocket", "path": "/_wscb/ws", "headers": [], "subprotocols": ["wscb.v1"]}
    await AsgiSite("/", app.site)(scope, peer.receive, peer.send)
    assert peer.sent == [{"type": "websocket.accept", "subprotocol": "wscb.v1"}]


def test_of_a_sockets_scope_little_is_kept_for_its_session() -> None:
    """A thousand that wait for their pages to come back hold no headers twice, and nothing of the server's."""
    server = {
        "type": "websocket",
        "path": "/_wscb/ws",
        "headers": [(b"cookie", b"a=1")],
        "extensions": {},
        "endpoint": 1,
    }
    hosts = {"app": object(), "session": {"name": "ann"}, "state": {"db": object()}, "scheme": "wss", "own": 1}
    kept = handshake({**server, **hosts})
    assert kept.connection == hosts
    assert kept.cookies == {"a": "1"}
    whole = {**server, **hosts, "type": "http"}
    assert handshake(whole).connection is whole
