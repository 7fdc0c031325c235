"""The components of dcc that are loaded when a page has them, as a person uses them by mouse and by keyboard."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from conftest import Console
from playwright.sync_api import BrowserContext, Locator, Page, expect
from serving import Serve, Server

HEAD = """
import asyncio
from wscb import App, Input, Output, State, dcc, html, no_update, set_props

app = App(__name__)
server = app.server
"""
STRICT = """
@server.middleware("http")
async def policy(request, call_next):
    response = await call_next(request)
    response.headers["Content-Security-Policy"] = "default-src 'self'"
    return response
"""


def open_page(serve: Serve, page: Page, source: str, path: str = "") -> Server:
    server = serve.code(HEAD + source + STRICT)
    page.goto(server.url + path)
    return server


def focused(page: Page) -> Any:
    return page.evaluate("document.activeElement.textContent")


def test_an_app_of_several_pages(serve: Serve, page: Page) -> None:
    server = open_page(
        serve,
        page,
        """
app.layout = html.Div([
    dcc.Location(id="url", refresh=False),
    dcc.Link("Home", href="/", id="home"), dcc.Link("Report", href="/report?year=2026#end", id="report"),
    dcc.Link("Elsewhere", href="/loaded", refresh=True, id="loaded"),
    html.Button("Go", id="go"), html.P(id="page"), html.P(id="calls"),
])
calls = []

@app.callback(Output("page", "children"), Input("url", "pathname"), State("url", "search"), State("url", "hash"),
              State("url", "href"))
def show(pathname, search, hash, href):
    calls.append(pathname)
    return f"{pathname} {search} {hash} {href.endswith(pathname + search + hash)}"

@app.callback(Output("calls", "children"), Input("page", "children"))
def count(_): return " ".join(calls)

@app.callback(Output("url", "pathname"), Output("url", "search"), Input("go", "n_clicks"), prevent_initial_call=True)
def go(_): return "/gone", ""
""",
        "deep/down?x=1",
    )
    shown = page.locator("#page")
    expect(shown).to_have_text("/deep/down ?x=1  True")
    expect(page.locator("#calls")).to_have_text("/deep/down")
    page.evaluate("window.same = true")
    page.locator("#report").click()
    expect(shown).to_have_text("/report ?year=2026 #end True")
    expect(page.locator("#report")).to_have_attribute("aria-current", "page")
    page.locator("#go").click()
    expect(shown).to_have_text(re.compile("^/gone"))
    assert page.url == server.url + "gone#end"
    page.go_back()
    expect(shown).to_have_text("/report ?year=2026 #end True")
    page.locator("#home").focus()
    page.keyboard.press("Enter")
    expect(shown).to_have_text("/   True")
    assert page.evaluate("window.same") is True
    page.locator("#loaded").click()
    expect(shown).to_have_text("/loaded   True")
    assert page.evaluate("window.same") is None


def test_a_location_that_loads_the_page(serve: Serve, page: Page) -> None:
    server = open_page(
        serve,
        page,
        """
app.layout = html.Div([dcc.Location(id="url"), html.Button("Go", id="go"), html.P(id="page")])

@app.callback(Output("page", "children"), Input("url", "pathname"))
def show(pathname): return pathname

@app.callback(Output("url", "href"), Input("go", "n_clicks"), prevent_initial_call=True)
def go(_): return "/there"
""",
    )
    expect(page.locator("#page")).to_have_text("/")
    page.evaluate("window.same = true")
    page.locator("#go").click()
    expect(page.locator("#page")).to_have_text("/there")
    assert page.url == server.url + "there"
    assert page.evaluate("window.same") is None


def test_an_interval_counts_until_it_is_stopped(serve: Serve, page: Page) -> None:
    open_page(
        serve,
        page,
        """
app.layout = html.Div([dcc.Interval(id="i", interval=50, max_intervals=3), html.Button("Again", id="again"),
                       html.P(id="out")])

@app.callback(Output("out", "children"), Input("i", "n_intervals"))
def show(n): return f"{n}"

@app.callback(Output("i", "max_intervals"), Input("again", "n_clicks"), prevent_initial_call=True)
def again(n): return 3 + n
""",
    )
    expect(page.locator("#out")).to_have_text("3")
    page.locator("#again").click()
    expect(page.locator("#out")).to_have_text("4")


def test_tabs_by_mouse_and_keyboard(serve: Serve, page: Page) -> None:
    open_page(
        serve,
        page,
        """
app.layout = html.Div([
    dcc.Tabs([
        dcc.Tab(dcc.Input(id="kept"), label="One", value="a"),
        dcc.Tab("never", label="Off", value="off", disabled=True),
        dcc.Tab(html.P("second", id="second"), label="Two", value="b", id="two"),
    ], id="tabs"),
    html.Button("Rename", id="rename"), html.P(id="out"),
])

@app.callback(Output("out", "children"), Input("tabs", "value"))
def show(value): return value

@app.callback(Output("two", "label"), Output("two", "disabled"), Input("rename", "n_clicks"), prevent_initial_call=True)
def rename(n): return f"Renamed {n}", n > 1
""",
    )
    out = page.locator("#out")
    expect(out).to_have_text("a")
    one, two = page.get_by_role("tab", name="One"), page.get_by_role("tab", name=re.compile("Two|Renamed"))
    expect(one).to_have_attribute("aria-selected", "true")
    expect(page.locator("#second")).to_be_hidden()
    page.locator("#kept").fill("typed")
    one.focus()
    page.keyboard.press("ArrowRight")
    expect(out).to_have_text("b")
    expect(two).to_be_focused()
    expect(page.locator("#second")).to_be_visible()
    expect(page.get_by_role("tabpanel", name="Two")).to_contain_text("second")
    page.keyboard.press("ArrowRight")
    expect(one).to_be_focused()
    expect(page.locator("#kept")).to_have_value("typed")
    page.keyboard.press("End")
    expect(out).to_have_text("b")
    page.keyboard.press("Home")
    expect(out).to_have_text("a")
    page.locator("#rename").click()
    expect(two).to_have_text("Renamed 1")
    two.click()
    expect(out).to_have_text("b")
    page.locator("#rename").click()
    expect(two).to_be_disabled()


FIGURES = """
import plotly.graph_objects as go
app.layout = html.Div([
    dcc.Graph(id="g", figure=go.Figure(go.Bar(x=["a", "b"], y=[1, 2]), layout={"title": {"text": "Bars"}})),
    html.Button("Extend", id="extend"), html.Button("Change", id="change"), html.Pre(id="out"), html.P(id="length"),
])

@app.callback(Output("out", "children"), Input("g", "clickData"), Input("g", "hoverData"), prevent_initial_call=True)
def show(click, hover):
    import json
    return json.dumps([click, hover])

@app.callback(Output("g", "extendData"), Input("extend", "n_clicks"), prevent_initial_call=True)
def extend(n): return [{"x": [["c"]], "y": [[3]]}, [0]]

@app.callback(Output("length", "children"), Input("change", "n_clicks"), State("g", "figure"),
              prevent_initial_call=True)
def length(n, figure): return len(figure["data"][0]["x"])

@app.callback(Output("g", "figure"), Input("length", "children"), prevent_initial_call=True)
def change(n): return go.Figure(go.Scatter(x=[1, 2, 3], y=[3, 1, 2], mode="markers"))
"""


def bars(page: Page) -> Locator:
    return page.locator("#g .barlayer .point")


def test_a_figure_of_plotly_under_a_strict_policy(serve: Serve, page: Page) -> None:
    open_page(serve, page, FIGURES)
    expect(bars(page)).to_have_count(2)
    expect(page.locator("#g .gtitle")).to_have_text("Bars")
    box = bars(page).nth(1).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=5)
    out = page.locator("#out")
    expect(out).to_contain_text('"bbox"')
    page.mouse.down()
    page.mouse.up()
    expect(out).to_have_text(re.compile(r'^\[{"points'))
    clicked, hovered = json.loads(out.inner_text())
    assert (clicked["points"][0]["x"], clicked["points"][0]["y"]) == ("b", 2)
    assert clicked["points"][0]["curveNumber"] == 0
    assert hovered["points"][0]["bbox"]["x1"] > 0
    page.locator("#extend").click()
    expect(bars(page)).to_have_count(3)
    page.locator("#change").click()
    expect(page.locator("#length")).to_have_text("3")
    expect(page.locator("#g .scatterlayer .point")).to_have_count(3)


def test_a_figure_follows_the_theme_and_its_room(serve: Serve, page: Page) -> None:
    open_page(serve, page, FIGURES)
    expect(bars(page)).to_have_count(2)

    paper = page.locator("#g .main-svg").first
    expect(paper).to_have_css("background-color", "rgb(246, 247, 249)")
    page.emulate_media(color_scheme="dark")
    expect(paper).to_have_css("background-color", "rgb(13, 16, 21)")
    page.set_viewport_size({"width": 500, "height": 800})
    expect(paper).to_have_css("width", "468px")


def test_markdown_is_built_of_elements(serve: Serve, page: Page) -> None:
    open_page(
        serve,
        page,
        '''
TEXT = """
    # Title

    **bold** [in](/app) [bad](javascript:alert(1)) <img src=x onerror=alert(1)> &copy;

    - [x] done

    | a | b |
    |---|--:|
    | 1 | 2 |

    ```python
    x = 1
    ```
"""
app.layout = html.Div([dcc.Markdown(TEXT, id="md", link_target="_blank"), html.Button("More", id="more")])

@app.callback(Output("md", "children"), Input("more", "n_clicks"), prevent_initial_call=True)
def more(n): return ["## Other", "text"]
''',
    )
    md = page.locator("#md")
    expect(md.get_by_role("heading", level=1)).to_have_text("Title")
    expect(md.locator("strong")).to_have_text("bold")
    expect(md.get_by_role("link", name="in")).to_have_attribute("target", "_blank")
    expect(md.locator("a", has_text="bad")).not_to_have_attribute("href", re.compile(""))
    expect(md.locator("p").first).to_contain_text("<img src=x onerror=alert(1)> ©")
    expect(md.get_by_role("checkbox")).to_be_checked()
    expect(md.get_by_role("cell")).to_have_text(["1", "2"])
    expect(md.locator("pre code")).to_have_text("x = 1")
    page.locator("#more").click()
    expect(md.get_by_role("heading", level=2)).to_have_text("Other")
    expect(md).to_have_text("Othertext")


def test_a_range_of_numbers_by_keyboard(serve: Serve, page: Page) -> None:
    open_page(
        serve,
        page,
        """
app.layout = html.Div([dcc.RangeSlider(0, 10, 1, value=[2, 4], id="r", tooltip={}), html.P(id="out")])

@app.callback(Output("out", "children"), Input("r", "value"))
def show(value): return f"{value}"
""",
    )
    out = page.locator("#out")
    expect(out).to_have_text("[2, 4]")
    page.get_by_label("Lowest").focus()
    for low in (3, 4, 4):
        page.keyboard.press("ArrowRight")
        expect(out).to_have_text(f"[{low}, 4]")
    page.get_by_label("Highest").focus()
    page.keyboard.press("End")
    expect(out).to_have_text("[4, 10]")
    box = page.locator("#r .wscb-ranges").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 8 + (box["width"] - 16) * 0.4, box["y"] + 8)
    expect(page.get_by_label("Lowest")).to_be_focused()


def test_dates(serve: Serve, page: Page) -> None:
    open_page(
        serve,
        page,
        """
import datetime
app.layout = html.Div([
    dcc.DatePickerSingle(datetime.date(2026, 11, 22), id="one", clearable=True, min_date_allowed="2026-11-02",
                         disabled_days=["2026-11-11"]),
    dcc.DatePickerRange("2026-11-01", "2026-11-05", minimum_nights=2, id="two", start_date_id="first",
                        end_date_id="last"),
    html.P(id="out"),
])

@app.callback(Output("out", "children"), Input("one", "date"), Input("two", "start_date"), Input("two", "end_date"))
def show(*days): return " ".join(map(str, days))
""",
    )
    out = page.locator("#out")
    expect(out).to_have_text("2026-11-22 2026-11-01 2026-11-05")
    one = page.locator("#one input")
    one.fill("2026-11-03")
    expect(out).to_have_text("2026-11-03 2026-11-01 2026-11-05")
    for refused in ("2026-11-11", "2026-11-01"):
        one.fill(refused)
        one.blur()
        assert one.evaluate("field => field.validity.valid") is False
    page.locator("#last").fill("2026-11-08")
    expect(out).to_have_text("2026-11-03 2026-11-01 2026-11-08")
    expect(page.locator("#last")).to_have_attribute("min", "2026-11-03")
    page.locator("#first").fill("2026-11-07")
    expect(out).to_have_text("2026-11-03 2026-11-07 None")
    page.locator("#one button").click()
    expect(out).to_have_text("None 2026-11-07 None")
    expect(one).to_be_focused()


def test_files_from_and_to_the_visitor(serve: Serve, page: Page, tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("a.csv", "b.csv", "c.txt", "big.csv")]
    for file in files:
        file.write_text("x" * 200 if file.name == "big.csv" else file.stem)
    # Listened for before the page is there: a chooser that opens while the browser is told to is lost.
    page.on("filechooser", lambda chooser: chooser.set_files(files))
    open_page(
        serve,
        page,
        """
import base64
app.layout = html.Div([
    dcc.Upload("Drop or choose", id="up", multiple=True, accept=".csv", max_size=100, className_reject="bad"),
    html.P(id="out"), html.Button("Save", id="save"), dcc.Download(id="down"),
])

@app.callback(Output("out", "children"), Input("up", "contents"), State("up", "filename"), State("up", "last_modified"),
              prevent_initial_call=True)
def show(contents, names, times):
    texts = [base64.b64decode(content.partition(",")[2]).decode() for content in contents]
    return f"{texts} {names} {all(time > 1e9 for time in times)}"

@app.callback(Output("down", "data"), Input("save", "n_clicks"), prevent_initial_call=True)
def save(n): return dcc.send_bytes(bytes([0, 255, n]), "data.bin")
""",
    )
    up, out = page.locator("#up"), page.locator("#out")
    expect(up).to_have_attribute("role", "button")
    up.focus()
    page.keyboard.press("Enter")
    expect(out).to_have_text("['a', 'b'] ['a.csv', 'b.csv'] True")
    expect(up).to_have_class(re.compile(r"\bbad\b"))
    page.evaluate(
        """() => {
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File(["dropped"], "d.csv"));
            const up = document.querySelector("#up");
            up.dispatchEvent(new DragEvent("dragenter", { dataTransfer }));
            window.active = up.hasAttribute("data-active");
            up.dispatchEvent(new DragEvent("drop", { dataTransfer, cancelable: true }));
        }"""
    )
    assert page.evaluate("window.active") is True
    expect(out).to_have_text("['dropped'] ['d.csv'] True")
    for n in (1, 2):
        with page.expect_download() as download:
            page.locator("#save").click()
        assert download.value.suggested_filename == "data.bin"
        assert Path(download.value.path()).read_bytes() == bytes([0, 255, n])


def test_loading_shows_while_its_children_wait(serve: Serve, page: Page) -> None:
    open_page(
        serve,
        page,
        """
gates = {"a": asyncio.Event(), "b": asyncio.Event()}
app.layout = html.Div([
    dcc.Loading(html.Div([html.P(id="a"), html.P(id="b")]), id="all", overlay_style={"filter": "blur(2px)"}),
    dcc.Loading(html.P("quick", id="never"), id="other", delay_show=10_000),
    dcc.Loading(html.P(id="c"), id="aimed", target_components={"c": "title"}),
    html.Button("a", id="go-a"), html.Button("Open", id="open"),
])

@app.callback(Output("a", "children"), Output("never", "title"), Output("c", "children"), Input("go-a", "n_clicks"),
              websocket=True, prevent_initial_call=True)
async def a(n):
    await gates["a"].wait()
    return "done", "", "c"

@app.callback(Output("b", "children"), Input("open", "n_clicks"), websocket=True, prevent_initial_call=True)
async def release(n):
    gates["a"].set()
    return "open"
""",
    )
    spinner = page.locator("#all > [role=status]")
    expect(spinner).to_be_hidden()
    page.locator("#go-a").click()
    expect(spinner).to_be_visible()
    expect(spinner).to_have_text("Loading")
    expect(page.locator("#all > div:not([role])")).to_have_css("filter", "blur(2px)")
    expect(page.locator("#never")).to_have_attribute("data-wscb-loading", "title")
    expect(page.locator("#other > [role=status]")).to_be_hidden()
    expect(page.locator("#aimed > [role=status]")).to_be_hidden()
    page.locator("#open").click()
    expect(page.locator("#a")).to_have_text("done")
    expect(spinner).to_be_hidden()
    expect(page.locator("#all > div:not([role])")).to_have_css("filter", "none")


def test_questions(serve: Serve, page: Page) -> None:
    open_page(
        serve,
        page,
        """
app.layout = html.Div([
    html.Button("Delete", id="ask"), dcc.ConfirmDialog(id="c", message="Sure?"),
    dcc.ConfirmDialogProvider(html.Button("Reset", id="reset"), id="p", message="Really?"), html.P(id="out"),
], id="around")

@app.callback(Output("c", "displayed"), Input("ask", "n_clicks"), prevent_initial_call=True)
def ask(n): return True

@app.callback(Output("out", "children"), Input("c", "submit_n_clicks"), Input("c", "cancel_n_clicks"),
              Input("p", "submit_n_clicks"), State("c", "displayed"), prevent_initial_call=True)
def show(*answers): return " ".join(map(str, answers))
""",
    )
    out = page.locator("#out")
    page.locator("#ask").click()
    expect(page.get_by_role("alertdialog", name="Sure?")).to_be_visible()
    page.keyboard.press("Enter")
    expect(out).to_have_text("1 None None False")
    page.locator("#ask").click()
    expect(page.get_by_role("alertdialog", name="Sure?")).to_be_visible()
    page.keyboard.press("Escape")
    expect(out).to_have_text("1 1 None False")
    page.locator("#ask").click()
    page.get_by_role("button", name="Cancel").click()
    expect(out).to_have_text("1 2 None False")
    page.locator("#reset").click()
    page.get_by_role("alertdialog", name="Really?").get_by_role("button", name="OK").click()
    expect(out).to_have_text("1 2 1 False")


def test_the_clipboard(serve: Serve, page: Page, context: BrowserContext) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_page(
        serve,
        page,
        """
app.layout = html.Div([
    html.Pre("two\\nlines", id="text"), dcc.Clipboard(target_id="text", id="a"),
    dcc.Clipboard("Copy", id="b"), dcc.Input(id="field", value="typed"), dcc.Clipboard(target_id="field", id="c"),
])

@app.callback(Output("b", "content"), Input("b", "n_clicks"), prevent_initial_call=True)
async def content(n):
    await asyncio.sleep(0.05)
    return f"made {n}"
""",
    )
    read = "navigator.clipboard.readText()"
    copy = page.get_by_role("button", name="Copy")
    expect(copy).to_have_count(3)
    page.locator("#a").click()
    expect(page.locator("#a [role=status]")).to_contain_text("Copied")
    assert page.evaluate(read) == "two\nlines"
    expect(page.locator("#a [role=status]")).to_be_hidden()
    page.locator("#b").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#b [role=status]")).to_contain_text("Copied")
    assert page.evaluate(read) == "made 1"
    page.locator("#c").click()
    expect(page.locator("#c [role=status]")).to_contain_text("Copied")
    assert page.evaluate(read) == "typed"


def test_a_tooltip_stands_beside_its_place(serve: Serve, page: Page) -> None:
    open_page(
        serve,
        page,
        """
app.layout = html.Div([
    html.Div([html.Div("place"), dcc.Tooltip(html.B("here"), id="t")], style={"margin": "200px"}),
    html.Button("Show", id="show"), html.Button("Hide", id="hide"),
])

@app.callback(Output("t", "bbox"), Output("t", "direction"), Input("show", "n_clicks"), prevent_initial_call=True)
def show(n): return {"x0": 10, "x1": 30, "y0": 0, "y1": 20}, "right" if n == 1 else "top"

@app.callback(Output("t", "show"), Input("hide", "n_clicks"), prevent_initial_call=True)
def hide(n): return False
""",
    )
    tip = page.locator("#t")
    expect(tip).to_have_attribute("role", "tooltip")
    expect(tip).to_be_hidden()
    page.locator("#show").click()
    expect(tip).to_be_visible()
    parent = page.locator("#t").locator("..").bounding_box()
    box = tip.bounding_box()
    assert parent is not None
    assert box is not None
    assert abs(box["x"] - (parent["x"] + 30 + 10)) < 2
    assert abs(box["y"] + box["height"] / 2 - (parent["y"] + 10)) < 2
    page.locator("#show").click()
    expect(tip).to_have_attribute("data-side", "top")
    page.locator("#hide").click()
    expect(tip).to_be_hidden()


def test_what_is_no_component_is_said(serve: Serve, page: Page, console: Console) -> None:
    """A type that came as data names no file to load."""
    open_page(
        serve,
        page,
        """
app.layout = html.Div([{"type": "../../evil", "namespace": "wscb_dcc", "props": {}},
                       {"type": "Evil", "namespace": "wscb_dcc", "props": {}}, dcc.Markdown("*there*", id="md")])
""",
    )
    expect(page.locator("#md em")).to_have_text("there")
    assert not page.evaluate("performance.getEntriesByType('resource').some(({ name }) => /evil/i.test(name))")
