"""Pages of the components of dcc, under a strict policy."""

from __future__ import annotations

from playwright.sync_api import Page
from serving import Serve, Server

HEAD = """
import asyncio
from wscb import App, Input, Output, State, dcc, html, no_update, set_props

app = App(__name__)
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
