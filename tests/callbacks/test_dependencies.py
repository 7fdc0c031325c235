"""Input, Output and State, and what they refuse."""

from __future__ import annotations

from typing import Any

import pytest

from wscb.callbacks.dependencies import ALL, ALLSMALLER, MATCH, Dependency, Input, Output, State
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


def test_an_output_may_be_shared() -> None:
    assert Output("a", "x", allow_duplicate=True).allow_duplicate
    assert not Output("a", "x").allow_duplicate


@pytest.mark.parametrize("wildcard", [MATCH, ALL, ALLSMALLER])
@pytest.mark.parametrize("kind", [Input, Output, State])
def test_patterns_are_refused_by_name(kind: type[Dependency], wildcard: Any) -> None:
    with pytest.raises(DeclarationError, match=rf"{kind.__name__}.*uses {wildcard!r}\. Patterns .* cannot be used yet"):
        kind({"type": "row", "index": wildcard}, "value")


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
