"""Stopping the server, whatever its callbacks do."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable

import pytest
from conftest import Console
from playwright.sync_api import Page, expect
from serving import Serve

SILENT = (r"WebSocket connection .* failed", r"_wscb/status", r"Failed to load resource", r"GET .*favicon")

STUBBORN = """
import asyncio
from wscb import App, Input, Output, html, set_props

app = App(__name__)
server = app.server
app.layout = html.Div([html.Button("Go", id="go"), html.P(id="out")])

@app.callback(Output("out", "children"), Input("go", "n_clicks"), websocket=True, prevent_initial_call=True)
async def stubborn(n):
    set_props("out", {"children": "begun"})
    while True:
        try:
            await asyncio.sleep(1)
        except BaseException:
            pass
"""


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_a_callback_that_does_not_end_does_not_keep_the_server(
    serve: Serve, page: Page, console: Console, signum: int, figure: Callable[[str], None]
) -> None:
    console.allow(*SILENT)
    server = serve.code(STUBBORN)
    page.goto(server.url)
    page.locator("#go").click()
    expect(page.locator("#out")).to_have_text("begun")
    asked = time.monotonic()
    server.kill(signum)
    figure(f"ended after {time.monotonic() - asked:.1f} s")
    assert "stubborn" in server.log
    assert "did not end" in server.log
