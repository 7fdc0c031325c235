"""The controls: their props, what may be positional, and that each looks at what it is given."""

from __future__ import annotations

from typing import Any

import pytest

from wscb.components import allowed_props, dcc
from wscb.components.dcc import Control
from wscb.errors import DeclarationError, UnknownProp

ALL: list[type[Control]] = [getattr(dcc, name) for name in dcc.__all__]
SHOWN = [cls for cls in ALL if cls is not dcc.Store]


@pytest.mark.parametrize("cls", ALL)
def test_has_no_props_unless_given(cls: type[Control]) -> None:
    assert cls().to_plotly_json() == {"type": cls.__name__, "namespace": "wscb_dcc", "props": {}}


@pytest.mark.parametrize("cls", SHOWN)
def test_common_props_and_wildcards(cls: type[Control]) -> None:
    props: dict[str, Any] = {"id": "i", "className": "c", "style": {"color": "red"}, "key": 1, "data-kind": "k"}
    assert cls(**props).to_plotly_json()["props"] == props
    assert props.keys() - {"data-kind"} <= (allowed_props(cls) or set())


@pytest.mark.parametrize("cls", ALL)
def test_an_unknown_prop_or_children_are_refused(cls: type[Control]) -> None:
    with pytest.raises(UnknownProp, match=f"{cls.__name__} has no prop 'zzz'"):
        cls(zzz=1)
    with pytest.raises(UnknownProp, match=f"{cls.__name__} has no children"):
        cls(children="x")
    assert not {"self", "others", "__class__"} & (allowed_props(cls) or set())


@pytest.mark.parametrize(
    ("component", "props"),
    [
        (dcc.Input(3, "number"), {"value": 3, "type": "number"}),
        (dcc.Textarea("a"), {"value": "a"}),
        (dcc.Dropdown(["a", "b"], "a"), {"options": ["a", "b"], "value": "a"}),
        (dcc.Slider(0, 20, 5, {0: "low"}, 10), {"min": 0, "max": 20, "step": 5, "marks": {0: "low"}, "value": 10}),
        (dcc.Checklist(["a"], ["a"], True), {"options": ["a"], "value": ["a"], "inline": True}),
        (dcc.RadioItems(["a"], "a", False), {"options": ["a"], "value": "a", "inline": False}),
        (dcc.Store("s", "local", {"a": 1}), {"id": "s", "storage_type": "local", "data": {"a": 1}}),
        (dcc.Chart({"x": [1], "y": [2]}), {"data": {"x": [1], "y": [2]}}),
    ],
)
def test_the_order_of_positional_props_is_dash_s(component: Control, props: dict[str, Any]) -> None:
    assert component.to_plotly_json()["props"] == props


@pytest.mark.parametrize(
    ("component", "props"),
    [
        (dcc.Input(debounce=0.5, n_submit=0, n_blur=0), {"debounce": 0.5, "n_submit": 0, "n_blur": 0}),
        (dcc.Textarea(debounce=True, rows=3), {"debounce": True, "rows": 3}),
        (
            dcc.Dropdown({"a": "A"}, ["a"], multi=True, clearable=False),
            {"options": {"a": "A"}, "value": ["a"], "multi": True, "clearable": False},
        ),
        (
            dcc.Slider(updatemode="drag", tooltip={"always_visible": True}),
            {"updatemode": "drag", "tooltip": {"always_visible": True}},
        ),
        (dcc.Store("s", clear_data=True), {"id": "s", "clear_data": True}),
        (
            dcc.Chart(
                series=[{"key": "cpu", "scale": "pct"}],
                scales={"pct": {"unit": "%", "range": [0, 100]}},
                time=True,
                window=60,
                live=True,
                height=200,
                title="CPU",
                legend=False,
            ),
            {
                "series": [{"key": "cpu", "scale": "pct"}],
                "scales": {"pct": {"unit": "%", "range": [0, 100]}},
                "time": True,
                "window": 60,
                "live": True,
                "height": 200,
                "title": "CPU",
                "legend": False,
            },
        ),
    ],
)
def test_named_props(component: Control, props: dict[str, Any]) -> None:
    assert component.to_plotly_json()["props"] == props


@pytest.mark.parametrize(
    ("cls", "props", "why"),
    [
        (dcc.Input, {"type": "checkbox"}, r"dcc\.Checklist"),
        (dcc.Input, {"debounce": "yes"}, "debounce"),
        (dcc.Input, {"min": 5, "max": 1}, "min and max: 5 and 1"),
        (dcc.Textarea, {"debounce": -1}, "debounce"),
        (dcc.Dropdown, {"options": "abc"}, "options is a str"),
        (dcc.Dropdown, {"options": ["a"], "value": ["a"]}, "only one can be chosen"),
        (dcc.Dropdown, {"options": ["a"], "value": "a", "multi": True}, "make it a list"),
        (dcc.Slider, {"min": "0"}, "min is '0'"),
        (dcc.Slider, {"value": "5"}, "value is '5'"),
        (dcc.Slider, {"min": 100}, "min and max: 100 and 100"),
        (dcc.Slider, {"max": 0}, "min and max: 0 and 0"),
        (dcc.Slider, {"step": 0}, "step is 0"),
        (dcc.Slider, {"marks": {"low": "a"}}, "'low'"),
        (dcc.Slider, {"updatemode": "never"}, "'mouseup', 'drag'"),
        (dcc.Slider, {"tooltip": {"alwaysVisible": True}}, "always_visible"),
        (dcc.Checklist, {"options": [None]}, r"options\[0\] is None"),
        (dcc.Checklist, {"value": "a"}, "make it a list"),
        (dcc.RadioItems, {"options": [[]]}, r"options\[0\]"),
        (dcc.RadioItems, {"value": ["a"]}, "only one can be chosen"),
        (dcc.Store, {"storage_type": "cookie"}, "'memory', 'local', 'session'"),
        (dcc.Store, {"storage_type": "local"}, "needs an id"),
        (dcc.Chart, {"data": {"y": [1]}}, "no column 'x'"),
        (dcc.Chart, {"data": {"x": [1], "cpu": [1]}, "series": [{"key": "cpuu"}]}, "Did you mean 'cpu'"),
        (dcc.Chart, {"series": [{"key": "a", "scale": "b"}], "scales": {"y": {}}}, "scale 'b'"),
        (dcc.Chart, {"scales": {"y": {"range": [2, 1]}}}, r"scales\['y'\]\['range'\]"),
        (dcc.Chart, {"window": 0}, "window is 0"),
        (dcc.Chart, {"height": "240px"}, "height is '240px'"),
    ],
)
def test_what_is_wrong_is_found_when_it_is_made(cls: type[Control], props: dict[str, Any], why: str) -> None:
    with pytest.raises(DeclarationError, match=f"^{cls.__name__}: .*{why}"):
        cls(**props)


def test_a_subclass_is_what_the_page_knows() -> None:
    class Percent(dcc.Slider):
        """A user's own, with fewer parameters."""

        def __init__(self, id: str) -> None:
            super().__init__(0, 100, id=id)

    assert Percent("p") == dcc.Slider(0, 100, id="p")


@pytest.mark.parametrize(
    ("name", "says"), [("Interval", "persistent=True"), ("Graph", "dcc.Chart"), ("Chrat", "It has: Chart")]
)
def test_what_is_not_there_says_what_is(name: str, says: str) -> None:
    with pytest.raises(AttributeError, match=says):
        getattr(dcc, name)
