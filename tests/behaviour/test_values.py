"""What callbacks return and set is on the page as it was meant."""

from __future__ import annotations

import asyncio
import datetime
import math
from typing import Any

import numpy
import plotly.graph_objects as plotly
import pytest

from tests.behaviour.conftest import Form
from tests.behaviour.pages import Transport
from wscb import Input, Output, Patch, PreventUpdate, html, no_update, set_props

RUN = Input("run", "n_clicks")
OUT, LOG = Output("out", "children"), Output("log", "children")


def shown(component: Any) -> Any:
    return component.to_plotly_json()


RECORDS = [{"city": "Bonn", "n": numpy.int64(3), "at": datetime.date(2026, 1, 2)}, {"city": None, "n": 4, "at": None}]
VALUES = {
    "nothing": (None, None),
    "true": (True, True),
    "a number": (3.5, 3.5),
    "infinity": (math.inf, math.inf),
    "a large number": (2**60, 2**60),
    "text": ("ä → 😀", "ä → 😀"),
    "a list": ([1, [2, None], {"a": ()}], [1, [2, None], {"a": []}]),
    "a dict": ({"a": {1: "one", None: 0}}, {"a": {"1": "one", "null": 0}}),
    "a tuple": ((1, 2), [1, 2]),
    "bytes": (b"\x00\xff", b"\x00\xff"),
    "records": (RECORDS, [{"city": "Bonn", "n": 3, "at": "2026-01-02"}, {"city": None, "n": 4, "at": None}]),
}


@pytest.mark.parametrize("name", VALUES)
async def test_values(over: Transport, form: Form, name: str) -> None:
    value, arrives = VALUES[name]
    ended, page = await over.result(form(lambda clicks: value), OUT, RUN)
    assert (ended.how, page.props["out", "children"]) == ("ok", arrives)
    ended, page = await over.result(form(lambda clicks: set_props("out", {"children": value})), RUN)
    assert (ended.how, page.props["out", "children"]) == ("ok", arrives)


async def test_a_value_that_is_not_a_number(over: Transport) -> None:
    _, page = await over.result(lambda clicks: math.nan, OUT, RUN)
    assert math.isnan(page.props["out", "children"])


async def test_an_array_is_binary(over: Transport) -> None:
    _, page = await over.result(lambda clicks: numpy.arange(3, dtype="float32"), OUT, RUN)
    assert numpy.asarray(page.props["out", "children"]).tolist() == [0, 1, 2]


async def test_components_at_any_depth(over: Transport, form: Form) -> None:
    def tree(clicks: int) -> Any:
        return [html.Div([html.B("x", id="b"), "text", 3, None], id={"type": "row", "index": 1}), html.I(id="i")]

    ended, page = await over.result(form(tree), OUT, RUN)
    assert ended.how == "ok"
    assert page.props["out", "children"][0]["props"]["id"] == '{"index":1,"type":"row"}'
    assert page.props["b", "children"] == "x"
    assert page.props["out", "children"][0]["props"]["children"][1:] == ["text", 3, None]


async def test_a_figure(over: Transport) -> None:
    figure = plotly.Figure(plotly.Scatter(x=[1, 2], y=[3, 4]))
    ended, page = await over.result(lambda clicks: figure, OUT, RUN)
    assert ended.how == "ok"
    assert page.props["out", "children"]["data"][0]["type"] == "scatter"


def added(value: Any) -> Patch:
    patch = Patch()
    patch["list"].append(value)
    patch["list"].extend([8, 9], maxlen=3)
    patch["n"] += 2
    patch["deep"]["x"]["y"] = 1
    del patch["gone"]
    return patch


BEFORE = {"list": [1, 2], "n": 5, "gone": 0}
AFTER = {"list": [7, 8, 9], "n": 7, "deep": {"x": {"y": 1}}}


async def test_a_patch_from_an_output_and_from_set_props(over: Transport, form: Form) -> None:
    app = over.app()
    app.callback(OUT, RUN)(form(lambda clicks: added(7)))
    app.callback(LOG, Input("run", "title"))(form(lambda title: set_props("out", {"children": added(7)}) or "done"))
    for prop in ("n_clicks", "title"):
        page = await over.page(app)
        page.props["out", "children"] = BEFORE
        assert (await page.run("run", prop)).how == "ok"
        assert page.props["out", "children"] == AFTER


async def test_patches_of_one_call_stand_in_their_order(over: Transport) -> None:
    def work(clicks: int) -> Patch:
        set_props("out", {"children": [0]})
        for number in (1, 2):
            patch = Patch()
            patch.append(number)
            set_props("out", {"children": patch})
        last = Patch()
        last.append(3)
        return last

    _, page = await over.result(work, OUT, RUN)
    assert page.props["out", "children"] == [0, 1, 2, 3]


# ------------------------------------------------------------------------------------------- what does not change


async def test_some_of_several_outputs_stay(over: Transport, form: Form) -> None:
    ended, page = await over.result(form(lambda clicks: (no_update, "new")), OUT, LOG, RUN)
    assert (ended.how, page.props["log", "children"]) == ("ok", "new")
    assert ("out", "children") not in page.props


@pytest.mark.parametrize("returned", [no_update, [no_update, no_update], (no_update, no_update)])
async def test_all_of_them_stay(over: Transport, form: Form, returned: Any) -> None:
    ended, page = await over.result(form(lambda clicks: returned), OUT, LOG, RUN)
    assert ended.how == "no_update"
    assert ("log", "children") not in page.props


def prevent() -> Any:
    raise PreventUpdate


@pytest.mark.parametrize("ends", [prevent, lambda: no_update], ids=["PreventUpdate", "no_update"])
async def test_what_set_props_wrote_is_there_all_the_same(over: Transport, form: Form, ends: Any) -> None:
    def work(clicks: int) -> Any:
        set_props("log", {"children": "written"})
        return ends()

    ended, page = await over.result(form(work), OUT, RUN)
    assert (ended.how, page.props["log", "children"]) == ("no_update", "written")
    assert ("out", "children") not in page.props


async def test_also_when_the_callback_failed(over: Transport, form: Form) -> None:
    def work(clicks: int) -> Any:
        set_props("log", {"children": "written"})
        raise ValueError

    ended, page = await over.result(form(work), OUT, RUN)
    assert (ended.how, page.props["log", "children"]) == ("error", "written")


async def test_of_one_prop_the_output_comes_last(over: Transport) -> None:
    def work(clicks: int) -> str:
        set_props("out", {"children": "by set_props"})
        return "by return"

    _, page = await over.result(work, OUT, RUN)
    assert page.props["out", "children"] == "by return"


async def test_what_is_mutated_later_does_not_change_what_was_set(over: Transport, form: Form) -> None:
    def work(clicks: int) -> None:
        items = ["a"]
        set_props("log", {"children": items})
        items.append("b")

    _, page = await over.result(form(work), RUN)
    assert page.props["log", "children"] == ["a"]


async def test_a_written_prop_calls_those_that_read_it(over: Transport, form: Form) -> None:
    app = over.app()
    app.callback(OUT, RUN)(form(lambda clicks: f"a{clicks}"))
    app.callback(LOG, Input("out", "children"))(form(lambda text: f"b({text})"))
    page = await over.page(app)
    await page.run()
    assert await page.user.wait_for("log", "children", bool) == "b(a1)"
    page = await over.page(app)
    await asyncio.gather(page.run("out", "children", "x"))
    assert page.props["log", "children"] == "b(x)"


async def test_a_callback_gets_arrays_as_lists(over: Transport, form: Form) -> None:
    got: list[Any] = []

    def read(data: Any) -> str:
        got.append(data)
        return "read"

    app = over.app()
    app.callback(OUT, RUN)(form(lambda clicks: {"x": numpy.arange(3.0), "rows": [{"y": numpy.arange(2, dtype="u1")}]}))
    app.callback(LOG, Input("out", "children"))(form(read))
    page = await over.page(app)
    await page.run()
    await page.user.wait_for("log", "children", lambda text: text == "read")
    assert got[-1] == {"x": [0.0, 1.0, 2.0], "rows": [{"y": [0, 1]}]}
