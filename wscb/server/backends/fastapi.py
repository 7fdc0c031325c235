"""FastAPI: raw ASGI routes in the app's router, left out of its schema."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.routing import Route, WebSocketRoute

from wscb.server.asgi import AsgiSite
from wscb.server.backend import SiteOf


class FastAPIBackend:
    """Mounts a site in a `FastAPI` app, its own or the one it is given."""

    def __init__(self, server: FastAPI | None) -> None:
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
