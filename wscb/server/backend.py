"""What a backend is: the way between a web framework and a `Site`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

from wscb.callbacks.declaration import Callback
from wscb.errors import DeclarationError
from wscb.server import running
from wscb.server.endpoints import Endpoint
from wscb.server.injection import Fill, Injector, plan
from wscb.server.mistaken import MistakenSite
from wscb.server.site import Site

SiteOf = Callable[[], Site | MistakenSite]
"""Gives the app's site on the running loop, made at the first call; of an app that is declared wrongly what says so."""


def _unchecked() -> None: ...


@dataclass(frozen=True, slots=True)
class Route:
    """A path in the host, prefix and all. An `open` one ends with a slash, and stands for all that is below it.

    `endpoint` is what a framework that documents its routes can say of this one.
    """

    path: str
    methods: tuple[str, ...] = ("GET",)
    open: bool = False
    endpoint: Endpoint | None = None


@dataclass(frozen=True, slots=True)
class Mount:
    """A site, and where it is in its host. `prefix` begins and ends with a slash."""

    prefix: str
    site: SiteOf
    message_bytes: int
    """Of a body no more is read than shows that it is longer."""
    health: str | None = None
    """Below the prefix, without a slash before it; None when there is no such endpoint."""
    check: Callable[[], None] = _unchecked
    """To be called when the host has started and before it serves. Raises when the app is declared wrongly: then the
    host is not to serve. A host that cannot be asked so early finds it out at the first request."""

    @property
    def routes(self) -> list[Route]:
        """All that is asked for over HTTP; a host's paths beside these stay the host's."""
        below = (
            Route(f"{self.prefix}_wscb/", ("GET", "POST"), open=True),
            Route(f"{self.prefix}assets/", open=True),
            Route(self.prefix),
        )
        return [*below, Route(self.prefix + self.health)] if self.health else [*below]

    def route(self, endpoint: Endpoint) -> Route:
        """The route of a callback's own."""
        return Route(self.prefix + endpoint.path.removeprefix("/"), ("POST",), endpoint=endpoint)

    @property
    def socket(self) -> str:
        """The path of the pages' WebSocket."""
        return f"{self.prefix}_wscb/ws"


class Backend(ABC):
    """Serves sites at prefixes of a framework's own app. `server` is None when it is to make that app itself."""

    name: ClassVar[str]
    """How errors call it."""

    sockets: ClassVar[bool] = True
    """Whether pages can hold a WebSocket; without, callbacks that need one are refused."""

    injector: Injector | None = None
    """Fills parameters of callbacks that have a marker, as `Depends(...)` is; without, these are refused."""

    entry: ClassVar[str | None] = None
    """The method of `server` that is called before its first request is routed: routes that come with callbacks are
    added then. Without, that is when the app is built."""

    server: Any
    """The framework's app, which the user adds routes to and runs."""

    def __init__(self, server: Any) -> None:
        self.server = server

    @abstractmethod
    def mount(self, mount: Mount) -> None:
        """Adds the routes of `mount`, and its socket if there are any. Nothing outside of them is touched."""

    def add(self, mount: Mount, route: Route) -> None:
        """Adds a route of `mount` that came with a callback. Without this method `api_endpoint` is refused."""
        raise DeclarationError(f"The backend {self.name!r} adds no routes of callbacks: leave out api_endpoint=.")

    def fill_route(self, callback: Callback) -> Fill | None:
        """What fills the parameters of a call at such a route, and is asked of each, if anything is. Raises
        DeclarationError."""
        return plan(self.injector, self.name, callback) if callback.injected else None

    def before_first(self, ready: Callable[[], None]) -> None:
        """Has `ready` called before requests are routed; it is to be quick from the second time on.

        The apps of one server are asked in the order in which they were made.
        """
        if self.entry is None:
            return
        # Kept at the server and not at the method, around which the host may have put something meanwhile.
        waiting: list[Callable[[], None]] = vars(self.server).setdefault("_wscb_waiting", [])
        waiting.append(ready)
        if len(waiting) > 1:
            return
        begin = getattr(self.server, self.entry)

        def first(*arguments: Any) -> Any:
            for one in waiting:
                one()
            return begin(*arguments)

        setattr(self.server, self.entry, first)

    def handles(self, error: Exception) -> bool:
        """Whether the host has a handler for what a layout raised; else the answer is a 500 with a reference."""
        return False

    def run(self, host: str, port: int, message_bytes: int, options: dict[str, Any]) -> None:
        """Serves until it is stopped; of an ASGI app that is uvicorn's work. `message_bytes` bounds a message."""
        running.serve(self.server, host, port, message_bytes, options)


_taken: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


def claim(server: Any, prefix: str) -> None:
    """Takes the prefix for an app. Raises ValueError when another one has it, since nobody would see both."""
    try:
        taken = _taken.setdefault(server, set())
    except TypeError:  # a server of a kind that cannot be looked up
        return
    if prefix in taken:
        raise ValueError(
            f"url_base_pathname={prefix!r} is taken in this server by another App. Give each a prefix of its own."
        )
    taken.add(prefix)


def handler_in(handlers: dict[Any, Any], error: Exception) -> bool:
    """Whether a table of handlers by class has one for this exception, or one for all of them."""
    return any(cls in handlers for cls in type(error).__mro__)
