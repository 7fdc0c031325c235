"""Pages of the components of dcc, under a strict policy."""

from __future__ import annotations

from typing import Any

from behaviour import Host
from playwright.sync_api import Page
from serving import Serve, Server

HEAD = """
import asyncio
from wscb import App, Input, Output, State, dcc, html, no_update, set_props

app = App(__name__, url_base_pathname=globals().get("BASE", "/"))
server = app.server
"""
STRICT = """
@server.middleware("http")
async def policy(request, call_next):
    response = await call_next(request)
    response.headers["Content-Security-Policy"] = "default-src 'self'"
    return response
"""


def open_page(serve: Serve, page: Page, source: str, path: str = "") -> Server:
    server = serve.code(HEAD + source + STRICT)
    page.goto(server.url + path)
    return server


def open_hosted(host: Host, page: Page, source: str) -> None:
    """The same in this process, which saves the start of a server for each page. It lies below a path of its own."""
    base = f"/{len(host.apps)}/"
    names: dict[str, Any] = {"__name__": "hosted", "BASE": base}
    exec(compile(HEAD + source + STRICT, f"page{base}", "exec"), names)
    host.apps.append(names["app"])
    page.goto(host.url + base)
