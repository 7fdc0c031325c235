"""A page of callbacks on Flask, and plain callbacks where the socket is refused."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Console
from playwright.sync_api import Page, expect
from serving import Serve, Server

CALLBACKS = """
import time
import BACKEND
from wscb import App, Input, Output, PreventUpdate, State, ctx, html, set_props

server = BACKEND.CLASS("host")
app = App(__name__, server=server, url_base_pathname="/dashboard/")
app.layout = html.Div([
    html.Input(id="name", value="Ann"),
    html.Button("Greet", id="greet"),
    html.Button("Fail", id="fail"),
    html.Button("Prevent", id="prevent"),
    html.P(id="greeting"), html.P(id="length"), html.P(id="failed"), html.P(id="log"), html.P(id="cookie"),
    html.P(id="over-socket"),
])

@server.get("/")
def front():
    return "the host's own page"

@app.callback(Output("greeting", "children"), Input("greet", "n_clicks"), State("name", "value"))
def greet(clicks, name):
    return f"Hello {name}, {clicks or 0} times."

@app.callback(Output("length", "children"), Input("greeting", "children"))
async def length(greeting):
    return f"{len(greeting)} characters"

@app.callback(Output("failed", "children"), Input("fail", "n_clicks"), prevent_initial_call=True,
              on_error=lambda error: f"It failed: {error}")
def fail(clicks):
    raise ValueError("as it was told")

@app.callback(Output("greeting", "className"), Input("prevent", "n_clicks"), prevent_initial_call=True)
def prevent(clicks):
    set_props("log", {"children": f"prevented {clicks}"})
    raise PreventUpdate

@app.callback(Output("cookie", "children"), Input("greet", "n_clicks"))
def cookie(clicks):
    ctx.set_cookie("clicks", str(clicks or 0))
    return f"was {ctx.cookies.get('clicks', 'not there')}"
"""

REFUSED = """
@server.before_websocket
async def nobody():
    return "not for you", 403

@app.callback(Output("over-socket", "children"), Input("greet", "n_clicks"), websocket=True)
async def over_socket(clicks):
    return "it was there"
"""


def code(backend: str) -> str:
    return CALLBACKS.replace("CLASS", backend.capitalize()).replace("BACKEND", backend)


@pytest.fixture
def flask(serve: Serve, tmp_path: Path) -> Server:
    """As `flask run` serves it."""
    (tmp_path / "flask_app.py").write_text(code("flask"))
    command = [str(Path(sys.executable).parent / "flask"), "--app", "flask_app:server", "run"]
    return serve._start(command, cwd=tmp_path, base="/dashboard/", env={})


def live(page: Page) -> None:
    expect(page.locator("#wscb-root")).to_have_attribute("data-wscb-state", "live")


def callbacks_work(page: Page) -> None:
    expect(page.locator("#greeting")).to_have_text("Hello Ann, 0 times.")
    expect(page.locator("#length")).to_have_text("19 characters")
    page.locator("#name").fill("Bob")
    page.locator("#greet").click()
    expect(page.locator("#greeting")).to_have_text("Hello Bob, 1 times.")
    expect(page.locator("#length")).to_have_text("19 characters")
    page.locator("#fail").click()
    expect(page.locator("#failed")).to_have_text("It failed: as it was told")
    page.locator("#prevent").click()
    expect(page.locator("#log")).to_have_text("prevented 1")
    expect(page.locator("#cookie")).to_have_text("was 0")
    assert {cookie["name"]: cookie["value"] for cookie in page.context.cookies()} == {"clicks": "1"}


def test_callbacks_on_flask(flask: Server, page: Page) -> None:
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    page.goto(flask.url)
    live(page)
    callbacks_work(page)
    assert sockets == []
    host = flask.url.removesuffix("dashboard/")
    assert page.request.get(host).text() == "the host's own page"
    assert page.request.get(f"{host}nothing").status == 404


HELD = """
import os

@app.callback(Output("greeting", "title"), Input("greet", "n_clicks"), prevent_initial_call=True)
def once(clicks):
    return held("once")

@app.callback(Output("log", "children"), Input("greet", "n_clicks"), prevent_initial_call=True, retry=True)
def again(clicks):
    return held("again")

def held(name):
    with open("journal", "a") as file:
        file.write(name + " ")
    while open("journal").read().split().count(name) == 1:
        time.sleep(0.02)
    return f"{name} ran twice"
"""


def test_a_server_without_sockets_killed_under_calls(
    flask: Server, page: Page, console: Console, tmp_path: Path
) -> None:
    """A call that may run twice is made again, when the server is back; of another the page says that nobody knows."""
    console.allow(r"_wscb/(invoke|status) net::ERR_", r"Failed to load resource: net::ERR_")
    (tmp_path / "flask_app.py").write_text(code("flask") + HELD)
    flask.restart()
    page.goto(flask.url)
    expect(page.locator("#cookie")).to_have_text("was not there")
    page.locator("#greet").click()
    journal = tmp_path / "journal"
    while not journal.exists() or set(journal.read_text().split()) != {"once", "again"}:
        page.wait_for_timeout(5)
    flask.restart()
    expect(page.locator("#log")).to_have_text("again ran twice")
    notice = page.get_by_role("log", name="Errors")
    expect(notice).to_contain_text("may or may not have been done")
    expect(notice.locator("article", has_text="greeting.title")).to_have_count(1)
    expect(notice.locator("article", has_text="log.children")).to_have_count(0)
    expect(page.locator("[aria-busy]")).to_have_count(0)
    assert sorted(journal.read_text().split()) == ["again", "again", "once"]
    page.locator("#prevent").click()
    expect(page.locator("#log")).to_have_text("prevented 1")


def test_plain_callbacks_where_the_socket_is_refused(serve: Serve, page: Page, console: Console) -> None:
    console.allow(r"WebSocket connection .* failed", r"_wscb/status", r"Failed to load resource")
    server = serve.code(code("quart") + REFUSED, base="/dashboard/")
    page.goto(server.url)
    callbacks_work(page)
    expect(page.locator("#wscb-root")).to_have_attribute("data-wscb-state", "waiting")
    expect(page.locator("#over-socket")).to_have_text("")


TWO = """
from fastapi import FastAPI
from wscb import App, Input, Output, State, ctx, dcc, html, set_props

server = FastAPI()

def make(name):
    app = App(name, server=server, url_base_pathname=f"/{name}/", title=name)
    app.layout = [
        dcc.Store(id="kept", data=0, storage_type="local"), dcc.Input(id="text", value=""),
        html.Button("Go", id="go"), html.P(id="http"), html.P(id="socket"), html.P(id="task"), html.P(id="count"),
    ]

    @app.callback(Output("http", "children"), Output("kept", "data"), Input("go", "n_clicks"), State("kept", "data"),
                  prevent_initial_call=True)
    def http(n, kept):
        ctx.set_cookie(name, str(n))
        return f"{name} {n}", kept + 1

    @app.callback(Output("socket", "children"), Input("text", "value"), websocket=True)
    async def socket(text):
        return f"{name}: {text}"

    @app.callback(Output("count", "children"), Input("kept", "data"))
    def count(kept):
        return kept

    @app.callback(persistent=True)
    async def task():
        set_props("task", {"children": f"task of {name}"})

    return app

one, two = make("one"), make("two")

@server.get("/sessions")
def sessions():
    return [len(app.site().hub.sessions) for app in (one, two)]
"""


def test_two_apps_in_two_tabs_do_not_see_each_other(serve: Serve, page: Page, new_page: Callable[[], Page]) -> None:
    """One server, one browser, the same ids; and what they keep in the browser is kept apart."""
    server = serve.code(TWO.replace("def sessions", "async def sessions"), base="/one/")
    host = server.url.removesuffix("one/")
    tabs = {"one": page, "two": new_page()}
    for name, tab in tabs.items():
        tab.goto(f"{host}{name}/")
        live(tab)
        expect(tab.locator("#task")).to_have_text(f"task of {name}")
    assert page.request.get(f"{host}sessions").json() == [1, 1]
    page.bring_to_front()
    for clicks in (1, 2):
        page.locator("#go").click()
        expect(page.locator("#count")).to_have_text(str(clicks))
    page.locator("#text").fill("typed")
    tabs["two"].locator("#go").click()
    tabs["two"].locator("#text").fill("other")
    shown = {"one": ("one 2", "2", "one: typed"), "two": ("two 1", "1", "two: other")}
    for name, texts in shown.items():
        for id, text in zip(("http", "count", "socket"), texts, strict=True):
            expect(tabs[name].locator(f"#{id}")).to_have_text(text)
    tabs["two"].reload()
    expect(tabs["two"].locator("#count")).to_have_text("1")
    page.close()
    while tabs["two"].request.get(f"{host}sessions").json() != [0, 1]:
        tabs["two"].wait_for_timeout(20)
    tabs["two"].locator("#text").fill("alone")
    expect(tabs["two"].locator("#socket")).to_have_text("two: alone")
    cookies = {cookie["name"]: cookie["path"] for cookie in tabs["two"].context.cookies()}
    assert cookies.keys() == {"one", "two"}
