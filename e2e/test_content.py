"""The pages, the tabs, the figures and the texts of dcc, as a person uses them by mouse and by keyboard."""

from __future__ import annotations

import json
import re

import pytest
from behaviour import Behave
from playwright.sync_api import Locator, Page, expect
from strict import open_strict

NO_CALLBACK = pytest.mark.parametrize("behave", ["socket"], indirect=True)


def test_an_app_of_several_pages(behave: Behave, page: Page) -> None:
    url = open_strict(
        behave,
        page,
        """
app.layout = html.Div([
    dcc.Location(id="url", refresh=False),
    dcc.Link("Home", href=BASE, id="home"), dcc.Link("Report", href=f"{BASE}report?year=2026#end", id="report"),
    dcc.Link("Elsewhere", href=f"{BASE}loaded", refresh=True, id="loaded"),
    html.Button("Go", id="go"), html.P(id="page"), html.P(id="calls"),
])
calls = []

@app.callback(Output("page", "children"), Input("url", "pathname"), State("url", "search"), State("url", "hash"),
              State("url", "href"))
def show(pathname, search, hash, href):
    below = "/" + pathname.removeprefix(BASE)
    calls.append(below)
    return f"{below} {search} {hash} {href.endswith(pathname + search + hash)}"

@app.callback(Output("calls", "children"), Input("page", "children"))
def count(_): return " ".join(calls)

@app.callback(Output("url", "pathname"), Output("url", "search"), Input("go", "n_clicks"), prevent_initial_call=True)
def go(_): return f"{BASE}gone", ""
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
    assert page.url == url + "gone#end"
    page.go_back()
    expect(shown).to_have_text("/report ?year=2026 #end True")
    page.locator("#home").focus()
    page.keyboard.press("Enter")
    expect(shown).to_have_text("/   True")
    assert page.evaluate("window.same") is True
    page.locator("#loaded").click()
    expect(shown).to_have_text("/loaded   True")
    assert page.evaluate("window.same") is None


def test_a_location_that_loads_the_page(behave: Behave, page: Page) -> None:
    url = open_strict(
        behave,
        page,
        """
app.layout = html.Div([dcc.Location(id="url"), html.Button("Go", id="go"), html.P(id="page")])

@app.callback(Output("page", "children"), Input("url", "pathname"))
def show(pathname): return "/" + pathname.removeprefix(BASE)

@app.callback(Output("url", "href"), Input("go", "n_clicks"), prevent_initial_call=True)
def go(_): return f"{BASE}there"
""",
    )
    expect(page.locator("#page")).to_have_text("/")
    page.evaluate("window.same = true")
    page.locator("#go").click()
    expect(page.locator("#page")).to_have_text("/there")
    assert page.url == url + "there"
    assert page.evaluate("window.same") is None


def test_tabs_by_mouse_and_keyboard(behave: Behave, page: Page) -> None:
    open_strict(
        behave,
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


def test_a_figure_of_plotly_under_a_strict_policy(behave: Behave, page: Page) -> None:
    open_strict(behave, page, FIGURES)
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


@NO_CALLBACK
def test_a_figure_follows_the_theme_and_its_room(behave: Behave, page: Page) -> None:
    open_strict(behave, page, FIGURES)
    expect(bars(page)).to_have_count(2)

    paper = page.locator("#g .main-svg").first
    expect(paper).to_have_css("background-color", "rgb(246, 247, 249)")
    page.emulate_media(color_scheme="dark")
    expect(paper).to_have_css("background-color", "rgb(13, 16, 21)")
    page.set_viewport_size({"width": 500, "height": 800})
    expect(paper).to_have_css("width", "468px")


def test_markdown_is_built_of_elements(behave: Behave, page: Page) -> None:
    open_strict(
        behave,
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


@NO_CALLBACK
def test_what_is_no_component_is_said(behave: Behave, page: Page) -> None:
    """A type that came as data names no file to load."""
    open_strict(
        behave,
        page,
        """
app.layout = html.Div([{"type": "../../evil", "namespace": "wscb_dcc", "props": {}},
                       {"type": "Evil", "namespace": "wscb_dcc", "props": {}}, dcc.Markdown("*there*", id="md")])
""",
    )
    expect(page.locator("#md em")).to_have_text("there")
    assert not page.evaluate("performance.getEntriesByType('resource').some(({ name }) => /evil/i.test(name))")
