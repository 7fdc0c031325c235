"""A shared task in the browser: one run in the server for all pages, each of which is current at once."""

from __future__ import annotations

import json
import time
import urllib.request
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect
from serving import Serve, Server

APP = """
import asyncio
from wscb import App, Input, Output, Patch, dcc, html, set_props

app = App(__name__)
app.layout = html.Div([
    dcc.Dropdown(id="zone", options=["here", "there"], value="here"),
    html.Button("Stop", id="stop"), html.P(id="count"), html.Ul(id="log"),
])
server = app.server
runs = {"begun": 0, "now": 0, "most": 0}
tell = asyncio.Event()

@app.callback(
    Output("count", "children"), Input("zone", "value"), persistent=True, shared=True, restart="on_failure",
    cancel=[Input("stop", "n_clicks")], running=[(Output("stop", "disabled"), False, True)],
)
async def work(zone):
    runs["begun"] += 1
    runs["now"] += 1
    runs["most"] = max(runs["most"], runs["now"])
    try:
        set_props("log", {"children": [html.Li(f"begun {zone}")]})
        for number in range(1, 1000):
            yield f"{zone} {number}"
            line = Patch()
            line.append(html.Li(f"{zone} {number}"), maxlen=4)
            set_props("log", {"children": line})
            while not tell.is_set():
                await tell.wait()
            tell.clear()
    finally:
        await asyncio.sleep(0)
        runs["now"] -= 1

@server.get("/runs")
async def counted():
    return runs

@server.post("/tell")
async def told():
    tell.set()
    return runs
"""


def asked(server: Server, path: str, method: str = "GET") -> dict[str, Any]:
    request = urllib.request.Request(server.url + path, method=method)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return dict(json.load(answer))


def ends(server: Server) -> None:
    """Within a second of the last tab being closed, and what a busy machine adds to that."""
    deadline = time.monotonic() + 5
    while asked(server, "runs")["now"]:
        assert time.monotonic() < deadline, asked(server, "runs")
        time.sleep(0.02)


def shows(page: Page, *lines: str) -> None:
    expect(page.locator("#count")).to_have_text(lines[-1])
    expect(page.locator("#log li")).to_have_text(list(lines))


def test_two_pages_view_one_run(serve: Serve, context: BrowserContext) -> None:
    server = serve.code(APP)
    first = context.new_page()
    first.goto(server.url)
    shows(first, "begun here", "here 1")
    for number in (2, 3, 4):
        asked(server, "tell", "POST")
        expect(first.locator("#count")).to_have_text(f"here {number}")
    shows(first, "here 1", "here 2", "here 3", "here 4")
    second = context.new_page()
    second.goto(server.url)
    shows(second, "here 1", "here 2", "here 3", "here 4")
    asked(server, "tell", "POST")
    for page in (first, second):
        shows(page, "here 2", "here 3", "here 4", "here 5")
    assert asked(server, "runs") == {"begun": 1, "now": 1, "most": 1}
    first.close()
    asked(server, "tell", "POST")
    shows(second, "here 3", "here 4", "here 5", "here 6")
    assert asked(server, "runs") == {"begun": 1, "now": 1, "most": 1}
    second.close()
    ends(server)
    assert asked(server, "runs") == {"begun": 1, "now": 0, "most": 1}


def test_a_page_that_chooses_something_else_leaves_the_others_to_theirs(serve: Serve, context: BrowserContext) -> None:
    server = serve.code(APP)
    first, second = context.new_page(), context.new_page()
    for page in (first, second):
        page.goto(server.url)
        shows(page, "begun here", "here 1")
    second.locator("#zone").select_option("there")
    shows(second, "begun there", "there 1")
    assert asked(server, "runs") == {"begun": 2, "now": 2, "most": 2}
    shows(first, "begun here", "here 1")
    second.locator("#zone").select_option("here")
    shows(second, "begun here", "here 1")
    second.locator("#stop").click()
    expect(second.locator("#stop")).to_be_disabled()
    asked(server, "tell", "POST")
    shows(first, "begun here", "here 1", "here 2")
    shows(second, "begun here", "here 1")
    first.close()
    second.close()
    ends(server)
    assert asked(server, "runs") == {"begun": 2, "now": 0, "most": 2}
