"""What a person sees: values, chains, progress, what is typed, errors, a strict policy."""

from __future__ import annotations

from conftest import Console
from playwright.sync_api import Page, Route, expect
from serving import Serve

HEAD = """
import asyncio
from wscb import App, Input, Output, State, Patch, PreventUpdate, ctx, dcc, get_prop, html, no_update, set_props

app = App(__name__)
server = app.server
"""


def live(page: Page) -> None:
    expect(page.locator("#wscb-root")).to_have_attribute("data-wscb-state", "live")


def test_calls_over_both_transports_in_dependency_order(serve: Serve, page: Page) -> None:
    server = serve.code(
        HEAD
        + """
calls = []
app.layout = html.Div([
    dcc.Input(id="name", value="ann"), html.P(id="a"), html.P(id="b"), html.P(id="c"), html.Pre(id="calls"),
])

@app.callback(Output("a", "children"), Input("name", "value"), websocket=True)
async def first(name): calls.append("first"); return name.title()

@app.callback(Output("b", "children"), Input("name", "value"))
def second(name): calls.append("second"); return name.upper()

@app.callback(Output("c", "children"), Input("a", "children"), Input("b", "children"))
def third(a, b): calls.append("third"); return f"{a} {b}"

@app.callback(Output("calls", "children"), Input("c", "children"), websocket=True)
def last(c): return " ".join(sorted(calls)) if c else no_update
"""
    )
    page.goto(server.url)
    expect(page.locator("#c")).to_have_text("Ann ANN")
    expect(page.locator("#calls")).to_have_text("first second third")
    page.locator("#name").fill("bob")
    expect(page.locator("#c")).to_have_text("Bob BOB")


def test_progress_cancel_running_and_finally(serve: Serve, page: Page) -> None:
    server = serve.code(
        HEAD
        + """
app.layout = html.Div([
    html.Button("Run", id="run"), html.Button("Cancel", id="cancel", disabled=True),
    html.Progress(id="bar", max=100, value=0), html.Output(id="out"), html.Pre(id="log"),
])

@app.callback(
    Output("out", "children"), Input("run", "n_clicks"), websocket=True, prevent_initial_call=True,
    cancel=[Input("cancel", "n_clicks")],
    running=[(Output("run", "disabled"), True, False), (Output("cancel", "disabled"), False, True)],
)
async def work(clicks):
    try:
        for i in range(1, 101):
            set_props("bar", {"value": i})
            await asyncio.sleep(0.005 if clicks == 1 else 1)
    finally:
        set_props("log", {"children": f"cleaned up {clicks}"})
    return f"finished {clicks}"
"""
    )
    page.goto(server.url)
    live(page)
    expect(page.locator("#cancel")).to_be_disabled()
    page.evaluate(
        """() => { window.seen = []; new MutationObserver(() => window.seen.push(document.querySelector('#bar').value))
            .observe(document.querySelector('#bar'), {attributes: true}); }"""
    )
    page.locator("#run").click()
    expect(page.locator("#run")).to_be_disabled()
    expect(page.locator("#cancel")).to_be_enabled()
    expect(page.locator("#out")).to_have_text("finished 1")
    expect(page.locator("#run")).to_be_enabled()
    expect(page.locator("#cancel")).to_be_disabled()
    seen = page.evaluate("window.seen")
    assert seen == sorted(seen)
    assert seen[-1] == 100
    page.locator("#run").click()
    page.locator("#cancel").click()
    expect(page.locator("#log")).to_have_text("cleaned up 2")
    expect(page.locator("#run")).to_be_enabled()
    expect(page.locator("#out")).to_have_text("finished 1")


def test_an_older_answer_over_http_overwrites_no_newer_one(serve: Serve, page: Page) -> None:
    """ "a" takes until "ab" has been answered; what the call for "a" set beside its output stands all the same."""
    server = serve.code(
        HEAD
        + """
import threading
app.layout = html.Div([dcc.Input(id="text", value=""), html.P(id="out"), html.P(id="side")])
go = threading.Event()

@app.callback(Output("out", "children"), Input("text", "value"), prevent_initial_call=True)
def work(text):
    if text == "a":
        go.wait(10)
        set_props("side", {"children": f"seen {text}"})
    return f"result for {text}"

@server.get("/go")
def answer_the_older(): go.set()
"""
    )
    page.goto(server.url)
    page.locator("#text").press_sequentially("ab")
    expect(page.locator("#out")).to_have_text("result for ab")
    page.evaluate("fetch('/go')")
    expect(page.locator("#side")).to_have_text("seen a")
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    expect(page.locator("#out")).to_have_text("result for ab")
    expect(page.locator(".wscb-error")).to_have_count(0)


def test_calls_wait_for_a_module_that_cannot_be_loaded_at_first(serve: Serve, page: Page, console: Console) -> None:
    server = serve.code(
        HEAD
        + """
app.layout = html.Div([html.P(id="out")])

@app.callback(Output("out", "children"), Input("out", "title"))
def work(title): return "made once"
"""
    )
    console.allow(r"late\.js", r"Failed to load resource")
    asked: list[str] = []

    def first_two_fail(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) <= 2:
            route.abort()
        else:
            route.continue_()

    page.route("**/late.js*", first_two_fail)
    page.goto(server.url)
    expect(page.locator("#out")).to_have_text("made once")
    expect(page.locator(".wscb-error")).to_have_count(0)
    assert len(asked) >= 3


def test_typing_loses_no_key_while_updates_arrive(serve: Serve, page: Page) -> None:
    server = serve.code(
        HEAD
        + """
app.layout = html.Div([dcc.Input(id="text", value=""), html.P(id="echo"), html.Div(id="list"), html.P(id="n")])

@app.callback(persistent=True)
async def stream():
    n = 0
    while True:
        n += 1
        set_props("n", {"children": n})
        set_props("list", {"children": [html.Div(f"row {i} at {n}", id=f"row-{i}") for i in range(n % 7)]})
        set_props("echo", {"children": await get_prop("text", "value")})
        await asyncio.sleep(0.01)

@app.callback(Output("echo", "title"), Input("text", "value"), websocket=True, prevent_initial_call=True)
async def slow(text):
    await asyncio.sleep(0.05)
    set_props("text", {"value": text})
    return text
"""
    )
    page.goto(server.url)
    live(page)
    sentence = "the quick brown fox jumps over the lazy dog"
    page.locator("#text").press_sequentially(sentence, delay=5)
    expect(page.locator("#text")).to_have_value(sentence)
    expect(page.locator("#text")).to_be_focused()
    expect(page.locator("#echo")).to_have_text(sentence)


def test_focus_caret_and_nodes_survive_new_children(serve: Serve, page: Page) -> None:
    server = serve.code(
        HEAD
        + """
app.layout = html.Div([
    html.Button("Go", id="go"),
    html.Div(id="box", children=[dcc.Input(id="field", value="hello world")]),
])

@app.callback(Output("box", "children"), Input("go", "n_clicks"), websocket=True, prevent_initial_call=True)
async def rebuild(n):
    return [html.H2(f"Version {n}", id="title"), dcc.Input(id="field", value="hello world"), html.P("after")]
"""
    )
    page.goto(server.url)
    live(page)
    page.evaluate(
        "() => { const f = window.before = document.querySelector('#field'); f.focus(); f.setSelectionRange(3, 7); }"
    )
    page.evaluate("document.querySelector('#go').click()")
    expect(page.locator("#title")).to_have_text("Version 1")
    assert page.evaluate(
        """() => { const f = document.querySelector('#field');
            return [f === window.before, document.activeElement === f, f.selectionStart, f.selectionEnd]; }"""
    ) == [True, True, 3, 7]


def test_an_error_shows_a_reference_and_nothing_of_the_exception(serve: Serve, page: Page) -> None:
    source = (
        HEAD
        + """
app.layout = html.Div([html.Button("Go", id="go"), html.P(id="out")])

@app.callback(Output("out", "children"), Input("go", "n_clicks"), websocket=True, prevent_initial_call=True)
async def fail(n):
    if n == 1: raise ValueError("the password is 1234")
    return "fine"
"""
    )
    server = serve.code(source)
    page.goto(server.url)
    live(page)
    page.locator("#go").click()
    note = page.locator(".wscb-error")
    expect(note).to_contain_text("Reference")
    assert "1234" not in page.content()
    reference = (note.text_content() or "").split("Reference ")[1].split()[0]
    assert reference in server.log
    assert "the password is 1234" in server.log
    page.locator("#go").click()
    expect(page.locator("#out")).to_have_text("fine")
    expect(page.locator("[aria-busy=true]")).to_have_count(0)


def test_debug_shows_the_traceback(serve: Serve, page: Page) -> None:
    server = serve.code(
        HEAD
        + """
app.debug = True
app.layout = html.Div([html.Button("Go", id="go"), html.P(id="out")])

@app.callback(Output("out", "children"), Input("go", "n_clicks"), websocket=True, prevent_initial_call=True)
async def fail(n): raise ValueError("what went wrong")
"""
    )
    page.goto(server.url)
    live(page)
    page.locator("#go").click()
    expect(page.locator(".wscb-error pre")).to_contain_text("ValueError: what went wrong")
    page.keyboard.press("Escape")
    expect(page.locator(".wscb-error")).to_have_count(0)


def test_a_strict_policy_holds(serve: Serve, page: Page) -> None:
    """`page` fails on any violation; a chart is drawn under the policy too."""
    server = serve.code(
        HEAD
        + """
import array
app.layout = html.Div([html.Div(id="out", style={"color": "red"}), dcc.Chart(id="chart", time=False,
    data={"x": array.array("d", range(100)), "y": array.array("d", range(100))})])

@app.callback(Output("out", "children"), Input("out", "title"), websocket=True)
async def work(title): return "worked"

@server.middleware("http")
async def policy(request, call_next):
    response = await call_next(request)
    response.headers["Content-Security-Policy"] = "default-src 'self'"
    return response
"""
    )
    page.goto(server.url)
    expect(page.locator("#out")).to_have_text("worked")
    expect(page.locator("#out")).to_have_css("color", "rgb(255, 0, 0)")
    expect(page.locator("#chart canvas")).to_be_visible()


def test_a_mounted_app_leaves_the_host_alone(serve: Serve, page: Page) -> None:
    server = serve.code(
        """
from fastapi import FastAPI, WebSocket
from wscb import App, Input, Output, html
server = FastAPI()

@server.get("/api/before")
def before(): return {"before": True}

app = App(__name__, server=server, url_base_pathname="/dashboard/")
app.layout = html.Div([html.P(id="out")])

@app.callback(Output("out", "children"), Input("out", "title"), websocket=True)
async def work(title): return "mounted"

@server.get("/api/after")
def after(): return {"after": True}

@server.websocket("/own")
async def own(socket: WebSocket):
    await socket.accept()
    await socket.send_text("host")
    await socket.close()
""",
        base="/dashboard/",
    )
    page.goto(server.url)
    expect(page.locator("#out")).to_have_text("mounted")
    host = server.url.removesuffix("/dashboard/")
    answers = page.evaluate(
        """async host => [
            await (await fetch(host + "/api/before")).json(), await (await fetch(host + "/api/after")).json(),
            Object.keys((await (await fetch(host + "/openapi.json")).json()).paths),
            await new Promise(done => {
                new WebSocket(host.replace("http", "ws") + "/own").onmessage = e => done(e.data);
            }),
        ]""",
        host,
    )
    assert answers == [{"before": True}, {"after": True}, ["/api/before", "/api/after"], "host"]


def test_a_bare_app_keeps_off_the_edges_unless_it_says_otherwise(serve: Serve, page: Page) -> None:
    source = (
        HEAD
        + """
app.layout = html.Div([html.P("text", id="text"), dcc.Chart(id="chart", window=10, live=True, series=[{"key": "y"}])])
"""
    )
    page.goto(serve.code(source).url)
    expect(page.locator("#text")).to_have_text("text")
    expect(page.locator("body")).to_have_css("margin", "16px")
    page.evaluate(
        """() => { const sheet = new CSSStyleSheet(); sheet.replaceSync("body { margin: 0 }");
            document.adoptedStyleSheets.push(sheet); }"""
    )
    expect(page.locator("body")).to_have_css("margin", "0px")


def test_a_dialog_opens_above_the_page_and_tells_when_it_was_closed(serve: Serve, page: Page) -> None:
    server = serve.code(
        HEAD
        + """
app.layout = html.Div([
    html.Button("Ask", id="ask"), html.Dialog(id="box", children=html.P("Sure?", id="text")), html.P(id="out"),
])

@app.callback(Output("box", "open"), Input("ask", "n_clicks"), prevent_initial_call=True)
def ask(n): return True

@app.callback(Output("out", "children"), Input("box", "open"), prevent_initial_call=True)
def told(open): return "open" if open else "closed"
"""
    )
    page.goto(server.url)
    page.locator("#ask").click()
    expect(page.locator("#text")).to_be_visible()
    assert page.evaluate("document.querySelector('#box').matches(':modal')")
    expect(page.locator("#out")).to_have_text("open")
    page.keyboard.press("Escape")
    expect(page.locator("#text")).to_be_hidden()
    expect(page.locator("#out")).to_have_text("closed")
    page.locator("#ask").click()
    expect(page.locator("#text")).to_be_visible()
