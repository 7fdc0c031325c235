"""Paths below an app's prefix."""

from __future__ import annotations

import pytest

from wscb import App


@pytest.mark.parametrize(
    ("prefix", "path", "relative"),
    [("/", "/", "/"), ("/", "/page", "/page"), ("/a/", "/", "/a/"), ("/a/", "/page/", "/a/page/"), ("/a/", "", "/a/")],
)
def test_a_page_s_path(prefix: str, path: str, relative: str) -> None:
    app = App(url_base_pathname=prefix)
    assert app.get_relative_path(path) == relative
    assert app.strip_relative_path(relative) == path.strip("/")


@pytest.mark.parametrize(
    ("path", "rest"), [("/a", ""), ("/a/", ""), ("/a/page", "page"), ("/a/b/c/", "b/c"), (None, None)]
)
def test_what_is_below_the_prefix(path: str | None, rest: str | None) -> None:
    assert App(url_base_pathname="/a/").strip_relative_path(path) == rest


@pytest.mark.parametrize("path", ["/", "", "page", "/page", "/application"])
def test_what_is_not_below_it(path: str) -> None:
    with pytest.raises(ValueError, match="is not below '/a/'"):
        App(url_base_pathname="/a/").strip_relative_path(path)


def test_a_path_without_a_slash_is_none_of_a_page() -> None:
    with pytest.raises(ValueError, match=r"'page' is no path of a page: .* as in '/page'"):
        App().get_relative_path("page")


def test_assets() -> None:
    app = App(url_base_pathname="/a/")
    assert app.get_asset_url("logo.png") == app.get_asset_url("/logo.png") == "/a/assets/logo.png"
