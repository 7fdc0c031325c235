"""Refusals that waiting does not cure: the page says what to do, and asks no more until somebody does it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from conftest import Console
from faulty import BANNER, QUIET, Faulty, Served, settles, state, ticking
from playwright.sync_api import BrowserContext, Page, WebSocket, expect

from wscb.protocol import codec
from wscb.protocol.messages import Hello, Location

OLD_PAGE = """window.WebSocket = class extends WebSocket { constructor(url) { super(url, "wscb.v0"); } };"""


def sign_in(context: BrowserContext, served: Served, name: str) -> None:
    context.add_cookies([{"name": "user", "value": name, "url": served.url}])


@pytest.fixture
def opened(page: Page) -> list[WebSocket]:
    """Every socket that the page has opened."""
    found: list[WebSocket] = []
    page.on("websocket", lambda socket: found.append(socket))
    return found


def asks_no_more(page: Page, opened: list[WebSocket]) -> None:
    """Nor in ten minutes, nor when it is looked at again or the network comes: of its own it opens no socket."""
    before = len(opened)
    page.clock.fast_forward("10:00")
    page.evaluate("""() => { dispatchEvent(new Event("online"));
        document.dispatchEvent(new Event("visibilitychange")); }""")
    page.evaluate("fetch('/left').then(answer => answer.text())")
    state(page, "refused")
    assert len(opened) == before


def refused(page: Page, words: str, action: str) -> Callable[[], None]:
    """Checks what the banner says; gives how to do what it says."""
    state(page, "refused")
    banner = page.locator(BANNER)
    expect(banner).to_contain_text(words)
    return banner.get_by_role("button", name=action).click


def test_another_user_is_told_to_sign_in(
    served: Served, page: Page, context: BrowserContext, opened: list[WebSocket]
) -> None:
    """4501: signed in as somebody else in another tab meanwhile. The session of the first one stays unseen."""
    sign_in(context, served, "ann")
    page.clock.install()
    page.goto(served.url)
    ticking(page)
    sign_in(context, served, "bob")
    served.through.cut()
    act = refused(page, "another user", "Sign in again")
    assert len(opened) == 2
    asks_no_more(page, opened)
    act()
    ticking(page)
    state(page, "live")


@pytest.mark.parametrize("status", [401, 403])
def test_a_proxy_that_wants_a_sign_in(
    served: Served, page: Page, context: BrowserContext, console: Console, opened: list[WebSocket], status: int
) -> None:
    """A refused upgrade tells a page nothing; after three the page asks over HTTP, and knows."""
    console.allow(*QUIET)
    sign_in(context, served, "ann")
    page.clock.install()
    page.goto(served.url)
    ticking(page)
    sign_in(context, served, f"refused-{status}")
    served.through.cut()
    act = refused(page, "You are signed out.", "Sign in again")
    # One more may be under way while it asks.
    assert served.ran.count("websocket") in (2, 3)
    assert served.ran.count("http") == 1
    asks_no_more(page, opened)
    sign_in(context, served, "ann")
    act()
    ticking(page)


def test_an_origin_that_is_not_allowed(
    served: Served, page: Page, context: BrowserContext, opened: list[WebSocket]
) -> None:
    """4503"""
    sign_in(context, served, "elsewhere")
    page.clock.install()
    page.goto(served.url)
    act = refused(page, "this origin is not allowed", "Reload")
    assert len(opened) == 1
    asks_no_more(page, opened)
    sign_in(context, served, "ann")
    act()
    ticking(page)


def test_a_server_of_another_protocol(
    served: Served, page: Page, context: BrowserContext, opened: list[WebSocket]
) -> None:
    """4504: to a person, that is a new version of the page."""
    page.clock.install()
    page.add_init_script(f"if (!sessionStorage.old) {{ sessionStorage.old = 1; {OLD_PAGE} }}")
    page.goto(served.url)
    act = refused(page, "A new version of this page is there.", "Reload")
    assert len(opened) == 1
    asks_no_more(page, opened)
    act()
    ticking(page)


def test_a_session_that_went_on_elsewhere(served: Served, page: Page) -> None:
    """4509: somebody has come with what this page knows, and a later number. The two do not fight for it."""
    page.clock.install()
    opened: list[WebSocket] = []
    welcomes: list[dict[str, str]] = []

    def look(socket: WebSocket) -> None:
        opened.append(socket)
        socket.on("framereceived", lambda frame: welcomes.append(codec.unpack(frame, codec.ANY_SERVER)))

    page.on("websocket", look)
    page.goto(served.url)
    ticking(page)
    ticket = next(frame for frame in welcomes if frame["type"] == "welcome")
    hello = Hello(
        n=9, build="", page=Location(path="/", query=""), visible=True, have=0,
        session=ticket["session"], token=ticket["token"],
    )  # fmt: skip
    page.evaluate(
        """bytes => { const socket = window.other = new WebSocket(`ws://${location.host}/_wscb/ws`, "wscb.v1");
            socket.onopen = () => socket.send(new Uint8Array(bytes)); }""",
        list(codec.encode(hello)),
    )
    act = refused(page, "This page went on in another tab or window.", "Use it here")
    asks_no_more(page, opened)
    assert len(opened) == 2  # this page's, and the other
    act()
    ticking(page)


def test_a_new_version_is_offered_and_the_page_goes_on(
    faulty: Faulty, page: Page, console: Console, opened: list[WebSocket]
) -> None:
    """Another build: live all the same, what was typed is kept, and loaded anew when the person says so."""
    console.allow(*QUIET)
    served = faulty()
    page.goto(served.url)
    page.locator("#text").fill("typed before")
    ticking(page)
    served.server.kill()
    state(page, "waiting")
    served.rewrite('html.H1("Orders")', 'html.H1("Orders, new")', 'Input("ask", "n_clicks")', 'Input("ask", "title")')
    served.restart()
    state(page, "stale")
    before = len(opened)
    banner = page.locator(BANNER)
    expect(banner).to_contain_text("A new version of this page is there.")
    ticking(page)
    page.locator("#a").click()
    expect(page.locator("#out-work")).to_have_text("1 None None")
    expect(page.locator("#text")).to_have_value("typed before")
    expect(page.locator("h1")).to_have_text("Orders")
    assert len(opened) == before
    banner.get_by_role("button", name="Reload").click()
    expect(page.locator("h1")).to_have_text("Orders, new")
    state(page, "live")
    ticking(page)
    expect(banner).to_be_hidden()
    settles(lambda: served.left()["sessions"] == 1)
