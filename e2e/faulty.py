"""The app that faults happen to in the browser tests, and what these ask it and its page.

What has run is in a file, so that it outlives the process: `Served.ran`.
"""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from line import Through
from playwright.sync_api import Page, expect
from serving import Serve, Server

SOURCE = """
import asyncio, json, os, time
from wscb import App, Input, Limits, Output, Patch, ctx, dcc, get_prop, html, set_props

app = App(__name__, limits=Limits(**json.loads(os.environ["WSCB_LIMITS"])))
server = app.server
app.layout = html.Div([
    # What can be clicked stands above what grows, so that nothing moves under a click.
    html.H1("Orders"), *(html.Button(name, id=name) for name in "a b c once again ask block many".split()),
    html.Div(dcc.Input(id="text", value="")), html.P(id="ticks"), html.P(id="echo"),
    *(html.P(id=f"out-{name}") for name in ("work", "once", "again", "ask", "block")),
    html.Div(id="items", children=[]),
])

def journal(line):
    with open(os.environ["WSCB_JOURNAL"], "a") as file:
        file.write(line + "\\n")

def runs(line):
    with open(os.environ["WSCB_JOURNAL"]) as file:
        return file.read().split("\\n").count(line)

@app.callback(persistent=True)
async def stream():
    journal("stream")
    n = 0
    while True:
        n += 1
        set_props("ticks", {"children": n, "title": str(time.time_ns() // 1_000_000)})
        await asyncio.sleep(PAUSE)

@app.callback(persistent=True)
async def echo():
    while ECHO:
        set_props("echo", {"children": await get_prop("text", "value")})
        await asyncio.sleep(PAUSE)

@app.callback(
    Output("out-work", "children"),
    *(Input(name, "n_clicks") for name in "abc"),
    websocket=True, prevent_initial_call=True,
)
async def work(*clicks):
    journal(ctx.triggered_id)
    return " ".join(map(str, clicks))

async def hold(name):
    journal(name)
    while runs(name) == 1:
        await asyncio.sleep(0.02)
    return f"{name}, run {runs(name)}"

HOW = {"websocket": SOCKET, "prevent_initial_call": True}

@app.callback(Output("out-once", "children"), Input("once", "n_clicks"), **HOW)
async def once(n): return await hold("once")

@app.callback(Output("out-again", "children"), Input("again", "n_clicks"), retry=True, **HOW)
async def again(n): return await hold("again")

@app.callback(Output("out-ask", "children"), Input("ask", "n_clicks"), websocket=True, prevent_initial_call=True)
async def ask(n):
    journal("asked")
    try:
        value = await get_prop("text", "value")
        missing = await get_prop("nobody", "value")
    except asyncio.CancelledError:
        journal("gone")
        raise
    except Exception as error:
        missing = type(error).__name__
    return f"{value}, {missing}"

@app.callback(Output("out-block", "children"), Input("block", "n_clicks"), websocket=True, prevent_initial_call=True)
async def block(n):
    time.sleep(BLOCKED)
    return n

@app.callback(Output("out-block", "title"), Input("many", "n_clicks"), websocket=True, prevent_initial_call=True)
async def many(n):
    journal("many")
    for number in range(500):
        items = Patch()
        items.append(f"{number} ")
        set_props("items", {"children": items})
        await asyncio.sleep(0.005)
    return "all"

@server.get("/forget")
async def forget():
    for actor in list(app.site().hub.sessions.values()):
        actor.end(None)

@server.get("/left")
async def left():
    return {"sessions": len(app.site().hub.sessions),
            "tasks": sum(task.get_name().startswith("wscb ") for task in asyncio.all_tasks())}

class SignedIn:
    is_authenticated = True
    def __init__(self, name): self.identity = name

class SignIn:
    \"\"\"The cookie is the user's name, and believed. Of some users nothing is let through but the page.\"\"\"
    def __init__(self, app): self.app = app

    async def __call__(self, scope, receive, send):
        headers = dict(scope.get("headers", ()))
        name = headers.get(b"cookie", b"").decode().partition("user=")[2]
        if name.startswith("refused-") and scope["path"].startswith(("/_wscb/ws", "/_wscb/status")):
            journal(scope["type"])
            start = {"status": int(name[8:]), "headers": [(b"content-length", b"0")]}
            kind = "websocket.http.response" if scope["type"] == "websocket" else "http.response"
            await send({"type": f"{kind}.start", **start})
            await send({"type": f"{kind}.body", "body": b""})
            return
        if name == "elsewhere":
            scope["headers"] = [(k, b"http://elsewhere.example" if k == b"origin" else v) for k, v in scope["headers"]]
        scope["user"] = SignedIn(name or "nobody")
        await self.app(scope, receive, send)

server.add_middleware(SignIn)
"""

QUIET = (r"WebSocket connection .* failed", r"_wscb/status", r"Failed to load resource", r"GET .*favicon")
"""What a browser says by itself when there is no server."""

ROOT = "#wscb-root"
BANNER = ".wscb-banner"

# All states that the page goes through, from its first; `window.states` of a page that was loaded again is new.
WATCH = """window.states = [];
addEventListener("wscb:state", e => states.push({state: e.detail.state, code: e.detail.code, at: Date.now()}));"""


class Served:
    """A server of the app, behind a proxy. `url` is the proxy's."""

    def __init__(self, server: Server, file: Path, journal: Path) -> None:
        self.server = server
        self.through = Through(server)
        self.url = self.through.url
        self._file = file
        self._journal = journal

    @property
    def ran(self) -> list[str]:
        """A line for each run, in order, of all processes."""
        return self._journal.read_text().split("\n")[:-1]

    def fresh(self) -> None:
        """As if nobody had been here yet, also of those whose sessions still wait for them."""
        self._ask("forget")
        settles(lambda: self.left() == {"sessions": 0, "tasks": 0})
        self._journal.write_text("")

    def left(self) -> dict[str, int]:
        found: dict[str, int] = self._ask("left")
        return found

    def _ask(self, what: str) -> Any:
        with urllib.request.urlopen(self.server.url + what, timeout=5) as answer:
            return json.load(answer)

    def restart(self) -> None:
        """Starts the next process, which a page is the first to ask anything, and returns when it can be reached."""
        before = self.server.log.count("Uvicorn running")
        self.server.start(ready=False)
        settles(lambda: self.server.log.count("Uvicorn running") > before, seconds=30)

    def rewrite(self, *changes: str) -> None:
        """What the next process serves: texts of the source by turns with what takes their place."""
        source = self._file.read_text()
        for old, new in zip(changes[::2], changes[1::2], strict=True):
            assert old in source, f"{old!r} is not in the source"
            source = source.replace(old, new)
        self._file.write_text(source)

    def sockets(self) -> int:
        """How many connections the page's side has opened, all kinds."""
        return self.through.do(lambda proxy: proxy.opened)


class Faulty:
    """Makes them; `faulty(heartbeat_seconds=0.4)` has other limits than most servers."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._serve = Serve(directory)
        self._made: list[Served] = []

    def __call__(
        self, *, socket: bool = True, echo: bool = True, pause: float = 0.02, blocked: float = 0.0, **limits: Any
    ) -> Served:
        file = self._directory / f"faulty_{len(self._made)}.py"
        file.write_text(f"SOCKET, ECHO, PAUSE, BLOCKED = {socket}, {echo}, {pause}, {blocked}\n{SOURCE}")
        journal = file.with_suffix(".journal")
        journal.touch()
        env = {"WSCB_JOURNAL": str(journal), "WSCB_LIMITS": json.dumps(limits)}
        served = Served(self._serve(file, env=env), file, journal)
        self._made.append(served)
        return served

    def end(self, *, logs: bool = False) -> None:
        for served in self._made:
            served.through.end()
        self._serve.end()
        for served in self._made if logs else ():
            print(f"--- log of {served.server.url}\n{served.server.log}")


class Lasting:
    """Servers that one test after the other uses."""

    def __init__(self, directory: Path) -> None:
        self._faulty = Faulty(directory)
        self._made: dict[str, Served] = {}

    def lent(self, name: str, failed: Callable[[], bool], **options: Any) -> Iterator[Served]:
        if name not in self._made:
            self._made[name] = self._faulty(**options)
        served = self._made[name]
        served.fresh()
        said = len(served.server.log)
        yield served
        if failed():
            print(f"--- log of {served.server.url}\n{served.server.log[said:]}")

    def end(self) -> None:
        self._faulty.end()


def state(page: Page, name: str, seconds: float = 15.0) -> None:
    expect(page.locator(ROOT)).to_have_attribute("data-wscb-state", name, timeout=seconds * 1000)


def states(page: Page) -> list[str]:
    """Those that the page has gone through since it was loaded."""
    return [each["state"] for each in page.evaluate("window.states")]


def ticking(page: Page) -> None:
    """The stream goes on: another tick comes after the one that is shown."""
    shown = page.locator("#ticks").text_content()
    expect(page.locator("#ticks")).not_to_have_text(shown or "")


def settles(holds: Callable[[], object], seconds: float = 10.0) -> None:
    """Waits until something outside of the page is so."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "this has not come to be"
        time.sleep(0.01)
