"""Each example runs as it stands, with a silent console."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect
from serving import Serve

EXAMPLES = Path(__file__).parent.parent / "examples"


def test_each_example_has_a_test() -> None:
    here = Path(__file__).read_text()
    assert [file.name for file in EXAMPLES.glob("*.py") if f"examples/{file.name}" not in here] == []


def test_progress(serve: Serve, page: Page) -> None:
    page.goto(serve("examples/progress.py").url)
    page.locator("#run").click()
    page.locator("#name").fill("Bob")
    expect(page.locator("#out")).to_have_text("Run 1 finished for Bob.")
    page.locator("#run").click()
    page.locator("#cancel").click()
    expect(page.locator("#out")).to_contain_text("Run 2 was cancelled at")
    expect(page.locator("#run")).to_be_enabled()


def test_clock(serve: Serve, page: Page) -> None:
    page.goto(serve("examples/clock.py").url)
    shown = page.locator("#clock")
    expect(shown).not_to_be_empty()
    expect(shown).not_to_have_text(shown.text_content() or "")


def test_mounted(serve: Serve, page: Page) -> None:
    server = serve("examples/mounted.py", base="/dashboard/")
    page.goto(server.url)
    expect(page.locator("#out")).to_have_text("Ann has 3 orders.")
    page.locator("#name").select_option(label="bob")
    expect(page.locator("#out")).to_have_text("Bob has 5 orders.")
    host = server.url.removesuffix("/dashboard/")
    assert page.request.get(f"{host}/docs").ok
    assert page.request.get(f"{host}/api/orders/bob").json() == 5


def test_monitor(serve: Serve, page: Page) -> None:
    page.goto(serve("examples/monitor.py").url)
    expect(page.locator("#wscb-root")).to_have_attribute("data-wscb-state", "live")
    expect(page.locator("canvas").first).to_be_visible()
