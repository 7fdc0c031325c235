"""What hooks say of a page's socket, as the page sees it."""

from __future__ import annotations

from typing import Any

import pytest
from behaviour import Behave, Host, buttons
from playwright.sync_api import BrowserContext, Page, expect

from wscb import Input, Output, ctx, html
from wscb.callbacks.hooks import Hooks
from wscb.server import hub


@pytest.fixture
def hooks(monkeypatch: pytest.MonkeyPatch) -> Hooks:
    """Hooks of the test's own: those of the process are for every app in it."""
    mine = Hooks()
    monkeypatch.setattr(hub, "hooks", mine)
    return mine


def test_who_may_connect_and_which_messages_count(
    host: Host, page: Page, context: BrowserContext, hooks: Hooks
) -> None:
    asked: list[str] = []

    @hooks.websocket_connect()
    async def who(socket: Any) -> Any:
        asked.append("who")
        name = socket.cookies.get("name")
        return {"id": name} if name else (4501, "Log in first.")

    @hooks.websocket_connect(priority=5)
    def first(socket: Any) -> bool:
        asked.append("first")
        return True

    @hooks.websocket_message()
    def counts(socket: Any, message: dict[str, Any]) -> bool:
        return message["type"] != "invoke" or message["inputs"] != [2]

    app = Behave(host, page, True).app()
    app.layout = [*buttons("go"), html.P(id="user")]

    @app.on(Output("user", "children"), Input("go", "n_clicks"))
    def user(n):
        return f"{ctx.user['id']} {n}"

    acting = app.open()
    root = page.locator("#wscb-root")
    expect(root).to_have_attribute("data-wscb-state", "refused")
    expect(page.get_by_role("status")).to_contain_text("Log in first.")
    assert asked == ["first", "who"]
    context.add_cookies([{"name": "name", "value": "ann", "url": app.url}])
    page.reload()
    acting.shows(user="ann None")
    acting.click("go")
    acting.shows(user="ann 1")
    acting.click("go")
    # The message of that call closed the socket, and the server has not seen it.
    expect(root).to_have_attribute("data-wscb-state", "refused")
    acting.calling("user(None)", "user(1) by go.n_clicks")
