"""The client's files, and how files are sent at all."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError
from pathlib import Path
from unittest.mock import Mock

import pytest

from tests.server.apps import app_with
from tests.server.asgi_app import browser
from tests.server.pages import get, tags
from wscb import html
from wscb.server import page as module

PLOTLY = module._plotly
FOREVER = "private, max-age=31536000, immutable"

pytestmark = pytest.mark.usefixtures("static")


async def test_the_clients_files_may_be_kept_for_ever(static: Path) -> None:
    app = app_with()
    urls = tags(await get(app), r'(?:src|href)="(/_wscb/static/[^"]+)"')
    assert [url.rpartition("/")[2] for url in urls] == ["favicon.svg", "wscb.css", "wscb.js", "late.js"]
    kinds = []
    for url in urls:
        file = await get(app, url)
        assert file.content == (static / url.rpartition("/")[2]).read_bytes()
        assert file.headers["cache-control"] == FOREVER
        assert file.headers["x-content-type-options"] == "nosniff"
        kinds.append(file.headers["content-type"])
    assert kinds == ["image/svg+xml", "text/css; charset=utf-8", *["text/javascript; charset=utf-8"] * 2]


async def test_their_path_changes_with_the_content(static: Path) -> None:
    before = tags(await get(app_with()), r'src="(/_wscb/static/[^"]+)"')
    (static / "wscb.css").write_text("html {}")
    assert tags(await get(app_with()), r'src="(/_wscb/static/[^"]+)"') != before


async def test_under_another_version_they_are_asked_for_each_time() -> None:
    """A page of an older server gets the file that there is, and does not keep it under the wrong name."""
    file = await get(app_with(), "/_wscb/static/000000000000/wscb.js")
    assert file.status_code == 200
    assert file.headers["cache-control"] == "private, no-cache"


async def test_compressed_files_are_the_same_file(static: Path) -> None:
    file = await get(app_with(), "/_wscb/static/x/wscb.js", **{"accept-encoding": "gzip"})
    assert file.headers["content-encoding"] == "gzip"
    assert file.content == (static / "wscb.js").read_bytes()
    assert "content-encoding" not in (await get(app_with(), "/_wscb/static/x/wscb.css")).headers


async def test_plotly_comes_from_its_package(static: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "plotly.min.js").write_text("Plotly")
    path, before = "/_wscb/static/x/plotly.min.js", (await get(app_with())).text
    monkeypatch.setattr(module, "_plotly", lambda: {tmp_path / "plotly.min.js": "7.1"})
    assert (await get(app_with(), path)).text == "Plotly"
    assert (await get(app_with())).text != before
    monkeypatch.setattr(module, "distribution", Mock(side_effect=PackageNotFoundError))
    monkeypatch.setattr(module, "_plotly", PLOTLY)
    assert (await get(app_with(), path)).status_code == 404


@pytest.mark.parametrize("path", ["nothing.js", "", "..%2f..%2fapp.py", "%2e%2e/%2e%2e/app.py", "x/wscb.js"])
async def test_there_are_no_other_files(path: str) -> None:
    assert (await get(app_with(), f"/_wscb/static/x/{path}")).status_code == 404


@pytest.mark.parametrize("path", ["/_wscb/static/x/wscb.js", "/assets/b.css"])
async def test_what_the_browser_has_is_not_sent_again(path: str, assets: Path) -> None:
    app = app_with(assets_folder=str(assets))
    weak = (await get(app, path)).headers["etag"]
    tag = weak.removeprefix("W/")
    for known in (tag, weak, f'"other", {tag}', "*"):
        again = await get(app, path, **{"if-none-match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == weak
        assert "content-length" not in again.headers
    assert (await get(app, path, **{"if-none-match": '"other"'})).status_code == 200


@pytest.mark.parametrize(
    ("accepted", "gzipped"),
    [("gzip", True), ("br, GZIP;q=0.5", True), ("gzip; q=1.0", True), ("gzip;q=0", False), ("gzip;q=0.0, br", False)],
)
async def test_a_coding_can_be_refused(accepted: str, gzipped: bool) -> None:
    page = await get(app_with(html.Div("x" * 5000)), "/", **{"accept-encoding": accepted})
    assert page.headers.get("content-encoding") == ("gzip" if gzipped else None)


async def test_head_is_get_without_the_body() -> None:
    async with browser(app_with().server, **{"accept-encoding": "identity"}) as client:
        for path in ("/", "/_wscb/static/x/wscb.js"):
            got, head = await client.get(path), await client.head(path)
            assert head.status_code == 200
            assert head.content == b""
            assert head.headers == got.headers
