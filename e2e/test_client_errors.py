"""What a page says of calls that failed, and how it ends those that nobody takes; clocks while the line is down."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import Console
from playwright.sync_api import Page, expect
from serving import Serve

HEAD = """
import asyncio, os
from wscb import App, Input, Output, dcc, hooks, html, set_props
app = App(__name__, suppress_callback_exceptions=True)
server = app.server
"""

FAILING = """
fails = True

@server.get("/mend")
async def mend():
    global fails
    fails = False

app.layout = [html.P(id="ticks"), html.Button("Go", id="go"), html.P(id="out")]

@app.callback(persistent=True, restart="on_failure")
async def ticks():
    if fails:
        raise ValueError("no database")
    set_props("ticks", {"children": "ticking"})
    await asyncio.sleep(3600)

@app.callback(Output("out", "children"), Input("go", "n_clicks"), websocket=True, prevent_initial_call=True)
async def out(n):
    if n == 1:
        raise ValueError("once")
    return f"done {n}"
"""


def test_the_error_of_what_works_again_says_so_and_goes(serve: Serve, page: Page) -> None:
    server = serve.code(HEAD + FAILING)
    page.goto(server.url)
    errors = page.locator(".wscb-error")
    expect(errors).to_have_count(1)  # the task starts again and again, and has one
    page.locator("#go").click()
    expect(errors).to_have_count(2)
    page.request.get(server.url + "mend")
    expect(page.locator("#ticks")).to_have_text("ticking")
    page.locator("#go").click()
    expect(page.locator("#out")).to_have_text("done 2")
    expect(errors.filter(has_text="It has worked again since")).to_have_count(2)
    expect(errors).to_have_count(0)


def test_in_debug_it_stays_to_be_read(serve: Serve, page: Page) -> None:
    server = serve.code(HEAD + FAILING + "app.debug = True\n")
    page.goto(server.url)
    errors = page.locator(".wscb-error")
    expect(errors.locator("pre")).to_contain_text("no database")
    page.request.get(server.url + "mend")
    expect(errors).to_contain_text(re.compile(r"It has worked again since \d+:\d\d"))
    page.locator("#go").click()
    expect(errors).to_have_count(2)
    expect(errors.first.locator("pre")).to_contain_text("no database")


REFUSED = """
FLAG = os.path.join(os.path.dirname(__file__), "refuses")

@hooks.websocket_connect()
def known(socket):
    return (4501, "Sign in first.") if os.path.exists(FLAG) else True

app.layout = [html.Button("Socket", id="go"), html.Button("Plain", id="plain"), html.P(id="out"), html.P(id="said")]

@app.callback(Output("out", "children"), Input("go", "n_clicks"), websocket=True, prevent_initial_call=True,
              running=[(Output("go", "disabled"), True, False)])
async def out(n):
    return f"done {n}"

@app.callback(Output("said", "children"), Input("plain", "n_clicks"), prevent_initial_call=True)
def said(n):
    return f"said {n}"
"""


def test_a_call_of_a_page_that_is_refused_ends_at_once(
    serve: Serve, page: Page, console: Console, tmp_path: Path
) -> None:
    console.allow("WebSocket connection", "ERR_CONNECTION_REFUSED")
    server = serve.code(HEAD + REFUSED)
    flag = tmp_path / "refuses"
    page.goto(server.url)
    root = page.locator("#wscb-root")
    expect(root).to_have_attribute("data-wscb-state", "live")
    flag.touch()
    server.restart()
    expect(root).to_have_attribute("data-wscb-state", "refused")
    page.locator("#go").click()
    error = page.locator(".wscb-error")
    expect(error).to_have_text(re.compile("Error in out.children.*It was not done: the server does not take this page"))
    expect(page.locator("#go")).to_be_enabled()
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    page.locator("#plain").click()
    expect(page.locator("#said")).to_have_text("said 1")
    flag.unlink()
    page.locator(".wscb-banner button").click()
    expect(root).to_have_attribute("data-wscb-state", "live")
    page.locator("#go").click()
    expect(page.locator("#out")).to_have_text("done 1")


CLOCK = """
from wscb import clientside_callback
app.layout = [dcc.Interval(id="clock", interval=50), html.P("0", id="here"), html.P(id="there")]
clientside_callback("n => String(n || 0)", Output("here", "children"), Input("clock", "n_intervals"))
calls = []

@app.callback(Output("there", "children"), Input("clock", "n_intervals"), websocket=True, prevent_initial_call=True)
async def there(n):
    calls.append(n)
    return f"{n}"

@server.get("/calls")
async def made(): return calls
"""


def test_a_clock_makes_no_burst_of_what_it_ticked_while_the_line_was_down(
    serve: Serve, page: Page, console: Console
) -> None:
    console.allow("WebSocket connection", "ERR_CONNECTION_REFUSED")
    server = serve.code(HEAD + CLOCK)
    page.goto(server.url)
    expect(page.locator("#there")).to_have_text(re.compile(r"^\d+$"))
    server.kill()
    expect(page.locator("#wscb-root")).not_to_have_attribute("data-wscb-state", "live")
    lost = int(page.locator("#here").inner_text())
    page.wait_for_function(f"Number(document.querySelector('#here').textContent) >= {lost + 20}")
    server.start(ready=False)
    expect(page.locator("#wscb-root")).to_have_attribute("data-wscb-state", "live")
    page.wait_for_function(f"Number(document.querySelector('#there').textContent) > {lost + 20}")
    # One call waited, with the newest count; those before it were never made.
    made = page.request.get(server.url + "calls").json()
    assert made[0] >= lost + 20, (lost, made)
    assert made == list(range(made[0], made[-1] + 1))


GRAPH = """
app.debug = True
app.layout = [html.Button("Go", id="go"), dcc.Graph(id="graph", figure={"data": [{"y": [1, 2]}], "layout": {}})]

@app.callback(Output("graph", "extendData"), Input("go", "n_clicks"), prevent_initial_call=True)
def extend(n):
    return [{"y": [[3]]}, [7]]
"""


def test_what_a_figure_cannot_take_is_told_and_logged(serve: Serve, page: Page) -> None:
    server = serve.code(HEAD + GRAPH)
    page.goto(server.url)
    expect(page.locator("#graph .main-svg").first).to_be_visible()
    page.locator("#go").click()
    expect(page.locator(".wscb-error")).to_contain_text("graph")
    expect(page.locator(".wscb-error")).to_contain_text("extendData")
    assert "extendData" in server.log


UNKNOWN = """
app.debug = True
app.layout = [html.Button("Go", id="go"), html.P(id="ticks"), html.P(id="out")]

@app.callback(Output("out", "children"), Input("go", "n_clicks"), websocket=SOCKET, prevent_initial_call=True)
def out(n):
    set_props("tikcs", {"children": "x"})
    return "done"
"""


@pytest.mark.parametrize("socket", ["True", "False"])
def test_an_id_that_is_not_there_is_told_with_the_near_ones(serve: Serve, page: Page, socket: str) -> None:
    server = serve.code(HEAD + UNKNOWN.replace("SOCKET", socket))
    page.goto(server.url)
    page.locator("#go").click()
    expect(page.locator("#out")).to_have_text("done")
    expect(page.locator(".wscb-error")).to_contain_text(re.compile("tikcs.*did you mean.*ticks", re.IGNORECASE))
