"""One app on one loop: routes below its prefix, its hub, its workers. A backend hands requests and sockets to it."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Callable

from wscb.callbacks.declaration import Callback
from wscb.server import error_page, tracebacks
from wscb.server.definition import Definition
from wscb.server.describing import PATHS, Description
from wscb.server.endpoint_calls import EndpointCalls
from wscb.server.http import Handles, HttpRequest, HttpResponse, Invoker, is_visit, nobody_handles, text
from wscb.server.hub import Hub
from wscb.server.page import Page
from wscb.server.reporting import Reporting
from wscb.server.signals import on_termination
from wscb.server.socket import Handshake, Socket
from wscb.server.watchdog import Watchdog
from wscb.server.workers import ErrorHandler, Workers

logger = logging.getLogger("wscb.http")


class Site:
    """Starts lazily with the first request or socket, on the loop that runs then."""

    def __init__(self, definition: Definition, on_error: ErrorHandler | None) -> None:
        self.definition = definition
        limits = definition.limits
        self.workers = Workers(limits.workers, on_error, definition.debug, limits.task_threads, definition.fills)
        self.hub = Hub(definition, self.workers)
        self._page = Page(definition)
        self._description = Description(definition)
        self._invoker = Invoker(definition, self.workers)
        self._reporting = Reporting(definition)
        self._endpoints = EndpointCalls(definition, self._invoker)
        self._watchdog = Watchdog(_callback_finder(definition))
        self._watchdog.start()
        on_termination(self.drain)

    @property
    def message_bytes(self) -> int:
        """Of a request's body no more is needed than shows that it is longer."""
        return self.definition.limits.message_bytes

    async def connect(self, socket: Socket, handshake: Handshake) -> None:
        await self.hub.connect(socket, handshake)

    async def respond(self, request: HttpRequest, handles: Handles = nobody_handles) -> HttpResponse:
        """Answers any request below the prefix. What an exception says stays in the log, unless the host handles it."""
        try:
            return await self._answer(request, handles)
        except Exception as error:
            if handles(error):
                raise
            ref = secrets.token_hex(4)
            info = tracebacks.logged(error)
            logger.error("%s %r failed [ref %s]", request.method, request.path, ref, exc_info=info)
            if self.definition.debug and is_visit(request.handshake):
                base = request.root_path + self.definition.base
                return await error_page.show(error, "This page could not be made", base, self._said)
            return text(500, f"This page could not be made. The server's log says why, under the reference {ref}.")

    async def _answer(self, request: HttpRequest, handles: Handles) -> HttpResponse:
        endpoint = self.definition.endpoints.get(f"/{request.path}")
        if endpoint is not None:
            return await self._endpoints.answer(endpoint, request, handles)
        area, _, rest = request.path.partition("/")
        if area == "_wscb":
            return await self._own(request, rest)
        if request.method not in ("GET", "HEAD"):
            return text(405, "Pages are read with GET.")
        if request.path == "":
            return await self._page.index(request)
        if area == "assets":
            return await self._page.asset(request, rest)
        if request.path == self.definition.health:
            return text(200, "OK")
        if is_visit(request.handshake):
            return await self._page.index(request)  # which page that is, a dcc.Location tells the callbacks
        return text(404, "There is no such page.")

    async def _own(self, request: HttpRequest, path: str) -> HttpResponse:
        if path == "invoke":
            return await self._invoker.invoke(request)
        if path == "problem":
            return self._reporting.answer(request)
        if path == "status":
            return self._status(request)
        if path == "ready":
            return text(503, "draining") if self.hub.draining else text(200, "ready")
        if path in PATHS:
            return await self._description.answer(request, path)
        if path.startswith("inline/"):
            return await self._page.inline(request, path.removeprefix("inline/"))
        if path.startswith(error_page.AREA) and self.definition.debug:
            return await error_page.answer(path.removeprefix(error_page.AREA), self._said)
        if path.startswith("static/"):
            return await self._page.static(request, path.removeprefix("static/"))
        return text(404, "There is no such page.")

    def _status(self, request: HttpRequest) -> HttpResponse:
        """What a page asks after opens that failed: so a proxy's 401 or 403 is seen, which a failed open hides."""
        if not self.definition.origins.allow(request.handshake):
            return text(403, "This origin is not allowed.")
        status = 503 if self.hub.draining else 200
        return HttpResponse(status, "application/json", self._said.encode(), {"cache-control": "no-store"})

    @property
    def _said(self) -> str:
        return json.dumps({"ready": not self.hub.draining, "build": self.definition.build})

    async def drain(self) -> list[str]:
        """Ends all sessions; returns the callbacks that did not end with them."""
        await self.hub.drain()
        self._watchdog.stop()
        return self.hub.stuck


def _callback_finder(definition: Definition) -> Callable[[object], Callback | None]:
    by_code = {getattr(callback.function, "__code__", None): callback for callback in definition.callbacks.values()}
    return by_code.get
