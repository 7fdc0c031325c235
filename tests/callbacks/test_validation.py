"""Mistakes that show only when all callbacks and the layout are known."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from typing import Any

import pytest

from wscb.callbacks.dependencies import ALL, ALLSMALLER, MATCH, Input, Output, State
from wscb.callbacks.registry import Registry
from wscb.callbacks.validation import Layout, check, mismatches
from wscb.errors import CircularCallbacks, DeclarationError, DuplicateOutput, UnknownId, UnknownProp

BUTTON = frozenset({"id", "children", "n_clicks", "disabled", "className"})
LAYOUT: Layout = {"run": BUTTON, "stop": BUTTON, "out": frozenset({"id", "children"}), "any": None}


def line(function: Any) -> str:
    return f"({__file__}:{function.__code__.co_firstlineno})"


def first(*_: Any) -> None: ...
def second(*_: Any) -> None: ...
def yields(*_: Any) -> Iterator[int]:
    yield 1


def checked(*declared: tuple[Any, dict[str, Any], Any], layout: Layout | None = None) -> None:
    registry = Registry()
    for dependencies, options, function in declared:
        registry.callback(*dependencies, **options)(function)
    check(list(registry.callbacks.values()), layout)


def refusal(error: type[DeclarationError], *declared: Any, layout: Layout | None = None) -> str:
    with pytest.raises(error) as raised:
        checked(*declared, layout=layout)
    assert type(raised.value) is error
    return str(raised.value)


def test_a_callback_that_fits_the_layout_is_accepted() -> None:
    checked(
        (
            (Output("out", "children"), Input("run", "n_clicks"), State("any", "whatever")),
            {"cancel": [Input("stop", "n_clicks")], "running": [(Output("run", "disabled"), True, False)]},
            first,
        ),
        ((Output("out", "data-kind"), Input("run", "aria-label")), {}, second),
        layout=LAYOUT,
    )


def test_an_unknown_id_names_the_near_one() -> None:
    text = refusal(UnknownId, ((Output("outt", "children"), Input("run", "n_clicks")), {}, first), layout=LAYOUT)
    assert text.startswith(f"first {line(first)}: Output('outt', 'children') names a component")
    assert "Did you mean 'out'?" in text
    assert "suppress_callback_exceptions=True" in text


def test_an_unknown_id_without_a_near_one_makes_no_guess() -> None:
    text = refusal(UnknownId, ((Output("zzzzzz", "children"), Input("run", "n_clicks")), {}, first), layout=LAYOUT)
    assert "Did you mean" not in text


def test_what_may_be_missing_is_not_looked_for() -> None:
    nowhere = (Output("out", "children"), Input("no", "x", allow_optional=True), State("no", "x", allow_optional=True))
    checked((nowhere, {}, first), layout=LAYOUT)
    checked(((Output("no", "x"), Input("nowhere", "x")), {"optional": True}, first), layout=LAYOUT)
    optional = (Output("out", "childen"), Input("nowhere", "x"))
    assert "has no prop 'childen'" in refusal(UnknownProp, (optional, {"optional": True}, first), layout=LAYOUT)


def test_all_unknown_ids_are_told_at_once() -> None:
    text = refusal(
        UnknownId,
        ((Output("p", "children"), Input("q", "value"), State("r", "value")), {}, first),
        (
            (Input("run", "n_clicks"),),
            {"cancel": Input("s", "n_clicks"), "running": [(Output("t", "x"), 1, 0)]},
            second,
        ),
        layout=LAYOUT,
    )
    lines = text.splitlines()
    assert [told.split()[0] for told in lines] == ["first"] * 3 + ["second"] * 2
    assert [wanted in told for wanted, told in zip("pqrst", lines, strict=True)] == [True] * 5
    assert "State('r', 'value')" in lines[2]
    assert "cancel=[Input('s', 'n_clicks')]" in lines[3]
    assert "running=[(Output('t', 'x'), ...)]" in lines[4]


@pytest.mark.parametrize(
    ("options", "written"),
    [
        ({}, "Output('out', 'childen')"),
        ({"cancel": [Input("stop", "clicks")]}, "cancel=[Input('stop', 'clicks')]"),
        ({"running": [(Output("run", "disable"), True, False)]}, "running=[(Output('run', 'disable'), ...)]"),
    ],
)
def test_an_unknown_prop_names_the_near_one(options: Any, written: str) -> None:
    output = Output("out", "children" if options else "childen")
    text = refusal(UnknownProp, ((output, Input("run", "n_clicks")), options, first), layout=LAYOUT)
    assert text.startswith(f"first {line(first)}: {written}: that component has no prop ")
    assert "Did you mean" in text


def test_without_a_known_layout_ids_and_props_are_not_checked() -> None:
    checked(((Output("nowhere", "nothing"), Input("no", "one")), {}, first), layout=None)


def test_two_callbacks_for_one_output() -> None:
    text = refusal(
        DuplicateOutput,
        ((Output("out", "children"), Input("run", "n_clicks")), {}, first),
        ((Output("out", "children"), Input("stop", "n_clicks")), {}, second),
    )
    assert text.startswith(f"first {line(first)} and second {line(second)} both have the output out.children.")
    assert "allow_duplicate=True" in text


def test_two_callbacks_with_the_same_dependencies_are_found_too() -> None:
    same = (Output("out", "children"), Input("run", "n_clicks"))
    assert "both have the output out.children" in refusal(DuplicateOutput, (same, {}, first), (same, {}, second))


@pytest.mark.parametrize("duplicate", [False, True])
def test_one_output_twice_in_a_callback(duplicate: bool) -> None:
    outputs = [Output("out", "children", duplicate), Output("out", "children", duplicate)]
    text = refusal(DuplicateOutput, ((outputs, Input("a", "x")), {"prevent_initial_call": True}, first))
    assert text == f"first {line(first)} has the output out.children twice. Leave one out."


def test_an_output_may_be_shared_when_one_of_the_two_says_so() -> None:
    checked(
        ((Output("out", "children"), Input("run", "n_clicks")), {}, first),
        ((Output("out", "children", True), Input("stop", "n_clicks")), {"prevent_initial_call": True}, second),
    )


def test_a_shared_output_has_no_defined_first_call() -> None:
    shared = (Output("out", "children", True), Input("run", "n_clicks"))
    text = refusal(DeclarationError, (shared, {}, first))
    assert text.startswith(f"first {line(first)} shares the output out.children")
    assert "prevent_initial_call=True" in text
    checked((shared, {"prevent_initial_call": "initial_duplicate"}, first))
    checked(((Output("out", "children", True),), {"persistent": True}, first))


def test_a_circle_is_shown_as_a_chain_with_its_callbacks() -> None:
    text = refusal(
        CircularCallbacks,
        ((Output("b", "y"), Input("a", "x")), {}, first),
        ((Output("c", "z"), Input("b", "y")), {}, second),
        ((Output("a", "x"), Input("c", "z"), State("b", "y")), {}, first),
    )
    assert "a.x → b.y → c.z → a.x" in text or "b.y → c.z → a.x → b.y" in text or "c.z → a.x → b.y → c.z" in text
    assert f"second {line(second)}" in text
    assert f"first {line(first)}" in text
    assert "Make one of the inputs a State" in text


def test_an_output_may_be_its_own_input() -> None:
    """So a slider and a field follow each other; it does not trigger itself."""
    checked(((Output("a", "x"), Output("b", "x"), Input("a", "x"), Input("b", "x")), {}, first))


def test_its_own_input_hides_no_other_circle() -> None:
    text = refusal(
        CircularCallbacks,
        ((Output("a", "x"), Input("a", "x"), Input("b", "x")), {}, first),
        ((Output("b", "x"), Input("a", "x")), {}, second),
    )
    assert "in a circle" in text


def test_a_state_closes_no_circle() -> None:
    checked(
        ((Output("b", "y"), Input("a", "x")), {}, first),
        ((Output("a", "x"), Input("c", "z"), State("b", "y")), {}, second),
        ((Output("d", "d"), State("d", "d"), Input("a", "x")), {}, first),
    )


def test_a_long_chain_is_no_circle() -> None:
    checked(*(((Output(f"c{i + 1}", "x"), Input(f"c{i}", "x")), {}, first) for i in range(3000)))


def test_yield_needs_the_socket() -> None:
    text = refusal(DeclarationError, ((Output("out", "children"), Input("run", "n_clicks")), {}, yields))
    assert text.startswith(f"yields {line(yields)} yields, which needs the page's socket")
    assert "websocket=True" in text
    assert "websocket_callbacks=True" in text
    checked(((Output("out", "children"), Input("run", "n_clicks")), {"websocket": True}, yields))
    checked(((Output("out", "children"),), {"persistent": True}, yields))


def test_on_repeat_needs_the_socket() -> None:
    registry = Registry()
    registry.callback(Output("a", "children"), Input("b", "value"), on_repeat="cancel")(first)
    with pytest.raises(DeclarationError, match=r'on_repeat="cancel", which needs the page.s socket'):
        registry.complete(None)
    registry.complete(None, every_socket=True)


def test_a_layout_of_one_page_is_compared_without_an_error() -> None:
    registry = Registry()
    registry.callback(Output("a", "childern"), Input("b", "value"))(first)
    registry.callback(Output("a", "titel"), Input("bb", "value"))(second)
    layout = {"a": frozenset({"children", "title"}), "b": None}
    id, prop, other = mismatches(list(registry.callbacks.values()), layout)
    assert "Input('bb', 'value')" in id
    assert "Did you mean 'b'?" in id
    assert "has no prop 'childern'" in prop
    assert "has no prop 'titel'" in other


# ------------------------------------------------------------------------------------------------- patterns

ROWS: Layout = {**LAYOUT, '{"i":1,"type":"row"}': BUTTON, '{"i":2,"type":"row"}': frozenset({"value"}), '{"i":3}': None}


def row(i: Any) -> dict[str, Any]:
    return {"type": "row", "i": i}


def cell(**keys: Any) -> dict[str, Any]:
    return {"type": "cell", **keys}


def test_what_a_pattern_stands_for_may_come_later() -> None:
    checked(((Output({"later": MATCH}, "x"), Input({"later": MATCH}, "y")), {}, first), layout=LAYOUT)
    checked(((Output({"i": ALL}, "whatever"), Input(row(1), "n_clicks")), {}, first), layout=ROWS)


def test_a_fixed_dict_id_is_known_or_not() -> None:
    text = refusal(UnknownId, ((Output("out", "children"), Input(row(11), "n_clicks")), {}, first), layout=ROWS)
    assert "Input({'type': 'row', 'i': 11}, 'n_clicks') names a component that the layout does not have." in text
    assert """Did you mean '{"i":1,"type":"row"}' or""" in text


def test_each_component_that_a_pattern_stands_for_has_the_prop() -> None:
    text = refusal(UnknownProp, ((Output("out", "children"), Input(row(ALL), "n_click")), {}, first), layout=ROWS)
    one, other = text.splitlines()
    assert one.endswith(
        """{"i":1,"type":"row"}, for which it stands, has no prop 'n_click'. Did you mean 'n_clicks'?"""
    )
    assert """{"i":2,"type":"row"}, for which it stands, has no prop 'n_click'.""" in other


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (row(MATCH), row(ALL)),
        (row(MATCH), row(5)),
        (row(5), row(ALL)),
        (cell(a=MATCH, b=1), cell(a=2, b=MATCH)),
        (cell(a=ALL, b=ALL), cell(a=ALL, b="x")),
    ],
)
def test_outputs_that_can_be_the_same(one: Any, other: Any) -> None:
    text = refusal(
        DuplicateOutput,
        ((Output(one, "value"), Input("run", "n_clicks")), {}, first),
        ((Output(other, "value"), Input("stop", "n_clicks")), {}, second),
    )
    assert text.startswith(f"first {line(first)} and second {line(second)} both have outputs that can be the same: ")
    assert f"{Output(one, 'value')} and {Output(other, 'value')}. Make them one callback" in text
    checked(
        ((Output(one, "value"), Input("run", "n_clicks")), {}, first),
        ((Output(other, "title"), Input("stop", "n_clicks")), {}, second),
    )
    checked(
        ((Output(one, "value"), Input("run", "n_clicks")), {}, first),
        ((Output(other, "value", True), Input("stop", "n_clicks")), {"prevent_initial_call": True}, second),
    )
    checked(
        ((Output(other, "value", True), Input("stop", "n_clicks")), {"prevent_initial_call": True}, second),
        ((Output(one, "value"), Input("run", "n_clicks")), {}, first),
    )


@pytest.mark.parametrize(
    ("one", "other"), [(row(MATCH), cell(a=MATCH)), (cell(a=MATCH, b=1), cell(a=MATCH, b=2)), (row(1), row("1"))]
)
def test_outputs_that_cannot_be_the_same(one: Any, other: Any) -> None:
    checked(
        ((Output(one, "value"), Input("run", "n_clicks")), {}, first),
        ((Output(other, "value"), Input("stop", "n_clicks")), {}, second),
    )


def test_one_callback_with_outputs_that_can_be_the_same() -> None:
    text = refusal(DuplicateOutput, (([Output(row(ALL), "x"), Output(row(1), "x")], Input("a", "x")), {}, first))
    assert text == (
        f"first {line(first)} has outputs that can be the same: {Output(row(ALL), 'x')} and {Output(row(1), 'x')}. "
        "Leave one out."
    )


@pytest.mark.parametrize(("there", "back"), [(MATCH, MATCH), (ALL, ALL), (MATCH, ALL), (1, 1), (ALL, 1)])
def test_a_circle_through_patterns(there: Any, back: Any) -> None:
    text = refusal(
        CircularCallbacks,
        ((Output(row(there), "y"), Input(row(there), "x")), {}, first),
        ((Output(row(back), "x"), Input(row(back), "y")), {}, second),
    )
    assert "Callbacks trigger one another in a circle: " in text
    assert f"first {line(first)}" in text
    assert f"second {line(second)}" in text


def test_a_pattern_that_stands_for_its_own_output_is_its_own_input() -> None:
    checked(((Output(row(MATCH), "x"), Input(row(ALL), "x")), {}, first))
    checked(((Output(row(ALL), "x"), Input(row(2), "x")), {}, first))
    checked(((Output(row(2), "x"), Input(row(ALL), "x")), {}, first))


def test_ids_that_differ_make_no_circle() -> None:
    checked(
        ((Output(row(1), "y"), Input(row(1), "x")), {}, first),
        ((Output(row(2), "x"), Input(row(ALL), "y")), {}, second),
    )


def test_what_grows_with_each_turn_is_no_circle() -> None:
    """As the n-th number of a sequence is made of the ones before it."""
    checked(
        ((Output(row(MATCH), "y"), Input(row(MATCH), "x")), {}, first),
        ((Output(row(MATCH), "x"), Input(row(ALLSMALLER), "y")), {}, second),
    )
    two = {"type": "row", "i": MATCH, "j": MATCH}
    checked(
        ((Output(two, "y"), Input(two, "x")), {}, first),
        ((Output(two, "x"), Input({**two, "j": ALLSMALLER}, "y")), {}, second),
    )


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("turned", [1, -1])
def test_what_grows_hides_no_other_circle(order: tuple[int, ...], turned: int) -> None:
    inputs = [Input(row(ALLSMALLER), "y"), Input(cell(a=ALL), "z")][::turned]
    declared = [
        ((Output(row(MATCH), "y"), Input(row(MATCH), "x")), {}, first),
        ((Output(row(MATCH), "x"), inputs), {}, second),
        ((Output(cell(a=MATCH), "z"), Input(row(ALL), "y")), {}, first),
    ]
    text = refusal(CircularCallbacks, *(declared[place] for place in order))
    assert "cell" in text


def test_what_grows_and_comes_down_again_is_a_circle() -> None:
    text = refusal(
        CircularCallbacks,
        ((Output(row(MATCH), "y"), Input(row(ALLSMALLER), "x")), {}, first),
        ((Output(row(MATCH), "x"), Input(row(ALL), "y")), {}, second),
    )
    assert f"{Output(row(ALL), 'y')}" in text


def test_one_that_is_never_called() -> None:
    text = refusal(DeclarationError, ((Output("out", "children"),), {"prevent_initial_call": True}, first))
    assert text.startswith(
        f"first {line(first)} has no Input and prevent_initial_call=True, so that it is never called"
    )
    checked(((Output("out", "children"),), {}, first), ((), {"persistent": True, "prevent_initial_call": True}, second))
