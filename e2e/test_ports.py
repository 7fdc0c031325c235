"""Apps for Dash, ported by changing their imports: the same steps on each, over HTTP and with all of its callbacks over
the socket, and with WSCB_DASH_PYTHON under Dash too.

WSCB_DASH_PYTHON is the interpreter of an environment that has dash (that of `make bench` does): then each app is also
run with the imports changed back, so that a difference of the two is seen.

WSCB_DASH_DOCS is a checkout of Dash's documentation as it was public until 2021 (github.com/plotly/dash-docs). Three of
its apps are ported by `wscb port` and take their steps; they are not ours to bring along.
"""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from behaviour import Host
from conftest import Console
from playwright.sync_api import Locator, Page, expect
from serving import HOST, Serve, Server, free_port

from wscb import porting

PORTS = Path(__file__).parent.parent / "examples" / "ports"
DASH = os.environ.get("WSCB_DASH_PYTHON")
DOCS = os.environ.get("WSCB_DASH_DOCS")
needs_docs = pytest.mark.skipif(not DOCS, reason="WSCB_DASH_DOCS names no checkout of plotly/dash-docs")
needs_dash = pytest.mark.skipif(not DASH, reason="WSCB_DASH_PYTHON names no interpreter that has dash")

Open = Callable[[str], None]
OpenSource = Callable[[str, str], None]


@pytest.fixture(params=["http", "socket", pytest.param("dash", marks=needs_dash)])
def open_source(
    request: pytest.FixtureRequest, host: Host, serve: Serve, page: Page, console: Console, tmp_path: Path
) -> OpenSource:
    """Opens an app of a name, over the one or the other, or under Dash."""

    def open_app(name: str, source: str) -> None:
        if request.param == "http":
            page.goto(host.url + hosted(host, name, source, socket=False))
            return
        if request.param == "socket":
            with page.expect_websocket():
                page.goto(host.url + hosted(host, name, source, socket=True))
            return
        console.allow(".*")  # what Dash logs is not ours to judge
        (tmp_path / f"{name}.py").write_text(re.sub(r"(from|import) wscb( as dash)?", r"\1 dash", source))
        server = Dash(name, tmp_path)
        serve.servers.append(server)
        page.goto(server.start().url)

    return open_app


@pytest.fixture
def opened(open_source: OpenSource) -> Open:
    """Opens one of examples/ports."""
    return lambda name: open_source(name, (PORTS / f"{name}.py").read_text())


@pytest.fixture
def documented(open_source: OpenSource, console: Console) -> Open:
    """Opens one of Dash's documentation, of a path below its chapters, with its imports changed."""
    console.allow("codepen.io", "net::ERR_")  # their style sheet, which no test fetches

    def open_documented(path: str) -> None:
        ported = porting.port(Path(str(DOCS), "chapters", path))
        assert ported.diff
        assert ported.missing == ()
        open_source(ported.path.stem, ported.after)

    return open_documented


def hosted(host: Host, name: str, source: str, *, socket: bool) -> str:
    """The path at which the port is served by the one server of the run."""
    path = f"/{len(host.apps)}/"
    made = "Dash(__name__"
    assert source.count(made) == 1
    names: dict[str, Any] = {"__name__": name}
    exec(source.replace(made, f"{made}, url_base_pathname={path!r}, websocket_callbacks={socket}"), names)
    names["app"].build()
    host.apps.append(names["app"])
    return path


class Dash(Server):
    """The server of a Dash app."""

    def __init__(self, name: str, directory: Path) -> None:
        port = free_port()
        command = [str(DASH), "-c", f"from {name} import app; app.run(port={port})"]
        super().__init__(command, port, directory / f"{name}.log", cwd=directory, env={})
        self._port = port

    def status(self) -> dict[str, bool]:
        with socket.socket() as probe:
            return {"ready": probe.connect_ex((HOST, self._port)) == 0}


def choose(dropdown: Locator, label: str) -> None:
    if dropdown.evaluate("e => e.tagName") == "SELECT":
        dropdown.select_option(label=label)
    else:
        dropdown.click()
        dropdown.page.get_by_role("option", name=label).click()


def tick(page: Page, label: str) -> None:
    page.locator("label", has_text=label).last.click()


def test_todo(opened: Open, page: Page) -> None:
    opened("todo")
    left = page.locator("#left")
    expect(left).to_have_text("1 of 1 left")
    page.locator("#text").fill("Bake bread")
    page.locator("#add").click()
    page.locator("#text").fill("  Call Ann ")
    page.locator("#text").press("Enter")
    expect(left).to_have_text("3 of 3 left")
    expect(page.locator("#text")).to_have_value("")
    expect(page.locator("#clear")).to_be_disabled()
    tick(page, "Bake bread")
    expect(left).to_have_text("2 of 3 left")
    bread = page.locator("""[id='{"index":1,"type":"done"}']""")
    expect(bread).to_have_css("text-decoration-line", "line-through")
    page.get_by_title("Remove Water the plants").click()
    expect(left).to_have_text("1 of 2 left")
    expect(bread).to_have_css("text-decoration-line", "line-through")
    page.locator("#clear").click()
    expect(left).to_have_text("1 of 1 left")
    expect(page.locator("#rows")).to_contain_text("Call Ann")
    expect(page.locator("#rows li")).to_have_count(1)
    page.get_by_title("Remove Call Ann").click()
    expect(left).to_have_text("0 of 0 left")
    page.locator("#add").click()
    page.locator("#text").fill("Begin anew")
    page.locator("#add").click()
    expect(left).to_have_text("1 of 1 left")


def test_crossfilter(opened: Open, page: Page) -> None:
    opened("crossfilter")
    summary, chosen = page.locator("#summary"), page.locator("#chosen")
    expect(summary).to_have_text("2015 to 2020: most Rain (mm) in Brookfell, 546.1 on average")
    expect(chosen).to_have_text("Aldern: Sun (h), linear")
    choose(page.locator("#across"), "Wind (km/h)")
    expect(summary).to_contain_text("2015 to 2020: most Wind (km/h) in ")
    choose(page.locator("#upwards"), "Days of frost")
    expect(chosen).to_have_text("Aldern: Days of frost, linear")
    expect(page.locator("#towns .ytitle")).to_have_text("Days of frost")
    page.get_by_role("slider").first.press("ArrowLeft")
    expect(summary).to_contain_text("2014 to 2020")
    tick(page, "Logarithmic")
    expect(chosen).to_have_text("Aldern: Days of frost, log")
    point = page.locator("#towns .scatterlayer .point").nth(2).bounding_box()
    assert point
    page.mouse.move(point["x"] + 3, point["y"] + 3)
    page.mouse.move(point["x"] + point["width"] / 2, point["y"] + point["height"] / 2)
    page.mouse.click(point["x"] + point["width"] / 2, point["y"] + point["height"] / 2)
    expect(chosen).to_have_text("Carrow: Days of frost, log")
    choose(page.locator("#upwards"), "Rain (mm)")
    expect(chosen).to_have_text("Carrow: Rain (mm), log")


def test_booking(opened: Open, page: Page) -> None:
    opened("booking")
    tick(page, "South")
    choose(page.locator("#city"), "Dunmere")
    page.locator("#nights").fill("3")
    page.get_by_text("Next: who").click()
    page.locator("#name").fill("Ann")
    page.locator("#guests").fill("2")
    tick(page, "parking")
    page.get_by_text("Next: summary").click()
    expect(page.locator("#price")).to_have_text("Dunmere, 3 nights, 2 guests: 768 €")
    page.locator("#book").click()
    expect(page.locator("#said")).to_have_text("Thank you, Ann.")
    expect(page.locator("#booked li")).to_have_text(["Ann: Dunmere, 3 nights, 2 guests: 768 €"])
    expect(page.locator("#price")).to_have_text("Dunmere, 3 nights, 2 guests: 720 €")
    page.locator("#book").click()
    expect(page.locator("#said")).to_have_text("Ann has a room already.")
    page.locator("#tabs").get_by_text("Who", exact=True).click()
    page.locator("#name").fill("")
    page.locator("#tabs").get_by_text("Where", exact=True).click()
    tick(page, "North")
    page.locator("#tabs").get_by_text("Summary", exact=True).click()
    expect(page.locator("#price")).to_have_text("Aldern, 3 nights, 2 guests: 480 €. Who is coming?")
    expect(page.locator("#book")).to_be_disabled()


@needs_docs
def test_documented_todo(documented: Open, page: Page) -> None:
    documented("pattern_matching_callbacks/examples/todo.py")
    totals, items = page.locator("#totals"), page.locator("#list-container > div")
    expect(totals).to_have_text("0 of 0 items completed")
    page.locator("#new-item").fill("Bake bread")
    page.locator("#add").click()
    expect(totals).to_have_text("0 of 1 items completed - 0%")
    expect(page.locator("#new-item")).to_have_value("")
    page.locator("#new-item").fill("Call Ann")
    page.locator("#new-item").press("Enter")
    expect(totals).to_have_text("0 of 2 items completed - 0%")
    page.locator("input[type=checkbox]").first.click()
    expect(totals).to_have_text("1 of 2 items completed - 50%")
    expect(page.get_by_text("Bake bread")).to_have_css("text-decoration-line", "line-through")
    page.locator("#clear-done").click()
    expect(items).to_have_text(["Call Ann"])
    expect(totals).to_have_text("0 of 1 items completed - 0%")
    expect(page.get_by_text("Call Ann")).not_to_have_css("text-decoration-line", "line-through")


@needs_docs
def test_documented_temperatures(documented: Open, page: Page) -> None:
    documented("advanced_callbacks/examples/circular_units_input.py")
    celsius, fahrenheit = page.locator("#celsius"), page.locator("#fahrenheit")
    expect(fahrenheit).to_have_value("32")
    celsius.fill("100")
    expect(fahrenheit).to_have_value("212")
    fahrenheit.fill("50")
    expect(celsius).to_have_value("10")
    celsius.fill("")
    expect(fahrenheit).to_have_value("")
    fahrenheit.fill("-40")
    expect(celsius).to_have_value("-40")


@needs_docs
def test_documented_stores(documented: Open, page: Page) -> None:
    documented("dash_core_components/Store/examples/store_clicks.py")
    kinds = ("memory", "local", "session")
    counted = page.locator("tbody td")
    expect(counted).to_have_text(["0", "0", "0"])
    for kind in kinds:
        page.locator(f"#{kind}-button").click()
    expect(counted).to_have_text(["1", "1", "1"])
    page.locator("#local-button").click()
    expect(counted).to_have_text(["1", "2", "1"])
    page.reload()
    expect(counted).to_have_text(["0", "2", "1"])
    page.locator("#local-button").click()
    expect(counted).to_have_text(["0", "3", "1"])
