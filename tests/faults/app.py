"""The app that the faults happen to. Every callback takes one input, what its call is to do.

What has run is in a file, WSCB_JOURNAL, which survives the process. WSCB_LIMITS are limits as JSON.
"""

from __future__ import annotations

import asyncio
import gc
import json
import linecache
import os
import sys
import time
from array import array
from collections.abc import AsyncIterator
from typing import Any

import psutil

from tests.defects import plant_told
from tests.faults.oracle import DIGEST, KIDS, ROOTS, Writer, digest
from tests.session.page_model import component
from wscb import App, Input, Limits, Output, Patch, get_prop, html, no_update, set_props

SHOWN = ("recorded", "held", "counter", "items", "raced", "got", "blob", "field", "latest", "blocked", "recreated")
MEASURED = ("ticked", "valued")
IDS = (*SHOWN, *MEASURED, DIGEST, *ROOTS)

plant_told()
app = App(
    __name__,
    url_base_pathname=os.environ.get("WSCB_BASE", "/"),
    websocket_callbacks=True,
    prevent_initial_callbacks=True,
    suppress_callback_exceptions=True,
    limits=Limits(**json.loads(os.environ.get("WSCB_LIMITS", "{}"))),
)
server = app.server
app.layout = html.Div([html.Button(id="P"), *(html.Div(id=id) for id in IDS)])

_journal = os.open(os.environ["WSCB_JOURNAL"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
_released = asyncio.Event()
_peak = 0
_connects = array("d")
_delay = 0.0

TICK = 0.005
"""Seconds between two looks at how late the loop is."""


def journal(key: str) -> None:
    os.write(_journal, f"{key}\n".encode())


def look() -> None:
    """Remembers how much was held for one page at most."""
    global _peak
    _peak = max(_peak, *(actor.machine.size for actor in app.site().hub.sessions.values()), 0)


@app.callback(Output("recorded", "children"), Input("P", "n"))
async def record(key: str) -> Any:
    """Runs at most once: the journal tells. Its result is added, so that a second delivery would show."""
    journal(key)
    patch = Patch()
    patch.append(key, maxlen=50)
    return patch


@app.callback(Output("held", "children"), Input("P", "n"))
async def hold(key: str) -> str:
    """Has run, and has no outcome until it is released."""
    journal(f"{key} begun")
    await _released.wait()
    journal(f"{key} done")
    return key


@app.callback(Output("raced", "children"), Input("P", "n"))
async def race(call: dict[str, Any]) -> Any:
    for _ in range(call["steps"]):
        await asyncio.sleep(0)
    journal(call["key"])
    patch = Patch()
    patch.append(call["key"], maxlen=5000)
    return patch


@app.callback(Output("latest", "children"), Input("P", "n"))
async def latest(call: dict[str, Any]) -> str:
    """Takes so many steps of the loop, so that a later call can be quicker."""
    for _ in range(call["steps"]):
        await asyncio.sleep(0)
    return str(call["key"])


@app.callback(Output("got", "children"), Input("P", "n"))
async def get(key: str) -> Any:
    set_props("field", {"title": key})
    journal(key)
    return [key, await get_prop("field", "title"), await _missing()]


async def _missing() -> str:
    try:
        return str(await get_prop("nobody", "title"))
    except Exception as error:
        return type(error).__name__


@app.callback(Input("P", "n"))
async def count(call: dict[str, Any]) -> None:
    """Writes 0, 1, 2 ... to one prop, and appends them to another; `burst` of them, a `pause`, and again."""
    for start in range(0, call["count"], call["burst"]):
        for number in range(start, min(start + call["burst"], call["count"])):
            set_props("counter", {"children": number})
            if call.get("append"):
                _append("items", number)
        look()
        await asyncio.sleep(call["pause"])


@app.callback(Input("P", "m"))
async def flood(size: int) -> None:
    """Appends values as fast as it can, for as long as somebody is there."""
    patch = Patch()
    patch.append("x" * size, maxlen=100_000)
    while True:
        set_props("blob", {"children": patch})
        look()
        await asyncio.sleep(0)


@app.callback(Input("P", "t"))
async def ticks(call: dict[str, Any]) -> None:
    """Writes what time it is, for as long as somebody is there; with `append` so many bytes more each time."""
    patch = Patch()
    patch.append("x" * call.get("append", 0))
    await asyncio.sleep(call.get("offset", 0))
    while True:
        set_props("ticked", {"children": time.monotonic()})
        if "append" in call:
            set_props("blob", {"children": patch})
        await asyncio.sleep(call["pause"])


@app.callback(Input("P", "v"))
async def values(size: int) -> None:
    """Writes values as fast as it can, each as long as this, for as long as somebody is there."""
    number = 0
    while True:
        set_props("valued", {"children": f"{number:09}" + "x" * (size - 9)})
        number += 1
        look()
        await asyncio.sleep(0)


@app.callback(Input("P", "a"))
async def asked(key: str) -> None:
    """How a question to the page ended is in the journal."""
    journal(f"{key} begun")
    try:
        await get_prop("field", "title", timeout=60)
        journal(f"{key} answered")
    except BaseException as error:
        journal(f"{key} {type(error).__name__}")
        raise


@app.callback(Output("blocked", "children"), Input("P", "n"))
async def block(seconds: float) -> float:
    """What no callback should do: nothing else of this process runs meanwhile."""
    time.sleep(seconds)  # noqa: ASYNC251
    return seconds


@app.callback(Output("recreated", "children"), Input("P", "n"))
async def recreate(key: str) -> str:
    """Appends to a component, makes it anew, and appends to the new one; `key` is written before and after."""
    set_props("r0", {"children": [component("k0", children=["old"])]})
    _append("k0", f"{key} lost")
    journal(f"{key} begun")
    await _released.wait()
    _append("k0", f"{key} lost too")
    set_props("r0", {"children": [component("k1")]})
    _append("k1", f"{key} lost with its component")
    set_props("r0", {"children": [component("k0", children=["new"])]})
    _append("k0", key)
    return key


def _append(id: str, item: object) -> None:
    patch = Patch()
    patch.append(item)
    set_props(id, {"children": patch})


@app.callback(Output("blob", "children"), Input("P", "n"))
async def blob(size: int) -> str:
    return "b" * size


@app.callback(*(Output(id, "children") for id in (*ROOTS, *KIDS, DIGEST)), Input("P", "n"))
async def random_changes(call: dict[str, Any]) -> AsyncIterator[tuple[Any, ...]]:
    writer = Writer(call["seed"])
    values = writer.begin()
    for step in range(call["steps"]):
        if values:
            yield (*(values.get(id, no_update) for id in (*ROOTS, *KIDS)), digest(writer.doc))
        look()
        await asyncio.sleep(call["pause"] if step % call["burst"] == 0 else 0)
        values = writer.step()


def _watch(due: float) -> None:
    """How late the loop is at most, from the first connection on."""
    global _delay
    now = time.monotonic()
    _delay = max(_delay, now - due)
    asyncio.get_running_loop().call_later(TICK, _watch, now + TICK)


class User:
    """Who the handshake says it is. The test's way of signing in is a header, and believed."""

    is_authenticated = True

    def __init__(self, identity: str) -> None:
        self.identity = identity


class SignIn:
    """An ASGI middleware as those of authentication are."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            if not _connects:
                _watch(time.monotonic())
            _connects.append(time.monotonic())
        names = [value.decode() for key, value in scope.get("headers", ()) if key == b"x-user"]
        if names:
            scope["user"] = User(names[0])
        await self._app(scope, receive, send)


server.add_middleware(SignIn)


@server.post("/faults/release")
async def release() -> None:
    _released.set()
    _released.clear()


@server.get("/faults/figures")
async def figures() -> dict[str, int]:
    """What is there now; `peak` are the most bytes that were held for one page, `blocks` pieces of memory in use."""
    process = psutil.Process()
    linecache.clearcache()  # of the stacks that a warning about a blocked loop shows
    gc.collect()
    return {
        "tasks": len(asyncio.all_tasks()),
        "descriptors": process.num_fds(),
        "resident": process.memory_info().rss,
        "sessions": len(app.site().hub.sessions),
        "runs": sum(len(actor.runs) for actor in app.site().hub.sessions.values()),
        "attached": sum(not actor.away for actor in app.site().hub.sessions.values()),
        "blocks": sys.getallocatedblocks(),
        "peak": _peak,
    }


@server.get("/faults/load")
async def load() -> dict[str, Any]:
    """When connections came, how late the loop was at most since this was asked last, seconds of processor."""
    global _delay
    delay, _delay = _delay, 0.0
    used = psutil.Process().cpu_times()
    return {"connects": _connects.tolist(), "delay": delay, "cpu": used.user + used.system}
