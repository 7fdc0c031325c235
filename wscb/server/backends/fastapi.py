"""FastAPI: raw ASGI routes in the app's router, left out of its schema; `Depends()` in the signatures of callbacks."""

from __future__ import annotations

import functools
import inspect
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from string import punctuation
from typing import Any
from urllib.parse import quote

from fastapi import Body, FastAPI, Request, params
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import get_dependant, get_parameterless_sub_dependant, solve_dependencies
from fastapi.exceptions import FastAPIError, RequestValidationError
from fastapi.utils import generate_unique_id
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match, Route, WebSocketRoute

from wscb.callbacks.declaration import Callback
from wscb.callbacks.request import Request as Caller
from wscb.errors import DeclarationError
from wscb.server.asgi import AsgiSite, Receive, Scope, Send, checked_lifespan, routed_path
from wscb.server.backend import Backend, Mount, handler_in
from wscb.server.backend import Route as Added
from wscb.server.endpoint_calls import ASKED
from wscb.server.endpoints import Endpoint, Unfit
from wscb.server.http import Handles
from wscb.server.injection import Fill, Refusal

logger = logging.getLogger("wscb.http")

LONGEST = 500
"""Characters of what a dependency says to the page."""


class FastAPIBackend(Backend):
    """Mounts sites in a `FastAPI` app, its own or the one it is given."""

    name = "fastapi"
    entry = "build_middleware_stack"

    def __init__(self, server: FastAPI | None) -> None:
        self._own = server is None
        self.server: FastAPI = FastAPI(title="wscb") if server is None else server
        self._dependencies = self.injector = Dependencies(self.server)

    def mount(self, mount: Mount) -> None:
        router = self.server.router
        endpoint = AskedSite(mount, self._dependencies, self.handles) if router.dependencies else self._site(mount)
        _warn_of_what_hides(mount, router.routes)
        router.routes.append(WebSocketRoute(mount.socket, endpoint))
        for route in mount.routes:
            path = f"{route.path}{{path:path}}" if route.open else route.path
            router.routes.append(Route(path, endpoint, methods=list(route.methods), include_in_schema=False))
        # The root of an app that is somebody else's has its own answer for what is not there.
        if self._own or mount.prefix != "/":
            router.default = endpoint.visited(router.default)
        self._check_at_start(mount)

    def _check_at_start(self, mount: Mount) -> None:
        """The host's own lifespan runs as it does without; of an app that is mounted in another one none does."""
        start = self.server.router.lifespan

        async def lifespan(scope: Scope, receive: Receive, send: Send) -> None:
            await checked_lifespan(functools.partial(start, scope), receive, send, mount.check)

        self.server.router.lifespan = lifespan  # type: ignore[method-assign]

    def _site(self, mount: Mount) -> AsgiSite:
        return AsgiSite(mount.prefix, mount.site, self.handles)

    def add(self, mount: Mount, route: Added) -> None:
        """A route for FastAPI's documents, dependencies and all; what answers is the site, as for any other."""
        assert route.endpoint is not None
        router = self.server.router
        said = {"methods": list(route.methods), **_documented(route.endpoint, mount)}
        try:
            router.add_api_route(route.path, _signed(route.endpoint), **said)
        except Exception:  # what the host makes names with may count on more than its own routes have
            said["generate_unique_id_function"] = generate_unique_id
            router.add_api_route(route.path, _signed(route.endpoint), **said)
        site = EndpointSite(mount.prefix, mount.site, lambda error: isinstance(error, Unfit) or self.handles(error))
        router.routes[-1].app = site  # type: ignore[attr-defined]
        self.server.openapi_schema = None  # it is made anew, which older versions do not do by themselves

    def fill_route(self, callback: Callback) -> Fill | None:
        """What the host asks of all its routes is asked here too."""
        asked = self.server.router.dependencies
        return self._dependencies.plan(callback, asked) if callback.injected or asked else None

    def handles(self, error: Exception) -> bool:
        handlers = self.server.exception_handlers
        return handler_in(handlers, error) or 500 in handlers


class EndpointSite(AsgiSite):
    """What is wrong with a body is for the host to say, who may have a form of its own for that."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        except Unfit as unfit:
            mistakes = [{**one, "loc": tuple(one["loc"])} for one in unfit.mistakes]
            raise RequestValidationError(mistakes) from None


class AskedSite(AsgiSite):
    """A site in a host that asks something of all its routes: it is asked here too, but of files and of health.

    Of a socket it is asked once, with a GET, as a dependency that takes a `Request` wants it.
    """

    def __init__(self, mount: Mount, dependencies: Dependencies, handles: Handles) -> None:
        super().__init__(mount.prefix, mount.site, handles)
        self._ask = dependencies.of_all()
        self._status = f"{mount.prefix}_wscb/status"
        self._files = (f"{mount.prefix}_wscb/static/", f"{mount.prefix}assets/")
        self._health = {f"{mount.prefix}_wscb/ready", *([mount.prefix + mount.health] if mount.health else [])}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = routed_path(scope)
        if path in self._health or path.startswith(self._files):
            await super().__call__(scope, receive, send)
        elif scope["type"] == "http":
            await super().__call__(scope, await self._asked(scope, receive), send)
        elif await self._lets_in(scope):
            await super().__call__(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})  # before it is accepted: a 403

    async def _asked(self, scope: Scope, receive: Receive) -> Receive:
        try:
            return await self._ask(scope, receive)
        except (HTTPException, RequestValidationError) as error:
            # A page asks there whether it is let in; of other refusals it would think that they pass.
            if routed_path(scope) == self._status and getattr(error, "status_code", 422) < 500:
                raise HTTPException(403) from error
            raise

    async def _lets_in(self, scope: Scope) -> bool:
        scope.setdefault("state", {})
        try:
            await self._ask({**scope, "type": "http", "method": "GET", "scheme": _http_scheme(scope)}, _empty)
        except (HTTPException, RequestValidationError):
            return False
        return True


async def _empty() -> dict[str, Any]:
    return {"type": "http.request", "body": b""}


def _again(body: bytes, receive: Receive) -> Receive:
    """What a dependency has read of the body comes once more."""
    first: list[dict[str, Any]] = [{"type": "http.request", "body": body}]

    async def hear() -> Any:
        return first.pop() if first else await receive()

    return hear


def _http_scheme(scope: Mapping[str, Any]) -> str:
    scheme = str(scope.get("scheme", "http"))
    return {"ws": "http", "wss": "https"}.get(scheme, scheme)


def _taking(callback: Callback, *more: inspect.Parameter) -> Callable[..., None]:
    """A function whose signature has what FastAPI fills."""

    def call(**values: Any) -> None: ...

    parameters = [one.parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in callback.injected]
    call.__signature__ = inspect.Signature([*more, *parameters])  # type: ignore[attr-defined]
    return call


def _signed(endpoint: Endpoint) -> Callable[..., None]:
    """A function whose signature says what a call takes. It is for the documents alone, and not called."""
    if not endpoint.groupings:
        return _taking(endpoint.callback)
    default = inspect.Parameter.empty if endpoint.needed else Body(default_factory=dict)
    body = inspect.Parameter("wscb_body", inspect.Parameter.KEYWORD_ONLY, annotation=endpoint.body, default=default)
    return _taking(endpoint.callback, body)


def _warn_of_what_hides(mount: Mount, routes: Sequence[BaseRoute]) -> None:
    """A host's route for everything, as of a page's files at "/", answers in our place when it was added before."""
    asked = {"type": "http", "method": "GET", "path": mount.prefix, "headers": []}
    for route in routes:
        if route.matches(asked)[0] is Match.FULL:
            logger.warning(
                "url_base_pathname=%r is answered by a route that the server had before the App, %r, and never by the "
                "App. Make the App first, and add that route after it.",
                mount.prefix,
                route,
            )
            return


def _documented(endpoint: Endpoint, mount: Mount) -> dict[str, Any]:
    set_props = {
        "name": ASKED,
        "in": "query",
        "schema": {"type": "boolean", "default": False},
        "description": 'Answer with {"result": ..., "set_props": [...]}, which has what the call sets besides.',
    }
    return {
        "name": endpoint.name,
        "tags": [mount.prefix.strip("/") or "wscb"],
        "summary": endpoint.summary,
        "description": endpoint.description,
        "response_model": endpoint.returns,
        "responses": {
            204: {"description": "Nothing is to change"},
            403: {"description": "The origin is not allowed"},
            500: {"description": "The call failed; the reference is that of the server's log"},
            **({504: {"description": "The call took too long"}} if endpoint.callback.timeout else {}),
        },
        "openapi_extra": {"parameters": [set_props]},
    }


class Dependencies:
    """Fills parameters with `Depends(...)` as FastAPI does for a route, overrides of `server` included.

    A dependency gets the page's GET: its path and query, with the headers and cookies of the connection; at an
    `api_endpoint` the program's own POST.
    """

    def __init__(self, server: FastAPI) -> None:
        self._server = server

    def plan(self, callback: Callback, asked: Sequence[params.Depends] = ()) -> Fill:
        """`asked` is asked too, and before."""
        try:
            dependant = get_dependant(path="/", call=_taking(callback))
            dependant.dependencies[:0] = [get_parameterless_sub_dependant(depends=one, path="/") for one in asked]
        except (FastAPIError, AssertionError, TypeError, ValueError) as error:
            raise DeclarationError(f"{callback.where}: FastAPI cannot take its dependencies: {error}") from error
        for what in _unfit(dependant):
            raise DeclarationError(
                f"{callback.where}: a dependency of it takes {what}, which a callback's call does not have. Take what "
                f"it needs from Request or HTTPConnection, and answer with ctx.response."
            )
        return functools.partial(self._filled, dependant)

    def of_all(self) -> Callable[[Scope, Receive], Awaitable[Receive]]:
        """Asks what the server asks of all its routes, as these do: raises what a dependency raises. Returns where
        the body is to be read from then."""
        dependant = get_dependant(path="/", call=lambda: None)
        asked = self._server.router.dependencies
        dependant.dependencies[:0] = [get_parameterless_sub_dependant(depends=one, path="/") for one in asked]

        async def ask(scope: Scope, receive: Receive) -> Receive:
            async with AsyncExitStack() as longer, AsyncExitStack() as shorter:
                scope.update(_closing(longer, shorter))
                request = Request(scope, receive)
                await self._solved(dependant, request, longer)
            body: bytes | None = getattr(request, "_body", None)
            return receive if body is None else _again(body, receive)

        return ask

    @asynccontextmanager
    async def _filled(self, dependant: Dependant, caller: Caller) -> AsyncIterator[Mapping[str, Any]]:
        refused: Exception | None = None
        try:
            async with AsyncExitStack() as longer, AsyncExitStack() as shorter:
                try:
                    values = await self._solved(dependant, _request(caller, longer, shorter), longer)
                except (HTTPException, RequestValidationError) as error:
                    refused = error
                    raise
                yield values
        except (HTTPException, RequestValidationError) as error:
            if error is not refused:  # the callback's own
                raise
        if refused is not None:
            raise _refusal(refused, caller)

    async def _solved(self, dependant: Dependant, request: Request, stack: AsyncExitStack) -> dict[str, Any]:
        solved = await solve_dependencies(
            request=request,
            dependant=dependant,
            dependency_overrides_provider=self._server,
            async_exit_stack=stack,
            embed_body_fields=False,
        )
        if solved.errors:
            raise RequestValidationError(solved.errors)
        return solved.values


def _request(caller: Caller, longer: AsyncExitStack, shorter: AsyncExitStack) -> Request:
    """The connection as a request of the page, which a dependency that routes share can take too."""

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": caller.body}

    # A session keeps no more of its scope than what is not in `caller`.
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in caller.headers.items()]
    known = {"headers": headers, "http_version": "1.1", **(caller.connection or {})}
    known.pop("raw_path", None)
    if caller.user is not None:
        known["user"] = caller.user
    return Request(
        {
            **known,
            "type": "http",
            "method": caller.method,
            "scheme": _http_scheme(known),
            "path": caller.path,
            "path_params": {},
            "query_string": quote(caller.query.removeprefix("?"), safe=punctuation, errors="replace").encode(),
            **_closing(longer, shorter),
        },
        receive,
    )


def _closing(longer: AsyncExitStack, shorter: AsyncExitStack) -> dict[str, Any]:
    """Where FastAPI looks for what closes what a dependency has opened; which of them, its version says."""
    return {"fastapi_astack": longer, "fastapi_inner_astack": longer, "fastapi_function_astack": shorter}


def _refusal(error: Exception, caller: Caller) -> Exception:
    """What a dependency says to a page by a status of 4xx is for it; of any other the log alone has the text. A program
    gets each as from any route of the host."""
    if isinstance(error, RequestValidationError):
        mistakes = [f"{' '.join(map(str, one.get('loc', ())))}: {one.get('msg')}" for one in error.errors()]
        return Refusal(422, _line("; ".join(mistakes)), error)
    assert isinstance(error, HTTPException)
    told = error.status_code < 500 or caller.method == "POST"
    return Refusal(error.status_code, _line(str(error.detail)), error) if told else error


def _line(text: str) -> str:
    return text[:LONGEST].encode(errors="replace").decode()


def _unfit(dependant: Dependant) -> Iterator[str]:
    """What a route gives to its dependencies, and a callback cannot."""
    if dependant.body_params:
        yield "a body"
    if dependant.websocket_param_name:
        yield "a WebSocket"
    if dependant.response_param_name:
        yield "a Response"
    if dependant.background_tasks_param_name:
        yield "BackgroundTasks"
    for inner in dependant.dependencies:
        yield from _unfit(inner)
