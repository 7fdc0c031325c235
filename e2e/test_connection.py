"""What the page does when its connection, its server or its tab goes away."""

from __future__ import annotations

import json
import signal
import time
import urllib.request
from collections.abc import Callable

from conftest import Console
from playwright.sync_api import Page, expect
from serving import Serve, Server

STREAM = """
import asyncio
from wscb import App, Input, Output, State, ctx, dcc, get_prop, html, set_props

app = App(__name__)
server = app.server
app.layout = html.Div([
    html.Span(id="ticks"), dcc.Input(id="text", value=""), html.P(id="echo"),
    html.Button("Go", id="go"), html.P(id="out"),
])

@app.callback(persistent=True)
async def stream():
    n = 0
    while True:
        n += 1
        set_props("ticks", {"children": n})
        set_props("echo", {"children": await get_prop("text", "value")})
        await asyncio.sleep(0.02)

@app.callback(Output("out", "children"), Input("go", "n_clicks"), websocket=True, prevent_initial_call=True)
async def work(n): return f"clicked {n}"

@server.get("/left")
async def left():
    site = app.site()
    return {"sessions": len(site.hub.sessions),
            "tasks": sum(task.get_name().startswith("wscb ") for task in asyncio.all_tasks())}
"""

SILENT = (r"WebSocket connection .* failed", r"GET .*(_wscb/status|favicon)", r"Failed to load resource")


def ticking(page: Page) -> None:
    """The stream goes on: another tick comes after the one that is shown."""
    shown = page.locator("#ticks").text_content()
    expect(page.locator("#ticks")).not_to_have_text(shown or "")


def state(page: Page, name: str) -> None:
    expect(page.locator("#wscb-root")).to_have_attribute("data-wscb-state", name)


def left(server: Server) -> dict[str, int]:
    with urllib.request.urlopen(server.url + "left", timeout=5) as answer:
        found: dict[str, int] = json.load(answer)
        return found


def test_a_closed_tab_leaves_nothing_within_a_second(serve: Serve, page: Page, new_page: Callable[[], Page]) -> None:
    server = serve.code(STREAM)
    page.goto(server.url)
    ticking(page)
    other = new_page()
    other.goto(server.url)
    ticking(other)
    assert left(server)["sessions"] == 2
    other.close()
    closed = time.monotonic()
    while left(server)["sessions"] > 1:
        assert time.monotonic() - closed < 1, left(server)
    assert left(server) == {"sessions": 1, "tasks": 2}  # the session's group and its stream
    ticking(page)


def test_a_reload_is_a_new_session_and_ends_the_old_one(serve: Serve, page: Page) -> None:
    server = serve.code(STREAM)
    page.goto(server.url)
    ticking(page)
    page.reload()
    ticking(page)
    assert left(server)["sessions"] == 1


def test_a_killed_server_comes_back_without_a_reload(serve: Serve, page: Page, console: Console) -> None:
    """The socket is the first thing that reaches the new process; what was typed stays; the stream runs again."""
    console.allow(*SILENT)
    server = serve.code(STREAM)
    page.goto(server.url)
    ticking(page)
    page.evaluate("window.same = true")
    page.locator("#text").fill("typed before")
    expect(page.locator("#echo")).to_have_text("typed before")
    server.kill()
    state(page, "waiting")
    expect(page.locator(".wscb-banner")).to_contain_text("Connection lost")
    server.start(ready=False)
    page.locator(".wscb-banner button").click()
    state(page, "live")
    ticking(page)
    expect(page.locator("#text")).to_have_value("typed before")
    expect(page.locator("#echo")).to_have_text("typed before")
    assert page.evaluate("window.same") is True
    page.locator("#go").click()
    expect(page.locator("#out")).to_have_text("clicked 1")


def test_a_server_that_is_stopped_tells_its_pages(
    serve: Serve, page: Page, console: Console, figure: Callable[[str], None]
) -> None:
    console.allow(*SILENT, "HTTP 503: .*_wscb/status")  # it takes no pages while it stops
    server = serve.code(STREAM)
    page.goto(server.url)
    ticking(page)
    stopped = time.monotonic()
    assert server.kill(signal.SIGTERM) in (0, -signal.SIGTERM)
    figure(f"stopped within {time.monotonic() - stopped:.2f} s")
    state(page, "waiting")
    server.start(ready=False)
    state(page, "live")
    ticking(page)


def test_clicks_without_a_server_run_once_afterwards(serve: Serve, page: Page, console: Console) -> None:
    console.allow(*SILENT)
    server = serve.code(STREAM)
    page.goto(server.url)
    ticking(page)
    server.kill()
    state(page, "waiting")
    page.locator("#go").click()
    page.locator("#go").click()
    server.start(ready=False)
    state(page, "live")
    expect(page.locator("#out")).to_have_text("clicked 2")


def test_a_page_that_is_asked_whether_it_is_there_hears_its_server(serve: Serve, page: Page) -> None:
    """Nothing is due on this page: what comes, comes because the page has asked."""
    server = serve.code(
        """
from wscb import App, Input, Output, html

app = App(__name__)
server = app.server
app.layout = html.Div([html.P(id="out")])

@app.callback(Output("out", "children"), Input("out", "title"), websocket=True, prevent_initial_call=True)
async def work(title): return title
"""
    )
    with page.expect_websocket() as opened:
        page.goto(server.url)
    expect(page.locator("#wscb-root")).to_have_attribute("data-wscb-state", "live")
    for event in ("online", "offline"):
        with opened.value.expect_event("framereceived", timeout=1900):
            page.evaluate("type => { dispatchEvent(new Event(type)) }", event)
    expect(page.locator("#wscb-root")).to_have_attribute("data-wscb-state", "live")


def test_in_debug_a_page_loads_itself_again_when_its_server_was_started_again(
    serve: Serve, page: Page, console: Console
) -> None:
    server = serve.code(
        """
import os
from wscb import App, Input, Output, html

app = App(__name__)
app.debug = True
server = app.server
app.layout = html.Div([html.P(os.getpid(), id="process"), html.P(id="out")])

@app.callback(Output("out", "children"), Input("out", "title"), websocket=True)
async def work(title): return "live"
"""
    )
    console.allow(r"WebSocket connection .* failed", r"ERR_CONNECTION_REFUSED")
    page.goto(server.url)
    expect(page.locator("#out")).to_have_text("live")
    expect(page.locator("#process")).to_have_text(str(server.pid))
    server.restart()
    expect(page.locator("#process")).to_have_text(str(server.pid))
    expect(page.locator("#out")).to_have_text("live")


PAUSED = """
from wscb import App, Input, Output, html

app = App(__name__, websocket_inactivity_timeout=500)
server = app.server
app.layout = html.Div([html.Button("Go", id="go"), html.P(id="out")])

@app.callback(Output("out", "children"), Input("go", "n_clicks"), websocket=True, prevent_initial_call=True)
async def work(n): return f"clicked {n}"
"""


def test_a_page_that_is_not_used_is_paused_and_goes_on_with_the_next_click(serve: Serve, page: Page) -> None:
    """It does not come back by itself, as it would after a loss."""
    page.goto(serve.code(PAUSED).url)
    expect(page.get_by_role("status")).to_contain_text("This page is paused")
    state(page, "waiting")
    page.get_by_role("button", name="Go", exact=True).click()
    expect(page.locator("#out")).to_have_text("clicked 1")
    state(page, "live")
    expect(page.get_by_role("status").filter(has_text="paused")).to_have_count(0)
