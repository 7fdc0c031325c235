"""wscb in a FastAPI app: below its prefix it answers, and nothing else of the host changes."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from fastapi import Depends, FastAPI, WebSocket
from fastapi.responses import PlainTextResponse
from starlette._utils import get_route_path
from starlette.requests import Request

from tests.server.asgi_app import Line, browser
from wscb import App, html
from wscb.protocol import codec
from wscb.protocol.messages import Hello, Location, Welcome

PREFIXES = ["/", "/dash/", "/a/b/"]


def host() -> FastAPI:
    server = FastAPI()

    @server.get("/before")
    async def before() -> str:
        return "before"

    @server.websocket("/echo")
    async def echo(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text(await socket.receive_text())

    @server.exception_handler(404)
    async def own_404(request: Request, error: Exception) -> PlainTextResponse:
        return PlainTextResponse("the host's own", 404)

    return server


def mounted(server: FastAPI, prefix: str = "/dash/") -> App:
    app = App(__name__, server=server, url_base_pathname=prefix)
    app.layout = html.Div("the dashboard", id="x")
    return app


async def status(server: Any, path: str, method: str = "GET") -> int:
    async with browser(server) as client:
        return (await client.request(method, path)).status_code


@pytest.mark.parametrize("prefix", PREFIXES)
async def test_the_page_is_at_the_prefix(prefix: str) -> None:
    server = host()
    mounted(server, prefix)
    async with browser(server) as client:
        page = await client.get(prefix)
        assert page.status_code == 200
        assert "wscb-root" in page.text
        assert (await client.get(f"{prefix}_wscb/status")).json()["ready"] is True


@pytest.mark.parametrize("prefix", PREFIXES)
async def test_the_hosts_routes_stay_those_before_and_those_after(prefix: str) -> None:
    server = host()
    mounted(server, prefix)

    def who() -> str:
        return "depends"

    @server.get("/after")
    async def after(name: str = Depends(who)) -> str:
        return name

    async with browser(server) as client:
        assert (await client.get("/before")).json() == "before"
        assert (await client.get("/after")).json() == "depends"
        assert (await client.get("/docs")).status_code == 200


@pytest.mark.parametrize("prefix", PREFIXES)
async def test_it_does_not_stand_in_the_hosts_schema(prefix: str) -> None:
    server = host()
    mounted(server, prefix)
    async with browser(server) as client:
        assert list((await client.get("/openapi.json")).json()["paths"]) == ["/before"]


@pytest.mark.parametrize("prefix", PREFIXES)
async def test_the_hosts_404_stays_the_hosts(prefix: str) -> None:
    server = host()
    mounted(server, prefix)
    async with browser(server) as client:
        missing = await client.get("/nowhere")
        assert (missing.status_code, missing.text) == (404, "the host's own")
        below = await client.get(f"{prefix}_wscb/nothing")
        assert (below.status_code, below.text) == (404, "There is no such page.")
        asset = await client.get(f"{prefix}assets/nothing.css")
        assert (asset.status_code, asset.text) == (404, "There is no such file.")


async def test_the_hosts_sockets_stay() -> None:
    server = host()
    mounted(server)
    line = Line(server, "/echo")
    assert (await line.hear())["type"] == "websocket.accept"
    line.say("receive", text="hello")
    assert (await line.hear())["text"] == "hello"
    await line.end()


@pytest.mark.parametrize(("prefix", "root"), [("/", ""), ("/dash/", ""), ("/dash/", "/proxy"), ("/dash/", "/da")])
async def test_the_socket_is_below_the_prefix(prefix: str, root: str) -> None:
    server = host()
    app = mounted(server, prefix)
    line = Line(server, f"{root}{prefix}_wscb/ws", "wscb.v1", root_path=root)
    accepted = await line.hear()
    assert (accepted["type"], accepted["subprotocol"]) == ("websocket.accept", "wscb.v1")
    hello = Hello(n=1, build="b", page=Location(path="/", query=""), visible=True, have=0)
    line.say("receive", bytes=codec.encode(hello))
    welcome = codec.decode_server((await line.hear())["bytes"])
    assert isinstance(welcome, Welcome)
    await line.end()
    await app.site().hub.gone(welcome.session)


async def test_without_the_slash_the_page_is_found() -> None:
    server = host()
    mounted(server)
    async with browser(server) as client:
        moved = await client.get("/dash")
        assert moved.is_redirect
        assert moved.headers["location"].endswith("/dash/")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
async def test_other_methods_are_refused(method: str) -> None:
    server = host()
    mounted(server)
    assert await status(server, "/dash/_wscb/invoke", method) == 405
    assert await status(server, "/dash/", method) == 405


async def test_two_apps_in_one_host() -> None:
    server = host()
    mounted(server, "/one/")
    mounted(server, "/two/")
    assert await status(server, "/one/") == 200
    assert await status(server, "/two/") == 200


async def test_an_app_that_is_mounted_as_a_part_of_another() -> None:
    inner = App(__name__)
    inner.layout = html.Div()
    outer = FastAPI()
    outer.mount("/part", inner.server)
    async with browser(outer) as client:
        page = await client.get("/part/")
        assert page.status_code == 200
        assert 'src="/part/_wscb/static/' in page.text
        assert (await client.get("/part/_wscb/status")).status_code == 200


async def test_middleware_of_the_host_sees_our_requests() -> None:
    server = host()
    mounted(server)

    @server.middleware("http")
    async def mark(request: Request, go_on: Any) -> Any:
        response = await go_on(request)
        response.headers["x-seen"] = request.url.path
        return response

    async with browser(server) as client:
        assert (await client.get("/dash/")).headers["x-seen"] == "/dash/"


def test_its_routes_have_names_for_middleware_that_goes_by_endpoints() -> None:
    """As SlowAPI does, which reads these of every route without looking whether it is a function's."""
    server = host()
    mounted(server)
    named = {f"{route.endpoint.__module__}.{route.endpoint.__name__}" for route in server.routes[-4:]}  # type: ignore[attr-defined]
    assert named == {"wscb.server.asgi.wscb /dash/"}


async def test_an_app_that_is_declared_wrongly_says_nothing_to_the_browser() -> None:
    server = host()
    app = App(__name__, server=server, url_base_pathname="/dash/")  # without a layout
    async with browser(server) as client:
        page = await client.get("/dash/")
        assert page.status_code == 500
        assert "layout" not in page.text
        assert (await client.get("/before")).status_code == 200
    app.layout = html.Div()
    assert await status(server, "/dash/") == 200  # it is asked again, until it is right


def test_without_an_app_it_makes_its_own() -> None:
    assert isinstance(App(__name__).server, FastAPI)


@pytest.mark.parametrize("prefix", PREFIXES)
async def test_a_visit_below_the_prefix_gets_the_page(prefix: str) -> None:
    """Any address of an app of several pages can be opened; what the host has, also later, and its 404 stay."""
    server = host()
    mounted(server, prefix)

    @server.get(f"{prefix}later")
    async def later() -> str:
        return "later"

    async def visit(path: str, accept: str = "text/html") -> str:
        async with browser(server) as client:
            return (await client.get(path, headers={"accept": accept})).text

    assert ("wscb-root" in await visit(f"{prefix}some/page")) == (prefix != "/")
    assert await visit(f"{prefix}some/page", "*/*") == "the host's own"
    assert await visit("/elsewhere") == "the host's own"
    assert await visit(f"{prefix}later") == '"later"'
    assert await visit("/before") == '"before"'


async def test_the_server_of_the_app_itself_gives_the_page_for_each_address() -> None:
    app = App(__name__)
    app.layout = html.Div()
    async with browser(app.server) as client:
        assert "wscb-root" in (await client.get("/some/page", headers={"accept": "text/html"})).text
        assert (await client.get("/some/page")).status_code == 404


@pytest.mark.parametrize("path", ["/proxy/dash/some/page", "/dash/some/page"])
async def test_a_visit_behind_a_proxy_that_has_a_path_of_its_own(path: str) -> None:
    """Some servers give the proxy's path as part of the path, and some do not."""
    server = host()
    mounted(server)
    transport = httpx.ASGITransport(app=server, root_path="/proxy")
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        page = await client.get(path, headers={"accept": "text/html"})
    assert 'src="/proxy/dash/_wscb/static/' in page.text


OLDER = get_route_path({"path": "/dash/", "root_path": "/da"}) != "/dash/"
"""Starlette itself takes the letters for the proxy's path, and has no route for the rest."""


@pytest.mark.parametrize("path", ["/da/dash/", *([] if OLDER else ["/dash/"])])
async def test_a_prefix_may_begin_with_the_letters_of_the_proxys_path(path: str) -> None:
    server = host()
    mounted(server)
    transport = httpx.ASGITransport(app=server, root_path="/da")
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        assert (await client.get(f"{path}_wscb/ready")).text == "ready"
        assert 'src="/da/dash/_wscb/static/' in (await client.get(f"{path}page", headers={"accept": "text/html"})).text
