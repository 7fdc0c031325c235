"""What a FastAPI host asks of all its routes, it asks of the dashboard in it; and what of its routes concerns that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi import Depends, FastAPI, Header, HTTPException, Request, Response
from fastapi.responses import PlainTextResponse
from starlette.requests import HTTPConnection
from starlette.routing import Mount

from tests.server.asgi_app import MSGPACK, Line, browser, call, delta_of
from wscb import App, Input, Output, ctx, html

PAGE = {"accept": "text/html"}
events: list[str] = []


def key(connection: HTTPConnection, x_key: str = Header()) -> None:
    """As a host guards all that it has."""
    if x_key != "right":
        raise HTTPException(403, "the host's own word")


async def reads(request: Request, response: Response) -> Any:
    request.state.size = len(await request.body())


def opens() -> Iterator[None]:
    events.append("opened")
    yield
    events.append("closed")


def guarded(*dependencies: Any, prefix: str = "/dash/", **options: Any) -> App:
    server = FastAPI(dependencies=[Depends(one) for one in dependencies])
    app = App("tests.server", server=server, url_base_pathname=prefix, **options)
    app.layout = [html.Button(id="run"), html.Output(id="out")]

    @app.callback(Output("out", "children"), Input("run", "n_clicks"))
    def show(clicks: int) -> str:
        return f"{clicks} {ctx.path}"

    return app


async def got(app: App, path: str, **headers: str) -> httpx.Response:
    async with browser(app.server) as client:
        return await client.get(path, headers=headers)


async def called(app: App, **headers: str) -> httpx.Response:
    async with browser(app.server) as client:
        body = call("out.children|run.n_clicks", [3])
        return await client.post("/dash/_wscb/invoke", content=body, headers={**MSGPACK, **headers})


@pytest.mark.parametrize("path", ["/dash/", "/dash/any/page", "/dash/_wscb/schema"])
async def test_of_pages_and_calls(path: str) -> None:
    app = guarded(key)
    assert (await got(app, path, **PAGE)).status_code == 422, "no key at all"
    refused = await got(app, path, **PAGE, **{"x-key": "wrong"})
    assert (refused.status_code, refused.json()) == (403, {"detail": "the host's own word"})
    assert (await got(app, path, **PAGE, **{"x-key": "right"})).status_code == 200
    assert (await called(app, **{"x-key": "wrong"})).status_code == 403
    assert delta_of(await called(app, **{"x-key": "right"})).outcomes[0][1] == "ok"


def down() -> None:
    raise HTTPException(503)


async def test_a_page_that_lost_its_line_is_told_whether_it_is_let_in() -> None:
    """By 401 and 403 it knows that it is not; of anything else that a host says it thinks that it will pass."""
    app = guarded(key)
    assert (await got(app, "/dash/_wscb/status")).status_code == 403
    assert (await got(app, "/dash/_wscb/status", **{"x-key": "right"})).status_code == 200
    assert (await got(guarded(down), "/dash/_wscb/status")).status_code == 503


async def test_the_hosts_handlers_say_it() -> None:
    app = guarded(key)
    app.server.add_exception_handler(
        HTTPException, lambda request, error: PlainTextResponse("sorry", error.status_code)
    )
    assert (await got(app, "/dash/", **{"x-key": "wrong"})).text == "sorry"


async def test_not_of_files_and_of_health() -> None:
    app = guarded(key, health_endpoint="health")
    for path in ("_wscb/static/latest/wscb.js", "_wscb/ready", "health"):
        assert (await got(app, f"/dash/{path}")).status_code == 200
    assert (await got(app, "/dash/assets/none.css")).status_code == 404
    for path in ("healthy", "_wscb/ready/"):  # anything else that begins so is a page, or nothing
        assert (await got(app, f"/dash/{path}", **PAGE)).status_code == 422


@pytest.mark.parametrize(("given", "answer"), [("right", "websocket.accept"), ("wrong", "websocket.close")])
async def test_of_sockets(given: str, answer: str) -> None:
    line = Line(guarded(key, reads).server, "/dash/_wscb/ws", "wscb.v1", **{"x-key": given})
    assert (await line.hear())["type"] == answer
    await line.end()


async def test_overrides_hold_there_too() -> None:
    app = guarded(key)
    app.server.dependency_overrides[key] = lambda: None
    assert (await got(app, "/dash/")).status_code == 200


async def test_what_it_reads_of_the_body_is_there_for_the_call() -> None:
    delta = delta_of(await called(guarded(reads)))
    assert delta.outcomes[0][1] == "ok"


async def test_what_it_opens_is_closed() -> None:
    events.clear()
    assert (await got(guarded(opens), "/dash/")).status_code == 200
    assert events == ["opened", "closed"]


async def test_a_host_that_names_its_routes_by_their_tags_can_have_endpoints() -> None:
    server = FastAPI(generate_unique_id_function=lambda route: f"{route.tags[0]}-{route.name}")
    await assert_documented(server, "dash-show")


async def test_one_whose_names_cannot_be_made_of_ours_goes_on() -> None:
    def named(route: Any) -> str:
        return str(route.endpoint.number)

    await assert_documented(FastAPI(generate_unique_id_function=named), "show_dash_api_x_post")


async def assert_documented(server: FastAPI, name: str) -> None:
    app = App("tests.server", server=server, url_base_pathname="/dash/")
    app.layout = [html.Button(id="run"), html.Output(id="out")]

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), api_endpoint="/api/x")
    def show(clicks: int) -> int:
        return clicks

    document = (await got(app, "/openapi.json")).json()
    said = document["paths"]["/dash/api/x"]["post"]
    assert (said["operationId"], said["tags"]) == (name, ["dash"])


@pytest.mark.parametrize("before", [True, False])
async def test_a_route_for_everything_that_hides_the_app_is_told(
    before: bool, caplog: pytest.LogCaptureFixture
) -> None:
    server = FastAPI()
    everything = Mount("/", PlainTextResponse("the host's pages"))
    if before:
        server.router.routes.append(everything)
    app = App("tests.server", server=server, url_base_pathname="/dash/")
    app.layout = html.Div(id="out")
    if not before:
        server.router.routes.append(everything)
    assert ("the host's pages" in (await got(app, "/dash/")).text) is before
    assert ("answered by a route that the server had before the App, Mount(" in caplog.text) is before
