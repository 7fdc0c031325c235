"""The controls of dcc that are loaded when a page has them, as a person uses them by mouse and by keyboard."""

from __future__ import annotations

import re
from pathlib import Path

from behaviour import Behave
from playwright.sync_api import BrowserContext, Page, expect
from strict import open_strict


def test_an_interval_counts_until_it_is_stopped(behave: Behave, page: Page) -> None:
    open_strict(
        behave,
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


def test_a_range_of_numbers_by_keyboard(behave: Behave, page: Page) -> None:
    open_strict(
        behave,
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


def test_dates(behave: Behave, page: Page) -> None:
    open_strict(
        behave,
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


def test_files_from_and_to_the_visitor(behave: Behave, page: Page, tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("a.csv", "b.csv", "c.txt", "big.csv")]
    for file in files:
        file.write_text("x" * 200 if file.name == "big.csv" else file.stem)
    # Listened for before the page is there: a chooser that opens while the browser is told to is lost.
    page.on("filechooser", lambda chooser: chooser.set_files(files))
    open_strict(
        behave,
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


def test_loading_shows_while_its_children_wait(behave: Behave, page: Page) -> None:
    open_strict(
        behave,
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
              prevent_initial_call=True)
async def a(n):
    await gates["a"].wait()
    return "done", "", "c"

@app.callback(Output("b", "children"), Input("open", "n_clicks"), prevent_initial_call=True)
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


def test_questions(behave: Behave, page: Page) -> None:
    open_strict(
        behave,
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


def test_the_clipboard(behave: Behave, page: Page, context: BrowserContext) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.clock.install()
    open_strict(
        behave,
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
    page.clock.fast_forward(3000)
    expect(page.locator("#a [role=status]")).to_be_hidden()
    page.locator("#b").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#b [role=status]")).to_contain_text("Copied")
    assert page.evaluate(read) == "made 1"
    page.locator("#c").click()
    expect(page.locator("#c [role=status]")).to_contain_text("Copied")
    assert page.evaluate(read) == "typed"


def test_a_tooltip_stands_beside_its_place(behave: Behave, page: Page) -> None:
    open_strict(
        behave,
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
