"""Flask: WSGI, so no socket and no loop. What is async runs on one loop in the background; a request's thread waits."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from wscb.server.asgi import parse_cookies
from wscb.server.backend import Backend, Mount, handler_in
from wscb.server.background import background
from wscb.server.http import HttpRequest, HttpResponse
from wscb.server.socket import Handshake


class FlaskBackend(Backend):
    """Mounts sites in a `Flask` app, its own or the one it is given."""

    name = "flask"
    sockets = False

    def __init__(self, server: Flask | None) -> None:
        self.server: Flask = Flask("wscb", static_folder=None) if server is None else server

    def mount(self, mount: Mount) -> None:
        def respond(path: str = "") -> Response:
            return self._respond(mount, request.path.removeprefix(mount.prefix))

        for route in mount.routes:
            rule = f"{route.path}<path:path>" if route.open else route.path
            self.server.add_url_rule(rule, f"wscb {rule}", respond, methods=list(route.methods))

    def _respond(self, mount: Mount, path: str) -> Response:
        async def answer() -> HttpResponse:
            return await mount.site().respond(asked, self.handles)

        # One byte over the limit is enough to see that it is over.
        asked = _request(path, request.stream.read(mount.message_bytes + 1))
        found = background.run(answer())
        response = Response(found.body, found.status, content_type=found.content_type)
        for name, value in found.headers.items():
            response.headers[name] = value
        for name, value in found.added:
            response.headers.add(name, value)
        if found.status == 304:
            del response.headers["content-type"]
        return response

    def handles(self, error: Exception) -> bool:
        handlers = self.server.error_handler_spec[None]
        return isinstance(error, HTTPException) or handler_in(handlers[None], error) or 500 in handlers

    def run(self, host: str, port: int, message_bytes: int, options: dict[str, Any]) -> None:
        """Flask's own server, a thread for each request; who restarts it when a file changes is wscb."""
        settings: dict[str, Any] = {"threaded": True, "use_reloader": False, "use_debugger": False}
        self.server.run(host, port, **{**settings, **options})


def _request(path: str, body: bytes) -> HttpRequest:
    said = Handshake(
        path=request.root_path + request.path,
        query=request.query_string.decode("latin-1"),
        headers=tuple((name.lower(), value) for name, value in request.headers.items()),
        remote_addr=request.remote_addr,
        scheme=request.scheme,
        user=request.remote_user,
        cookies=parse_cookies(request.headers.get("cookie", "")),
    )
    return HttpRequest(request.method, path, said, request.root_path, body)
