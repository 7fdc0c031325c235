"""FastAPI: raw ASGI routes in the app's router, left out of its schema."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.routing import Route, WebSocketRoute

from wscb.server.asgi import AsgiSite
from wscb.server.backend import Backend, Mount, handler_in


class FastAPIBackend(Backend):
    """Mounts sites in a `FastAPI` app, its own or the one it is given."""

    name = "fastapi"

    def __init__(self, server: FastAPI | None) -> None:
        self._own = server is None
        self.server: FastAPI = FastAPI(title="wscb") if server is None else server

    def mount(self, mount: Mount) -> None:
        endpoint = AsgiSite(mount.prefix, mount.site, self.handles)
        router = self.server.router
        router.routes.append(WebSocketRoute(mount.socket, endpoint))
        for route in mount.routes:
            path = f"{route.path}{{path:path}}" if route.open else route.path
            router.routes.append(Route(path, endpoint, methods=list(route.methods), include_in_schema=False))
        # The root of an app that is somebody else's has its own answer for what is not there.
        if self._own or mount.prefix != "/":
            router.default = endpoint.visited(router.default)

    def handles(self, error: Exception) -> bool:
        handlers = self.server.exception_handlers
        return handler_in(handlers, error) or 500 in handlers
