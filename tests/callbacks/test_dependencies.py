"""Input, Output and State, and what they refuse."""

from __future__ import annotations

import json
from typing import Any

import pytest

from wscb.callbacks.dependencies import ALL, ALLSMALLER, MATCH, Input, Output, State
from wscb.components import html
from wscb.errors import DeclarationError


def test_a_string_id_is_its_own_text() -> None:
    assert Input("run", "n_clicks").key == ("run", "n_clicks")


def test_a_dict_id_becomes_text_whatever_the_order_of_its_keys() -> None:
    one, other = State({"type": "row", "index": 3}, "value"), State({"index": 3, "type": "row"}, "value")
    assert one.key == other.key == ('{"index":3,"type":"row"}', "value")
    assert one.component_id == {"type": "row", "index": 3}


def test_it_reads_as_the_prop_and_prints_as_it_is_written() -> None:
    assert str(Input("a", "value")) == "a.value"
    assert repr(Output("a", "value")) == "Output('a', 'value')"


def test_two_are_equal_when_they_name_the_same_prop() -> None:
    assert Input("a", "x") == Output("a", "x")
    assert hash(Input("a", "x")) == hash(State("a", "x"))
    assert Input("a", "x") != Input("a", "y")
    assert Input("a", "x") != Input("b", "x")
    assert Input("a", "x") != ("a", "x")


def test_a_component_stands_for_its_id() -> None:
    assert Input(html.Button(id="run"), "n_clicks").key == ("run", "n_clicks")
    assert State(html.Button(id={"i": 1}), "n_clicks").key == ('{"i":1}', "n_clicks")


def test_a_component_without_an_id_is_given_one() -> None:
    one, other = html.Button("one"), html.Button("other")
    input, again, output = Input(one, "n_clicks"), Output(one, "children"), Output(other, "children", True)
    assert one.id == input.component_id == again.component_id
    assert other.id == output.component_id != one.id
    assert str(one.id).startswith("_Button-")


def test_an_output_may_be_shared() -> None:
    assert Output("a", "x", allow_duplicate=True).allow_duplicate
    assert not Output("a", "x").allow_duplicate


def test_a_pattern_is_written_with_its_wildcards_as_lists() -> None:
    pattern = Input({"type": "rów", "index": MATCH, "b": True, "n": 2.0, "all": ALL, "less": ALLSMALLER}, "value")
    text = '{"all":["ALL"],"b":true,"index":["MATCH"],"less":["ALLSMALLER"],"n":2,"type":"rów"}'
    assert pattern.key == (text, "value")
    assert str(pattern) == f"{text}.value"
    assert pattern.spec == [json.loads(text), "value"]
    assert pattern.wildcards == {"index": MATCH, "all": ALL, "less": ALLSMALLER}
    assert repr(Input({"i": MATCH}, "x")) == "Input({'i': MATCH}, 'x')"


def test_a_fixed_id_is_named_by_its_text() -> None:
    assert Input("a", "x").spec == ["a", "x"]
    assert Input({"i": 1}, "x").spec == ['{"i":1}', "x"]
    assert Input({"i": 1}, "x").wildcards == Input("a", "x").wildcards == {}


@pytest.mark.parametrize(
    ("id", "many"),
    [("a", False), ({"i": 1}, False), ({"i": MATCH}, False), ({"i": ALL}, True), ({"i": MATCH, "j": ALLSMALLER}, True)],
)
def test_it_stands_for_many_when_it_has_all_or_allsmaller(id: Any, many: bool) -> None:
    assert State(id, "value").many is many


@pytest.mark.parametrize("id", [{"i": MATCH, 1: 2}, {"i": ALL, "n": None}, {"i": ALL, "n": [1]}, {"i": ALL, "n": {}}])
def test_what_is_beside_a_wildcard_is_as_in_any_id(id: Any) -> None:
    with pytest.raises(DeclarationError, match="the keys of a dict id are strings, its values are strings, numbers or"):
        Input(id, "value")


@pytest.mark.parametrize("id", [None, 3, object(), ["a"]])
def test_an_id_of_another_type_is_refused_with_what_to_write(id: Any) -> None:
    with pytest.raises(DeclarationError, match=r'Input takes the id.*Write Input\("my-id", "children"\)'):
        Input(id, "value")


@pytest.mark.parametrize("prop", ["", "a.b", None, 3])
def test_a_prop_is_a_name(prop: Any) -> None:
    with pytest.raises(DeclarationError, match=r"State\('a', .*second argument is the name of a prop"):
        State("a", prop)


def test_an_id_with_a_dot_is_refused() -> None:
    with pytest.raises(DeclarationError, match=r"'a\.b'"):
        Input("a.b", "value")
