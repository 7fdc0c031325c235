"""Element: any custom element, and nothing that would be script."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

from wscb.components import Element, html
from wscb.errors import DeclarationError, UnknownProp

RATING = Element("sl-rating", id="r", value=3, events={"sl-change": "value"})


def test_the_type_is_the_tag() -> None:
    assert RATING.to_plotly_json() == {
        "type": "sl-rating",
        "namespace": "wscb_element",
        "props": {"id": "r", "value": 3, "events": {"sl-change": "value"}},
    }


def test_has_children_and_any_prop() -> None:
    card = Element("sl-card", [html.B("x")], anythingAtAll=1, slot="header")
    card.other = [1]
    assert card.children == [html.B("x")]
    assert (card.anythingAtAll, card.other, card.neverSet) == (1, [1], None)


def test_the_events_are_its_own() -> None:
    events = {"a-change": "value"}
    element = Element("x-y", events=events)
    events["b"] = "c"
    assert element.events == {"a-change": "value"}


def test_repr_and_equality() -> None:
    assert repr(RATING) == "Element('sl-rating', id='r', events={'sl-change': 'value'}, value=3)"
    assert repr(Element("x-y")) == "Element('x-y')"
    assert eval(repr(RATING)) == RATING
    assert Element("x-y") != Element("x-z")


def test_copies_and_pickles() -> None:
    for twin in (copy.copy(RATING), copy.deepcopy(RATING), pickle.loads(pickle.dumps(RATING))):
        assert twin == RATING
        twin.value = 5
        assert RATING.value == 3


@pytest.mark.parametrize("tag", ["div", "Sl-rating", "-a", "1-a", "", "a-b c", "a-<", "font-face", None, html.Div])
def test_the_tag_is_a_custom_element_s(tag: Any) -> None:
    with pytest.raises(DeclarationError, match=r"has a hyphen.*wscb\.html"):
        Element(tag)


@pytest.mark.parametrize(
    "prop",
    ["onclick", "onClick", "innerHTML", "outerHTML", "innerText", "textContent", "srcdoc", "srcDoc", "__proto__", "_x"],
)
def test_what_could_be_script_is_refused(prop: str) -> None:
    with pytest.raises(UnknownProp, match=f"Element cannot have the prop '{prop}'"):
        Element("x-y", None, **{prop: "alert(1)"})  # type: ignore[arg-type]
    with pytest.raises(UnknownProp, match=prop):
        Element("x-y", events={"change": prop})


@pytest.mark.parametrize("prop", ["onclick", "innerHTML"])
def test_nor_can_it_be_set_or_read_later(prop: str) -> None:
    element = Element("x-y")
    with pytest.raises(UnknownProp, match=prop):
        setattr(element, prop, "alert(1)")
    with pytest.raises(AttributeError, match=prop):
        getattr(element, prop)


def test_detail_is_the_event_s_own() -> None:
    assert Element("x-y", events={"moved": "detail"}).events == {"moved": "detail"}


@pytest.mark.parametrize("events", [{"": "value"}, {1: "value"}, {"change": None}])
def test_events_map_names_to_names(events: Any) -> None:
    with pytest.raises(DeclarationError, match=r"Element\('x-y'\): events maps"):
        Element("x-y", events=events)
