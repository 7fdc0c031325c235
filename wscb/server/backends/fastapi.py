"""FastAPI: raw ASGI routes in the app's router, left out of its schema."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.routing import Route, WebSocketRoute

from wscb.server.asgi import AsgiSite, Receive, Scope, Send, handshake
from wscb.server.backend import SiteOf
from wscb.server.http import is_visit


class FastAPIBackend:
    """Mounts a site in a `FastAPI` app, its own or the one it is given."""

    def __init__(self, server: FastAPI | None) -> None:
        self._own = server is None
        self.server = FastAPI(title="wscb") if server is None else server

    def mount(self, prefix: str, site: SiteOf) -> None:
        endpoint = AsgiSite(prefix, site)
        methods = ["GET", "POST"]
        routes = [
            WebSocketRoute(f"{prefix}_wscb/ws", endpoint),
            Route(f"{prefix}_wscb/{{path:path}}", endpoint, methods=methods, include_in_schema=False),
            Route(f"{prefix}assets/{{path:path}}", endpoint, methods=["GET"], include_in_schema=False),
            Route(prefix, endpoint, methods=["GET"], include_in_schema=False),
        ]
        self.server.router.routes.extend(routes)
        # The root of an app that is somebody else's has its own answer for what is not there.
        if self._own or prefix != "/":
            self._catch(prefix, endpoint)

    def _catch(self, prefix: str, endpoint: AsgiSite) -> None:
        """Gives the page to those who visit any address below the prefix that no route has, also one added later."""
        missing = self.server.router.default

        async def default(scope: Scope, receive: Receive, send: Send) -> None:
            read = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
            ours = read and scope["path"].removeprefix(scope.get("root_path", "")).startswith(prefix)
            await (endpoint if ours and is_visit(handshake(scope)) else missing)(scope, receive, send)

        self.server.router.default = default
