"""`connect.js` in a page that the host serves and draws by itself, beside the app's own page."""

from __future__ import annotations

from conftest import Console
from playwright.sync_api import Page, expect
from serving import Serve

HOST = """
import asyncio
from fastapi import FastAPI, Response
from wscb import ALL, App, Input, Output, Patch, State, ctx, html, set_props

server = FastAPI()
app = App(__name__, server=server, url_base_pathname="/dashboard/")
app.layout = [html.P(id=id) for id in ("out", "plain", "ticks", "sum")] + [
    html.Button(id="run"), html.Data(id="list", value=[]),
    html.P(id={"row": 1}), html.P(id={"row": 2}),
]

@app.callback(Output("out", "children"), Input("run", "n_clicks"), websocket=True, prevent_initial_call=True)
async def out(n): return f"socket {n}"

@app.callback(Output("plain", "children"), Input("run", "n_clicks"), prevent_initial_call=True)
def plain(n): return f"http {n}"

@app.callback(Output("sum", "children"), Input({"row": ALL}, "title"), prevent_initial_call=True)
def total(titles): return "+".join(title or "-" for title in titles)

@app.callback(Output("list", "value"), Input("run", "n_clicks"), websocket=True, prevent_initial_call=True)
async def listed(n):
    patch = Patch()
    patch.append(n)
    return patch

@app.callback(persistent=True)
async def ticks():
    set_props("ticks", {"children": "ticking"})
    await asyncio.sleep(3600)

OWN = '''<!doctype html><title>Own</title><link rel="icon" href="/dashboard/_wscb/static/x/favicon.svg">
<button id="go">Go</button><pre id="screen"></pre><script type="module" src="/own.js"></script>'''
JS = '''
import { connect } from "/dashboard/_wscb/static/latest/connect.js";
const app = window.app = connect(new URLSearchParams(location.search).get("at") ?? "/dashboard/");
const screen = document.querySelector("#screen");
const { subscribe, watch, get } = app;
const draw = () => {
  const texts = ["out", "plain", "ticks", "sum"].map((id) => get(id, "children") ?? "-");
  screen.textContent = [app.state, ...texts, JSON.stringify(get("list", "value"))].join(" | ");
};
subscribe(draw);
watch(draw);
draw();
let clicks = 0;
document.querySelector("#go").onclick = () => app.set("run", { n_clicks: ++clicks });
'''

@server.get("/own")
def own(): return Response(OWN, media_type="text/html")

@server.get("/own.js")
def script(): return Response(JS, media_type="text/javascript")
"""


def test_a_page_of_the_host_draws_it(serve: Serve, page: Page) -> None:
    server = serve.code(HOST, base="/dashboard/")
    page.goto(server.url.replace("dashboard/", "own"))
    screen = page.locator("#screen")
    expect(screen).to_have_text("live | - | - | ticking | - | []")
    page.locator("#go").click()
    expect(screen).to_have_text("live | socket 1 | http 1 | ticking | - | [1]")
    page.locator("#go").click()
    expect(screen).to_have_text("live | socket 2 | http 2 | ticking | - | [1,2]")
    how = page.evaluate("app.call('out.children|run.n_clicks', [9]).then(({ how }) => how)")
    assert how == "ok"
    expect(screen).to_have_text("live | socket 9 | http 2 | ticking | - | [1,2]")
    page.evaluate("""app.set('{"row":2}', { title: "b" })""")
    expect(screen).to_have_text("live | socket 9 | http 2 | ticking | -+b | [1,2]")
    assert page.evaluate("app.call('nobody').catch(({ message }) => message)") == "There is no callback nobody."


def test_an_address_without_an_app_says_so(serve: Serve, page: Page, console: Console) -> None:
    server = serve.code(HOST, base="/dashboard/")
    console.allow(r"There is no wscb app at /nowhere/.*404", r"HTTP 404: .*/nowhere/", r"status of 404")
    page.goto(server.url.replace("dashboard/", "own?at=/nowhere/"))
    expect(page.locator("#screen")).to_contain_text("refused")
    said = page.evaluate("app.ready.catch(({ message }) => message)")
    assert said == "There is no wscb app at /nowhere/. It answered HTTP 404."


def test_the_types_are_text(serve: Serve, page: Page) -> None:
    server = serve.code(HOST, base="/dashboard/")
    answer = page.request.get(server.url + "_wscb/static/latest/connect.d.ts")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert "export declare function connect" in answer.text()
