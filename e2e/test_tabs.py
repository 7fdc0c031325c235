"""Tabs that are hidden, left, asleep, offline or twice: what becomes of the page and of its session."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from conftest import Console
from faulty import BANNER, QUIET, Faulty, Served, settles, state, states, ticking
from playwright.sync_api import Browser, BrowserContext, Page, expect

# Playwright keeps every page visible, whatever lies before it, so what a page reads of it is put in place by hand.
# `current` resolves with the ms until the page shows what the server has written in the last 100.
HIDING = """
let covered = false;
for (const [name, read] of [["hidden", () => covered], ["visibilityState", () => covered ? "hidden" : "visible"]])
    Object.defineProperty(document, name, {get: read});
window.cover = on => { covered = on; document.dispatchEvent(new Event("visibilitychange")); };
window.came = [];
window.WebSocket = class extends WebSocket {
    constructor(...how) { super(...how); this.addEventListener("message", () => came.push(Date.now())); }
};
window.current = () => new Promise(done => {
    const from = Date.now();
    const look = () => {
        const now = Date.now();
        now - document.querySelector("#ticks").title < 100 ? done(now - from) : setTimeout(look, 1);
    };
    look();
});
"""


def test_a_hidden_tab_asks_for_little_and_is_current_when_shown(
    faulty: Faulty, page: Page, figure: Callable[[str], None]
) -> None:
    """At most one delta a second of a hundred writes a second; and up to date within 300 ms of being shown."""
    served = faulty(echo=False, pause=0.01)
    page.add_init_script(HIDING)
    page.goto(served.url)
    ticking(page)
    took = []
    for count in (3, 1):
        page.evaluate("came.length = 0; cover(true)")
        # Half a second before the next one: what it has is old.
        page.wait_for_function(f"came.length >= {count} && Date.now() - came.at(-1) > 500", polling=20)
        if count == 3:
            frames = page.evaluate("came")  # the first may have been under way
            assert frames[2] - frames[1] > 900, frames
        took.append(page.evaluate("cover(false), current()"))
    figure(f"current {took} ms after it was shown")
    assert min(took) <= 300
    ticking(page)


def test_back_from_the_back_forward_cache(served: Served, page: Page) -> None:
    """It starts as a new session: what was typed is there, what was being called is ended, nothing is announced."""
    page.goto(served.url)
    page.evaluate("window.same = true")
    page.locator("#text").fill("typed before")
    expect(page.locator("#echo")).to_have_text("typed before")
    page.locator("#once").click()
    expect(page.locator("#out-once")).to_have_attribute("aria-busy", "true")
    page.goto("about:blank")
    settles(lambda: served.left() == {"sessions": 0, "tasks": 0})
    page.go_back(wait_until="commit")
    state(page, "live")
    assert page.evaluate("window.same") is True
    assert states(page) == ["connecting", "live"] * 2
    ticking(page)
    expect(page.locator("#out-once")).not_to_have_attribute("aria-busy", "true")
    expect(page.locator("#text")).to_have_value("typed before")
    expect(page.locator("#echo")).to_have_text("typed before")
    expect(page.locator(BANNER)).to_be_hidden()
    expect(page.locator("article")).to_have_count(0)
    page.locator("#a").click()
    expect(page.locator("#out-work")).to_have_text("1 None None")
    assert served.left()["sessions"] == 1


def test_back_to_a_page_that_was_not_kept(served: Served, page: Page) -> None:
    """A listener for `unload` keeps it out of the cache: loaded anew, it is alive like any other."""
    page.goto(served.url)
    ticking(page)
    page.evaluate("window.same = true; addEventListener('unload', () => {})")
    page.goto("about:blank")
    settles(lambda: served.left() == {"sessions": 0, "tasks": 0})
    page.go_back(wait_until="commit")
    state(page, "live")
    ticking(page)
    assert page.evaluate("window.same") is None
    assert served.left()["sessions"] == 1


def test_offline_is_said_and_over_at_once_when_the_network_is_back(
    served: Served, page: Page, context: BrowserContext, console: Console
) -> None:
    """After five minutes of it the next attempt is many seconds away."""
    console.allow(*QUIET)
    page.add_init_script("Math.random = () => 0.999")
    page.clock.install()
    page.goto(served.url)
    ticking(page)
    page.evaluate("addEventListener('offline', () => { window.gone = Date.now(); })")
    context.set_offline(True)
    expect(page.locator(BANNER)).to_contain_text("You are offline.")
    assert page.evaluate("states.find(({state}) => state === 'offline').at - gone") <= 2000
    page.clock.fast_forward("05:00")
    page.locator("#a").click()
    page.locator("#b").click()
    context.set_offline(False)
    state(page, "live", seconds=2)
    ticking(page)
    expect(page.locator("#out-work")).to_have_text("1 1 None")
    assert [line for line in served.ran if line in "ab"] == ["a", "b"]


@contextmanager
def asleep(browser: Browser) -> Iterator[None]:
    """The processes of the pages stand still, as all do when a laptop is closed. Nothing can be asked of a page."""
    devtools = browser.new_browser_cdp_session()
    found = devtools.send("SystemInfo.getProcessInfo")["processInfo"]
    renderers = [process["id"] for process in found if process["type"] == "renderer"]
    for pid in renderers:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in renderers:
            os.kill(pid, signal.SIGCONT)
        devtools.detach()


def test_a_page_that_sleeps_through_the_grace_period_keeps_what_was_typed(
    faulty: Faulty, page: Page, browser: Browser, console: Console
) -> None:
    """Its session is gone; it comes back as a new one, and its streams run again."""
    console.allow(*QUIET)
    served = faulty(heartbeat_seconds=0.3, pong_seconds=0.3, grace_seconds=0.3)
    page.goto(served.url)
    ticking(page)
    page.evaluate("window.same = true")
    page.locator("#text").fill("typed before")
    expect(page.locator("#echo")).to_have_text("typed before")
    with asleep(browser):
        settles(lambda: served.left() == {"sessions": 0, "tasks": 0})
        assert served.ran.count("stream") == 1
    settles(lambda: served.ran.count("stream") == 2)
    state(page, "live")
    ticking(page)
    expect(page.locator("#text")).to_have_value("typed before")
    expect(page.locator("#echo")).to_have_text("typed before")
    assert page.evaluate("window.same") is True
    page.locator("#a").click()
    expect(page.locator("#out-work")).to_have_text("1 None None")


@pytest.mark.parametrize("cut", [False, True], ids=["quiet", "cut"])
def test_a_duplicated_tab_is_a_session_of_its_own(
    served: Served, page: Page, context: BrowserContext, console: Console, cut: bool
) -> None:
    """It has all that the browser copies. Neither disturbs the other, also when both come back at once."""
    console.allow(*QUIET)
    page.goto(served.url)
    ticking(page)
    page.evaluate("sessionStorage.kept = 'copied'")
    with context.expect_page() as opened:
        page.evaluate("void window.open(location.href)")
    other = opened.value
    ticking(other)
    assert other.evaluate("sessionStorage.kept") == "copied"
    if cut:
        served.through.cut()
    for tab, text in ((page, "here"), (other, "there")):
        tab.locator("#text").fill(text)
        tab.locator("#a").click()
    for tab, text in ((page, "here"), (other, "there")):
        expect(tab.locator("#echo")).to_have_text(text)
        expect(tab.locator("#out-work")).to_have_text("1 None None")
        assert states(tab)[-1] == "live"
        assert "refused" not in states(tab)
    assert served.left()["sessions"] == 2
    assert served.ran.count("stream") == 2
    other.close()
    settles(lambda: served.left()["sessions"] == 1)
    ticking(page)
