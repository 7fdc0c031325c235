from __future__ import annotations

import copy
import pickle
from array import array
from typing import Any

import numpy as np
import pytest

from wscb.errors import InvalidPatch
from wscb.protocol.patch import Patch


def _wire(patch: Patch) -> list[Any]:
    return [operation.wire() for operation in patch.operations]


def test_items_and_attributes_nest() -> None:
    patch = Patch()
    patch["layout"]["title"] = "new"
    patch.layout.xaxis.range = [0, 1]
    patch["data"][0]["x"] = 1
    del patch["data"][-1]
    del patch.layout.legend
    assert _wire(patch) == [
        ["assign", ["layout", "title"], "new"],
        ["assign", ["layout", "xaxis", "range"], [0, 1]],
        ["assign", ["data", 0, "x"], 1],
        ["delete", ["data", -1]],
        ["delete", ["layout", "legend"]],
    ]


def test_methods() -> None:
    patch = Patch()
    patch.append(1, maxlen=10)
    patch.append(None)
    patch.rows.extend((1, 2), maxlen=0)
    patch.prepend(0)
    patch.insert(-1, "x")
    patch.remove("x")
    patch.clear()
    patch["a"].reverse()
    patch.update({"a": 1}, b=2)
    assert _wire(patch) == [
        ["append", [], 1, 10],
        ["append", [], None],
        ["extend", ["rows"], [1, 2], 0],
        ["prepend", [], 0],
        ["insert", [], [-1, "x"]],
        ["remove", [], "x"],
        ["clear", []],
        ["reverse", ["a"]],
        ["merge", [], {"a": 1, "b": 2}],
    ]


def test_statements_in_place() -> None:
    patch = Patch()
    patch["n"] += 1
    patch.n -= 2
    patch["n"] *= 3
    patch["n"] /= 4
    patch["text"] += "more"
    patch["list"] += [1]
    patch["map"] |= {"a": 1}
    patch += 5
    assert _wire(patch) == [
        ["add", ["n"], 1],
        ["sub", ["n"], 2],
        ["mul", ["n"], 3],
        ["truediv", ["n"], 4],
        ["add", ["text"], "more"],
        ["extend", ["list"], [1]],
        ["merge", ["map"], {"a": 1}],
        ["add", [], 5],
    ]


def test_arrays_are_extended_by_as_they_are() -> None:
    floats = np.zeros(3)
    patch = Patch()
    patch.extend(floats)
    patch.extend(array("d"))
    assert patch.operations[0].value is floats
    assert isinstance(patch.operations[1].value, array)


def _wrong_uses() -> dict[str, Any]:
    def read_item(patch: Patch) -> None:
        list(patch["a"])

    def assign_other(patch: Patch) -> None:
        patch["a"] = Patch()["a"]

    def assign_own(patch: Patch) -> None:
        patch["a"] = patch["b"]

    def forbidden(patch: Patch) -> None:
        patch["a"]["__proto__"] = 1

    def divide(patch: Patch) -> None:
        patch["a"] /= 0

    def key(patch: Patch) -> None:
        patch[1:2] = [1]

    return {
        "cannot be read": read_item,
        "= another Patch": assign_other,
        "['a'] = another Patch": assign_own,
        "['a']['__proto__']: this name is not data": forbidden,
        "division by zero": divide,
        "a key must be a str": key,
        "a key must": lambda patch: patch[True],
        "cannot be read:": lambda patch: len(patch),
        "Take it as an Input": lambda patch: 1 in patch,
        "get_prop()": lambda patch: int(patch),
        "Patch['a'] cannot be read": lambda patch: patch["a"] + 1,
        "the value is in the page": lambda patch: patch["a"] > 1,
        "Take it": lambda patch: not patch["a"],
        "no such operation": lambda patch: patch.rows.sort(),
        "extend takes a list or an array, not str": lambda patch: patch.extend("abc"),
        "not int": lambda patch: patch.extend(3),
        "not Patch": lambda patch: patch.extend(patch),
        "another Patch; a Patch has no value": lambda patch: patch.append(patch["x"]),
        "maxlen=-1 must be": lambda patch: patch.append(1, maxlen=-1),
        "maxlen=1.5 must be": lambda patch: patch.extend([1], maxlen=1.5),
        "the index must be an int": lambda patch: patch.insert("1", 2),
    }


@pytest.mark.parametrize(("says", "use"), _wrong_uses().items(), ids=_wrong_uses())
def test_wrong_use_says_so(says: str, use: Any) -> None:
    patch = Patch()
    with pytest.raises(InvalidPatch) as caught:
        use(patch)
    assert says in str(caught.value)
    assert patch.operations == ()


def test_a_patch_looks_like_nothing_else() -> None:
    patch = Patch()
    assert bool(patch)
    assert repr(patch["a"][0]) == "<Patch['a'][0]: 0 operations>"
    assert not hasattr(patch, "__array__")
    with pytest.raises(AttributeError, match=r"patch\['_x'\]"):
        _ = patch._x


@pytest.mark.parametrize("value", ["x", None, True, [1], {}])
def test_a_page_calculates_with_numbers(value: Any) -> None:
    patch = Patch()
    for calculate in (Patch.__isub__, Patch.__imul__, Patch.__itruediv__):
        with pytest.raises(InvalidPatch, match=r"Patch\['n'\] .= .*: a page calculates with numbers alone"):
            calculate(patch["n"], value)
    assert patch.operations == ()


@pytest.mark.parametrize("value", [None, True])
def test_what_cannot_be_added_is_said_where_it_is_written(value: Any) -> None:
    patch = Patch()
    with pytest.raises(InvalidPatch, match=r"Patch\['n'\] \+= .*: a page calculates with numbers alone"):
        patch["n"] += value
    assert patch.operations == ()


def test_numbers_of_other_libraries_are_numbers() -> None:
    patch = Patch()
    patch["n"] -= np.float64(1.5)
    patch["n"] += np.int32(2)
    assert [operation.name for operation in patch.operations] == ["sub", "add"]


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda patch: pickle.loads(pickle.dumps(patch))])
def test_a_copy_goes_its_own_way(again: Any) -> None:
    patch = Patch()
    patch["rows"].append({"a": 1})
    twin = again(patch["rows"])
    twin.append(2)
    assert _wire(patch) == [["append", ["rows"], {"a": 1}]]
    assert _wire(twin) == [["append", ["rows"], {"a": 1}], ["append", ["rows"], 2]]
