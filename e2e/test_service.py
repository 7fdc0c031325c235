"""examples/service in the browser: a service that was there before, with a dashboard, a page in React, and a login.

One set of tests runs over FastAPI and Quart; Flask has those that make sense there.
"""

from __future__ import annotations

import json
import re
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Console, failed
from playwright.sync_api import Browser, BrowserContext, Download, Locator, Page, expect
from serving import HOST, ROOT, UVICORN, Server, free_port

BUILT = ROOT / "examples/service/react/built/wall.js"
PASSWORDS = {"ann": "nna", "raj": "jar"}
POLICY = "default-src 'self'"


class Guarded(Server):
    """One that lets nobody but balancers see how it is."""

    def status(self) -> dict[str, Any]:
        try:
            with urllib.request.urlopen(self.url + "dashboard/_wscb/ready", timeout=2) as answer:
                return {"ready": answer.status == 200}
        except (urllib.error.URLError, OSError):
            return {}


def started(kind: str, directory: Path) -> Server:
    port = free_port()
    module = f"examples.service.{kind}_app:server"
    run = ["flask", "--app", module, "run"] if kind == "flask" else ["uvicorn", module, *UVICORN]
    command = [sys.executable, "-m", *run, "--host", HOST, "--port", str(port)]
    return Guarded(command, port, directory / f"{kind}.log", cwd=ROOT, env={}).start()


@pytest.fixture(scope="module", params=["fastapi", "quart"])
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    assert BUILT.exists(), "the page in React is not built: make e2e does it, or what examples/service/README.md says"
    server = started(request.param, tmp_path_factory.mktemp("service"))
    yield server
    server.kill()


@pytest.fixture
def service(running: Server, request: pytest.FixtureRequest) -> Iterator[Server]:
    before = len(running.log)
    yield running
    log = running.log[before:]
    if failed(request):
        print(f"--- log of {running.url}\n{log}")
    assert "Traceback" not in log


@pytest.fixture
def someone(browser: Browser, console: Console) -> Iterator[Callable[[], BrowserContext]]:
    """The browsers of other people."""
    contexts: list[BrowserContext] = []

    def make() -> BrowserContext:
        contexts.append(browser.new_context())
        contexts[-1].on("page", console.watch)
        return contexts[-1]

    yield make
    for context in contexts:
        context.close()


def sign_in(page: Page, service: Server, name: str = "ann") -> None:
    """As a person does, who wanted to see the dashboard."""
    page.goto(service.url)
    expect(page).to_have_url(service.url + "login")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORDS[name])
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(service.url + "dashboard/")
    live(page)


def live(page: Page) -> None:
    expect(page.locator("#wscb-root")).to_have_attribute("data-wscb-state", "live")
    expect(page.locator("#filler-state")).to_have_text(re.compile("Running|Stopped"))


def moves(figure: Locator) -> None:
    before = figure.text_content()
    expect(figure).not_to_have_text(before or "")


# ---- on FastAPI and on Quart


def test_without_a_login_there_is_no_page_no_call_and_no_socket(service: Server, page: Page, console: Console) -> None:
    console.allow("401", "Unauthorized", "WebSocket connection to 'ws://[^']*/radio' failed")
    page.goto(service.url + "dashboard/")
    expect(page).to_have_url(service.url + "login")
    for path in ("api/data", "api/me", "dashboard/", "dashboard/_wscb/asyncapi.json", "dashboard/_wscb/invoke"):
        assert page.request.get(service.url + path, headers={"accept": "*/*"}).status == 401, path
    assert page.request.post(service.url + "dashboard/_wscb/invoke", data=b"").status == 401
    assert page.evaluate(SOCKET_CLOSE, "/dashboard/_wscb/ws") == 4501
    assert page.evaluate(SOCKET_CLOSE, "/radio") == 1006
    page.get_by_label("Name").fill("ann")
    page.get_by_label("Password").fill("guess")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_have_text("No such name and password.")
    page.context.add_cookies([{"name": "line4", "value": "ann.9999999999.00.forged", "url": service.url}])
    assert page.request.get(service.url + "api/me").status == 401
    sign_in(page, service)
    assert page.request.get(service.url + "api/me").json() == {"id": "ann", "name": "Ann Berg", "role": "Supervisor"}


SOCKET_CLOSE = """path => new Promise(closed => {
    new WebSocket(path, "wscb.v1").onclose = ({ code }) => closed(code);
})"""


def test_the_dashboard_is_live_and_its_callbacks_know_who_it_is(
    service: Server, page: Page, someone: Callable[[], BrowserContext]
) -> None:
    sign_in(page, service)
    other = someone().new_page()
    sign_in(other, service, "raj")
    expect(page.locator("#who")).to_have_text("Ann BergSupervisor")
    expect(other.locator("#who")).to_have_text("Raj PatelOperator")
    moves(page.locator("#rinser-rate"))
    expect(page.locator("canvas").first).to_be_visible()

    page.locator("#machine").select_option(label="Packer")
    expect(page.locator("#report-of")).to_have_text("Packer, the last 15 minutes")
    page.get_by_label("60 min").check()
    expect(page.locator("#report-of")).to_have_text("Packer, the last 60 minutes")

    for who, name, speed in ((page, "Ann Berg", 300), (other, "Raj Patel", 350)):
        who.locator("#machine").select_option(label="Capper")
        expect(who.locator("#report-of")).to_contain_text("Capper")
        who.locator("#speed input").fill(str(speed))
        who.locator("#set").click()
        expect(who.locator("#said")).to_have_text(f"Capper set to {speed}.")
        for sees in (page, other):  # one task for both
            expect(sees.locator("#capper-speed")).to_have_text(str(speed))
            expect(sees.locator("#log li").first).to_contain_text(f"{name}set the capper to {speed}")
    other.locator("#note").fill("The capper is slow <b>on purpose</b>")
    other.locator("#note").press("Enter")
    expect(page.locator("#log li").first).to_contain_text("Raj PatelThe capper is slow <b>on purpose</b>")
    expect(other.locator("#note")).to_have_value("")


def test_the_long_job_in_the_dashboard(service: Server, page: Page) -> None:
    sign_in(page, service)
    page.locator("#export").click()
    expect(page.locator("#doing")).to_contain_text("Minute")
    page.locator("#cancel").click()
    expect(page.locator("#export")).to_be_enabled()
    with page.expect_download() as saved:
        page.locator("#export").click()
    assert_export(saved.value)
    expect(page.locator("#doing")).to_have_text("Ready")


def assert_export(saved: Download) -> None:
    assert saved.suggested_filename == "line4.csv"
    rows = saved.path().read_text().splitlines()
    assert rows[0].startswith("minutes ago,rinser,")
    assert len(rows) == 61


def test_the_page_in_react_is_fed_by_the_same_callbacks(service: Server, page: Page, console: Console) -> None:
    sign_in(page, service)
    wall = page.context.new_page()
    answer = wall.goto(service.url + "wall/")
    assert answer is not None
    assert answer.headers["content-security-policy"] == POLICY
    filler = wall.locator("#filler")
    expect(filler.locator(".now")).to_contain_text(re.compile(r"\d"))
    moves(filler.locator(".now"))
    expect(filler.locator("polyline")).to_have_attribute("points", re.compile(r"[\d.]+,[\d.]+ "))
    expect(wall.locator(".output polyline")).to_have_attribute("points", re.compile(r"[\d.]+,[\d.]+ "))  # /api/data

    speed = int(filler.locator(".set b").text_content() or "")
    filler.get_by_label("Slow").click()
    expect(filler.locator(".set b")).to_have_text(str(speed - 10))
    expect(page.locator("#filler-speed")).to_have_text(str(speed - 10))
    expect(page.locator("#log li").first).to_contain_text(f"Ann Bergset the filler to {speed - 10}")

    # The service's own socket, and its own events, beside ours.
    wall.get_by_label("Say").fill("All well in hall 2")
    wall.get_by_role("button", name="Say").click()
    expect(wall.locator(".radio li").first).to_contain_text("Ann BergAll well in hall 2")
    expect(page.locator("#log li").first).to_contain_text("All well in hall 2")
    wall.get_by_role("button", name="Start").click()
    expect(wall.locator(".export")).to_contain_text("Minute")
    moves(filler.locator(".now"))
    with wall.expect_download() as saved:
        wall.get_by_text("Save line4.csv").click()
    assert_export(saved.value)


def test_who_signs_out_in_one_tab_is_out_in_all(service: Server, page: Page, console: Console) -> None:
    sign_in(page, service)
    tab, wall = page.context.new_page(), page.context.new_page()
    tab.goto(service.url + "dashboard/")
    live(tab)
    wall.goto(service.url + "wall/")
    expect(wall.locator("#filler .now")).to_contain_text(re.compile(r"\d"))
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(service.url + "login")
    for left in (tab, wall):
        expect(left.get_by_text("You are signed out. Sign in again to go on.")).to_be_visible()
    expect(tab.locator("#wscb-root")).to_have_attribute("data-wscb-state", "refused")
    tab.reload()
    expect(tab).to_have_url(service.url + "login")


def test_a_page_that_comes_back_without_its_cookie_is_told(service: Server, page: Page, console: Console) -> None:
    console.allow("WebSocket connection", "ERR_INTERNET_DISCONNECTED", "request failed")
    sign_in(page, service)
    page.context.set_offline(True)
    expect(page.locator("#wscb-root")).not_to_have_attribute("data-wscb-state", "live")
    page.context.clear_cookies()
    page.context.set_offline(False)
    expect(page.locator("#wscb-root")).to_have_attribute("data-wscb-state", "refused")
    expect(page.get_by_text("You are signed out. Sign in again to go on.")).to_be_visible()


def test_all_else_is_the_hosts(service: Server, page: Page, request: pytest.FixtureRequest) -> None:
    sign_in(page, service)
    ask = page.request.get
    assert ask(service.url + "nowhere").status == 404
    assert ask(service.url + "api/nowhere").status == 404
    assert ask(service.url + "dashboard/").headers["content-security-policy"] == POLICY
    found = ask(service.url + "api/data?minutes=1").json()
    assert len(found["x"]) == len(found["filler"]) == 301
    posted(page, service)
    if "fastapi" in request.node.name:
        assert ask(service.url + "docs").ok
        paths = ask(service.url + "openapi.json").json()["paths"]
        assert {"/api/me", "/api/data", "/api/export", "/dashboard/api/report"} <= set(paths)
        assert not [path for path in paths if "_wscb" in path]


def posted(page: Page, service: Server) -> None:
    """A callback as a route: for programs, by the same guard, checked by its annotations."""
    address = service.url + "dashboard/api/report"
    report = page.request.post(address, data={"machine": "filler", "minutes": 5}).json()
    assert (report["title"], set(report)) == (
        "Filler, the last 5 minutes",
        {"title", "bottles", "share", "stops", "standing"},
    )
    assert page.request.post(address, data={"machine": "mixer", "minutes": 5}).status == 422
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(urllib.request.Request(address, b"{}", {"content-type": "application/json"}))


# ---- on Flask


def test_the_same_callbacks_on_flask(page: Page, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    server = started("flask", tmp_path)
    try:
        on_flask(server, page)
        assert "Traceback" not in server.log
    finally:
        server.kill()
        if failed(request):
            print(server.log)


def on_flask(server: Server, page: Page) -> None:
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    assert page.request.get(server.url + "api/data").status == 401
    sign_in(page, server, "raj")
    expect(page.locator("#who")).to_have_text("Raj PatelOperator")
    moves(page.locator("#rinser-rate"))
    page.locator("#machine").select_option(label="Capper")
    expect(page.locator("#report-of")).to_have_text("Capper, the last 15 minutes")
    page.locator("#set").click()
    expect(page.locator("#said")).to_have_text("Capper set to 415.")
    expect(page.locator("#log li").first).to_contain_text("Raj Patelset the capper to 415")
    with page.expect_download() as saved:
        page.locator("#export").click()
    assert_export(saved.value)
    events = page.request.get(server.url + "api/export").text().split("\n\n")
    assert [json.loads(event.removeprefix("data: "))["percent"] for event in events[:2]] == [1, 3]
    posted(page, server)
    assert page.request.get(server.url + "nowhere").status == 404
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(server.url + "login")
    assert page.request.get(server.url + "api/me").status == 401
    assert sockets == []
