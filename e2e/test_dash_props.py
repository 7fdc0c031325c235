"""Props of apps written for Dash, on components of dcc: what is kept, what is searched, how a slider is marked."""

from __future__ import annotations

from typing import Any

from behaviour import Acting, Behave, by, dom
from playwright.sync_api import BrowserContext, Page, expect

from wscb import MATCH, Input, Output, State, dcc, html


def again(page: Acting) -> None:
    page.page.reload()


def test_what_was_typed_is_there_when_the_page_is_opened_again_and_the_first_call_sees_it(behave: Behave) -> None:
    app = behave.app()
    given = {"first": "a"}
    app.layout = lambda: [
        dcc.Input(id="kept", value=given["first"], persistence=True),
        dcc.Input(id="other", value="a"),
        html.P(id="out"),
    ]

    @app.on(Output("out", "children"), Input("kept", "value"), Input("other", "value"))
    def show(kept: str, other: str) -> str:
        return f"{kept} {other}"

    page = app.open()
    page.called("show('a', 'a')")
    page.fill("kept", "b")
    page.called("show('b', 'a') by kept.value")
    page.fill("other", "b")
    page.called("show('b', 'b') by other.value")
    again(page)
    page.called("show('b', 'a')")
    expect(page.page.locator("#kept")).to_have_value("b")
    assert page.page.locator("#kept").get_attribute("persistence") is None
    # The app has another value to begin with: what was kept is of no use any more.
    given["first"] = "z"
    again(page)
    page.called("show('z', 'a')")
    given["first"] = "a"
    again(page)
    page.called("show('a', 'a')")


def test_what_a_callback_has_set_is_kept_too(behave: Behave) -> None:
    app = behave.app()
    app.layout = [dcc.Textarea(id="text", value="a", persistence=1), html.Button(id="set"), html.P(id="out")]

    @app.on(Output("text", "value"), Input("set", "n_clicks"), prevent_initial_call=True)
    def write(clicks: int) -> str:
        return "written"

    @app.on(Output("out", "children"), Input("text", "value"))
    def show(text: str) -> str:
        return text

    page = app.open()
    page.called("show('a')")
    page.click("set")
    page.called("write(1) by set.n_clicks", "show('written') by text.value")
    again(page)
    page.called("show('written')")


def test_another_persistence_is_another_value(behave: Behave) -> None:
    app = behave.app()
    app.layout = [
        dcc.RadioItems(["Ann", "Bob"], "Ann", id="who"),
        dcc.Input(id="note", value="", persistence="Ann"),
        html.P(id="out"),
    ]

    @app.on(Output("note", "persistence"), Input("who", "value"))
    def whose(who: str) -> str:
        return who

    @app.on(Output("out", "children"), Input("note", "value"), State("note", "persistence"))
    def show(note: str, who: str) -> str:
        return f"{who}: {note}"

    page = app.open()
    page.called(["whose('Ann')", "show('', 'Ann')"])
    page.fill("note", "a")
    page.called("show('a', 'Ann') by note.value")
    page.page.get_by_label("Bob").check()
    page.called("whose('Bob') by who.value", "show('', 'Bob') by note.value")
    page.page.get_by_label("Ann").check()
    page.called("whose('Ann') by who.value", "show('a', 'Ann') by note.value")


def test_what_comes_later_comes_with_what_was_kept_of_it(behave: Behave) -> None:
    app = behave.app()
    app.layout = [html.Button(id="add"), html.Div(id="box")]
    ids: Any = {"t": "in", "i": MATCH}

    @app.on(Output("box", "children"), Input("add", "n_clicks"), prevent_initial_call=True)
    def add(clicks: int) -> Any:
        kept = {"persistence": True, "persistence_type": "session"}
        return [dcc.Input(id={"t": "in", "i": 1}, value="a", **kept), html.P(id={"t": "out", "i": 1})]

    @app.on(Output({"t": "out", "i": MATCH}, "children"), Input(ids, "value"))
    def show(text: str) -> str:
        return text

    page = app.open()
    field = {"t": "in", "i": 1}
    page.click("add")
    page.called("add(1) by add.n_clicks", "show('a')")
    page.fill(field, "b")
    page.called(f"show('b'){by(field)}")
    page.click("add")
    page.called("add(2) by add.n_clicks", "show('b')")
    again(page)
    page.click("add")
    page.called("add(1) by add.n_clicks", "show('b')")
    page.reads({dom({"t": "out", "i": 1}): "b"})


def test_all_that_can_be_kept(behave: Behave, page: Page) -> None:
    app = behave.app()
    kept: Any = {"persistence": True}
    app.layout = [
        dcc.Input(id="Input", value=1, type="number", **kept),
        dcc.Textarea(id="Textarea", **kept),
        dcc.Dropdown(["a", "b"], id="Dropdown", **kept),
        dcc.RadioItems(["r", "s"], id="RadioItems", **kept),
        dcc.Checklist(["x", "y"], [], id="Checklist", **kept),
        dcc.Slider(0, 10, value=2, id="Slider", **kept),
        dcc.RangeSlider(0, 10, value=[2, 4], id="RangeSlider", **kept),
        dcc.DatePickerSingle(id="DatePickerSingle", **kept),
        dcc.DatePickerRange(id="DatePickerRange", persisted_props=["start_date"], **kept),
        dcc.Tabs([dcc.Tab(label="One"), dcc.Tab(label="Two")], id="Tabs", **kept),
        html.P(id="out"),
    ]
    names = [child.id for child in app.layout if child.id not in ("out", "DatePickerSingle", "DatePickerRange")]
    dates = [("DatePickerSingle", "date"), ("DatePickerRange", "start_date"), ("DatePickerRange", "end_date")]

    @app.on(Output("out", "children"), *[Input(name, "value") for name in names], *[Input(*ref) for ref in dates])
    def show(*values: Any) -> str:
        return str([*values])

    app.open()
    out = page.locator("#out")
    expect(out).to_have_text("[1, None, None, None, [], 2, [2, 4], 'tab-1', None, None, None]")
    page.locator("#Input").fill("7")
    page.locator("#Textarea").fill("text")
    page.locator("#Dropdown").select_option("b")
    page.get_by_label("s", exact=True).check()
    page.get_by_label("y", exact=True).check()
    page.locator("#Slider input").press("ArrowRight")
    page.get_by_label("Lowest").press("ArrowLeft")
    page.locator("#DatePickerSingle input").fill("2026-11-22")
    page.get_by_label("Start date").fill("2026-11-23")
    page.get_by_label("End date").fill("2026-11-24")
    page.get_by_role("tab", name="Two").click()
    changed = "[7, 'text', 'b', 's', ['y'], 3, [1, 4], 'tab-2', '2026-11-22', '2026-11-23', "
    expect(out).to_have_text(f"{changed}'2026-11-24']")
    page.reload()
    expect(out).to_have_text(f"{changed}None]")
    expect(page.locator("#Dropdown")).to_have_value("b")
    expect(page.get_by_role("tabpanel")).to_have_count(1)
    expect(page.get_by_role("tab", name="Two")).to_have_attribute("aria-selected", "true")


def test_a_browser_that_keeps_nothing_still_has_the_page(behave: Behave, context: BrowserContext, page: Page) -> None:
    context.add_init_script(
        """for (const name of ["localStorage", "sessionStorage"])
             Object.defineProperty(window, name, { get() { throw new DOMException("denied", "SecurityError") } })"""
    )
    app = behave.app()
    app.layout = [
        dcc.Input(id="a", value="a", persistence=True),
        dcc.Input(id="b", value="b", persistence=True, persistence_type="session"),
        html.P(id="out"),
    ]

    @app.on(Output("out", "children"), Input("a", "value"), Input("b", "value"))
    def show(a: str, b: str) -> str:
        return a + b

    acting = app.open()
    acting.called("show('a', 'b')")
    acting.fill("a", "x")
    acting.called("show('x', 'b') by a.value")
    again(acting)
    acting.called("show('a', 'b')")


def test_a_callback_brings_the_options_for_what_is_typed(behave: Behave, page: Page) -> None:
    towns = {"NYC": "New York", "MTL": "Montreal", "BOS": "Boston"}
    app = behave.app()
    app.layout = [dcc.Dropdown(id="one"), dcc.Dropdown(id="some", multi=True), html.P(id="out")]

    def matching(text: str | None) -> list[dict[str, str]]:
        return [{"label": name, "value": key} for key, name in towns.items() if text and text in name.lower()]

    @app.on(Output("one", "options"), Input("one", "search_value"))
    def find(text: str | None) -> Any:
        return matching(text)

    @app.on(Output("some", "options"), Input("some", "search_value"), quiet=True)
    def find_some(text: str | None) -> Any:
        return matching(text)

    @app.on(Output("out", "children"), Input("one", "value"), Input("some", "value"))
    def show(one: str | None, some: list[str] | None) -> str:
        return f"{one} {some}"

    acting = app.open()
    acting.called(["find(None)", "show(None, None)"])
    field = page.locator("#one").get_by_role("combobox")
    field.click()
    field.press("b")
    acting.called("find('b') by one.search_value")
    expect(page.get_by_role("option")).to_have_text(["Boston"])
    field.press("Enter")
    acting.called(["show('BOS', None) by one.value", "find(None) by one.search_value"])
    expect(field).to_have_value("Boston")

    field = page.locator("#some").get_by_role("combobox")
    for text, key, chosen in (("n", "NYC", ["NYC"]), ("m", "MTL", ["NYC", "MTL"])):
        field.click()
        field.press(text)
        page.get_by_role("option", name=towns[key]).click()
        field.press("Escape")
        acting.called(f"show('BOS', {chosen}) by some.value")
    expect(field).to_have_value("New York, Montreal")


def texts(page: Page, id: str) -> list[str]:
    return page.locator(f"#{id} .wscb-marks span").all_inner_texts()


def test_a_slider_has_the_marks_that_there_is_room_for(behave: Behave, page: Page) -> None:
    app = behave.app()
    app.layout = [
        dcc.Slider(0, 20, 5, id="steps"),
        dcc.RangeSlider(0, 100_000, id="wide"),
        dcc.Slider(1952, 2007, id="years"),
        dcc.Slider(0, 20, 5, marks=None, id="none"),
        html.Button(id="more"),
    ]

    @app.on(Output("steps", "max"), Input("more", "n_clicks"), prevent_initial_call=True, quiet=True)
    def more(clicks: int) -> int:
        return 40

    app.open()
    expect(page.locator("#steps .wscb-marks span")).to_have_text(["0", "5", "10", "15", "20"])
    page.locator("#more").click()
    expect(page.locator("#steps .wscb-marks span").last).to_have_text("40")
    assert texts(page, "none") == []
    for width in (1200, 500, 300):
        page.set_viewport_size({"width": width, "height": 700})
        for id in ("steps", "wide", "years"):
            page.wait_for_function(
                """id => { const at = [...document.querySelectorAll(`#${id} .wscb-marks span`)]
                   .map(mark => mark.getBoundingClientRect());
                   return at.length > 1 && at.every((box, i) => !i || box.left > at[i - 1].right + 4) }""",
                arg=id,
            )
    assert texts(page, "years")[0] == "1952"
    assert texts(page, "years")[-1] == "2007"


def test_a_slider_without_a_step_goes_from_mark_to_mark(behave: Behave, page: Page) -> None:
    app = behave.app()
    app.layout = [dcc.Slider(0, 10, None, {0: "a", 3: "b", 10: "c"}, 3, id="s"), html.P(id="out")]

    @app.on(Output("out", "children"), Input("s", "value"))
    def show(value: float) -> str:
        return str(value)

    acting = app.open()
    acting.called("show(3)")
    thumb = page.get_by_role("slider")
    thumb.press("ArrowRight")
    acting.called("show(10) by s.value")
    box = thumb.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 8 + (box["width"] - 16) * 0.45, box["y"] + box["height"] / 2)
    acting.called("show(3) by s.value")
    expect(thumb).to_have_value("3")
