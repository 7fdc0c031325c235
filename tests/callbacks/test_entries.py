"""What `ctx` says of patterns, and in which shape."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.callbacks.calls import ROW, ROW_TEXT, call
from wscb.callbacks.context import CallState, activate, ctx, set_props
from wscb.callbacks.dependencies import ALL, MATCH, Input, Output, State
from wscb.errors import UsageError

EACH, EVERY = {"type": "row", "index": MATCH}, {"type": "row", "index": ALL}
TWO_TEXT = '{"index":2,"type":"row"}'
TWO = {"type": "row", "index": 2}


@pytest.fixture
def grid() -> Iterator[CallState]:
    """A call for what has index 1, with all rows as states."""
    state = call(
        f"{ROW_TEXT}.value",
        "a.n",
        dependencies=(
            [Output(EACH, "title"), Output({"column": ALL, "index": MATCH}, "color")],
            [Input("a", "n"), Input(EACH, "value")],
            State(EVERY, "data"),
        ),
    )
    cells = ['{"column":"x","index":1}', '{"column":"y","index":1}']
    state.inputs, state.state = [5, 6], [["one", "two"]]
    state.ids = [ROW_TEXT, cells], [None, ROW_TEXT], [[ROW_TEXT, TWO_TEXT]]
    with activate(state):
        yield state


def test_what_patterns_stand_for(grid: CallState) -> None:
    assert ctx.inputs == {"a.n": 5, f"{ROW_TEXT}.value": 6}
    assert ctx.states == {f"{ROW_TEXT}.data": "one", f"{TWO_TEXT}.data": "two"}
    assert ctx.inputs_list == [
        {"id": "a", "property": "n", "value": 5},
        {"id": ROW, "property": "value", "value": 6},
    ]
    assert ctx.states_list == [
        [{"id": ROW, "property": "data", "value": "one"}, {"id": TWO, "property": "data", "value": "two"}]
    ]
    assert ctx.outputs_list == [
        {"id": ROW, "property": "title"},
        [{"id": {"column": name, "index": 1}, "property": "color"} for name in "xy"],
    ]


def test_which_of_a_pattern_triggered_the_call(grid: CallState) -> None:
    assert ctx.triggered == [{"prop_id": f"{ROW_TEXT}.value", "value": 6}, {"prop_id": "a.n", "value": 5}]
    assert ctx.triggered_prop_ids == {f"{ROW_TEXT}.value": ROW, "a.n": "a"}
    assert ctx.triggered_prop_ids.first() == f"{ROW_TEXT}.value"
    assert ctx.triggered_id == ROW
    assert ctx.triggered_id.index == 1
    assert ctx.triggered_id["type"] == ctx.triggered_id.type == "row"
    with pytest.raises(AttributeError, match="There is no 'row', only 'index', 'type'"):
        ctx.triggered_id.row  # noqa: B018 - it is the reading that is tested


def test_another_id_of_the_pattern_did_not_trigger_this_call(grid: CallState) -> None:
    grid.trigger = [f"{TWO_TEXT}.value"]
    assert not ctx.triggered
    assert ctx.triggered_prop_ids == {}


def test_a_pattern_that_stands_for_nothing_yet() -> None:
    state = call(dependencies=(Output(EVERY, "title"), Input(EVERY, "value")))
    state.inputs, state.ids = [[]], ([[]], [[]], [])
    with activate(state):
        assert ctx.inputs == {}
        assert ctx.inputs_list == [[]]
        assert ctx.outputs_list == []
        assert ctx.args_grouping == []


def test_the_arguments_have_the_shape_of_the_declaration() -> None:
    state = call(
        f"{TWO_TEXT}.value",
        dependencies=(Output("out", "x"), {"a": Input("a", "n"), "more": (Input(EVERY, "value"), State("s", "data"))}),
    )
    state.inputs, state.state = [1, [2, 3]], [4]
    state.ids = [None], [None, [ROW_TEXT, TWO_TEXT]], [None]
    with activate(state):
        found = ctx.args_grouping
        assert ctx.using_args_grouping
        assert not ctx.using_outputs_grouping
        assert ctx.outputs_grouping == {"id": "out", "property": "x"}
    assert found.a == {"id": "a", "property": "n", "value": 1, "str_id": "a", "triggered": False}
    (one, two), kept = found.more
    assert (one.value, one.triggered, two.value, two.triggered) == (2, False, 3, True)
    assert (two.id.index, two.str_id, two.property) == (2, TWO_TEXT, "value")
    assert (kept.value, kept.triggered) == (4, False)


@pytest.mark.parametrize(
    ("dependencies", "arguments", "outputs"),
    [
        ((Output("o", "x"), Input("a", "n")), False, False),
        (([Output("o", "x")], [Input("a", "n")], [State("s", "n")]), False, False),
        ((Input("a", "n"),), False, False),
        ((Output("o", "x"), State("s", "n"), Input("a", "n")), True, False),
        (({"o": Output("o", "x")}, {"a": Input("a", "n")}), True, True),
        (([[Output("o", "x")], Output("p", "x")], [[Input("a", "n")], Input("b", "n")]), True, True),
    ],
)
def test_whether_there_is_a_shape(dependencies: Any, arguments: bool, outputs: bool) -> None:
    with activate(call(dependencies=dependencies)):
        assert (ctx.using_args_grouping, ctx.using_outputs_grouping) == (arguments, outputs)


def test_a_single_argument_is_shown_without_a_list_and_outputs_as_they_were_declared() -> None:
    with activate(call("a.n", dependencies=({"o": (Output("o", "x"), Output("p", "y"))}, Input("a", "n")))):
        assert ctx.args_grouping.triggered
        assert ctx.args_grouping.first("nothing", "property") == "n"
        assert ctx.args_grouping.first("nothing", "value") is None
        assert ctx.outputs_grouping == {"o": [{"id": "o", "property": "x"}, {"id": "p", "property": "y"}]}
        assert ctx.outputs_list == ctx.outputs_grouping.o
        assert ctx.outputs_grouping.o[0]["id"] == "o"


def test_a_pattern_is_not_the_id_of_one_component(grid: CallState) -> None:
    with pytest.raises(UsageError, match=r"set_props in work \(.*\) takes the id of one component, and .*ALL"):
        set_props(EVERY, {"x": 1})
