"""`app.config`, and attributes that only Dash's app has."""

from __future__ import annotations

import re
from typing import Any

import pytest

from wscb import App, Input, Output, html
from wscb.errors import DeclarationError


def unknown_id(app: App) -> App:
    app.layout = html.Div(id="there")
    app.callback(Output("there", "children"), Input("elsewhere", "n_clicks"))(lambda clicks: clicks)
    return app


def test_settings_may_be_given_after_the_app_was_made() -> None:
    by_attribute, by_item, by_update = unknown_id(App()), unknown_id(App()), unknown_id(App())
    by_attribute.config.suppress_callback_exceptions = True
    by_item.config["suppress_callback_exceptions"] = True
    by_update.config.update({"suppress_callback_exceptions": True})
    for app in (by_attribute, by_item, by_update):
        app.build()
    with pytest.raises(DeclarationError, match="elsewhere"):
        unknown_id(App()).build()


def test_no_initial_calls() -> None:
    app = App()
    app.config.prevent_initial_callbacks = True
    app.layout = html.Div(id="out")
    app.callback(Output("out", "children"), Input("out", "n_clicks"))(lambda clicks: clicks)
    assert not app.build().specs[0].get("initial")


def test_what_is_read() -> None:
    config = App(url_base_pathname="/a/", assets_folder="files").config
    assert config.requests_pathname_prefix == config["url_base_pathname"] == "/a/"
    assert config.get("assets_folder") == "files"
    assert config.get("nothing") is None
    assert len(config) == len(list(config)) == len(dict(config))
    assert "'/a/'" in repr(config)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            lambda c: c.__setitem__("update_title", None),
            r"update_title cannot be set: give it to App\(update_title=\.\.\.\)",
        ),
        (lambda c: setattr(c, "supress_callback_exceptions", True), "Did you mean 'suppress_callback_exceptions'"),
        (lambda c: setattr(c, "zzz", True), "no 'zzz'. It has: assets_folder, "),
        (lambda c: c.pop("name"), "name cannot be taken away"),
    ],
)
def test_what_cannot_be_set(change: Any, says: str) -> None:
    with pytest.raises(DeclarationError, match=says):
        change(App().config)


def test_what_cannot_be_read() -> None:
    with pytest.raises(AttributeError, match="no 'serve_locally'"):
        _ = App().config.serve_locally


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("run_server", "app.run(...)"),
        ("css", "external_stylesheets="),
        ("enable_pages", "dcc.Location"),
        ("layuot", "Did you mean 'layout'?"),
    ],
)
def test_an_attribute_that_is_not_there_says_what_is(name: str, says: str) -> None:
    with pytest.raises(AttributeError, match=f"An App has no '{name}'. .*{re.escape(says)}"):
        getattr(App(), name)


def test_what_would_not_be_looked_at_is_refused() -> None:
    with pytest.raises(DeclarationError, match=r"no 'renderer' that could be set\. The page starts by itself"):
        App().renderer = "var renderer = new DashRenderer();"  # type: ignore[attr-defined]


def test_attributes_of_one_s_own() -> None:
    app = App()
    app.cache = {}  # type: ignore[attr-defined]
    assert app.cache == {}  # type: ignore[attr-defined]
    with pytest.raises(AttributeError, match=r"An App has no 'zzzzzz'\.$"):
        _ = app.zzzzzz  # type: ignore[attr-defined]


def test_a_layout_that_is_a_function_is_checked_by_another_one() -> None:
    app = App()
    app.layout = lambda: html.Div()
    app.validation_layout = html.Div(id="there")
    app.callback(Output("there", "children"), Input("ther", "n_clicks"))(lambda clicks: clicks)
    with pytest.raises(DeclarationError, match="Did you mean 'there'"):
        app.build()
