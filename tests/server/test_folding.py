"""What a late viewer of a shared task is given is what the others have."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wscb import Patch, html
from wscb.errors import InvalidPatch
from wscb.protocol import codec
from wscb.protocol.operations import Operation, apply
from wscb.server import folding
from wscb.server.folding import Values, applied
from wscb.session import changes_of


def patch(*steps: Any) -> Patch:
    made = Patch()
    for name, *arguments in steps:
        getattr(made, name)(*arguments)
    return made


def folded(*writes: tuple[str, dict[str, Any]]) -> Values:
    values = Values()
    for component, props in writes:
        for change in changes_of(component, props):
            values.put(change)
    return values


def shown(values: Values) -> list[tuple[str, str, Any]]:
    found = [codec.unpack(change.packed, codec.ANY_SERVER) for change in values.snapshot()]
    assert {one[0] for one in found} <= {"set"}
    return [tuple(one[1:]) for one in found]


def test_the_newest_value_of_each_prop() -> None:
    values = folded(("a", {"x": 1, "y": 2}), ("b", {"x": [1]}), ("a", {"x": 3}))
    assert shown(values) == [("a", "y", 2), ("b", "x", [1]), ("a", "x", 3)]


def test_operations_are_in_it() -> None:
    values = folded(
        ("a", {"x": [1]}),
        ("a", {"x": patch(("append", 2), ("extend", [3, 4]), ("reverse",))}),
        ("b", {"x": {"rows": array("f", [1.5])}}),
    )
    more = Patch()
    more["rows"].extend(array("f", [2.5, 3.5]), maxlen=2)
    more["title"] = "new"
    for change in changes_of("b", {"x": more}):
        values.put(change)
    assert shown(values) == [("a", "x", [4, 3, 2, 1]), ("b", "x", {"rows": array("f", [2.5, 3.5]), "title": "new"})]


def test_what_is_mutated_later_is_not() -> None:
    value, row = [1], {"n": 1}
    values = folded(("a", {"x": value}), ("a", {"x": patch(("append", row))}))
    value.append(2)
    row["n"] = 2
    assert shown(values) == [("a", "x", [1, {"n": 1}])]


def test_it_is_packed_once_for_all_who_come_before_the_next_write(monkeypatch: pytest.MonkeyPatch) -> None:
    values = folded(("a", {"x": [1]}), ("a", {"x": patch(("append", 2))}))
    packed: list[str] = []
    monkeypatch.setattr(folding, "changes_of", lambda *write: packed.append(write[0]) or changes_of(*write))
    first, second = values.snapshot(), values.snapshot()
    assert [id(change) for change in first] == [id(change) for change in second]
    assert packed == ["a"]


@pytest.mark.parametrize("writes", [[], [("a", {"y": []})]])
def test_a_patch_of_what_it_has_not_set(writes: Any) -> None:
    values = folded(*writes)
    (change,) = changes_of("a", {"x": patch(("append", 1))})
    with pytest.raises(InvalidPatch, match=r"has not set a\.x itself.*set_props\('a', \{'x': \[\]\}\)"):
        values.put(change)
    assert shown(values) == shown(folded(*writes))


@pytest.mark.parametrize(
    "writes",
    [
        [("a", {"x": [html.P(id="a")]})],
        [("b", {"x": [html.P(id="a")]}), ("a", {"x": [html.P(id="b")]})],
    ],
)
def test_a_patch_of_a_component_that_is_within_itself(writes: Any) -> None:
    """Which of the two is meant nobody knows; that is no reason to fail otherwise than with what can be mended."""
    values = folded(*writes)
    for component in ("a", "b"):
        (change,) = changes_of(component, {"x": patch(("append", 1))})
        with pytest.raises(InvalidPatch, match="has not set"):
            values.put(change)


def test_a_patch_that_leads_nowhere_changes_nothing() -> None:
    values = folded(("a", {"x": {"rows": [1], "nums": array("i", [1])}}))
    for broken in (Patch(), Patch(), Patch()):
        broken["none"].append(1)
        (change,) = changes_of("a", {"x": broken})
        with pytest.raises(InvalidPatch, match="there is no key 'none'"):
            values.put(change)
    broken = Patch()
    broken["nums"].append(1.5)
    (change,) = changes_of("a", {"x": broken})
    with pytest.raises(InvalidPatch, match=r"append at \['nums'\]"):
        values.put(change)
    assert shown(values) == [("a", "x", {"rows": [1], "nums": array("i", [1])})]


# -------------------------------------------------------------------------------------------------- components


def box(*ids: str, text: str = "new") -> dict[str, Any]:
    return {"children": [html.P(text, id=id) for id in ids]}


def keys(values: Values) -> list[str]:
    return [f"{component}.{prop}" for component, prop, _ in shown(values)]


def test_a_value_comes_before_what_was_set_of_its_components() -> None:
    values = folded(("box", box("p")), ("p", {"children": "x"}), ("box", {"children": patch(("append", html.P()))}))
    assert keys(values) == ["box.children", "p.children"]


def test_components_that_are_made_anew_are_as_their_value_has_them() -> None:
    values = folded(("box", box("p")), ("p", {"children": "x", "title": "y"}), ("box", box("p", text="anew")))
    assert keys(values) == ["box.children"]
    values = folded(("box", {"children": []}), ("p", {"children": "x"}))
    for change in changes_of("box", {"children": patch(("append", html.P("anew", id="p")))}):
        values.put(change)
    assert keys(values) == ["box.children"]


def test_components_that_are_taken_away_take_with_them_what_was_set() -> None:
    values = folded(("box", box("p")), ("p", box("q")), ("q", {"title": "deep"}), ("box", box("other")))
    assert keys(values) == ["box.children"]
    assert values._home == {"other": ("box", "children")}
    assert not any(values._props[id] for id in values._props if id != "box")


def test_one_that_has_moved_stays() -> None:
    values = folded(("left", box("p")), ("right", box("p")), ("p", {"title": "x"}), ("left", box()))
    assert keys(values) == ["right.children", "p.title", "left.children"]


def test_a_prop_that_came_with_a_value_can_be_patched() -> None:
    log = html.Div(html.Ul([html.Li("first")], id="log"))
    values = folded(("box", {"children": [log]}), ("log", {"children": patch(("append", html.Li("second")))}))
    _, (_, _, children) = shown(values)
    assert [one["props"]["children"] for one in children] == ["first", "second"]
    (change,) = changes_of("log", {"title": patch(("append", "x"))})
    with pytest.raises(InvalidPatch, match=r"has not set log\.title"):
        values.put(change)


def test_rows_that_are_pushed_out_leave_nothing_behind() -> None:
    values = folded(("log", {"children": []}))
    for number in range(1000):
        row = Patch()
        row.append(html.P(id=f"row{number}"), maxlen=3)
        for component, props in (("log", {"children": row}), (f"row{number}", {"title": "x"})):
            for change in changes_of(component, props):
                values.put(change)
    assert keys(values)[-3:] == ["row997.title", "row998.title", "row999.title"]
    assert len(keys(values)) < 100
    assert len(values._home) < 100
    assert len(values._props) < 100


# ---------------------------------------------------------------------------------------------- as a page has it

NUMBERS = st.integers(-3, 3) | st.floats(-3, 3, width=32)
LEAVES = st.none() | st.booleans() | NUMBERS | st.text(max_size=2)
ARRAYS = st.lists(st.integers(0, 9), max_size=4).map(lambda items: array("B", items)) | st.lists(
    st.floats(-3, 3, width=32), max_size=4
).map(lambda items: array("f", items))
TREES = st.recursive(
    LEAVES | ARRAYS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
PATHS = st.lists(st.sampled_from(["a", "b", "c", 0, 1, -1]), max_size=2).map(tuple)
OPERATIONS = st.builds(
    Operation,
    st.sampled_from(["append", "extend", "append", "extend", "assign", "delete", "prepend", "reverse", "clear"]),
    PATHS,
    TREES | st.lists(NUMBERS, max_size=3),
    st.none(),
) | st.builds(
    Operation,
    st.sampled_from(["append", "extend"]),
    PATHS,
    NUMBERS | st.lists(NUMBERS, max_size=3),
    st.integers(0, 4),
)


def outcome(apply: Callable[[], Any]) -> tuple[Any, str | None]:
    try:
        return apply(), None
    except InvalidPatch as error:
        return None, str(error)


@given(TREES, st.lists(OPERATIONS, max_size=6))
def test_in_place_or_not_the_result_is_the_same(tree: Any, operations: list[Operation]) -> None:
    mine, theirs = copied(tree), copied(tree)
    for operation in operations:
        made, error = outcome(lambda theirs=theirs, operation=operation: apply(theirs, operation))
        # As `Values` has it, nobody else has the value of the operation.
        own = Operation.from_wire(copied(operation.wire()))
        found, found_error = outcome(lambda mine=mine, own=own: applied(mine, own))
        assert found_error == error
        if error is None:
            mine, theirs = found, made
        assert codec.pack(mine) == codec.pack(theirs)


def copied(value: Any) -> Any:
    return codec.unpack(codec.pack(value), codec.ANY_SERVER)
