"""Quart: routes of its own kind, so that the host's sessions, guards and handlers hold for them; the socket is raw."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, cast

from quart import Quart, Response, request, websocket
from quart.typing import ResponseReturnValue

from wscb.errors import UsageError
from wscb.server.asgi import AsgiSocket, checked_lifespan, handshake, routed_path
from wscb.server.backend import Mount
from wscb.server.backends.werkzeug import WerkzeugBackend, below, fill, is_nowhere
from wscb.server.http import HttpRequest, is_visit

_RECEIVE = "wscb.receive"
_SEND = "wscb.send"
_REPLACED = (
    "The Quart app has got another asgi_websocket_class after App(...) was made, which does not hand the page's "
    "socket on. Set it before that, or derive it from the one that is there."
)


class QuartBackend(WerkzeugBackend):
    """Mounts sites in a `Quart` app, its own or the one it is given."""

    name = "quart"
    entry = "asgi_app"

    def __init__(self, server: Quart | None) -> None:
        self._own = server is None
        self.server: Quart = Quart("wscb", static_folder=None) if server is None else server

    def mount(self, mount: Mount) -> None:
        async def connect() -> None:
            scope = cast(dict[str, Any], websocket.scope)
            if _RECEIVE not in scope:
                raise UsageError(_REPLACED)
            # Taken out, since a session keeps the scope: they hold all of the server's connection.
            socket = AsgiSocket(scope.pop(_RECEIVE), scope.pop(_SEND))
            await mount.site().connect(socket, handshake(scope))

        for route in mount.routes:
            self.add(mount, route)
        self.server.add_websocket(mount.socket, f"wscb {mount.socket}", view_func=connect)
        self.server.asgi_websocket_class = _past_the_queue(self.server.asgi_websocket_class, mount.socket)
        self.server.asgi_lifespan_class = _checked(self.server.asgi_lifespan_class, mount.check)
        # The root of an app that is somebody else's has its own answer for what is not there.
        if self._own or mount.prefix != "/":
            self._catch(mount.prefix, self.view(mount))

    def _catch(self, prefix: str, respond: Callable[[], Awaitable[Response]]) -> None:
        """Gives the page to those who visit any address below the prefix that no route has, also one added later."""
        missing = self.server.dispatch_request

        async def dispatch(*context: Any) -> ResponseReturnValue:
            ours = is_nowhere(request, prefix) and is_visit(handshake(cast(dict[str, Any], request.scope)))
            return await (respond() if ours else missing(*context))

        self.server.dispatch_request = dispatch  # type: ignore[method-assign,assignment]

    def view(self, mount: Mount) -> Callable[..., Awaitable[Response]]:
        async def respond(path: str = "") -> Response:
            asked = HttpRequest(
                method=request.method,
                path=below(request, mount.prefix),
                handshake=handshake(cast(dict[str, Any], request.scope)),
                root_path=request.root_path,
                body=await _body(mount.message_bytes),
            )
            found = await mount.site().respond(asked, self.handles)
            response = Response(found.body, found.status, content_type=found.content_type)
            fill(response.headers, found)
            return response

        return respond


def _checked(base: Any, check: Callable[[], None]) -> Any:
    """The host's class for its start and end, where a start counts as failed when `check` raises."""

    class Lifespan(base):  # type: ignore[misc]
        async def __call__(self, receive: Any, send: Any) -> None:
            await checked_lifespan(super().__call__, receive, send, check)

    return Lifespan


async def _body(limit: int) -> bytes:
    """The request's body; of one over the limit only so much that it is seen to be over."""
    found = bytearray()
    async for part in request.body:
        found += part
        if len(found) > limit:
            break
    return bytes(found)


def _past_the_queue(base: Any, path: str) -> Any:
    """The host's class for connections, where the one at `path` gets the server's own two callables.

    Between these and a view Quart has a queue without a bound, which loses empty frames and the peer's close code.
    """

    class Connection(base):  # type: ignore[misc]
        async def handle_messages(self, receive: Any) -> None:
            scope = self.scope
            if routed_path(scope) != path:
                await super().handle_messages(receive)
                return
            scope[_RECEIVE] = receive
            await asyncio.Event().wait()  # until the view has ended

        async def handle_websocket(self, websocket: Any, send: Any) -> None:
            self.scope[_SEND] = send
            await super().handle_websocket(websocket, send)

    return Connection
