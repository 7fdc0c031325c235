"""A real browser against a real server, on the loopback alone.

    def test_it_counts(serve, page):
        server = serve.code("from wscb import App, ...")        # or serve.demo(), serve("examples/x.py")
        page.goto(server.url)
        expect(page.locator("#out")).to_have_text("3")

`page` fails the test if the page logged an error or a warning, threw, broke the content security policy or had a
request fail. A test that causes such a thing on purpose says so: `console.allow(r"WebSocket connection .* failed")`.
Waits are on state and bounded; nothing here waits for time to pass. Of a failed test, test-results/ has a screenshot
of each page.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from behaviour import Behave, Host
from faulty import WATCH, Faulty, Lasting, Served
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)
from serving import Serve

CHROMIUM = os.environ.get("WSCB_CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
RESULTS = Path(__file__).parent.parent / "test-results"

# What is promised sooner says so. All else may take the time that a busy machine needs.
expect.set_options(timeout=15_000)

REPORTS = pytest.StashKey[dict[str, pytest.TestReport]]()

# A policy that is broken shows in the console too, but not in every case (report-only, blocked by the parser).
POLICY_WATCH = """addEventListener("securitypolicyviolation", e =>
    console.error(`content security policy: ${e.violatedDirective} blocked ${e.blockedURI || e.sourceFile}`))"""


def cut(url: str, text: str | None) -> bool:
    """Whether the icon did not come: a browser asks for it when it likes, and a test may have ended its server by then.

    One that the server does not have (HTTP 404) is a complaint all the same.
    """
    return url.endswith("/favicon.svg") and "net::ERR_" in (text or "")


class Console:
    """All that the pages of one test had to complain about."""

    def __init__(self) -> None:
        self.entries: list[str] = []
        self._allowed: list[re.Pattern[str]] = []

    def allow(self, *patterns: str) -> None:
        """Lets pass what matches one of the regular expressions, from the start of the test."""
        self._allowed += [re.compile(pattern) for pattern in patterns]

    @property
    def complaints(self) -> list[str]:
        return [entry for entry in self.entries if not any(pattern.search(entry) for pattern in self._allowed)]

    def watch(self, page: Page) -> None:
        page.on("console", self._message)
        page.on("pageerror", lambda error: self.entries.append(f"uncaught: {error.stack or error.message}"))
        page.on("requestfailed", self._failed)
        page.on("response", self._answer)

    def _failed(self, request: Request) -> None:
        """A page that is left takes back what it had asked for; calls that are taken back are told by their tests."""
        if (request.method, request.failure) != ("GET", "net::ERR_ABORTED") and not cut(request.url, request.failure):
            self.entries.append(f"request failed: {request.method} {request.url} {request.failure}")

    def _message(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not cut(message.location["url"], message.text):
            self.entries.append(f"{message.type}: {message.text}")

    def _answer(self, response: Response) -> None:
        if response.status >= 400:
            self.entries.append(f"HTTP {response.status}: {response.url}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item.stash.setdefault(REPORTS, {})[report.when] = report
    return report


def failed(request: pytest.FixtureRequest) -> bool:
    report = request.node.stash.get(REPORTS, {}).get("call")
    return report is not None and report.failed


FIGURES = pytest.StashKey[list[str]]()


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Records what was measured, for the end of the run: a speed is told, and never asserted."""
    found = request.config.stash.setdefault(FIGURES, [])
    return lambda text: found.append(f"{request.node.name}: {text}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if figures := config.stash.get(FIGURES, []):
        terminalreporter.section("measured")
        for text in figures:
            terminalreporter.write_line(text)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            # Playwright would turn the back-forward cache off, which people have.
            executable_path=CHROMIUM,
            args=ARGUMENTS,
            ignore_default_args=["--disable-back-forward-cache"],
        )
        yield browser
        browser.close()


@pytest.fixture
def console() -> Console:
    return Console()


@pytest.fixture
def context(browser: Browser, console: Console, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """A browser profile of the test's own; every page in it is watched."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, ignore_https_errors=True)
    context.set_default_timeout(15_000)
    context.add_init_script(POLICY_WATCH)
    context.add_init_script(WATCH)
    context.on("page", console.watch)
    yield context
    if failed(request):
        keep_pictures(context, request.node.name)
    complaints = console.complaints
    context.close()  # which takes back the calls that still run
    assert not complaints, "the page complained:\n" + "\n".join(complaints)


def keep_pictures(context: BrowserContext, test: str) -> None:
    RESULTS.mkdir(exist_ok=True)
    for number, page in enumerate(context.pages):
        page.screenshot(path=RESULTS / f"{re.sub(r'[^A-Za-z0-9_.-]+', '-', test)}-{number}.png")


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def new_page(context: BrowserContext) -> Callable[[], Page]:
    """More pages of the same browser, for a test with several tabs."""
    return context.new_page


@pytest.fixture
def serve(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Serve]:
    """Starts servers, and ends every one of them when the test is over; shows their logs when it failed."""
    serve = Serve(tmp_path)
    yield serve
    serve.end()
    if failed(request):
        for server in serve.servers:
            print(f"--- log of {server.url}\n{server.log}")


@pytest.fixture(scope="session")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lasting]:
    lasting = Lasting(tmp_path_factory.mktemp("lasting"))
    yield lasting
    lasting.end()


@pytest.fixture
def served(lasting: Lasting, request: pytest.FixtureRequest) -> Iterator[Served]:
    """A server of the app in faulty.py behind a proxy, for tests that leave it as it was."""
    yield from lasting.lent("served", lambda: failed(request))


@pytest.fixture
def still(lasting: Lasting, request: pytest.FixtureRequest) -> Iterator[Served]:
    """The same, where nothing comes that was not asked for."""
    yield from lasting.lent("still", lambda: failed(request), echo=False, pause=60)


@pytest.fixture
def faulty(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Faulty]:
    """Starts more of them, to be killed, or with limits of their own."""
    faulty = Faulty(tmp_path)
    yield faulty
    faulty.end(logs=failed(request))


@pytest.fixture(scope="session")
def host() -> Iterator[Host]:
    host = Host()
    yield host
    host.end()


@pytest.fixture(params=["http", "socket"])
def behave(host: Host, page: Page, request: pytest.FixtureRequest) -> Behave:
    """Makes apps whose calls are written down; each test runs over HTTP and over the socket."""
    return Behave(host, page, request.param == "socket")
