"""`App`: joins a layout, callbacks and a backend."""

from __future__ import annotations

import asyncio
import inspect
import os
import sys
import threading
import warnings
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Never, TypeVar

from wscb import paths
from wscb.callbacks.declaration import Callback, origin
from wscb.callbacks.fitting import mismatch
from wscb.callbacks.foreign import attribute, refuse_attribute, refuse_in_app
from wscb.callbacks.registry import GLOBAL, Registry
from wscb.callbacks.validation import mismatches
from wscb.components.base import check_layout
from wscb.components.dcc.figures import prepare_templates
from wscb.components.tree import find
from wscb.config import Config
from wscb.errors import DashPropWarning, DeclarationError
from wscb.protocol.limits import Limits
from wscb.server import fallen, index, logs, running
from wscb.server.admission import Origins
from wscb.server.backend import Backend, Mount, claim
from wscb.server.backends import WITH_SOCKETS, choose
from wscb.server.definition import Catalog, Definition, Look
from wscb.server.endpoints import Endpoints
from wscb.server.injection import Fill, plan
from wscb.server.mistaken import MistakenSite
from wscb.server.site import Site
from wscb.server.workers import ErrorHandler
from wscb.session import Rule
from wscb.version import VERSION

F = TypeVar("F", bound=Callable[..., Any])


class App:
    """A dashboard: a layout, its callbacks, and the server that they run on.

    `name` is usually `__name__`: the assets folder is looked for beside that module. `server` is an app that exists
    already (a `FastAPI`, `Quart` or `Flask`); then this one is served below `url_base_pathname` of it and touches
    nothing else.
    `theme` is "light", "dark", or "auto" (the default): as the browser of who looks prefers.
    Times of the `websocket_` arguments are in milliseconds, as in Dash. Raises DeclarationError or ValueError for
    arguments that make no sense.
    """

    _theme: ClassVar[index.Theme] = "auto"

    def __init__(
        self,
        name: str | None = None,
        server: Any = None,
        backend: str | type[Backend] | None = None,
        url_base_pathname: str = "/",
        *,
        websocket_callbacks: bool = False,
        websocket_allowed_origins: Sequence[str] = (),
        websocket_inactivity_timeout: float | None = None,
        websocket_heartbeat_interval: float | None = None,
        websocket_max_workers: int | None = None,
        suppress_callback_exceptions: bool = False,
        prevent_initial_callbacks: bool = False,
        on_error: ErrorHandler | None = None,
        title: str = "wscb",
        update_title: str | None = "Updating...",
        assets_folder: str = "assets",
        external_scripts: Sequence[str | Mapping[str, str]] = (),
        external_stylesheets: Sequence[str | Mapping[str, str]] = (),
        meta_tags: Sequence[Mapping[str, str]] = (),
        index_string: str = index.INDEX,
        theme: index.Theme | None = None,
        health_endpoint: str | None = None,
        limits: Limits | None = None,
        **unknown: Never,
    ) -> None:
        caller = sys._getframe(1)
        self._at = caller.f_code.co_filename, caller.f_lineno
        if unknown:
            refuse_in_app(unknown, inspect.signature(App).parameters, *self._at)
        self.layout: Any = None
        """A component, a list of them, or a function, plain or async, that returns one for each load of the page."""
        self.validation_layout: Any = None
        """With a layout that is a function: components whose ids and props the callbacks are checked against."""
        self.title = title
        self.index_string = index_string
        """The page's HTML, with {%app_entry%}, {%config%}, {%scripts%}, {%css%}, {%metas%}, {%title%}, {%favicon%}."""
        self.debug = False
        self._prefix = paths.prefix(url_base_pathname)
        self._every_socket = websocket_callbacks
        self.config = Config(
            suppress_callback_exceptions=suppress_callback_exceptions,
            prevent_initial_callbacks=prevent_initial_callbacks,
            name=name,
            url_base_pathname=self._prefix,
            requests_pathname_prefix=self._prefix,
            routes_pathname_prefix=self._prefix,
            assets_folder=assets_folder,
            update_title=update_title,
            external_scripts=list(external_scripts),
            external_stylesheets=list(external_stylesheets),
            meta_tags=list(meta_tags),
        )
        self._on_error = on_error
        self._origins = Origins(websocket_allowed_origins)
        self._limits = _limits(
            limits, websocket_inactivity_timeout, websocket_heartbeat_interval, websocket_max_workers
        )
        self._look = Look(
            title=title,
            update_title=update_title,
            meta_tags=tuple(meta_tags),
            external_scripts=_links("external_scripts", external_scripts),
            external_stylesheets=_links("external_stylesheets", external_stylesheets),
            assets=_assets(name, assets_folder),
            theme=index.check_theme(theme or self._theme),
            index=self._interpolate,
        )
        self._health = paths.health(health_endpoint)
        self._backend = choose(backend, server)
        if websocket_callbacks and not self._backend.sockets:
            raise DeclarationError(_no_sockets("websocket_callbacks=True", self._backend))
        self._registry = Registry(self._check)
        self._lock = threading.Lock()
        self._begun = False
        self._site: Site | None = None
        self._mistaken: MistakenSite | None = None
        self._site_loop: asyncio.AbstractEventLoop | None = None
        claim(self._backend.server, self._prefix)
        mount = Mount(self._prefix, self._served, self._limits.message_bytes, self._health, self._look_over)
        self._endpoints = Endpoints(self._backend, mount)
        self._backend.mount(mount)
        self._backend.before_first(self._ready)

    if not TYPE_CHECKING:  # who checks types is to know which attributes there are

        def __getattr__(self, name: str) -> Never:
            raise AttributeError(attribute(name, [*vars(self), *dir(App)]))

        def __setattr__(self, name: str, value: Any) -> None:
            refuse_attribute(name)
            object.__setattr__(self, name, value)

    @property
    def server(self) -> Any:
        """The framework's own app: add routes to it, run it with any server of its kind."""
        return self._backend.server

    @property
    def callback(self) -> Callable[..., Callable[[F], F]]:
        """`@app.callback(Output(...), Input(...), ...)`; the arguments are those of `wscb.callback`."""
        return self._registry.callback

    @property
    def clientside_callback(self) -> Callable[..., None]:
        """`app.clientside_callback(ClientsideFunction(...), Output(...), ...)`, as `wscb.clientside_callback`."""
        return self._registry.clientside_callback

    def interpolate_index(self, **parts: str) -> str:
        """The page's HTML out of its parts, named as the places of `index_string`. A subclass may make another of them.

        Parts: `metas`, `title`, `favicon`, `css`, `scripts`, `app_entry`, `config`, `renderer`, each HTML as text.
        """
        return index.fill(self.index_string, parts)

    def _interpolate(self, parts: Mapping[str, str]) -> str:
        html = self.interpolate_index(**parts)
        index.check_html(html)
        return html

    def get_asset_url(self, path: str) -> str:
        """The URL path of a file in the assets folder."""
        return f"{self._prefix}assets/{path.lstrip('/')}"

    def get_relative_path(self, path: str) -> str:
        """The URL path of a page of this app: `path` begins with a slash, and goes below `url_base_pathname`.

        Raises ValueError for a path that does not begin with one.
        """
        return paths.relative(self._prefix, path)

    def strip_relative_path(self, path: str | None) -> str | None:
        """What of a URL path is below `url_base_pathname`, without slashes at its ends, as of Location's pathname.

        Raises ValueError for a path that is not below it. None stays None.
        """
        return paths.stripped(self._prefix, path)

    def build(self) -> Definition:
        """Checks layout and callbacks together and closes the table; what is wrong raises a `DeclarationError`.

        Happens by itself when the server starts, or at the first request where nothing tells of a start: on Flask, and
        in an app that is mounted in another one. Call it in a test or before a deployment to see errors early.
        """
        self.setup_apis()
        layout = self.layout
        if layout is None:
            raise DeclarationError(
                "The app at {}:{} has no layout. Set app.layout to a component, a list of components, or a function "
                "that returns one.".format(*self._at)
            )
        if not callable(layout) or isinstance(layout, type):
            check_layout(layout, "The layout of the app at {}:{} is".format(*self._at))
        index.check_string(self.index_string)
        prepare_templates()
        suppress = self.config.suppress_callback_exceptions
        checked = self.validation_layout or (None if callable(layout) else layout)
        static = None if checked is None else {id: found.props for id, found in find(checked).items()}
        self._registry.complete(
            static,
            suppress=suppress,
            every_socket=self._every_socket,
            prevent_initial=self.config.prevent_initial_callbacks,
        )
        callbacks = {id: one for id, one in self._registry.callbacks.items() if one.clientside is None}
        return Definition(
            callbacks=callbacks,
            specs=self._registry.specs(),
            rules={id: _rule(callback, self.debug) for id, callback in callbacks.items()},
            tasks=tuple(id for id, callback in callbacks.items() if callback.persistent and not callback.inputs),
            sources=self._registry.clientside_sources,
            build=self._registry.build_hash(VERSION + running.child()),
            layout=_layout(layout),
            mismatches=self._mismatches
            if static is None and not self.config.suppress_callback_exceptions
            else lambda _: [],
            catalog=static or {},
            limits=self._limits,
            origins=self._origins,
            look=replace(self._look, title=self.title),
            base=self._prefix,
            debug=self.debug,
            fills={id: self._fill(callback) for id, callback in callbacks.items() if callback.injected},
            health=self._health,
            sockets=self._backend.sockets,
            endpoints=self._endpoints.by_path,
            open=suppress,
        )

    def setup_apis(self) -> None:
        """Adds the routes of the callbacks so far that have an `api_endpoint`, those of the global `@callback` too.

        Happens by itself before the first request, and when the app is built; call it to have them in the `openapi()`
        of a server that does not run. Raises DeclarationError.
        """
        with self._lock:
            self._registry.absorb(GLOBAL)
            self._endpoints.take(self._registry.callbacks.values())

    def _ready(self) -> None:
        """What is wrong is said when the app is built, and only there: the host's own routes have no part in it."""
        if not self._begun:
            with suppress(DeclarationError):
                self.setup_apis()
            self._begun = True

    def run(self, host: str = "127.0.0.1", port: int = 8050, *, debug: bool | None = None, **options: Any) -> None:
        """Serves the app until it is stopped. `debug` shows errors on the page and restarts when a file changes.

        None leaves `app.debug` as it is. `options` are uvicorn's; on Flask those of its own server.
        A socket takes in twice the longest message of `limits`, also one of your own routes: `ws_max_size=` is another.
        """
        self.debug = self.debug if debug is None else debug
        if self.debug and not running.child():
            running.supervise(host, port, options)
            return
        logs.with_times()
        running.quiet()
        self._look_over()
        self._backend.run(host, port, self._limits.message_bytes, options)

    def _look_over(self) -> None:
        """Raises what is wrong with the declarations; in debug that is logged, and the page will show it."""
        try:
            self.build()
        except Exception as error:
            if not self.debug:
                raise
            self._instead(error)

    def _served(self) -> Site | MistakenSite:
        """What answers requests and sockets. A mistake may be mended while the process runs, as in a notebook."""
        try:
            return self.site()
        except Exception as error:
            return self._instead(error)

    def _instead(self, error: Exception) -> MistakenSite:
        """One for each mistake, since making it says the mistake."""
        if self._mistaken is None or repr(self._mistaken.error) != repr(error):
            self._mistaken = MistakenSite(
                error,
                self._prefix,
                debug=self.debug,
                message_bytes=self._limits.message_bytes,
                health=self._health,
            )
        return self._mistaken

    def _check(self, callback: Callback) -> None:
        if callback.socket and not self._backend.sockets:
            raise DeclarationError(_no_sockets(callback.where, self._backend))
        if callback.injected:
            self._fill(callback)

    def _fill(self, callback: Callback) -> Fill:
        return plan(self._backend.injector, self._backend.name, callback)

    def _mismatches(self, catalog: Catalog) -> list[str]:
        return mismatches(list(self._registry.callbacks.values()), catalog)

    def site(self) -> Site:
        """The app on the running loop, built and started at the first call: what a backend and a test talk to."""
        loop = asyncio.get_running_loop()
        if self._site is None or self._site_loop is not loop:
            self._site, self._site_loop = Site(self.build(), self._on_error), loop
        return self._site


class Dash(App):
    """An `App` whose page is light unless told otherwise: style sheets written for Dash take that for granted."""

    _theme = "light"


def _rule(callback: Callback, debug: bool) -> Rule:
    return Rule(
        len(callback.inputs),
        len(callback.state),
        task=callback.persistent,
        on_repeat=callback.on_repeat,
        check=partial(mismatch, callback) if callback.patterns else None,
        timeout=callback.timeout,
        restart=callback.restart is not None and not callback.shared,  # which its stream does, once for all
        where=callback.where if debug else None,
    )


def _layout(layout: Any) -> Callable[[], Awaitable[Any]]:
    async def get() -> Any:
        if not callable(layout):
            return layout
        if inspect.iscoroutinefunction(layout):
            made = await layout()
        else:
            made = await asyncio.to_thread(layout)
            made = await made if inspect.isawaitable(made) else made
        check_layout(made, "{} ({}:{}), which makes the layout, returned".format(*origin(layout)))
        return made

    return get


def _no_sockets(what: str, backend: Backend) -> str:
    those = " and ".join(map(repr, WITH_SOCKETS))
    return (
        f"{what} needs a WebSocket, which the backend {backend.name!r} does not have; {those} have one. Take one of "
        f"those, or leave websocket=True and persistent=True away: then each call is a request of its own."
    )


def _limits(limits: Limits | None, idle: float | None, heartbeat: float | None, workers: int | None) -> Limits:
    changes: dict[str, Any] = {}
    if idle is not None:
        changes["inactivity_seconds"] = idle / 1000
    if heartbeat is not None:
        changes["heartbeat_seconds"] = heartbeat / 1000
    if workers is not None:
        changes["workers"] = workers
    return replace(limits or Limits(), **changes)


def _links(argument: str, given: Sequence[str | Mapping[str, str]]) -> tuple[str | Mapping[str, str], ...]:
    """What is neither an address nor attributes is left out: Dash makes a link of it, which leads nowhere."""
    for link in given:
        if not isinstance(link, (str, Mapping)):
            message = f"{argument}= has {link!r}, which is neither an address nor a dict of attributes. It is left out."
            warnings.warn(message, DashPropWarning, stacklevel=3)
    return tuple(link for link in given if isinstance(link, (str, Mapping)))


def _assets(name: str | None, folder: str) -> Path | None:
    module = sys.modules.get(name or "__main__")
    file = getattr(module, "__file__", None)
    return (Path(file).parent if file else Path(os.getcwd())) / folder


fallen.watch_over_imports()  # from here on the module that makes the app may fail
