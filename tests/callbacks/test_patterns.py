"""Which ids a pattern stands for, which instances of a callback a page has, and which calls no page can have made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from wscb.callbacks.dependencies import ALL, ALLSMALLER, MATCH, Input, Output, State
from wscb.callbacks.patterns import bind, instances, overlap, parse_id, smaller

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "patterns.json").read_text("utf-8"))
WILDCARDS = {"MATCH": MATCH, "ALL": ALL, "ALLSMALLER": ALLSMALLER}


def read(id: Any) -> Any:
    """An id of the page data as Python writes it."""
    if isinstance(id, str):
        return parse_id(id) or id
    return {key: WILDCARDS[value[0]] if isinstance(value, list) else value for key, value in id.items()}


def names(part: str) -> list[str]:
    return [case["name"] for case in VECTORS[part]]


@pytest.mark.parametrize("case", VECTORS["match"], ids=names("match"))
def test_what_a_pattern_stands_for(case: dict[str, Any]) -> None:
    id = parse_id(case["id"])
    found = None if id is None else bind(Input(read(case["pattern"]), "x"), id)
    assert repr(found) == repr(case["bindings"])  # true is not 1


@pytest.mark.parametrize("case", VECTORS["instances"], ids=names("instances"))
def test_which_instances_a_page_has(case: dict[str, Any]) -> None:
    spec = case["spec"]
    outputs = [Output(read(id), prop) for id, prop in spec["outputs"]]
    inputs = [Input(read(id), prop) for id, prop in spec["inputs"]]
    state = [State(read(id), prop) for id, prop in spec["state"]]
    assert [[one.spec for one in side] for side in (outputs, inputs, state)] == list(spec.values())
    wanted = [tuple(instance.values()) for instance in case["instances"]]
    assert instances(outputs, inputs, state, case["ids"]) == wanted


def test_a_match_binds_the_same_value_in_every_id() -> None:
    """Said by hand, since the vectors were written by what they test."""
    found = instances(
        [Output({"out": MATCH}, "x")],
        [Input({"row": ALL}, "x")],
        [State({"out": ALLSMALLER}, "x"), State("plain", "x")],
        ['{"row":2}', '{"out":2}', "plain", '{"row":1}', '{"out":"1"}', '{"out":true}'],
    )
    rows = ['{"row":2}', '{"row":1}']
    assert found == [
        (['{"out":2}'], [rows], [['{"out":"1"}'], None]),
        (['{"out":"1"}'], [rows], [[], None]),
        (['{"out":true}'], [rows], [['{"out":2}', '{"out":"1"}'], None]),
    ]


@pytest.mark.parametrize(
    "text",
    ["", "row", "[1]", "{", "{}", '{"i":1', '{"i": 1}', '{"b":1,"a":1}', '{"a":1,"a":1}', '{"a":null}', '{"a":[1]}',
     '{"a":1.0}', '{"a":NaN}', '{"a":-0}', '{"a":"\\u0061"}', '{"a":' * 2000],
)  # fmt: skip
def test_what_no_id_has_as_its_text(text: str) -> None:
    assert parse_id(text) is None


def test_an_id_is_read_from_its_text() -> None:
    assert parse_id('{"a":"ä","b":true,"c":0.5}') == {"a": "ä", "b": True, "c": 0.5}


def test_smaller_is_an_order_over_all_values() -> None:
    order = [-1, "0", 0.5, "1", 9, "1e1", False, True, "", "10x", "9x", "a", "😀", "\uffff"]
    assert [[smaller(one, other) for other in order] for one in order] == [
        [one < other for other in range(len(order))] for one in range(len(order))
    ]
    assert not smaller(1, "1")
    assert not smaller("1", 1)


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        ("a", "a", True),
        ("a", "b", False),
        ("a", {"i": ALL}, False),
        ({"i": 1}, {"i": 1.0}, True),
        ({"i": 1}, {"i": "1"}, False),
        ({"i": 1}, {"i": True}, False),
        ({"i": 1}, {"i": MATCH}, True),
        ({"i": ALL}, {"i": MATCH}, True),
        ({"i": ALL, "t": "a"}, {"i": 1, "t": ALL}, True),
        ({"i": ALL, "t": "a"}, {"i": ALL, "t": "b"}, False),
        ({"i": ALL}, {"j": ALL}, False),
        ({"i": ALL}, {"i": ALL, "j": ALL}, False),
    ],
)
def test_overlapping(one: Any, other: Any, wanted: bool) -> None:
    assert overlap(Input(one, "x"), Output(other, "x")) is wanted
    assert overlap(Output(other, "x"), Input(one, "x")) is wanted
    assert not overlap(Input(one, "x"), Output(other, "y"))


def test_a_fixed_id_is_no_pattern() -> None:
    assert bind(Input("a", "x"), {"i": 1}) is None
    assert bind(Input({"i": 1}, "x"), {"i": 1}) == {}
