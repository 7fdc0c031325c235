"""The index page."""

from __future__ import annotations

import base64
import re
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.server.apps import app_with
from tests.server.pages import get, tags
from wscb import ALL, App, Input, Limits, Output, State, dcc, html
from wscb.errors import DashPropWarning
from wscb.protocol import codec

FOREVER = "private, max-age=31536000, immutable"

pytestmark = pytest.mark.usefixtures("static")


def data_of(page: httpx.Response) -> Any:
    found = re.search(r'<script type="application/octet-stream" id="wscb-page">([^<]*)</script>', page.text)
    assert found is not None
    return codec.unpack(base64.b64decode(found[1]), codec.ANY_SERVER)


async def test_the_page_has_its_data() -> None:
    app = app_with(title="Mine", limits=Limits(calls_in_flight=3, messages_per_second=9, message_bytes=4096))

    @app.callback(Output("out", "children"), Input("run", "n_clicks"))
    async def work(clicks: int) -> int:
        return clicks

    page = await get(app)
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["cache-control"] == "private, no-cache"
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


@pytest.mark.parametrize("argument", ["external_stylesheets", "external_scripts"])
async def test_what_is_no_link_is_left_out_and_said(argument: str) -> None:
    links: list[Any] = [[{"name": "viewport"}], "https://cdn.example/x"]
    with pytest.warns(DashPropWarning, match=rf"^{argument}= has \[{{'name': 'viewport'}}\], which is neither") as told:
        app = App(__name__, **{argument: links})  # type: ignore[arg-type]
    assert told[0].filename == __file__
    app.layout = html.Div()
    page = await get(app)
    assert page.status_code == 200
    assert '"https://cdn.example/x"' in page.text


async def test_a_viewport_of_the_apps_own_is_the_only_one() -> None:
    assert (await get(app_with())).text.count('name="viewport"') == 1
    page = await get(app_with(meta_tags=[{"name": "viewport", "content": "width=400"}]))
    assert tags(page, '<meta name="viewport" content="(.*?)">') == ["width=400"]


@pytest.mark.parametrize("text", ["", None])
async def test_a_title_that_is_to_stay_stays(text: str | None) -> None:
    assert data_of(await get(app_with(update_title=text)))["update_title"] is None


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


async def test_modules_stand_before_the_page_where_its_callbacks_need_them() -> None:
    def modules(page: httpx.Response) -> list[str]:
        return [url.rpartition("/")[2] for url in tags(page, r'<script src="([^"]*)" type="module">')]

    app = app_with(html.Div(id={"type": "row", "index": 1}))
    app.clientside_callback("() => 1", Output("out", "children"), Input({"type": "row", "index": ALL}, "n_clicks"))
    assert modules(await get(app)) == ["patterns.js", "clientside.js", "arrivals.js", "wscb.js"]
    assert modules(await get(app_with())) == ["wscb.js"]


async def test_what_is_done_to_components_that_come_has_a_module_where_one_may_come() -> None:
    async def has(app: App) -> bool:
        return "/arrivals.js" in (await get(app)).text

    assert await has(app_with(suppress_callback_exceptions=True))
    assert not await has(app_with(dcc.Dropdown(id="town")))
    for dependency in (Input, State):
        searched = app_with(dcc.Dropdown(id="town"))
        needs: list[Any] = [Input("run", "n_clicks"), dependency("town", "search_value")]
        searched.callback(Output("out", "children"), *needs)(lambda *given: given)
        assert await has(searched)
    assert await has(app_with(dcc.Input(id="name", persistence=True)))


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
