"""A callback with an `api_endpoint`, called by its page, by a program, and by pages that may and may not.

Swagger's own page at `/docs` loads its scripts from elsewhere, which no test reaches: what it shows is read from
`openapi.json`.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from conftest import Console
from playwright.sync_api import Page, expect
from serving import Serve, Server

CODE = """
import BACKEND
from wscb import App, Input, Output, State, callback, ctx, dcc, html, set_props

server = BACKEND.CLASS("host") if "BACKEND" != "fastapi" else fastapi.FastAPI()
app = App(__name__, server=server, url_base_pathname="/dashboard/")
app.layout = html.Div([
    dcc.Input(id="name", value="Ann"),
    html.Button("Greet", id="greet"),
    html.P(id="greeting"), html.P(id="log"),
])
calls = []

@callback(Output("greeting", "children"), Input("greet", "n_clicks"), State("name", "value"), api_endpoint="/api/greet")
def greet(times: int | None, name: str = "you") -> str:
    '''Greets somebody.'''
    calls.append(name)
    set_props("log", {"children": f"call {len(calls)}"})
    return f"{name}, " * (times or 0) + "hello!"
"""

FETCH = """async ([url, options]) => {
    try {
        const answer = await fetch(url, { method: "POST", body: '{"times": 1, "name": "x"}', ...options });
        return [answer.type, answer.status, await answer.text()];
    } catch (error) {
        return ["failed"];
    }
}"""
JSON = {"headers": {"content-type": "application/json"}}


@pytest.fixture(params=["fastapi", "quart", "flask"])
def backend(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture
def server(serve: Serve, backend: str, tmp_path: Path) -> Server:
    code = CODE.replace("CLASS", backend.capitalize()).replace("BACKEND", backend)
    if backend != "flask":
        return serve.code(code, base="/dashboard/")
    (tmp_path / "flask_app.py").write_text(code)
    command = [str(Path(sys.executable).parent / "flask"), "--app", "flask_app:server", "run"]
    return serve._start(command, cwd=tmp_path, base="/dashboard/", env={})


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """A page of another origin, which may ask for anything."""

    class Blank(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(b"<link rel=icon href=data:,>elsewhere")

        def log_message(self, *_: Any) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Blank) as blank:
        threading.Thread(target=blank.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{blank.server_port}/"
        blank.shutdown()


def test_its_page_and_a_program_call_the_same(page: Page, server: Server, backend: str) -> None:
    greet = f"{server.url}api/greet"
    assert httpx.post(greet, json={"times": 1}).json() == "you, hello!"
    page.goto(server.url)
    expect(page.locator("#greeting")).to_have_text("hello!")
    page.fill("#name", "Bo")
    page.click("#greet")
    expect(page.locator("#greeting")).to_have_text("Bo, hello!")
    expect(page.locator("#log")).to_have_text("call 3")
    answer = httpx.post(f"{greet}?set_props=true", json={"times": 2, "name": "Al"})
    assert answer.json() == {
        "result": "Al, Al, hello!",
        "set_props": [{"id": "log", "property": "children", "value": "call 4"}],
    }
    expect(page.locator("#greeting")).to_have_text("Bo, hello!")
    assert httpx.post(greet, json={"times": "x"}).status_code == 422
    if backend == "fastapi":
        origin = server.url.removesuffix("dashboard/")
        said = httpx.get(f"{origin}openapi.json").json()["paths"]["/dashboard/api/greet"]["post"]
        assert (said["summary"], said["operationId"]) == ("Greets somebody.", "greet_dashboard_api_greet_post")
        assert httpx.get(f"{origin}docs").status_code == 200


def test_a_page_of_its_origin_may_call_it_and_another_may_not(
    page: Page, console: Console, server: Server, elsewhere: str
) -> None:
    greet = f"{server.url}api/greet"
    page.goto(server.url)
    expect(page.locator("#log")).to_have_text("call 1")
    assert page.evaluate(FETCH, [greet, JSON]) == ["basic", 200, '"x, hello!"']
    page.goto(elsewhere)
    console.allow("CORS policy", "Failed to load resource", "net::ERR_FAILED", "HTTP 415", "net::ERR_ABORTED")
    assert page.evaluate(FETCH, [greet, JSON]) == ["failed"]
    assert page.evaluate(FETCH, [greet, {"mode": "no-cors"}]) == ["opaque", 0, ""]
    page.goto(server.url)
    expect(page.locator("#log")).to_have_text("call 3")
