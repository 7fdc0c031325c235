"""ASGI in our terms: a scope becomes a `Handshake`, its two callables a `Socket`. Shared by the ASGI backends."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from typing import Any

from wscb.server.backend import SiteOf
from wscb.server.http import Handles, HttpRequest, HttpResponse, is_visit, nobody_handles
from wscb.server.socket import Disconnected, Handshake

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Lifespan = Callable[[Receive, Send], Awaitable[None]]


def handshake(scope: Scope) -> Handshake:
    """Reads what the peer said from an `http` or `websocket` scope."""
    headers = tuple((key.decode("latin-1").lower(), value.decode("latin-1")) for key, value in scope["headers"])
    client = scope.get("client")
    return Handshake(
        path=scope["path"],
        query=scope.get("query_string", b"").decode("latin-1"),
        headers=headers,
        subprotocols=tuple(scope.get("subprotocols", ())),
        remote_addr=client[0] if client else None,
        scheme=scope.get("scheme", "http"),
        user=scope.get("user"),
        cookies=parse_cookies("; ".join(value for key, value in headers if key == "cookie")),
        connection=_lasting(scope) if scope["type"] == "websocket" else scope,
    )


def routed_path(scope: Scope) -> str:
    """The path that routers go by: without the root path, which some servers leave out of it.

    A path may begin with its letters and not with it, as `/dashboard` does with `/dash`.
    """
    path: str = scope["path"]
    below = path.removeprefix(scope.get("root_path", ""))
    return below if below[:1] in ("", "/") else path


_PASSING = {
    *("type", "asgi", "http_version", "path", "raw_path", "query_string", "headers", "subprotocols", "extensions"),
    *("endpoint", "router", "path_params", "starlette.exception_handlers", "fastapi_middleware_astack"),
}
"""Of a scope: what a session has already, and what belongs to the server's own work on the connection."""


def _lasting(scope: Scope) -> Scope:
    """What of a socket's scope is kept for as long as its session, which outlives the connection: a tenth of it."""
    return {key: value for key, value in scope.items() if key not in _PASSING}


def parse_cookies(header: str) -> dict[str, str]:
    """The cookies of a `Cookie` header, as lenient as browsers: any text is a value, what has no name is none."""
    pairs = (part.partition("=") for part in header.split(";"))
    return {name.strip(): _unquoted(value.strip()) for name, equals, value in pairs if equals and name.strip()}


_ESCAPED = re.compile(r"\\(?:([0-3][0-7]{2})|(.))", re.DOTALL)


def _unquoted(value: str) -> str:
    """A cookie's value without its quotes. The standard library takes minutes for a long one before Python 3.11.10."""
    if len(value) < 2 or not value[0] == value[-1] == '"':
        return value
    return _ESCAPED.sub(lambda found: found[2] or chr(int(found[1], 8)), value[1:-1])


class AsgiSocket:
    """A `websocket` scope's two callables as a `Socket`."""

    __slots__ = ("_receive", "_send")

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send

    async def accept(self, subprotocol: str | None) -> None:
        await self._receive()
        await self._send({"type": "websocket.accept", "subprotocol": subprotocol})

    async def receive(self) -> bytes | str:
        event = await self._receive()
        if event["type"] == "websocket.disconnect":
            raise Disconnected(event.get("code") or 1006)
        data = event.get("bytes")
        return data if data is not None else str(event["text"])

    async def send(self, data: bytes) -> None:
        try:
            await self._send({"type": "websocket.send", "bytes": data})
        except Exception as error:
            # Each server has its own exception for a peer that is gone (uvicorn's is private), some a RuntimeError.
            raise Disconnected() from error

    async def close(self, code: int, reason: str) -> None:
        try:
            await self._send({"type": "websocket.close", "code": code, "reason": reason})
        except Exception as error:
            raise Disconnected() from error


class AsgiSite:
    """A site as an ASGI application, for the backends whose framework is one. `prefix` begins and ends with a slash."""

    def __init__(self, prefix: str, site: SiteOf, handles: Handles = nobody_handles) -> None:
        # Middleware of a host that counts or measures by the endpoints of routes takes each for a function.
        self.__name__ = self.__qualname__ = f"wscb {prefix}"
        self._prefix = prefix
        self._site = site
        self._handles = handles

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._site().connect(AsgiSocket(receive, send), handshake(scope))
        else:
            await self._respond(scope, receive, send)

    def visited(self, missing: Application) -> Application:
        """What a router is to do for what no route has, also none that was added later.

        Who visits an address below the prefix gets the page; anything else gets what `missing` says.
        """

        async def default(scope: Scope, receive: Receive, send: Send) -> None:
            read = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
            ours = read and routed_path(scope).startswith(self._prefix)
            await (self if ours and is_visit(handshake(scope)) else missing)(scope, receive, send)

        return default

    async def _respond(self, scope: Scope, receive: Receive, send: Send) -> None:
        site = self._site()
        body = await _body(receive, site.message_bytes)
        path = routed_path(scope).removeprefix(self._prefix.removesuffix("/")).lstrip("/")
        request = HttpRequest(scope["method"], path, handshake(scope), scope.get("root_path", ""), body)
        response = await _unless_disconnected(site.respond(request, self._handles), receive)
        if response is not None:
            await _answer(response, scope["method"] == "HEAD", send)


async def checked_lifespan(live: Lifespan, receive: Receive, send: Send, check: Callable[[], None]) -> None:
    """A framework's own start and end, where the server is told that the start has failed when `check` raises.

    It asks when the framework has started, since apps may be declared until then; what has been started is ended first.
    """
    mistake: Exception | None = None

    async def hear() -> MutableMapping[str, Any]:
        return await receive() if mistake is None else {"type": "lifespan.shutdown"}

    async def say(event: MutableMapping[str, Any]) -> None:
        nonlocal mistake
        if event["type"] == "lifespan.startup.complete":
            try:
                check()
            except Exception as error:
                mistake = error
        if mistake is None:
            await send(event)

    try:
        await live(hear, say)
    finally:
        if mistake is not None:
            await send({"type": "lifespan.startup.failed", "message": f"{type(mistake).__name__}: {mistake}"})
    if mistake is not None:
        raise mistake.with_traceback(None)


async def _body(receive: Receive, limit: int) -> bytes:
    """The request's body; of one over the limit only so much that it is seen to be over."""
    parts: list[bytes] = []
    size, more = 0, True
    while more and size <= limit:
        event = await receive()
        parts.append(event.get("body", b""))
        size += len(parts[-1])
        more = event.get("more_body", False) and event["type"] == "http.request"
    return b"".join(parts)


async def _unless_disconnected(response: Coroutine[Any, Any, HttpResponse], receive: Receive) -> HttpResponse | None:
    """The response; or None, and the work on it cancelled, when the browser gave up meanwhile."""
    working = asyncio.ensure_future(response)
    listening = asyncio.ensure_future(_disconnected(receive))
    try:
        await asyncio.wait({working, listening}, return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        listening.cancel()
        working.cancel()


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _answer(response: HttpResponse, head_only: bool, send: Send) -> None:
    headers = {"content-type": response.content_type, "content-length": str(len(response.body)), **response.headers}
    if response.status in (204, 304):
        headers = response.headers
    encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in (*headers.items(), *response.added)]
    await send({"type": "http.response.start", "status": response.status, "headers": encoded})
    await send({"type": "http.response.body", "body": b"" if head_only else response.body})
