"""The style sheet of an app, written as for any page: what it says of its own elements, and of all buttons at once."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import FloatRect, Page
from serving import Serve

SHEET = """
html { font-size: 62.5%; }
body { margin: 0; color: #fff; background: #222; }
button { height: 60px; padding: 0 40px; border: 3px solid red; letter-spacing: 9px; }
#box { width: 100px; padding: 20px; }
"""

APP = """
from wscb import App, dcc, html

app = App(__name__, assets_folder={folder!r})
app.layout = html.Div([
    html.Div("box", id="box"),
    html.Div([
        dcc.Dropdown(["a", "b"], "a", id="one"),
        dcc.Dropdown(["a", "b"], ["a"], id="many", multi=True),
        dcc.Upload(html.Div("Drop", id="styled"), id="up", style={{"height": 60, "lineHeight": "60px"}}),
        dcc.Upload(html.Div("Drop", id="plain")),
        dcc.DatePickerSingle(id="date", date="2026-01-02", clearable=True),
    ], id="column", style={{"width": 400}}),
    dcc.RadioItems(["x"], "x", id="radio", labelStyle={{"display": "inline-block"}}),
], id="whole")
server = app.server
"""

COLOR = "el => getComputedStyle(el).color"
BACK = "el => getComputedStyle(el).backgroundColor"


def test_a_sheet_of_an_app_has_its_way(serve: Serve, page: Page, tmp_path: Path) -> None:
    (tmp_path / "app.css").write_text(SHEET)
    page.goto(serve.code(APP.format(folder=str(tmp_path))).url)

    def box(selector: str) -> FloatRect:
        found = page.locator(selector).bounding_box()
        assert found
        return found

    page.locator("#date .wscb-clear").wait_for()
    assert (box("#whole")["x"], box("#whole")["y"]) == (0, 0)
    assert box("#box")["width"] == 140  # as everywhere where no sheet says otherwise
    assert [box(each)["width"] for each in ("#one", "#many")] == [400, 400]
    field = box("#many .wscb-field")
    for part in ("#many .wscb-clear", "#date .wscb-clear"):
        assert box(part)["width"] < 40
        assert box(part)["height"] < field["height"]
    assert box("#up") == box("#styled")
    assert box("#plain")["width"] < 400
    mark, text = box("#radio input"), box("#radio label span")
    assert text["x"] - mark["x"] - mark["width"] >= 4
    page.locator("#many .wscb-field").click()
    for part in ("#one", "#many .wscb-field", "#many .wscb-list", "#date input"):
        assert page.locator(part).evaluate(COLOR) != page.locator(part).evaluate(BACK)


LIGHT, DARK = "rgb(246, 247, 249)", "rgb(13, 16, 21)"

THEMES = """
from wscb import App, Dash, html

INDEX = "<!doctype html><html><head>{%favicon%}{%css%}</head><body>{%app_entry%}{%config%}{%scripts%}</body></html>"
kinds = [(App, {}), (App, {"theme": "dark"}), (Dash, {}), (Dash, {"index_string": INDEX}), (Dash, {"theme": "auto"})]
server = None
for number, (kind, options) in enumerate(kinds):
    app = kind(server=server, url_base_pathname=f"/{number}/", **options)
    app.layout = html.Div("text", id="text")
    server = app.server
"""


def test_a_page_written_for_dash_is_light_in_a_dark_browser(serve: Serve, page: Page) -> None:
    url = serve.code(THEMES, base="/0/").url.removesuffix("/0/")
    for scheme, wanted in (("dark", [DARK, DARK, LIGHT, LIGHT, DARK]), ("light", [LIGHT, DARK, LIGHT, LIGHT, LIGHT])):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for number, color in enumerate(wanted):
            page.goto(f"{url}/{number}/")
            page.locator("#text").wait_for()
            assert page.evaluate(f"({BACK})(document.body)") == color, (scheme, number)
            words = page.locator("#text").evaluate(COLOR)
            assert (words == "rgb(20, 24, 31)") is (color == LIGHT)
            assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") != "normal"
