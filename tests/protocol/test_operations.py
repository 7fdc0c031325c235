from __future__ import annotations

import copy
import math
from array import array
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wscb.errors import InvalidPatch
from wscb.protocol.operations import Operation, apply, same

from .vectors import alike, load, names, untag

CASES = load("patch.json")


@pytest.mark.parametrize("case", CASES, ids=names(CASES))
def test_vectors(case: dict[str, Any]) -> None:
    before, operation = untag(case["before"]), Operation.from_wire(untag(case["operation"]))
    untouched = copy.deepcopy(before)
    if "error" in case:
        with pytest.raises(InvalidPatch) as caught:
            apply(before, operation, case["prop"])
        assert str(caught.value) == case["error"]
    else:
        assert alike(apply(before, operation, case["prop"]), untag(case["after"]))
    assert alike(before, untouched)


# ------------------------------------------------------------------------------------------------ against an oracle

numbers = st.integers(-(2**40), 2**40) | st.floats(allow_nan=False, allow_infinity=False, width=32)
leaves = st.none() | st.booleans() | numbers | st.text(max_size=4)
keys = st.sampled_from(["a", "b", "c"])
values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=3), max_leaves=12
)


def _places(value: Any) -> list[tuple[str | int, ...]]:
    """Every path in a value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [(), *((key, *path) for key, item in inner for path in _places(item))]


@st.composite
def _operations(draw: st.DrawFn, current: Any) -> Operation:
    path = draw(st.sampled_from(_places(current)))
    if path and isinstance(path[-1], str):
        path = (*path[:-1], draw(st.sampled_from([path[-1], "new"])))
    name = draw(st.sampled_from(sorted(_ORACLE)))
    value: Any = draw(values)
    if name == "insert":
        value = [draw(st.integers(-6, 6)), value]
    elif name in ("add", "sub", "mul", "truediv"):
        value = draw(numbers)
    elif name == "extend":
        value = draw(st.lists(values, max_size=4))
    elif name == "merge":
        value = draw(st.dictionaries(keys, values, max_size=3))
    elif name in ("delete", "clear", "reverse"):
        value = None
    return Operation(name, path, value, draw(st.none() | st.integers(0, 5)) if name in ("append", "extend") else None)


class _Box:
    """A prop that plain Python statements change in place; `at` leads to the container of the part."""

    def __init__(self, value: Any, operation: Operation) -> None:
        self.prop = [copy.deepcopy(value)]
        self.value, self.maxlen = operation.value, operation.maxlen
        self.at: Any = self.prop
        self.key: Any = 0
        for key in operation.path:
            self.at, self.key = self.at[self.key], key

    @property
    def part(self) -> Any:
        return self.at[self.key]

    def assign(self) -> None:
        self.at[self.key] = self.value

    def delete(self) -> None:
        assert self.at is not self.prop
        del self.at[self.key]

    def append(self) -> None:
        self.part.append(self.value)
        self._drop()

    def extend(self) -> None:
        assert isinstance(self.part, list)
        self.part.extend(self.value)
        self._drop()

    def _drop(self) -> None:
        while self.maxlen is not None and len(self.part) > self.maxlen:
            self.part.pop(0)

    def prepend(self) -> None:
        self.part.insert(0, self.value)

    def insert(self) -> None:
        self.part.insert(*self.value)

    def clear(self) -> None:
        self.part.clear()

    def reverse(self) -> None:
        self.part.reverse()

    def merge(self) -> None:
        assert isinstance(self.part, dict)
        self.part.update(self.value)

    def _number(self) -> Any:
        assert not isinstance(self.part, bool)
        return self.part

    def add(self) -> None:
        self.at[self.key] = self._number() + self.value

    def sub(self) -> None:
        self.at[self.key] = self._number() - self.value

    def mul(self) -> None:
        assert isinstance(self._number(), (int, float))
        self.at[self.key] = self._number() * self.value

    def truediv(self) -> None:
        self.at[self.key] = self._number() / self.value


_ORACLE = {name for name in vars(_Box) if not name.startswith("_") and name not in ("part",)}
_OPERATION_ERRORS = (AttributeError, AssertionError, TypeError, KeyError, IndexError, ZeroDivisionError)


def _oracle(value: Any, operation: Operation) -> Any:
    box = _Box(value, operation)
    getattr(box, operation.name)()
    return box.prop[0]


@given(values, st.data())
def test_apply_is_what_python_statements_do(current: Any, data: st.DataObject) -> None:
    operation = data.draw(_operations(current))
    untouched = copy.deepcopy(current)
    try:
        expected = _oracle(current, operation)
    except _OPERATION_ERRORS:
        with pytest.raises(InvalidPatch):
            apply(current, operation)
    else:
        assert same(apply(current, operation), expected)
    assert alike(current, untouched)


@given(st.lists(st.floats(width=64)), st.lists(st.floats(width=64)), st.none() | st.integers(0, 8))
def test_a_typed_array_is_extended_as_a_list_is(old: list[float], new: list[float], maxlen: int | None) -> None:
    operation = Operation("extend", (), array("d", new), maxlen)
    result = apply(array("d", old), operation)
    assert result.typecode == "d"
    assert alike(result.tolist(), apply(old, operation))


def test_what_is_beside_the_path_is_shared() -> None:
    before = {"a": {"b": 1}, "beside": [1, 2, 3]}
    after = apply(before, Operation("assign", ("a", "b"), 2))
    assert after["beside"] is before["beside"]


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [
        (1, 1.0, True),
        (True, 1, False),
        (True, True, True),
        (math.nan, math.nan, False),
        ([1, {"a": [2]}], [1.0, {"a": [2]}], True),
        ([1], [1, 2], False),
        ({"a": 1}, {"b": 1}, False),
        ({"a": 1}, {"a": True}, False),
        ([1], {"0": 1}, False),
        ("a", "a", True),
        (array("d", [1]), array("d", [1]), True),
    ],
)
def test_equality_of_the_page(left: Any, right: Any, equal: bool) -> None:
    assert same(left, right) is equal
    assert same(right, left) is equal


def test_whole_numbers_beyond_the_exact_ones_are_floats() -> None:
    assert alike(apply(2**53, Operation("add", (), 2**53)), float(2**54))
    assert alike(apply(2**52, Operation("add", (), 1)), 2**52 + 1)


def test_infinity_is_no_whole_number() -> None:
    with pytest.raises(InvalidPatch, match="inf is not a whole number"):
        apply(array("b"), Operation("append", (), math.inf))


@pytest.mark.parametrize(
    "operation",
    [
        Operation("append", ("a", 1), None, 5),
        Operation("append", (), None),
        Operation("clear", ("a",)),
        Operation("assign", (), 1),
    ],
)
def test_an_operation_comes_back_from_the_wire(operation: Operation) -> None:
    assert Operation.from_wire(operation.wire()) == operation


@pytest.mark.parametrize("key", [True, 1.5, None])
def test_a_key_of_another_kind_is_refused(key: Any) -> None:
    with pytest.raises(InvalidPatch, match=r"\['a'\].*a key must be a str \(of a map\) or an int"):
        apply({"a": {}}, Operation("assign", ("a", key), 1))
