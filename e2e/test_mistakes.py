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
        until(lambda: status(server) > 0)
        return server

    yield start
    for server in servers:
        server.stop()  # it tells its child


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def status(server: Server) -> int:
    """What its page is answered with; 0 when nobody listens."""
    try:
        with urllib.request.urlopen(server.url, timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def test_the_page_shows_each_mistake_and_comes_back_when_it_is_mended(
    begin: Begin, page: Page, console: Console, tmp_path: Path
) -> None:
    """One after the other, as somebody makes them who mends them: in a declaration, in a layout, at an import."""
    console.allow("500")
    file, right = tmp_path / "app.py", APP.replace('"ot"', '"out"')
    heading, article = page.locator("h1"), page.locator("article")
    server = begin(APP)
    page.goto(server.url)
    expect(heading).to_have_text("This app is declared wrongly")
    expect(article).to_contain_text("work (")
    expect(article).to_contain_text("Did you mean 'out'?")
    expect(page.locator("mark")).to_contain_text('@app.callback(Output("ot", "children")')
    colours = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        colours.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert colours == ["rgb(246, 247, 249)", "rgb(13, 16, 21)"]
    assert server.log.count("Did you mean") == 1

    file.write_text(right.replace("app.layout = [", "app.layout = lambda: [missing, "))
    expect(heading).to_have_text("This page could not be made")
    expect(article.first).to_contain_text("NameError: name 'missing' is not defined")
    expect(article.last).to_contain_text("app.layout = lambda: [missing, ")
    assert "to_thread" not in page.locator("main").inner_text()

    file.write_text(right.replace("websocket=True", "n_intervals=1"))
    expect(article.first).to_contain_text("has n_intervals=, which it does not take")
    expect(page.locator("mark").first).to_contain_text("@app.callback(")

    file.write_text(right)
    page.get_by_role("button", name="Run").click()
    expect(page.locator("#out")).to_have_text("clicked 1")
