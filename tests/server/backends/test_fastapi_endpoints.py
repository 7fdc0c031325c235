"""`api_endpoint=` on FastAPI: in the host's documents, and asked what the host asks of its own routes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any

import httpx
import pytest
from fastapi import Depends, FastAPI, Header, HTTPException, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse
from fastapi.security import OAuth2PasswordBearer
from pydantic import BaseModel

from tests.server.asgi_app import browser
from wscb import App, Input, Output, State, callback, ctx, html

OUT, RUN = Output("out", "children"), Input("run", "n_clicks")
LOG = Output("log", "children")
NAME = State("log", "title")
UNSHOWN = object()
"""A default that no document can show."""


class Place(BaseModel):
    city: str


def app_with(server: FastAPI | None = None, prefix: str = "/", **options: Any) -> App:
    app = App("tests.server", server=server, url_base_pathname=prefix, **options)
    app.layout = [html.Button(id="run"), html.Output(id="out"), html.Div(id="log")]
    return app


async def ask(app: App, body: Any = None, path: str = "/api/x", **headers: str) -> httpx.Response:
    async with browser(app.server) as client:
        return await client.post(path, json={} if body is None else body, headers=headers)


async def documented(app: App, path: str) -> Any:
    async with browser(app.server) as client:
        return (await client.get("/openapi.json")).json()["paths"][path]["post"]


async def test_it_is_in_the_documents_of_the_host() -> None:
    app = app_with(FastAPI(), "/dash/")

    @app.callback(OUT, RUN, NAME, State("out", "title"), api_endpoint="/api/x", timeout=5)
    def move(clicks: int, place: Place, floor: int = 3) -> list[Place]:
        """Moves it.

        As often as told.
        """
        return [place]

    async with browser(app.server) as client:
        document = (await client.get("/openapi.json")).json()
        assert (await client.get("/docs")).status_code == 200
    said = document["paths"]["/dash/api/x"]["post"]
    assert said["operationId"] == "move_dash_api_x_post"
    assert (said["summary"], said["description"]) == ("Moves it.", "As often as told.")
    body = document["components"]["schemas"]["Body_api_x"]
    assert said["requestBody"] == {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Body_api_x"}}},
    }
    assert body["properties"]["clicks"]["type"] == "integer"
    assert body["properties"]["place"] == {"$ref": "#/components/schemas/Place"}
    assert body["properties"]["floor"]["default"] == 3
    assert body["required"] == ["clicks", "place"]
    answer = said["responses"]["200"]["content"]["application/json"]["schema"]
    assert answer["items"] == {"$ref": "#/components/schemas/Place"}
    assert set(said["responses"]) == {"200", "204", "403", "422", "500", "504"}
    assert [one["name"] for one in said["parameters"]] == ["set_props"]
    assert set(document["paths"]) == {"/dash/api/x"}


async def test_what_nobody_has_annotated_is_any_value_in_the_shape_of_the_outputs() -> None:
    app = app_with()
    groups = {"output": {"a": OUT, "b": [LOG]}, "inputs": {"clicks": RUN}, "api_endpoint": "/api/x"}
    app.callback(**groups)(lambda clicks=UNSHOWN: clicks)
    app.callback(Output("run", "title"), api_endpoint="/api/y")(lambda: html.B())
    async with browser(app.server) as client:
        document = (await client.get("/openapi.json")).json()
    x, y = (document["paths"][f"/api/{name}"]["post"] for name in "xy")
    assert "required" not in x["requestBody"]
    (reference,) = x["responses"]["200"]["content"]["application/json"]["schema"].values()
    group = document["components"]["schemas"][reference.rpartition("/")[2]]
    assert group["required"] == ["a", "b"]
    assert group["properties"]["b"]["prefixItems"] == [{}]
    assert "requestBody" not in y
    assert y["responses"]["200"]["content"]["application/json"]["schema"].keys() == {"title"}
    assert y["summary"] == "Lambda"


async def test_an_annotation_that_is_no_json_is_any_value() -> None:
    app = app_with()

    def component(clicks: Any) -> html.B:
        return html.B(clicks)

    app.callback(OUT, RUN, api_endpoint="/api/x")(component)
    assert (await documented(app, "/api/x"))["responses"]["200"]["content"]["application/json"]["schema"].keys() == {
        "title"
    }
    assert (await ask(app, {"clicks": 1})).json()["props"] == {"children": 1}


async def test_documents_that_were_read_before_are_made_anew() -> None:
    server = FastAPI()
    assert "/dash/api/x" not in server.openapi()["paths"]
    app = app_with(server, "/dash/")
    app.callback(OUT, RUN, api_endpoint="/api/x")(lambda clicks: clicks)

    @callback(LOG, RUN, api_endpoint="/api/y")
    def everywhere(clicks: int) -> int:
        return clicks

    app.setup_apis()
    assert {"/dash/api/x", "/dash/api/y"} <= set(server.openapi()["paths"])


async def test_a_server_that_serves_already_gets_it_with_the_app() -> None:
    server = FastAPI()
    async with browser(server) as client:
        assert (await client.get("/openapi.json")).json()["paths"] == {}
        app = app_with(server, "/dash/")
        app.callback(OUT, RUN, api_endpoint="/api/x")(lambda clicks: clicks)
        app.build()
        assert set((await client.get("/openapi.json")).json()["paths"]) == {"/dash/api/x"}
        assert (await client.post("/dash/api/x", json={"clicks": 2})).json() == 2


async def test_dependencies_are_those_of_the_request() -> None:
    app = app_with()
    counted: list[int] = []

    def count() -> int:
        counted.append(1)
        return len(counted)

    def seen(
        request: Request, x_team: Annotated[str, Header()], tab: Annotated[int, Query()] = 0, n: int = Depends(count)
    ) -> Any:
        return [request.method, request.url.path, x_team, tab, n, ctx.path]

    @app.callback(OUT, RUN, api_endpoint="/api/x")
    async def work(clicks: int, first: Any = Depends(seen), n: int = Depends(count)) -> Any:  # noqa: B008
        return [*first, clicks, n]

    answer = await ask(app, {"clicks": 7}, "/api/x?tab=4", **{"x-team": "blue"})
    assert answer.json() == ["POST", "/api/x", "blue", 4, 1, "/api/x", 7, 1]
    missing = await ask(app, {"clicks": 7})
    assert (missing.status_code, missing.json()["detail"][0]["loc"]) == (422, ["header", "x-team"])
    assert (await ask(app, {"first": 1, "clicks": 7}, **{"x-team": "blue"})).status_code == 422
    app.server.dependency_overrides[seen] = lambda: ["instead"]
    assert (await ask(app, {"clicks": 7})).json() == ["instead", 7, 3]
    said = await documented(app, "/api/x")
    assert {(one["in"], one["name"]) for one in said["parameters"]} == {
        ("header", "x-team"),
        ("query", "tab"),
        ("query", "set_props"),
    }


async def test_a_dependency_may_read_the_body_as_it_came() -> None:
    app = app_with()

    async def signed(request: Request) -> bytes:
        return await request.body()

    def work(clicks: int, raw: bytes = Depends(signed)) -> str:
        return raw.decode()

    app.callback(OUT, RUN, api_endpoint="/api/x")(work)
    async with browser(app.server) as client:
        answer = await client.post("/api/x", content=b'{ "clicks":1}', headers={"content-type": "application/json"})
    assert answer.json() == '{ "clicks":1}'


@pytest.mark.parametrize("status", [401, 404, 503])
async def test_what_a_dependency_refuses_is_the_frameworks_own(status: int) -> None:
    app = app_with(on_error=lambda error: "on_error is not asked")

    def known() -> None:
        raise HTTPException(status, "who are you?", {"www-authenticate": "Bearer"})

    @app.callback(OUT, api_endpoint="/api/x")
    def work(user: None = Depends(known)) -> str:
        return "not reached"

    answer = await ask(app)
    assert (answer.status_code, answer.json()) == (status, {"detail": "who are you?"})
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_an_http_exception_of_the_callback_is_the_frameworks_own() -> None:
    app = app_with()

    @app.callback(OUT, api_endpoint="/api/x")
    def work() -> str:
        raise HTTPException(404, "no such row")

    answer = await ask(app)
    assert (answer.status_code, answer.json()) == (404, {"detail": "no such row"})


async def test_a_handler_of_the_host_for_all_is_asked_first() -> None:
    server = FastAPI()
    server.add_exception_handler(Exception, lambda request, error: JSONResponse({"own": type(error).__name__}, 500))
    app = app_with(server)
    app.callback(OUT, api_endpoint="/api/x")(lambda: 1 / 0)
    assert (await ask(app)).json() == {"own": "ZeroDivisionError"}


@pytest.mark.parametrize("plain", [True, False])
async def test_what_a_dependency_has_opened_is_closed_and_sees_the_error(plain: bool) -> None:
    app = app_with()
    told: list[str] = []

    def opened() -> Iterator[str]:
        try:
            yield "db"
            told.append("kept")
        except ZeroDivisionError:
            told.append("undone")
            raise

    def work(divisor: int, db: str = Depends(opened)) -> float:
        return 1 / divisor

    async def work_async(divisor: int, db: str = Depends(opened)) -> float:
        return 1 / divisor

    app.callback(OUT, RUN, api_endpoint="/api/x")(work if plain else work_async)
    assert (await ask(app, {"divisor": 2})).json() == 0.5
    assert (await ask(app, {"divisor": 0})).status_code == 500
    assert told == ["kept", "undone"]


async def test_what_the_host_asks_of_all_its_routes_is_asked_here() -> None:
    def key(x_key: Annotated[str, Header()]) -> None:
        if x_key != "right":
            raise HTTPException(403, "wrong key")

    bearer = OAuth2PasswordBearer("token")
    app = app_with(FastAPI(dependencies=[Depends(key), Depends(bearer)]), "/dash/")
    app.callback(OUT, RUN, api_endpoint="/api/x")(lambda clicks: clicks)
    asked = {"body": {"clicks": 1}, "path": "/dash/api/x"}
    assert (await ask(app, **asked, authorization="Bearer x", **{"x-key": "wrong"})).status_code == 403
    assert (await ask(app, **asked, **{"x-key": "right"})).status_code == 401
    assert (await ask(app, **asked, authorization="Bearer x", **{"x-key": "right"})).json() == 1
    assert (await documented(app, "/dash/api/x"))["security"] == [{"OAuth2PasswordBearer": []}]


async def test_a_page_of_another_origin_needs_both_words_of_the_host() -> None:
    def answers(allowed: list[str]) -> App:
        server = FastAPI()
        server.add_middleware(
            CORSMiddleware, allow_origins=["http://friend.example"], allow_methods=["*"], allow_headers=["content-type"]
        )
        app = app_with(server, websocket_allowed_origins=allowed)
        app.callback(OUT, api_endpoint="/api/x")(lambda: "ok")
        return app

    friend = {"origin": "http://friend.example"}
    app = answers(["http://friend.example"])
    async with browser(app.server) as client:
        preflight = {
            **friend,
            "access-control-request-method": "POST",
            "access-control-request-headers": "content-type",
        }
        assert (await client.options("/api/x", headers=preflight)).status_code == 200
    answer = await ask(app, **friend)
    assert (answer.json(), answer.headers["access-control-allow-origin"]) == ("ok", "http://friend.example")
    assert (await ask(answers([]), **friend)).status_code == 403


async def test_one_that_the_program_gives_up_is_cancelled() -> None:
    app = app_with()
    begun, ended = asyncio.Event(), asyncio.Event()

    async def opened() -> AsyncIterator[None]:
        try:
            yield
        finally:
            ended.set()

    @app.callback(OUT, api_endpoint="/api/x")
    async def wait(db: None = Depends(opened)) -> None:
        begun.set()
        await asyncio.Event().wait()

    events: asyncio.Queue[Any] = asyncio.Queue()
    sent: list[Any] = []

    async def send(event: Any) -> None:
        sent.append(event)

    scope = {
        "type": "http",
        "http_version": "1.1",
        "path": "/api/x",
        "raw_path": b"/api/x",
        "method": "POST",
        "headers": [(b"content-type", b"application/json")],
        "query_string": b"",
        "scheme": "http",
    }
    serving = asyncio.create_task(app.server(scope, events.get, send))
    events.put_nowait({"type": "http.request", "body": b"{}"})
    await asyncio.wait_for(begun.wait(), 5)
    events.put_nowait({"type": "http.disconnect"})
    await asyncio.wait_for(ended.wait(), 5)
    await asyncio.gather(serving, return_exceptions=True)
    assert sent == []


async def test_the_host_has_the_form_of_what_is_wrong_with_a_body() -> None:
    server = FastAPI()

    @server.exception_handler(RequestValidationError)
    async def own(request: Request, error: RequestValidationError) -> JSONResponse:
        return JSONResponse({"wrong": [".".join(one["loc"]) for one in error.errors()]}, 400)

    app = app_with(server)

    @app.callback(OUT, RUN, api_endpoint="/api/x")
    def show(clicks: int) -> int:
        return clicks

    answer = await ask(app, {"clicks": "many"})
    assert (answer.status_code, answer.json()) == (400, {"wrong": ["body.clicks"]})
