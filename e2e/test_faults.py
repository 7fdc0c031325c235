"""Lines that are cut and servers that die or stop, with the real client: what a person sees, and what has run."""

from __future__ import annotations

import os
import random
import re
import signal
import time
from collections.abc import Callable

import pytest
from conftest import Console
from faulty import BANNER, QUIET, ROOT, Faulty, Served, settles, state, states, ticking
from playwright.sync_api import Page, expect

from tests.faults.proxy import Cut

SOON = 2000
"""ms: within two seconds, as promised."""

EAGER = "Math.random = () => 0.1"
"""Attempts come soon, where it does not matter when."""


# Where the banner begins, how far its parts reach, and where the page ends when it is scrolled down.
FITS = """() => {
    scrollTo(0, document.documentElement.scrollHeight);
    const banner = document.querySelector(".wscb-banner");
    const boxes = [banner, ...banner.children].map(part => part.getBoundingClientRect()).filter(box => box.width);
    const last = document.querySelector("#wscb-root > :last-child").getBoundingClientRect();
    const [left, right] = [boxes.map(box => box.left), boxes.map(box => box.right)];
    return [boxes[0].top, Math.min(...left), Math.max(...right), last.bottom];
}"""


def test_a_loss_is_said_within_two_seconds_with_a_countdown_and_try_now(
    served: Served, page: Page, console: Console
) -> None:
    """It has lasted a minute, so the next attempt is far away."""
    console.allow(*QUIET)
    page.add_init_script("Math.random = () => 0.999")
    page.clock.install()
    page.goto(served.url)
    ticking(page)
    page.evaluate("window.same = true")
    banner = page.locator(BANNER)
    expect(banner).to_be_hidden()
    with served.through.during(lambda proxy: proxy.refused()):
        expect(banner).to_be_visible(timeout=SOON)
        expect(banner).to_contain_text("Connection lost.")
        page.clock.fast_forward("01:00")
        expect(banner).to_contain_text(re.compile(r"Trying again in (20|19) s"))
        page.clock.fast_forward(3000)
        expect(banner).to_contain_text(re.compile(r"Trying again in 1[67] s"))
    banner.get_by_role("button", name="Try now").click()
    state(page, "live", seconds=2)
    expect(banner).to_contain_text("Connected again.")
    ticking(page)
    page.clock.fast_forward(2000)
    expect(banner).to_be_hidden()
    assert page.evaluate("window.same") is True


def test_on_a_phone_the_banner_fits_and_covers_nothing_for_good(served: Served, page: Page, console: Console) -> None:
    console.allow(*QUIET)
    page.set_viewport_size({"width": 360, "height": 300})
    page.goto(served.url)
    ticking(page)
    with served.through.during(lambda proxy: proxy.refused()):
        expect(page.locator(BANNER)).to_be_visible()
        top, left, right, last = page.evaluate(FITS)
        assert (left >= 0, right <= 360, last <= top) == (True, True, True), (top, left, right, last)


def test_back_within_two_seconds_of_a_server_that_was_killed(
    faulty: Faulty, page: Page, console: Console, figure: Callable[[str], None]
) -> None:
    """kill -9; the page's socket is the first to reach the next process. Nobody touches the page."""
    console.allow(*QUIET)
    served = faulty()
    page.goto(served.url)
    page.locator("#text").fill("typed before")
    expect(page.locator("#echo")).to_have_text("typed before")
    served.server.kill()
    expect(page.locator(BANNER)).to_be_visible(timeout=SOON)
    page.locator("#text").fill("typed meanwhile")
    served.restart()
    back = time.monotonic()
    state(page, "live", seconds=2)
    figure(f"live {time.monotonic() - back:.2f} s after its server")
    expect(page.locator("#echo")).to_have_text("typed meanwhile")
    ticking(page)


def test_clicks_in_the_gap_run_once_afterwards_in_their_order(served: Served, page: Page, console: Console) -> None:
    console.allow(*QUIET)
    page.add_init_script(EAGER)
    page.goto(served.url)
    ticking(page)
    with served.through.during(lambda proxy: proxy.refused()):
        state(page, "waiting")
        for name in "bacab":
            page.locator(f"#{name}").click()
    expect(page.locator("#out-work")).to_have_text("2 2 1")
    assert ran(served, "abc") == list("bacab")


def test_a_line_cut_within_a_message_loses_and_repeats_nothing(still: Served, page: Page, console: Console) -> None:
    """At any byte of the call, and at any byte of its outcome."""
    console.allow(*QUIET)
    page.add_init_script(EAGER)
    page.goto(still.url)
    expect(page.locator("#ticks")).to_have_text("1")
    clicks = 0
    for way in (still.through.proxy.up, still.through.proxy.down):
        for offset in (1, 5, 30, 70):
            still.through.do(lambda _, way=way, offset=offset: way.cut_after(offset, Cut.RST))
            for name in "ab":
                page.locator(f"#{name}").click()
            clicks += 1
            settles(way.cut.is_set)
            expect(page.locator("#out-work")).to_have_text(f"{clicks} {clicks} None")
            state(page, "live")
    assert ran(still, "ab") == list("ab") * clicks
    assert still.ran.count("stream") == 1


def test_each_operation_is_applied_once_however_often_the_line_is_cut(
    still: Served, page: Page, console: Console, figure: Callable[[str], None]
) -> None:
    """Appends, two hundred a second, on a line that is cut somewhere within what comes, until all have come."""
    console.allow(*QUIET)
    page.add_init_script(EAGER)
    page.goto(still.url)
    expect(page.locator("#ticks")).to_have_text("1")
    down, done, chance = still.through.proxy.down, page.locator("#out-block[title=all]"), random.Random(1)
    page.locator("#many").click()
    cuts = 0
    while not done.count():
        still.through.do(lambda _: down.cut_after(chance.randrange(1, 4000), chance.choice(list(Cut))))
        settles(lambda: down.cut.is_set() or done.count())
        cuts += down.cut.is_set()
    still.through.do(lambda _: down.was_cut())
    figure(f"{cuts} cuts")
    assert cuts >= 3
    expect(page.locator("#items")).to_have_text(" ".join(map(str, range(500))))
    assert still.ran == ["stream", "many"]


@pytest.mark.parametrize("socket", [True, False], ids=["socket", "http"])
def test_a_server_killed_under_a_call(faulty: Faulty, page: Page, console: Console, socket: bool) -> None:
    """With `retry=True` it is made again, once, and its outcome comes; else nobody knows, and the page says so."""
    console.allow(*QUIET, r"request failed: POST .*_wscb/invoke")
    served = faulty(socket=socket)
    page.add_init_script(EAGER)
    page.goto(served.url)
    ticking(page)
    for name in ("once", "again"):
        page.locator(f"#{name}").click()
    settles(lambda: {"once", "again"} <= set(served.ran))
    expect(page.locator("#out-once")).to_have_attribute("aria-busy", "true")
    served.server.kill()
    served.restart()
    expect(page.locator("#out-again")).to_have_text("again, run 2")
    notice = page.get_by_role("log", name="Errors")
    expect(notice).to_contain_text("What was asked of it last may or may not have been done.")
    expect(notice.locator("article")).to_have_count(1)
    expect(page.locator("[aria-busy]")).to_have_count(0)
    expect(page.locator("#out-once")).to_be_empty()
    assert (served.ran.count("once"), served.ran.count("again")) == (1, 2)
    page.keyboard.press("Escape")
    expect(notice.locator("article")).to_have_count(0)


def test_a_server_stopped_for_longer_than_the_heartbeat(faulty: Faulty, page: Page, console: Console) -> None:
    """SIGSTOP: the page finds it out by the silence. SIGCONT: it is back, in the same session."""
    console.allow(*QUIET)
    served = faulty(heartbeat_seconds=0.4, pong_seconds=0.4)
    page.add_init_script(EAGER)
    page.goto(served.url)
    ticking(page)
    os.kill(served.server.pid, signal.SIGSTOP)
    try:
        expect(page.locator(BANNER)).to_be_visible(timeout=SOON)
        page.locator("#a").click()
    finally:
        os.kill(served.server.pid, signal.SIGCONT)
    state(page, "live")
    expect(page.locator("#out-work")).to_have_text("1 None None")
    ticking(page)
    assert served.ran.count("stream") == 1
    assert ran(served, "a") == ["a"]
    settles(lambda: served.left()["sessions"] == 1)


def test_a_loop_that_is_blocked_costs_no_page_its_connection(faulty: Faulty, page: Page) -> None:
    """Five seconds of a heartbeat of twenty, at a tenth of its size; on a page where nothing else comes and goes."""
    served = faulty(echo=False, pause=60, blocked=0.5, heartbeat_seconds=2.0, pong_seconds=1.0)
    page.goto(served.url)
    expect(page.locator("#ticks")).to_have_text("1")
    for _ in range(6):
        page.locator("#block").click()
    expect(page.locator("#out-block")).to_have_text("6")
    assert states(page) == ["connecting", "live"]


def test_get_prop_while_the_line_is_cut_and_of_what_is_not_there(still: Served, page: Page, console: Console) -> None:
    """What was asked and did not arrive is asked again once the page is back."""
    console.allow(*QUIET)
    page.add_init_script(EAGER)
    page.goto(still.url)
    expect(page.locator("#ticks")).to_have_text("1")
    page.locator("#text").fill("read")
    with still.through.during(lambda proxy: proxy.buffered(proxy.down)):
        page.locator("#ask").click()
        settles(lambda: "asked" in still.ran)
        settles(lambda: any(line.down.held for line in still.through.proxy.lines))
        still.through.cut()
        state(page, "waiting")
        page.locator("#text").fill("read later")
    expect(page.locator("#out-ask")).to_have_text("read later, NotOnPage")
    assert still.ran.count("asked") == 1


def test_get_prop_during_a_reload(still: Served, page: Page) -> None:
    """Nobody is there to answer: the call is cancelled, and the page that comes is not asked for the other one."""
    page.goto(still.url)
    expect(page.locator("#ticks")).to_have_text("1")
    with still.through.during(lambda proxy: proxy.blackholed(proxy.down)):
        page.locator("#ask").click()
        settles(lambda: "asked" in still.ran)
        still.left()  # by now it has asked the page, which has not heard it
    page.reload()
    settles(lambda: "gone" in still.ran)
    expect(page.locator("#out-ask")).to_be_empty()
    expect(page.locator("#ticks")).to_have_text("1")
    page.locator("#ask").click()
    expect(page.locator("#out-ask")).to_have_text(", NotOnPage")
    assert still.left()["sessions"] == 1


def test_reloads_that_race_with_reconnects(faulty: Faulty, page: Page, console: Console) -> None:
    """By turns while the page waits for its next attempt, and while a connection is under way."""
    console.allow(*QUIET, r"request failed")
    served = faulty(grace_seconds=0.5)
    through = served.through
    page.add_init_script(EAGER)
    page.goto(served.url)
    for turn in range(10):
        ticking(page)
        if turn % 2:
            through.cut()
            state(page, "waiting")
            page.reload()
        else:
            with through.during(lambda proxy: proxy.buffered(proxy.up)):
                through.cut()
                opened = served.sockets()
                settles(lambda opened=opened: served.sockets() > opened)
                page.evaluate("location.reload()")
    ticking(page)
    state(page, "live")
    settles(lambda: served.left() == {"sessions": 1, "tasks": 3})  # the session's group, and its two streams
    ticking(page)
    assert page.locator(ROOT).get_attribute("data-wscb-state") == "live"


def ran(served: Served, names: str) -> list[str]:
    return [line for line in served.ran if line in names]
