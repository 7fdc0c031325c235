"""The index page, the client's files, the app's assets."""

from __future__ import annotations

import base64
import re
from html import unescape
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import httpx
import pytest

from tests.server.apps import app_with
from tests.server.asgi_app import browser
from wscb import ALL, App, Input, Limits, Output, html
from wscb.protocol import codec
from wscb.server import page as module
from wscb.server.http import HttpRequest
from wscb.server.socket import Handshake

PLOTLY = module._plotly
FOREVER = "public, max-age=31536000, immutable"


@pytest.fixture(autouse=True)
def static(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A client's bundle of our own, so that these tests need none that was built."""
    folder = tmp_path / "static"
    folder.mkdir()
    (folder / "wscb.js").write_text("export {};" * 200)
    (folder / "late.js").write_text("export {};")
    (folder / "wscb.css").write_text("body {}")
    (folder / "favicon.svg").write_text("<svg/>")
    monkeypatch.setattr(module, "STATIC", folder)
    return folder


@pytest.fixture
def assets(tmp_path: Path) -> Path:
    folder = tmp_path / "assets"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "b.css").write_text("b")
    return folder


async def get(app: App, path: str = "/", **headers: str) -> httpx.Response:
    async with browser(app.server) as client:
        return await client.get(path, headers={"accept-encoding": "identity", **headers})


def data_of(page: httpx.Response) -> Any:
    found = re.search(r'<script type="application/octet-stream" id="wscb-page">([^<]*)</script>', page.text)
    assert found is not None
    return codec.unpack(base64.b64decode(found[1]), codec.ANY_SERVER)


def tags(page: httpx.Response, pattern: str) -> list[str]:
    return [unescape(found) for found in re.findall(pattern, page.text)]


# ---------------------------------------------------------------------------------------------------- the index


async def test_the_page_has_its_data() -> None:
    app = app_with(title="Mine", limits=Limits(calls_in_flight=3, messages_per_second=9, message_bytes=4096))

    @app.callback(Output("out", "children"), Input("run", "n_clicks"))
    async def work(clicks: int) -> int:
        return clicks

    page = await get(app)
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["cache-control"] == "no-cache"
    data = data_of(page)
    assert data["limits"] == {"message": 4096, "calls": 3, "rate": 9}
    assert (data["base"], data["title"], data["update_title"]) == ("/", "Mine", "Updating...")
    assert (data["debug"], data["socket"], data["banner"]) == (False, False, True)
    assert data["build"] == app.site().definition.build
    assert data["layout"]["type"] == "Div"
    assert [component["props"]["id"] for component in data["layout"]["props"]["children"]] == ["run", "out", "log"]
    assert data["callbacks"] == [
        {
            "id": "out.children|run.n_clicks",
            "outputs": [["out", "children"]],
            "inputs": [["run", "n_clicks"]],
            "state": [],
            "initial": True,
            "socket": False,
        }
    ]


async def test_the_page_opens_a_socket_when_a_callback_needs_it() -> None:
    app = app_with()

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), websocket=True)
    async def work(clicks: int) -> int:
        return clicks

    assert data_of(await get(app))["socket"] is True


async def test_a_task_without_inputs_needs_the_socket_as_well() -> None:
    app = app_with()

    @app.callback(persistent=True)
    async def stream() -> None: ...

    assert data_of(await get(app))["socket"] is True


async def test_the_page_says_debug() -> None:
    app = app_with()
    app.debug = True
    assert data_of(await get(app))["debug"] is True


async def test_what_users_write_cannot_break_out() -> None:
    evil = "</title></script><script>alert('\"1\"')</script>"
    app = app_with(html.Div(evil), title=evil, meta_tags=[{"name": evil, "content": '"><x'}], external_scripts=[evil])
    page = await get(app)
    assert "<script>alert" not in page.text
    assert '"><x' not in page.text
    assert tags(page, "<title>(.*?)</title>") == [evil]
    assert tags(page, '<script src="([^"]*)"></script>') == [evil]
    assert data_of(page)["title"] == evil


async def test_nothing_is_inline() -> None:
    """A policy of `default-src 'self'` holds."""
    page = await get(app_with())
    assert "style=" not in page.text
    assert "<style" not in page.text
    assert not re.search(r"\son\w+=", page.text)
    scripts = re.findall(r"<script([^>]*)>([^<]*)</script>", page.text)
    assert all("src=" in attributes or "octet-stream" in attributes for attributes, _ in scripts)
    assert "data:" not in page.text


async def test_the_root_waits_for_the_client() -> None:
    page = await get(app_with())
    assert '<div id="wscb-root" data-wscb-state="connecting"></div>' in page.text


async def test_meta_tags_and_external_files_stand_before_the_client() -> None:
    app = app_with(
        meta_tags=[{"name": "author", "content": "Ann"}],
        external_stylesheets=["https://cdn.example/x.css", {"href": "https://cdn.example/y.css", "integrity": "abc"}],
        external_scripts=[{"src": "https://cdn.example/z.js", "defer": ""}],
    )
    page = await get(app)
    wanted = [
        '<meta name="author" content="Ann">',
        '<link rel="stylesheet" href="https://cdn.example/x.css">',
        '<link rel="stylesheet" href="https://cdn.example/y.css" integrity="abc">',
        '<script src="https://cdn.example/z.js" defer></script>',
        'type="module"></script>',
    ]
    places = [page.text.find(tag) for tag in wanted]
    assert -1 not in places
    assert places == sorted(places)


@pytest.mark.parametrize("root", ["", "/proxy"])
async def test_every_url_stands_below_root_and_prefix(root: str, assets: Path) -> None:
    app = app_with(url_base_pathname="/dash/", assets_folder=str(assets))
    app.server.root_path = root
    page = await get(app, "/dash/")
    assert data_of(page)["base"] == f"{root}/dash/"
    urls = tags(page, r'(?:src|href)="([^"]+)"')
    assert len(urls) == 5
    assert all(url.startswith(f"{root}/dash/") for url in urls)


async def test_two_components_with_one_id_are_an_error_at_load(caplog: pytest.LogCaptureFixture) -> None:
    app = App(__name__)
    app.layout = lambda: [html.Div(id="a"), html.Div(id="a")]
    assert (await get(app)).status_code == 500


async def test_a_long_page_is_compressed_where_the_browser_takes_it() -> None:
    app = app_with(html.Div("x" * 5000))
    small = await get(app, **{"accept-encoding": "gzip, br"})
    assert small.headers["content-encoding"] == "gzip"
    assert small.headers["vary"] == "accept-encoding"
    assert int(small.headers["content-length"]) < 2500
    plain = await get(app)
    assert "content-encoding" not in plain.headers
    assert plain.headers["vary"] == "accept-encoding"
    assert plain.text == small.text


# ------------------------------------------------------------------------------------------- the client's files


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
    assert file.headers["cache-control"] == "no-cache"


async def test_compressed_files_are_the_same_file(static: Path) -> None:
    file = await get(app_with(), "/_wscb/static/x/wscb.js", **{"accept-encoding": "gzip"})
    assert file.headers["content-encoding"] == "gzip"
    assert file.content == (static / "wscb.js").read_bytes()
    assert "content-encoding" not in (await get(app_with(), "/_wscb/static/x/wscb.css")).headers


async def test_modules_stand_before_the_page_where_its_callbacks_need_them() -> None:
    def modules(page: httpx.Response) -> list[str]:
        return [url.rpartition("/")[2] for url in tags(page, r'<script src="([^"]*)" type="module">')]

    app = app_with(html.Div(id={"type": "row", "index": 1}))
    app.clientside_callback("() => 1", Output("out", "children"), Input({"type": "row", "index": ALL}, "n_clicks"))
    assert modules(await get(app)) == ["patterns.js", "clientside.js", "wscb.js"]
    assert modules(await get(app_with())) == ["wscb.js"]


async def test_a_page_of_an_app_that_is_worked_on_hears_of_another_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WSCB_RELOAD_CHILD", "a child")
    plain, with_socket = app_with(), app_with()
    with_socket.callback(Output("out", "children"), Input("run", "n_clicks"), websocket=True)(lambda clicks: clicks)
    found = [
        re.findall(r'/debug\.js\?(.*)" type.*\n.*/wscb\.js', unescape((await get(app)).text))
        for app in (plain, with_socket)
    ]
    assert found == [[f"{plain.build().build}&ask"], [with_socket.build().build]]


async def test_scripts_of_the_page_find_set_props(assets: Path) -> None:
    (assets / "keys.js").write_text("addEventListener('keydown', () => dash_clientside.set_props('a', {}))")
    page = await get(app_with(assets_folder=str(assets)))
    assert page.text.index("clientside.js") < page.text.index("wscb.js")


async def test_a_function_given_as_source_is_a_file() -> None:
    app = app_with()
    app.clientside_callback(" (n) => n; ", Output("out", "children"), Input("run", "n_clicks"))
    (url,) = tags(await get(app), r'<script src="(/_wscb/inline/[^"]*)" defer></script>')
    file = await get(app, url)
    assert file.headers["content-type"].startswith("text/javascript")
    assert file.headers["cache-control"] == FOREVER
    name = url.rpartition("/")[2].removesuffix(".js")
    assert f'["{name}"] = (\n(n) => n\n);' in file.text
    for other in ("/_wscb/inline/other.js", url.removesuffix(".js")):
        assert (await get(app, other)).status_code == 404


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


# ------------------------------------------------------------------------------------------------------- assets


async def test_assets_are_linked_in_the_order_of_their_paths(assets: Path) -> None:
    (assets / "a").mkdir()
    for name in ("c.js", "a/z.css", "a.css", "a.js", "notes.txt"):
        (assets / name).write_text(name)
    page = await get(app_with(assets_folder=str(assets)))
    css = tags(page, r'href="/assets/([^"?]*)\?v=')
    scripts = tags(page, r'src="/assets/([^"?]*)\?v=[0-9a-f]{12}" defer')
    assert css == ["a/z.css", "a.css", "b.css"]
    assert scripts == ["a.js", "c.js"]


async def test_an_asset_is_kept_as_long_as_its_content_is_the_same(assets: Path) -> None:
    app = app_with(assets_folder=str(assets))
    (url,) = tags(await get(app), r'href="(/assets/[^"]*)"')
    assert (await get(app, url)).headers["cache-control"] == FOREVER
    assert (await get(app, "/assets/b.css")).headers["cache-control"] == "no-cache"
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
