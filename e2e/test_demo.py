"""The demo, as a person uses it. Figures are printed, never asserted: a shared machine is slow at times."""

from __future__ import annotations

import json
import re
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Console, failed
from playwright.sync_api import Page, expect
from serving import Serve, Server

SILENT = (r"WebSocket connection .* failed", r"GET .*(_wscb/status|favicon)", r"Failed to load resource")

# The demo itself, on one backend or the other, and beside it what is left on its server.
WATCHED = """
import asyncio
from functools import partial
import wscb

wscb.App = partial(wscb.App, backend="BACKEND")
from wscb.demo import app
server = app.server
assert type(server).__name__.lower() == "BACKEND"

@server.get("/left")
async def left():
    names = [task.get_name() for task in asyncio.all_tasks()]
    return {"sessions": len(app.site().hub.sessions), "tasks": sum(name.startswith("wscb ") for name in names)}
"""


FASTAPI = pytest.mark.parametrize("demo", ["fastapi"], indirect=True)


@pytest.fixture(scope="module", params=["fastapi", "quart"])
def demo(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all the tests that leave it as it was."""
    serve = Serve(tmp_path_factory.mktemp(request.param))
    yield serve.code(WATCHED.replace("BACKEND", request.param))
    serve.end()


@pytest.fixture(autouse=True)
def log(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if failed(request) and "demo" in request.fixturenames:
        print(request.getfixturevalue("demo").log)


def left(server: Server) -> dict[str, int]:
    with urllib.request.urlopen(server.url + "left", timeout=5) as answer:
        found: dict[str, int] = json.load(answer)
        return found


def open_demo(page: Page, server: Server) -> None:
    page.goto(server.url)
    expect(page.locator("#wscb-root")).to_have_attribute("data-wscb-state", "live")
    expect(page.locator("#cpu canvas")).to_be_visible()


def counts(page: Page) -> dict[str, Any]:
    """How often the CPU chart was drawn, in how many frames it could be, and when."""
    found: dict[str, Any] = page.evaluate(
        """() => { const chart = document.querySelector("#cpu");
            return {draws: chart.wscbDraws, frames: chart.wscbFrames, at: performance.now()}; }"""
    )
    return found


def test_the_chart_moves_and_is_drawn_once_a_frame(demo: Server, page: Page, figure: Callable[[str], None]) -> None:
    page.add_init_script(
        """addEventListener("DOMContentLoaded", () => new MutationObserver((_, observer) => {
            if (!document.querySelector("#cpu canvas")) return;
            window.firstTick = performance.now();
            observer.disconnect();
        }).observe(document.body, {subtree: true, childList: true, characterData: true}))"""
    )
    open_demo(page, demo)
    before = counts(page)
    page.wait_for_function("n => document.querySelector('#cpu').wscbDraws > n + 60", arg=before["draws"])
    after = counts(page)
    seconds = (after["at"] - before["at"]) / 1000
    figure(f"{(after['draws'] - before['draws']) / seconds:.0f} frames a second")
    figure(f"first tick {page.evaluate('window.firstTick'):.0f} ms after navigation")
    assert after["draws"] - before["draws"] <= after["frames"] - before["frames"] + 1


def test_the_filter_loses_no_key_and_the_table_follows(demo: Server, page: Page, figure: Callable[[str], None]) -> None:
    open_demo(page, demo)
    rows = page.locator("#processes tbody tr")
    expect(rows.first).to_be_visible()
    field = page.locator("#filter")
    field.press_sequentially("python", delay=20)
    typed = time.monotonic()
    expect(field).to_have_value("python")
    expect(field).to_be_focused()
    page.wait_for_function(
        """() => { const rows = [...document.querySelectorAll("#processes tbody tr")];
            return rows.length > 0 && rows.every(row => row.textContent.toLowerCase().includes("python")); }"""
    )
    figure(f"the table followed after {time.monotonic() - typed:.2f} s")
    field.fill("no such process at all")
    expect(page.locator("#processes")).to_contain_text("no such process at all")


def test_pause_and_resume(demo: Server, page: Page) -> None:
    open_demo(page, demo)
    page.locator("#pause").click()
    expect(page.locator("#pause")).to_contain_text("Resume")
    page.wait_for_function(
        """async () => { const chart = document.querySelector("#cpu"), n = chart.wscbDraws;
            await new Promise(done => setTimeout(done, 300)); return chart.wscbDraws === n; }"""
    )
    page.locator("#pause").click()
    expect(page.locator("#pause")).to_contain_text("Pause")
    n = counts(page)["draws"]
    page.wait_for_function("n => document.querySelector('#cpu').wscbDraws > n + 10", arg=n)


def test_a_job_only_grows_and_ends_and_nothing_is_requested(demo: Server, page: Page) -> None:
    """A job takes ten seconds; the page is live before, and asks for nothing more over HTTP."""
    open_demo(page, demo)
    page.wait_for_load_state("networkidle")
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    drawn = counts(page)["draws"]
    page.evaluate(
        """() => { const bar = document.querySelector("#job-1-bar"); window.seen = [];
            new MutationObserver(() => window.seen.push(bar.value)).observe(bar, {attributes: true}); }"""
    )
    page.locator("#job-1-start").click()
    expect(page.locator("#job-1-start")).to_be_disabled()
    page.wait_for_function(
        "() => { const b = document.querySelector('#job-1-bar'); return b.value === b.max; }", timeout=60_000
    )
    expect(page.locator("#job-1-start")).to_be_enabled()
    seen = page.evaluate("window.seen")
    assert seen == sorted(seen)
    assert len(set(seen)) > 5
    assert counts(page)["draws"] > drawn
    assert requests == []


def test_three_jobs_at_once_and_cancel_with_its_finally(demo: Server, page: Page) -> None:
    open_demo(page, demo)
    for number in (1, 2, 3):
        page.locator(f"#job-{number}-start").click()
    for number in (1, 2, 3):
        page.wait_for_function("n => document.querySelector(`#job-${n}-bar`).value > 0", arg=number)
    for number in (1, 2, 3):
        page.locator(f"#job-{number}-cancel").click()
        expect(page.locator(f"#job-{number}-log")).to_contain_text(re.compile("cancelled", re.IGNORECASE))
        expect(page.locator(f"#job-{number}-start")).to_be_enabled()


def test_a_closed_tab_leaves_no_task_within_a_second(
    demo: Server, page: Page, new_page: Callable[[], Page], figure: Callable[[str], None]
) -> None:
    open_demo(page, demo)
    while (alone := left(demo))["sessions"] != 1:  # what the tests before have left ends
        page.wait_for_timeout(20)
    other = new_page()
    open_demo(other, demo)
    other.locator("#job-2-start").click()
    expect(other.locator("#job-2-cancel")).to_be_enabled()
    assert left(demo)["sessions"] == 2
    other.close()
    closed = time.monotonic()
    while left(demo) != alone:
        assert time.monotonic() - closed < 1, (left(demo), alone)
    figure(f"nothing of it left after {time.monotonic() - closed:.3f} s")


@pytest.mark.parametrize("backend", ["fastapi", "quart"])
def test_a_killed_server_comes_back_under_the_page(
    serve: Serve, page: Page, console: Console, figure: Callable[[str], None], backend: str
) -> None:
    """No reload, the typed text kept, the stream running; the socket is the first to reach the new process."""
    console.allow(*SILENT)
    server = serve.demo() if backend == "fastapi" else serve.code(WATCHED.replace("BACKEND", backend))
    open_demo(page, server)
    page.evaluate("window.same = true")
    page.locator("#filter").fill("python")
    # By then the page has all the modules that it needs.
    page.wait_for_function("n => document.querySelector('#cpu').wscbDraws > n + 10", arg=counts(page)["draws"])
    server.kill()
    expect(page.locator("#wscb-root")).to_have_attribute("data-wscb-state", "waiting")
    server.start(ready=False)
    started = time.monotonic()
    expect(page.locator("#wscb-root")).to_have_attribute("data-wscb-state", "live", timeout=30_000)
    figure(f"live again {time.monotonic() - started:.2f} s after the new process was started")
    expect(page.locator("#filter")).to_have_value("python")
    n = counts(page)["draws"]
    page.wait_for_function("n => document.querySelector('#cpu').wscbDraws > n + 30", arg=n)
    page.wait_for_function(
        """() => { const rows = [...document.querySelectorAll("#processes tbody tr")];
            return rows.length > 0 && rows.every(row => row.textContent.toLowerCase().includes("python")); }"""
    )
    assert page.evaluate("window.same") is True


@FASTAPI
@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (1440, "dark"), (400, "light")])
def test_it_fits(demo: Server, page: Page, width: int, scheme: Any, tmp_path: Path) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 1000})
    open_demo(page, demo)
    expect(page.locator("#processes tbody tr").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.screenshot(path=tmp_path / f"demo-{width}-{scheme}.png", full_page=True)
