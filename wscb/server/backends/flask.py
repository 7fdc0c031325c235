"""Flask: WSGI, so no socket and no loop. What is async runs on one loop in the background; a request's thread waits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue

from wscb.server.asgi import parse_cookies
from wscb.server.backend import Mount
from wscb.server.backends.werkzeug import WerkzeugBackend, below, fill, is_nowhere
from wscb.server.background import background
from wscb.server.http import HttpRequest, HttpResponse, is_visit
from wscb.server.socket import Handshake


class FlaskBackend(WerkzeugBackend):
    """Mounts sites in a `Flask` app, its own or the one it is given."""

    name = "flask"
    sockets = False
    entry = "wsgi_app"

    def __init__(self, server: Flask | None) -> None:
        self._own = server is None
        self.server: Flask = Flask("wscb", static_folder=None) if server is None else server

    def mount(self, mount: Mount) -> None:
        for route in mount.routes:
            self.add(mount, route)
        # The root of an app that is somebody else's has its own answer for what is not there.
        if self._own or mount.prefix != "/":
            self._catch(mount.prefix, self.view(mount))

    def _catch(self, prefix: str, respond: Callable[[], Response]) -> None:
        """Gives the page to those who visit any address below the prefix that no route has, also one added later."""
        missing = self.server.dispatch_request

        def dispatch(*context: Any) -> ResponseReturnValue:
            ours = is_nowhere(request, prefix) and is_visit(_handshake())
            return respond() if ours else missing(*context)

        self.server.dispatch_request = dispatch  # type: ignore[method-assign]

    def view(self, mount: Mount) -> Callable[..., Response]:
        def respond(**_: str) -> Response:
            async def answer() -> HttpResponse:
                return await mount.site().respond(asked, self.handles)

            # One byte over the limit is enough to see that it is over.
            # What the host has read is kept by Flask.
            body = request.stream.read(mount.message_bytes + 1) or request.get_data()
            path = below(request, mount.prefix)
            asked = HttpRequest(request.method, path, _handshake(), request.root_path, body)
            found = background.run(answer())
            response = Response(found.body, found.status, content_type=found.content_type)
            fill(response.headers, found)
            return response

        return respond

    def run(self, host: str, port: int, message_bytes: int, options: dict[str, Any]) -> None:
        """Flask's own server, a thread for each request; who restarts it when a file changes is wscb."""
        settings: dict[str, Any] = {"threaded": True, "use_reloader": False, "use_debugger": False}
        self.server.run(host, port, **{**settings, **options})


def _handshake() -> Handshake:
    return Handshake(
        path=request.root_path + request.path,
        query=request.query_string.decode("latin-1"),
        headers=tuple((name.lower(), value) for name, value in request.headers.items()),
        remote_addr=request.remote_addr,
        scheme=request.scheme,
        user=request.remote_user,
        cookies=parse_cookies(request.headers.get("cookie", "")),
    )
