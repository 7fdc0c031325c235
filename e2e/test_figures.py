"""What a person does with a figure of plotly, and what callbacks do to it; records as tables."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
from behaviour import LATER, Acting, Behave, buttons
from playwright.sync_api import expect

from wscb import Input, Output, Patch, State, dcc, html

TOLD = ("clickData", "hoverData", "selectedData", "relayoutData", "restyleData")
POINTS = {"type": "scatter", "mode": "markers", "marker": {"size": 14}, "name": "first"}
LAYOUT = {"dragmode": "select", "showlegend": True, "width": 600, "height": 300, "hovermode": "closest"}


def spot(page: Acting, graph: str, point: int) -> tuple[float, float]:
    box = page.page.locator(f"#{graph} .scatterlayer .point").nth(point).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page: Acting, graph: str, *, double: bool = False) -> None:
    """Over most of the plot; or two clicks into it, where no point is."""
    box = page.page.locator(f"#{graph} .nsewdrag").bounding_box()
    assert box is not None
    left, top, right, bottom = box["x"] + 5, box["y"] + 5, box["x"] + box["width"] - 5, box["y"] + box["height"] - 5
    mouse = page.page.mouse
    if double:
        mouse.dblclick(left + (right - left) * 0.27, top + (bottom - top) * 0.25)
        return
    mouse.move(left, top)
    mouse.down()
    mouse.move(right, bottom, steps=4)
    mouse.up()


def test_what_a_person_does_with_a_figure(behave: Behave) -> None:
    app = behave.app()
    second = {**POINTS, "name": "second", "y": [3, 1, 2]}
    app.layout = [
        dcc.Graph(id="as_dict", figure={"data": [{**POINTS, "y": [1, 2, 3]}, second], "layout": LAYOUT}),
        dcc.Graph(
            id="as_figure", figure=go.Figure(go.Scatter(y=[1, 2, 3], mode="markers"), {**LAYOUT, "dragmode": "zoom"})
        ),
    ]
    told: dict[str, Any] = {}

    @app.on(Input("as_figure", "relayoutData"), quiet=True, **LATER)
    def zoomed(data):
        told["zoomed"] = data
        app.note("zoomed")

    for prop in TOLD:

        def tell(data, prop=prop):
            told[prop] = data
            app.note(prop)

        tell.__name__ = prop
        app.on(Input("as_dict", prop), quiet=True, **LATER)(tell)

    page = app.open()
    expect(page.page.locator("#as_dict .scatterlayer .point")).to_have_count(6)
    expect(page.page.locator("#as_figure .scatterlayer .point")).to_have_count(3)

    def happened(*props: str) -> None:
        page.called(sorted(props))

    x, y = spot(page, "as_dict", 4)
    page.page.mouse.move(x - 4, y - 4)
    page.page.mouse.move(x, y)
    happened("hoverData")
    (point,) = told["hoverData"]["points"]
    assert (point["curveNumber"], point["pointIndex"], point["x"], point["y"]) == (1, 1, 1, 1)
    page.page.mouse.click(x, y)
    happened("clickData")
    assert [point["y"] for point in told["clickData"]["points"]] == [1]
    drag(page, "as_dict")
    happened("selectedData", "relayoutData")
    assert len(told["selectedData"]["points"]) == 6
    assert set(told["selectedData"]["range"]) == {"x", "y"}
    drag(page, "as_dict", double=True)
    page._wait(lambda: told["selectedData"] is None)
    assert told["selectedData"] is None
    page._idle()
    page._trace.take()  # each of the two clicks may tell it, or both at once
    page.page.locator("#as_dict .legendtoggle").nth(1).click()
    happened("restyleData")
    assert told["restyleData"] == [{"visible": ["legendonly"]}, [1]]
    drag(page, "as_figure")
    happened("zoomed")
    assert 0 < told["zoomed"]["xaxis.range[1]"] - told["zoomed"]["xaxis.range[0]"] < 3


def test_what_callbacks_add_to_a_figure(behave: Behave) -> None:
    app = behave.app()
    app.layout = [
        dcc.Graph(id="as_dict", figure={"data": [{**POINTS, "x": [1], "y": [1]}], "layout": LAYOUT}),
        dcc.Graph(id="as_figure", figure=go.Figure(go.Scatter(x=[1, 2], y=[1, 2], mode="markers"))),
        *buttons("prepend", "extend", "patch", "read", "swap"),
    ]
    graphs = ("as_dict", "as_figure")
    both = [State(id, "figure") for id in graphs]

    @app.on(*[Output(id, "prependData") for id in graphs], Input("prepend", "n_clicks"), **LATER)
    def prepend(n):
        return [{"x": [[-n]], "y": [[n]]}, [0]], ({"x": [[-n, 0]], "y": [[n, 0]]}, [0], 3)

    @app.on(*[Output(id, "extendData") for id in graphs], Input("extend", "n_clicks"), **LATER)
    def extend(n):
        return {"x": [[9]], "y": [[9]]}, [{"x": [[9]], "y": [[9]]}, [0]]

    @app.on(Output("as_dict", "figure"), Input("patch", "n_clicks"), **LATER)
    def patch(n):
        figure = Patch()
        figure["data"][0]["y"].append(7)
        figure["data"][0]["x"].append(7)
        figure["layout"]["title"] = {"text": "Patched"}
        return figure

    @app.on(
        *[Output(id, "figure", allow_duplicate=True) for id in graphs],
        Input("swap", "n_clicks"),
        *both,
        **LATER,
        quiet=True,
    )
    def swap(n, as_dict, as_figure):
        return go.Figure(as_figure), as_dict

    @app.on(Input("read", "n_clicks"), *both, **LATER, quiet=True)
    def read(n, *figures):
        app.note(" ".join(str([trace["x"] for trace in figure["data"]]) for figure in figures))

    page = app.open()

    def drawn(of_dict: int, of_figure: int) -> None:
        for id, count in zip(graphs, (of_dict, of_figure), strict=True):
            expect(page.page.locator(f"#{id} .scatterlayer .point")).to_have_count(count)

    drawn(1, 2)
    page.click("prepend")
    drawn(2, 3)
    page.click("extend")
    drawn(3, 4)
    page.click("patch")
    expect(page.page.locator("#as_dict .gtitle")).to_have_text("Patched")
    drawn(4, 4)
    page.called("prepend(1) by prepend.n_clicks", "extend(1) by extend.n_clicks", "patch(1) by patch.n_clicks")
    page.click("read")
    page.called("[[-1, 1, 9, 7]] [[-1, 0, 1, 9]]")
    page.click("swap")
    expect(page.page.locator("#as_figure .gtitle")).to_have_text("Patched")
    page.click("read")
    page.called("[[-1, 0, 1, 9]] [[-1, 1, 9, 7]]")


def test_records_of_a_dataframe(behave: Behave) -> None:
    """As `df.to_dict("records")` gives them: kept in the page, shown as a table, filtered, and added to."""
    app = behave.app()
    records: list[dict[str, Any]] = [
        {"town": "Aldern", "rain": 1.5, "days": 3, "dry": True, "note": None},
        {"town": "Brookfell", "rain": 0.5, "days": 2**40, "dry": False, "note": "<b>"},
    ]
    app.layout = [
        dcc.Store(id="records", data=records),
        dcc.Input(id="filter", value=""),
        *buttons("add"),
        html.Div(id="table"),
    ]

    @app.on(Output("records", "data"), Input("add", "n_clicks"), **LATER)
    def add(n):
        more = Patch()
        more.append({"town": "Carrow", "rain": 2.5, "days": n, "dry": True, "note": "new"})
        return more

    @app.on(Output("table", "children"), Input("records", "data"), Input("filter", "value"), quiet=True)
    def table(rows, start):
        assert rows[: len(records)] == records
        assert [type(value) for value in rows[0].values()] == [str, float, int, bool, type(None)]
        shown = [row for row in rows if row["town"].startswith(start)]
        head = html.Thead(html.Tr([html.Th(column) for column in rows[0]]))
        return html.Table([head, html.Tbody([html.Tr([html.Td(str(cell)) for cell in row.values()]) for row in shown])])

    page = app.open()
    cells = page.page.locator("#table td")
    expect(page.page.locator("#table th")).to_have_text(list(records[0]))
    expect(cells).to_have_text([str(value) for row in records for value in row.values()])
    page.fill("filter", "Br")
    expect(cells).to_have_text([str(value) for value in records[1].values()])
    page.fill("filter", "")
    page.click("add")
    expect(page.page.locator("#table tbody tr")).to_have_count(3)
    expect(cells.last).to_have_text("new")
    page.called("add(1) by add.n_clicks")
