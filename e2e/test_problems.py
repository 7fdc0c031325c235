"""What callbacks write to what a page does not have: who it was, and what to do."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from serving import Serve

PROBLEMS = """
from wscb import App, Input, Output, Patch, dcc, html, set_props

app = App(__name__)
app.debug = DEBUG
app.layout = [html.Button("Go", id="go"), html.Output(id="out"), dcc.Input(id="name"), dcc.Store(id="rows", data={})]

@app.callback(Output("out", "children"), Input("go", "n_clicks"), prevent_initial_call=True, websocket=SOCKET)
def wrong_id(clicks):
    set_props("nmae", {"value": clicks})
    rows = Patch()
    rows["deep"].append(1)
    set_props("rows", {"data": rows})
    return clicks

server = app.server
"""


def eventually(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 15
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize(("socket", "debug"), [(False, False), (True, True)])
def test_a_write_to_what_is_not_there_is_explained(serve: Serve, page: Page, socket: bool, debug: bool) -> None:
    """In the log of both transports; in debug on the page, too."""
    server = serve.code(PROBLEMS.replace("SOCKET", str(socket)).replace("DEBUG", str(debug)))
    page.goto(server.url)
    page.get_by_role("button", name="Go").click()
    expect(page.locator("#out")).to_have_text("1")
    notes = page.locator(".wscb-error")
    if debug:
        expect(notes.filter(has_text="Did you mean 'name'?")).to_contain_text("Error in wrong_id (")
        expect(notes.filter(has_text="A Patch for rows.data does not fit")).to_contain_text("Error in wrong_id (")
    eventually(lambda: "A Patch for rows.data" in server.log and "nmae" in server.log)
    assert notes.count() == (2 if debug else 0)
    (said,) = [line for line in server.log.splitlines() if "nmae.value" in line]
    assert "not_on_page: wrong_id (" in said
    assert "app_0.py:8): It writes to nmae.value. The page has no component 'nmae'. Did you mean 'name'?" in said
