"""What Flask and Quart have in common: their routes, headers and handlers are werkzeug's."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import Any

from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException, NotFound

from wscb.server.backend import Backend, Mount, Route, handler_in
from wscb.server.http import HttpResponse


class WerkzeugBackend(Backend):
    """The views are of the framework: what they take and give is not the same."""

    def add(self, mount: Mount, route: Route) -> None:
        rule = f"{route.path}<path:path>" if route.open else route.path
        self.server.add_url_rule(rule, f"wscb {rule}", self.view(mount), methods=list(route.methods))

    @abstractmethod
    def view(self, mount: Mount) -> Callable[..., Any]:
        """Answers any request below the prefix; the path that a rule found is in it anyway."""

    def handles(self, error: Exception) -> bool:
        handlers = self.server.error_handler_spec[None]
        return isinstance(error, HTTPException) or handler_in(handlers[None], error) or 500 in handlers


def below(request: Any, prefix: str) -> str:
    """The path below the prefix, whose last slash may be left out where the host does not ask for it."""
    path: str = request.path
    return "" if path == prefix.removesuffix("/") else path.removeprefix(prefix)


def is_nowhere(request: Any, prefix: str) -> bool:
    """Whether no route has the address below the prefix that somebody reads."""
    reads = isinstance(request.routing_exception, NotFound) and request.method in ("GET", "HEAD")
    return reads and request.path.startswith(prefix)


def fill(headers: Headers, found: HttpResponse) -> None:
    """Writes the headers of a response."""
    for name, value in found.headers.items():
        headers[name] = value
    for name, value in found.added:
        headers.add(name, value)
    if found.status in (204, 304):
        headers.remove("content-type")
