"""What a developer sees of a mistake: on the page, while `debug` is on, until it is mended."""

from __future__ import annotations

import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import Console
from playwright.sync_api import Page, expect
from serving import Server, free_port

Begin = Callable[[str], Server]

APP = """
import sys
from wscb import App, Input, Output, html

app = App(__name__, backend="fastapi", url_base_pathname="/dash/")
app.layout = [html.Button("Run", id="run"), html.Output(id="out")]

@app.server.middleware("http")
async def policy(request, call_next):
    response = await call_next(request)
    response.headers["Content-Security-Policy"] = "default-src 'self'"
    return response

@app.callback(Output("ot", "children"), Input("run", "n_clicks"), websocket=True)
def work(clicks):
    return f"clicked {clicks}"

if __name__ == "__main__":
    app.run(port=int(sys.argv[-1]), debug=True)
"""


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Callable[[str], Server]]:
    """Starts the app of a source as its developer does; it is ready when it answers anything at all."""
    servers: list[Server] = []

    def start(source: str) -> Server:
        file = tmp_path / "app.py"
        file.write_text(source)
        port = free_port()
        command = [sys.executable, str(file), str(port)]
        server = Server(command, port, tmp_path / "server.log", base="/dash/", cwd=tmp_path, env={})
        servers.append(server.start(ready=False))
        deadline = time.monotonic() + 30
        while not _answers(server):
            assert time.monotonic() < deadline, server.log
        return server

    yield start
    for server in servers:
        server.stop()  # it tells its child


def _answers(server: Server) -> bool:
    try:
        urllib.request.urlopen(server.url, timeout=20).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        time.sleep(0.05)
        return False
    return True


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_shows_the_mistake_and_comes_back_when_it_is_mended(
    begin: Begin, page: Page, console: Console, tmp_path: Path, scheme: str
) -> None:
    console.allow("500")
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    server = begin(APP)
    page.goto(server.url)
    expect(page.locator("h1")).to_have_text("This app is declared wrongly")
    expect(page.locator("article")).to_contain_text("work (")
    expect(page.locator("article")).to_contain_text("Did you mean 'out'?")
    expect(page.locator("mark")).to_contain_text('@app.callback(Output("ot", "children")')
    light = page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(246, 247, 249)"
    assert light is (scheme == "light")
    assert server.log.count("Did you mean") == 1

    (tmp_path / "app.py").write_text(APP.replace('"ot"', '"out"'))
    page.get_by_role("button", name="Run").click()
    expect(page.locator("#out")).to_have_text("clicked 1")


def test_a_layout_that_raises_shows_where(begin: Begin, page: Page, console: Console, tmp_path: Path) -> None:
    console.allow("500")
    source = APP.replace("app.layout = [", "app.layout = lambda: [missing, ").replace('"ot"', '"out"')
    server = begin(source)
    page.goto(server.url)
    expect(page.locator("h1")).to_have_text("This page could not be made")
    expect(page.locator("article").first).to_contain_text("NameError: name 'missing' is not defined")
    expect(page.locator("article").last).to_contain_text("app.layout = lambda: [missing, ")
    assert "to_thread" not in page.locator("main").inner_text()

    (tmp_path / "app.py").write_text(source.replace("missing, ", ""))
    expect(page.get_by_role("button", name="Run")).to_be_visible()
