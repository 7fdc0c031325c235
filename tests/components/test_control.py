"""What the controls of dcc have in common: what keeps its value, and what of Dash's they pass over."""

from __future__ import annotations

from typing import Any

import pytest

from wscb.components import dcc
from wscb.components.dcc.control import UNSET, Control, keeps_anything
from wscb.errors import DashPropWarning, DeclarationError, UnknownProp

CONTROLS: list[Any] = [getattr(dcc, name) for name in dcc.__all__ if name[0].isupper()]
KEPT = {
    "Checklist": ["value"],
    "DatePickerRange": ["start_date", "end_date"],
    "DatePickerSingle": ["date"],
    "Dropdown": ["value"],
    "Input": ["value"],
    "RadioItems": ["value"],
    "RangeSlider": ["value"],
    "Slider": ["value"],
    "Tabs": ["value"],
    "Textarea": ["value"],
}
UNSEEN = [(cls, name) for cls in CONTROLS for name in sorted(cls._unseen)]


class TestPersistence:
    def test_what_a_person_sets_can_be_kept(self) -> None:
        assert {cls.__name__: list(cls._kept) for cls in CONTROLS if cls._kept} == KEPT

    @pytest.mark.parametrize("name", KEPT)
    def test_its_props_travel(self, name: str) -> None:
        props = {"id": "i", "persistence": "v1", "persisted_props": KEPT[name], "persistence_type": "session"}
        assert getattr(dcc, name)(**props).to_plotly_json()["props"] == props

    @pytest.mark.parametrize("cls", [cls for cls in CONTROLS if not cls._kept])
    def test_others_have_nothing_to_keep(self, cls: type[Control]) -> None:
        with pytest.raises(UnknownProp, match=rf"{cls.__name__} has no prop 'persistence' as in Dash: .*dcc\.Store"):
            cls(persistence=True)

    @pytest.mark.parametrize(
        ("props", "why"),
        [
            ({"persistence": ["a"]}, r"persistence is \['a'\], but it has to be True, False, text or a number"),
            ({"persistence_type": "ever"}, "persistence_type is 'ever', but it can only be 'local'"),
            ({"persisted_props": "value"}, r"persisted_props is 'value', but it has to be a list of props"),
            ({"persisted_props": ["date"]}, "a prop of persisted_props is 'date', but it can only be 'value'"),
        ],
    )
    def test_what_is_wrong_is_said(self, props: dict[str, Any], why: str) -> None:
        with pytest.raises(DeclarationError, match=f"^Input: {why}"):
            dcc.Input(id="i", **props)
        field: Any = dcc.Input(id="i")
        [(name, value)] = props.items()
        with pytest.raises(DeclarationError, match=f"^Input: {why}"):
            setattr(field, name, value)

    def test_without_an_id_nothing_is_kept(self) -> None:
        with pytest.warns(DashPropWarning, match="^Input: persistence=True keeps nothing: there is no id") as told:
            dcc.Input(persistence=True)
        assert told[0].filename == __file__
        dcc.Input(persistence=False)

    def test_that_there_is_one_is_known(self) -> None:
        dcc.Input(id="i", persistence=False)
        assert not keeps_anything()
        dcc.Input(id="i", persistence="v1")
        assert keeps_anything()


class TestWhatOnlyLooksOtherwise:
    @pytest.mark.parametrize(("cls", "name"), UNSEEN)
    def test_is_told_and_passed_over(self, cls: Any, name: str) -> None:
        with pytest.warns(DashPropWarning, match=rf"^{cls.__name__}: {name}=3 does nothing, unlike in Dash: ") as told:
            made = cls(id="i", **{name: 3})
        assert (made, told[0].filename) == (cls(id="i"), __file__)

    def test_as_an_attribute_too(self) -> None:
        slider: Any = dcc.Slider()
        with pytest.warns(DashPropWarning, match="^Slider: vertical=True does nothing") as told:
            slider.vertical = True
        assert (slider.vertical, slider, told[0].filename) == (None, dcc.Slider(), __file__)

    def test_in_a_class_of_the_user_s(self) -> None:
        class Level(dcc.Slider):
            def __init__(self) -> None:
                super().__init__(vertical=True)  # type: ignore[call-arg]

        with pytest.warns(DashPropWarning, match="^Level: vertical=True") as told:
            Level()
        assert told[0].filename == __file__

    def test_none_is_nothing(self) -> None:
        assert dcc.Slider(vertical=None) == dcc.Slider()  # type: ignore[call-arg]


class TestNone:
    """Of a slider's step and marks it says something: not what it says when nothing was given."""

    @pytest.mark.parametrize("cls", [dcc.Slider, dcc.RangeSlider])
    def test_travels(self, cls: Any) -> None:
        assert cls(0, 10, None, None).to_plotly_json()["props"] == {"min": 0, "max": 10, "step": None, "marks": None}
        made = cls(0, 10)
        assert (made.to_plotly_json()["props"], made.step, made.marks) == ({"min": 0, "max": 10}, None, None)
        made.step = made.title = None
        assert made.to_plotly_json()["props"] == {"min": 0, "max": 10, "step": None}

    def test_the_default_is_named(self) -> None:
        assert repr(UNSET) == "UNSET"
