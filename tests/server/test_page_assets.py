"""The files of the app's assets folder."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.server.apps import app_with
from tests.server.pages import get, tags
from wscb import App
from wscb.server.http import HttpRequest
from wscb.server.socket import Handshake

FOREVER = "private, max-age=31536000, immutable"

pytestmark = pytest.mark.usefixtures("static")


async def test_assets_are_linked_in_the_order_of_their_paths(assets: Path) -> None:
    (assets / "a").mkdir()
    for name in ("c.js", "a/z.css", "a.css", "a.js", "notes.txt"):
        (assets / name).write_text(name)
    page = await get(app_with(assets_folder=str(assets)))
    css = tags(page, r'href="/assets/([^"?]*)\?v=')
    scripts = tags(page, r'src="/assets/([^"?]*)\?v=[0-9a-f]{12}" defer')
    assert css == ["a/z.css", "a.css", "b.css"]
    assert scripts == ["a.js", "c.js"]


async def test_a_script_that_is_a_module_is_loaded_as_one(assets: Path) -> None:
    for name in ("a.mjs", "b.js"):
        (assets / name).write_text("1")
    app = app_with(assets_folder=str(assets))
    page = await get(app)
    found = tags(page, r'src="/assets/([^>]*)></script>')
    assert [re.sub(r"\?v=\w+", "", one) for one in found] == ['a.mjs" type="module"', 'b.js" defer']
    assert page.text.index("assets/a.mjs") < page.text.index("/wscb.js")
    assert (await get(app, "/assets/a.mjs")).headers["content-type"].startswith("text/javascript")


async def test_an_asset_is_kept_as_long_as_its_content_is_the_same(assets: Path) -> None:
    app = app_with(assets_folder=str(assets))
    (url,) = tags(await get(app), r'href="(/assets/[^"]*)"')
    assert (await get(app, url)).headers["cache-control"] == FOREVER
    assert (await get(app, "/assets/b.css")).headers["cache-control"] == "private, no-cache"
    (assets / "b.css").write_text("changed")
    assert tags(await get(app), r'href="(/assets/[^"]*)"') != [url]
    assert (await get(app, "/assets/b.css")).text == "changed"


async def test_any_name_that_a_file_has_can_be_linked(assets: Path) -> None:
    (assets / "b.css").unlink()
    (assets / "50% #1 ?ä.css").write_text("odd")
    app = app_with(assets_folder=str(assets))
    (url,) = tags(await get(app), r'href="(/assets/[^"]*)"')
    assert (await get(app, url)).text == "odd"


async def test_the_apps_own_icon_is_used(assets: Path) -> None:
    (assets / "favicon.ico").write_bytes(b"icon")
    page = await get(app_with(assets_folder=str(assets)))
    (icon,) = tags(page, r'<link rel="icon" href="([^"]*)">')
    assert icon.startswith("/assets/favicon.ico?v=")


async def test_without_one_the_bundles_icon_is_used(assets: Path) -> None:
    page = await get(app_with(assets_folder=str(assets)))
    (icon,) = tags(page, r'<link rel="icon" href="([^"]*)">')
    assert icon.endswith("/favicon.svg")


def with_secrets(assets: Path) -> App:
    (assets / "a").mkdir()
    (assets / "link.txt").symlink_to(assets.parent / "secret.txt")
    return app_with(assets_folder=str(assets))


@pytest.mark.parametrize(
    "path",
    [
        "../secret.txt",
        "a/../../secret.txt",
        "..\\secret.txt",
        "/etc/passwd",
        "//etc/passwd",
        "link.txt",
        "",
        "a",
        ".",
        "nothing.css",
        "b.css\0",
        "x" * 300,
    ],
)
async def test_no_file_outside_of_the_folder_is_served(path: str, assets: Path) -> None:
    site = with_secrets(assets).site()
    assert (await site.respond(HttpRequest("GET", f"assets/{path}", Handshake()))).status == 404


@pytest.mark.parametrize("path", ["%2e%2e/secret.txt", "..%2fsecret.txt", "%2e%2e%2fsecret.txt", "%2fetc%2fpasswd"])
async def test_nor_is_it_when_the_way_out_is_encoded(path: str, assets: Path) -> None:
    response = await get(with_secrets(assets), f"/assets/{path}")
    assert response.status_code == 404
    assert "secret" not in response.text


async def test_there_may_be_no_folder(tmp_path: Path) -> None:
    app = app_with(assets_folder=str(tmp_path / "nowhere"))
    assert (await get(app)).status_code == 200
    assert (await get(app, "/assets/x.css")).status_code == 404


async def test_hidden_files_are_not_served(assets: Path) -> None:
    (assets / ".env").write_text("SECRET=1")
    (assets / ".git").mkdir()
    (assets / ".git" / "config.css").write_text("a {}")
    app = app_with(assets_folder=str(assets))
    assert (await get(app, "/assets/.env")).status_code == 404
    assert (await get(app, "/assets/.git/config.css")).status_code == 404
    assert "config.css" not in (await get(app)).text
