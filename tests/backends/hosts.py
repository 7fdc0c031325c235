"""One host in each framework, with the same things in it: what each behaviour is seen through."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

import httpx
from fastapi import FastAPI, WebSocket
from fastapi.responses import PlainTextResponse
from flask import Flask
from flask import session as flask_session
from quart import Quart
from quart import session as quart_session
from quart import websocket as quart_websocket
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.routing import Mount, Route, WebSocketRoute
from werkzeug.exceptions import Forbidden

from tests.backends.documented import StarletteBackend
from tests.server.asgi_app import browser
from wscb import App, html


class Teapot(Exception):
    """The host has a handler for it, which answers 418."""


class Kind:
    """A backend under test: how to make a host for it, and how to talk to that."""

    name: str
    sockets = True
    checked = True
    """Whether it looks at the declarations when it starts."""
    backend: Any = None

    def own(self) -> Any:
        """An empty server of this kind."""
        raise NotImplementedError

    def host(self, events: list[str] | None = None) -> Any:
        """One with routes, a 404 of its own, a session, a mark on each answer, and a handler for `Teapot`.

        What happens at its start and its end is added to `events`.
        """
        raise NotImplementedError

    def refusal(self) -> Exception:
        """What its views raise to answer 403."""
        raise NotImplementedError

    def on_500(self, server: Any) -> None:
        """Has it answer an exception that nobody handles with a page of its own."""
        raise NotImplementedError

    def later(self, server: Any) -> None:
        """Adds `/after` to it, and `/dash/posted`, to which one can only post."""
        raise NotImplementedError

    def nested(self, server: Any) -> Any:
        """Another app that has `server` as its part below `/part`."""
        raise NotImplementedError

    def app(self, server: Any = None, prefix: str = "/", **options: Any) -> App:
        if server is None and self.backend is None:
            options["backend"] = self.name
        elif self.backend is not None:
            options["backend"] = self.backend
        app = _as_at_import(lambda: App("tests.backends", server=server, url_base_pathname=prefix, **options))
        app.layout = [html.Button(id="run"), html.Output(id="out"), html.Div(id="log"), html.Div(id="end")]
        return app

    def identified(self, server: Any, user: str) -> Any:
        """It behind somebody who knows who asks."""

        async def around(scope: Any, receive: Any, send: Any) -> None:
            await server({**scope, "user": user}, receive, send)

        return around

    @asynccontextmanager
    async def client(self, server: Any, **headers: str) -> AsyncIterator[Any]:
        async with browser(server, **headers) as client:
            yield client


class FastAPIKind(Kind):
    name = "fastapi"

    def own(self) -> Any:
        return FastAPI()

    def host(self, events: list[str] | None = None) -> Any:
        server = FastAPI(lifespan=recorded(events))
        server.add_middleware(SessionMiddleware, secret_key="secret")

        @server.get("/before")
        async def before(request: Request) -> PlainTextResponse:
            request.session["seen"] = "before"
            return PlainTextResponse("before")

        @server.websocket("/echo")
        async def echo(socket: WebSocket) -> None:
            await socket.accept()
            await socket.send_text(await socket.receive_text())

        @server.middleware("http")
        async def mark(request: Request, go_on: Any) -> Any:
            response = await go_on(request)
            response.headers["x-seen"] = request.url.path
            return response

        server.add_exception_handler(404, lambda request, error: PlainTextResponse("the host's own", 404))
        server.add_exception_handler(Teapot, lambda request, error: PlainTextResponse("teapot", 418))
        return server

    def refusal(self) -> Exception:
        return HTTPException(403)

    def on_500(self, server: Any) -> None:
        async def own(request: Any, error: Any) -> PlainTextResponse:
            return PlainTextResponse("the host's apology", 500)

        server.add_exception_handler(500, own)

    def later(self, server: Any) -> None:
        server.get("/after")(lambda: PlainTextResponse("after"))
        server.post("/dash/posted")(lambda: PlainTextResponse("posted"))

    def nested(self, server: Any) -> Any:
        outer = FastAPI()
        outer.mount("/part", server)
        return outer


class StarletteKind(FastAPIKind):
    """The backend of docs/backends.md."""

    name = "starlette"
    checked = False
    backend = StarletteBackend

    def own(self) -> Any:
        return Starlette()

    def host(self, events: list[str] | None = None) -> Any:
        async def before(request: Request) -> PlainTextResponse:
            request.session["seen"] = "before"
            return PlainTextResponse("before")

        async def echo(socket: WebSocket) -> None:
            await socket.accept()
            await socket.send_text(await socket.receive_text())

        class Mark:
            def __init__(self, app: Any) -> None:
                self.app = app

            async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
                async def marked(event: Any) -> None:
                    if event["type"] == "http.response.start":
                        event["headers"] = [*event["headers"], (b"x-seen", scope["path"].encode())]
                    await send(event)

                await self.app(scope, receive, marked)

        async def own_404(request: Any, error: Any) -> PlainTextResponse:
            return PlainTextResponse("the host's own", 404)

        async def teapot(request: Any, error: Any) -> PlainTextResponse:
            return PlainTextResponse("teapot", 418)

        server = Starlette(routes=[Route("/before", before), WebSocketRoute("/echo", echo)], lifespan=recorded(events))
        server.add_middleware(Mark)
        server.add_middleware(SessionMiddleware, secret_key="secret")
        server.add_exception_handler(404, own_404)
        server.add_exception_handler(Teapot, teapot)
        return server

    def later(self, server: Any) -> None:
        server.router.routes.append(Route("/after", lambda request: PlainTextResponse("after")))
        posted = Route("/dash/posted", lambda request: PlainTextResponse("posted"), methods=["POST"])
        server.router.routes.append(posted)

    def nested(self, server: Any) -> Any:
        return Starlette(routes=[Mount("/part", server)])


class QuartKind(Kind):
    name = "quart"

    def own(self) -> Any:
        return Quart("tests.backends")

    def host(self, events: list[str] | None = None) -> Any:
        server = Quart("tests.backends")
        server.secret_key = "secret"
        told = [] if events is None else events
        server.before_serving(lambda: told.append("started"))
        server.after_serving(lambda: told.append("ended"))

        @server.get("/before")
        async def before() -> str:
            quart_session["seen"] = "before"
            return "before"

        @server.websocket("/echo")
        async def echo() -> None:
            await quart_websocket.accept()
            await quart_websocket.send(await quart_websocket.receive())

        @server.after_request
        async def mark(response: Any) -> Any:
            from quart import request

            response.headers["x-seen"] = request.path
            return response

        async def own_404(error: Any) -> tuple[str, int]:
            return "the host's own", 404

        async def teapot(error: Any) -> tuple[str, int]:
            return "teapot", 418

        server.register_error_handler(404, own_404)
        server.register_error_handler(Teapot, teapot)
        return server

    def refusal(self) -> Exception:
        return Forbidden()

    def on_500(self, server: Any) -> None:
        async def own(error: Any) -> tuple[str, int]:
            return "the host's apology", 500

        server.register_error_handler(500, own)

    def later(self, server: Any) -> None:
        async def after() -> str:
            return "after"

        server.add_url_rule("/after", "after", after)
        server.add_url_rule("/dash/posted", "posted", after, methods=["POST"])

    def nested(self, server: Any) -> Any:
        return Starlette(routes=[Mount("/part", server)])


class FlaskKind(Kind):
    name = "flask"
    sockets = checked = False

    def own(self) -> Any:
        return Flask("tests.backends")

    def refusal(self) -> Exception:
        return Forbidden()

    def on_500(self, server: Any) -> None:
        server.register_error_handler(500, lambda error: ("the host's apology", 500))

    def host(self, events: list[str] | None = None) -> Any:
        server = Flask("tests.backends")
        server.secret_key = "secret"

        @server.get("/before")
        def before() -> str:
            flask_session["seen"] = "before"
            return "before"

        @server.after_request
        def mark(response: Any) -> Any:
            from flask import request

            response.headers["x-seen"] = request.path
            return response

        server.register_error_handler(404, lambda error: ("the host's own", 404))
        server.register_error_handler(Teapot, lambda error: ("teapot", 418))
        return server

    def later(self, server: Any) -> None:
        server.add_url_rule("/after", "after", lambda: "after")
        server.add_url_rule("/dash/posted", "posted", lambda: "posted", methods=["POST"])

    def nested(self, server: Any) -> Any:
        from werkzeug.middleware.dispatcher import DispatcherMiddleware

        return DispatcherMiddleware(Flask("outer"), {"/part": server})

    def identified(self, server: Any, user: str) -> Any:
        return lambda environ, start: server({**environ, "REMOTE_USER": user}, start)

    @asynccontextmanager
    async def client(self, server: Any, **headers: str) -> AsyncIterator[Any]:
        transport = httpx.WSGITransport(server)
        with httpx.Client(transport=transport, base_url="http://testserver", headers=headers) as client:
            yield Threaded(client)


class Threaded:
    """A client of a WSGI app, whose requests are made on threads, as a server makes them."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    @property
    def cookies(self) -> httpx.Cookies:
        return self._client.cookies

    async def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        return await asyncio.to_thread(self._client.request, method, path, **more)

    async def get(self, path: str, **more: Any) -> httpx.Response:
        return await self.request("GET", path, **more)

    async def post(self, path: str, **more: Any) -> httpx.Response:
        return await self.request("POST", path, **more)


def recorded(events: list[str] | None) -> Any:
    @asynccontextmanager
    async def lifespan(server: Any) -> AsyncIterator[None]:
        told = [] if events is None else events
        told.append("started")
        yield
        told.append("ended")

    return lifespan


def _as_at_import(make: Callable[[], App]) -> App:
    """Made off the loop, since frameworks look at the disk when an app is made."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(make).result()


KINDS: list[Kind] = [FastAPIKind(), QuartKind(), FlaskKind(), StarletteKind()]
