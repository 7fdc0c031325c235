"""Pages of the components of dcc, under a strict policy."""

from __future__ import annotations

from typing import Any

from behaviour import Behave
from playwright.sync_api import Page

HEAD = """
import asyncio
from wscb import App, Input, Output, State, dcc, html, no_update, set_props

app = App(__name__, url_base_pathname=BASE, websocket_callbacks=SOCKET)
server = app.server
"""
STRICT = """
@server.middleware("http")
async def policy(request, call_next):
    response = await call_next(request)
    response.headers["Content-Security-Policy"] = "default-src 'self'"
    return response
"""


def open_strict(behave: Behave, page: Page, source: str, path: str = "") -> str:
    """Opens the app of this source, in this process, over the transport that `behave` stands for.

    Returns the address of the app, which lies below a path of its own: `BASE` in the source.
    """
    apps = behave.host.apps
    base = f"/{len(apps)}/"
    names: dict[str, Any] = {"__name__": "hosted", "BASE": base, "SOCKET": behave.socket}
    exec(compile(HEAD + source + STRICT, f"page{base}", "exec"), names)
    apps.append(names["app"])
    page.goto(behave.host.url + base + path)
    return behave.host.url + base
