"""`app.run(debug=True)`: a file is changed, and the page comes back with the change and with what was typed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from conftest import Console
from playwright.sync_api import Page, expect
from serving import Serve, Server

APP = """
import sys
from wscb import App, Input, Output, dcc, html

app = App(__name__, backend="BACKEND")
app.layout = [
    html.H1("before"),
    html.Label(["Committed when done", dcc.Input(id="held", debounce=True)]),
    html.Label(["Committed at once", dcc.Textarea(id="told")]),
    dcc.Checklist(["a", "b"], [], id="ticks"),
    dcc.RadioItems(["x", "y"], "x", id="one"),
    html.P(id="out"),
]

@app.callback(Output("out", "children"), Input("held", "value"), Input("told", "value"), Input("ticks", "value"),
              Input("one", "value"), SOCKET)
def show(*values):
    return f"before: {values}"

if __name__ == "__main__":
    app.run(port=int(sys.argv[-1]), debug=True)
"""


@pytest.fixture(params=["fastapi", "fastapi-http", "quart", "flask"])
def app(request: pytest.FixtureRequest, serve: Serve, tmp_path: Path) -> Server:
    backend, _, http = request.param.partition("-")
    socket = "websocket=True" if not http and backend != "flask" else ""
    file = tmp_path / "app.py"
    file.write_text(APP.replace("BACKEND", backend).replace("SOCKET", socket))
    return serve._start([sys.executable, str(file)], cwd=tmp_path, base="/", env={})


def test_the_page_comes_back_with_what_was_typed(app: Server, page: Page, console: Console, tmp_path: Path) -> None:
    """And says nothing: neither the socket nor a question meets a server that is not there.

    The one that ends may still take a socket in, in its last moment; the next attempt waits for the one that comes.
    """
    console.allow("WebSocket connection .* net::ERR_SOCKET_NOT_CONNECTED")
    page.goto(app.url)
    out, held = page.locator("#out"), page.locator("#held")
    expect(out).to_have_text("before: (None, None, [], 'x')")
    page.locator("#ticks input").nth(1).check()
    page.locator("#one").get_by_label("y").check()
    page.locator("#told").fill("told\nat once")
    held.press_sequentially("half a wo")
    expect(out).to_have_text(r"before: (None, 'told\nat once', ['b'], 'y')")
    page.evaluate("window.same = true")

    file = tmp_path / "app.py"
    source = file.read_text()
    file.write_text(f"({source}")
    while "SyntaxError" not in app.log:  # and the page waits
        page.wait_for_timeout(5)
    file.write_text(source.replace("before", "after"))
    expect(page.locator("h1")).to_have_text("after")
    expect(out).to_have_text(r"after: (None, 'told\nat once', ['b'], 'y')")
    expect(held).to_have_value("half a wo")
    expect(held).to_be_focused()
    assert page.evaluate("window.same") is None
    page.keyboard.type("rd\n")
    expect(out).to_have_text(r"after: ('half a word', 'told\nat once', ['b'], 'y')")

    # What somebody loads himself is the page as it is.
    page.reload()
    expect(out).to_have_text("after: (None, None, [], 'x')")
    expect(held).to_have_value("")
    assert "_wscb/status" not in app.log
