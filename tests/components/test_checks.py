"""What is right passes, what is wrong says what, where, and what it can be."""

from __future__ import annotations

import array
import datetime
import math
from typing import Any

import numpy as np
import pytest

from wscb.components import checks
from wscb.errors import DeclarationError

NAN = math.nan


class TestWords:
    def test_one_of(self) -> None:
        checks.one_of("Box", "side", None, ("left", "right"))
        checks.one_of("Box", "side", "left", ("left", "right"))

    def test_another_word(self) -> None:
        with pytest.raises(DeclarationError, match=r"^Box: side is 'up', but it can only be 'left', 'right'\.$"):
            checks.one_of("Box", "side", "up", ("left", "right"))
        with pytest.raises(DeclarationError, match=r"'left', 'right'\. See Pole\.$"):
            checks.one_of("Box", "side", "up", ("left", "right"), "See Pole.")

    def test_known_keys(self) -> None:
        given = {"a": 1}
        assert checks.known_keys("Box", "it", given, frozenset({"a", "b"})) is given

    @pytest.mark.parametrize(
        ("given", "why"),
        [
            ({"labell": 1}, "it has no key 'labell'. Did you mean 'label'"),
            ({3: 1}, r"it has no key 3. It has: \['label'\]"),
            (["label"], r"it is \['label'\], but it has to be a dict"),
        ],
    )
    def test_unknown_keys(self, given: Any, why: str) -> None:
        with pytest.raises(DeclarationError, match=f"^Box: {why}"):
            checks.known_keys("Box", "it", given, frozenset({"label"}))


class TestNumbers:
    @pytest.mark.parametrize("value", [None, 1, 0.001, 10**12])
    def test_positive(self, value: Any) -> None:
        checks.positive("Box", "size", value)

    @pytest.mark.parametrize("value", [0, -1, NAN, math.inf, True, "1", [1]])
    def test_not_positive(self, value: Any) -> None:
        with pytest.raises(DeclarationError, match=r"^Box: size is .*, but it has to be a number above 0"):
            checks.positive("Box", "size", value)

    @pytest.mark.parametrize(("low", "high"), [(0, 1), (None, 1), (1, None), ("2026-01-01", "2025-01-01"), (-1.5, 0)])
    def test_bounds(self, low: Any, high: Any) -> None:
        checks.bounds("Box", low, high)

    @pytest.mark.parametrize(("low", "high"), [(1, 1), (2, 1)])
    def test_bounds_that_leave_nothing(self, low: Any, high: Any) -> None:
        with pytest.raises(DeclarationError, match=f"^Box: min and max: {low} and {high}, but the first"):
            checks.bounds("Box", low, high)
        with pytest.raises(DeclarationError, match=r"^Box: the range: "):
            checks.bounds("Box", low, high, where="the range")

    def test_numbers(self) -> None:
        checks.numbers("Box", a=1, b=None, c=-2.5, d=np.int64(1), e=np.float32(0.5))

    @pytest.mark.parametrize("value", ["1", True, NAN, [], np.float32("nan"), np.bool_(True)])
    def test_not_numbers(self, value: Any) -> None:
        with pytest.raises(DeclarationError, match=r"^Box: b is .*, but it has to be a number\.$"):
            checks.numbers("Box", a=1, b=value)

    @pytest.mark.parametrize("value", [None, True, False, 0, 0.3, 2])
    def test_debounce(self, value: Any) -> None:
        checks.debounce("Box", value)

    @pytest.mark.parametrize("value", [-1, NAN, math.inf, "1", []])
    def test_not_a_debounce(self, value: Any) -> None:
        with pytest.raises(DeclarationError, match=r"^Box: debounce is .*seconds to wait"):
            checks.debounce("Box", value)


class TestOptions:
    @pytest.mark.parametrize(
        "given",
        [
            None,
            [],
            ["a", 1, 2.5, True],
            ("a", "b"),
            [np.int64(1), np.float32(2), np.str_("a")],
            np.array([1, 2]),
            np.array(["a", "b"]),
            {"a": "A", "b": 2},
            [{"value": "a"}, {"label": "B", "value": 2, "disabled": True, "title": "t"}, "c"],
        ],
    )
    def test_the_three_shapes(self, given: Any) -> None:
        checks.options("Box", given)

    @pytest.mark.parametrize(
        ("given", "why"),
        [
            ("abc", "options is a str, but options are a list of values"),
            ({"a", "b"}, "options is a set"),
            (np.zeros((2, 2)), r"options is a ndarray, .*\.tolist\(\)"),
            ({1: "a"}, "the key 1, but keys become text: use a list of dicts"),
            ({"a": []}, r"the label of options\['a'\] is \[\]"),
            ([None], r"options\[0\] is None, but options are"),
            (["a", ["b"]], r"options\[1\] is \['b'\]"),
            ([datetime.date(2026, 1, 1)], r"options\[0\] is datetime"),
            ([np.array([1])], r"options\[0\] is array"),
            ([{"label": "A"}], r"options\[0\] has no 'value'"),
            ([{"label": "A", "value": None}], r"the value of options\[0\] is None"),
            ([{"label": ["A"], "value": 1}], r"the label of options\[0\] is \['A'\]"),
            ([{"value": 1, "lable": "A"}], r"options\[0\] has no key 'lable'\. Did you mean 'label'"),
        ],
    )
    def test_other_shapes(self, given: Any, why: str) -> None:
        with pytest.raises(DeclarationError, match=f"^Box: .*{why}"):
            checks.options("Box", given)

    @pytest.mark.parametrize(
        ("value", "several"),
        [
            (None, True),
            (None, False),
            ([], True),
            (("a",), True),
            (np.array([1]), True),
            ("a", False),
            (0, False),
        ],
    )
    def test_chosen(self, value: Any, several: bool) -> None:
        checks.chosen("Box", value, several=several)

    @pytest.mark.parametrize("value", ["a", 0, {"a": 1}])
    def test_one_where_several_are(self, value: Any) -> None:
        with pytest.raises(DeclarationError, match=r"^Box: value is .*make it a list"):
            checks.chosen("Box", value, several=True)

    @pytest.mark.parametrize("value", [["a"], (), {"label": "A", "value": "a"}])
    def test_several_where_one_is(self, value: Any) -> None:
        with pytest.raises(DeclarationError, match=r"^Box: value is .*only one can be chosen"):
            checks.chosen("Box", value, several=False)


class TestStoredById:
    @pytest.mark.parametrize(("storage", "id"), [(None, None), ("memory", None), ("local", "a"), ("session", {"a": 1})])
    def test_enough(self, storage: Any, id: Any) -> None:
        checks.stored_by_id("Box", storage, id)

    @pytest.mark.parametrize("storage", ["local", "session"])
    def test_without_an_id(self, storage: str) -> None:
        with pytest.raises(DeclarationError, match=f"^Box: storage_type '{storage}' needs an id"):
            checks.stored_by_id("Box", storage, None)


class TestSlider:
    @pytest.mark.parametrize("given", [None, {}, {0: "a", 2.5: 3}, {"10": {"label": "x", "style": {"color": "red"}}}])
    def test_marks(self, given: Any) -> None:
        checks.marks("Box", given)

    @pytest.mark.parametrize(
        ("given", "why"),
        [
            ([1, 2], "has to be a dict of number to label"),
            ({"low": "a"}, "the key 'low', but the keys are numbers"),
            ({None: "a"}, "the key None"),
            ({0: ["a"]}, r"the label of marks\[0\] is \['a'\]"),
            ({0: {"label": None}}, r"the label of marks\[0\] is None"),
            ({0: {"style": {}}}, r"the label of marks\[0\] is None"),
            ({0: {"text": "a"}}, r"marks\[0\] has no key 'text'"),
        ],
    )
    def test_other_marks(self, given: Any, why: str) -> None:
        with pytest.raises(DeclarationError, match=f"^Box: .*{why}"):
            checks.marks("Box", given)

    @pytest.mark.parametrize("given", [None, {}, {"always_visible": True, "placement": "top", "template": "{value} K"}])
    def test_tooltip(self, given: Any) -> None:
        checks.tooltip("Box", given)

    @pytest.mark.parametrize(
        ("given", "why"),
        [
            (True, "tooltip is True, but it has to be a dict"),
            ({"placment": "top"}, "Did you mean 'placement'"),
            ({"placement": "left"}, "'top', 'bottom'"),
        ],
    )
    def test_other_tooltips(self, given: Any, why: str) -> None:
        with pytest.raises(DeclarationError, match=f"^Box: .*{why}"):
            checks.tooltip("Box", given)


class TestChart:
    @pytest.mark.parametrize(
        "data",
        [
            None,
            {"x": []},
            {"x": [1.5, 2], "y": (1, None)},
            {"x": np.arange(3.0), "y": array.array("d", [1, 2, 3]), "z": [1, 2, 3]},
        ],
    )
    def test_columns(self, data: Any) -> None:
        checks.columns("Box", data)

    @pytest.mark.parametrize(
        ("data", "why"),
        [
            ([[1], [2]], "data is a list, but it has to be a dict"),
            ({"cpu": [1]}, r"data has no column 'x'. It has: \['cpu'\]"),
            ({"x": [1, 2], "y": [1]}, r"different lengths: \{'x': 2, 'y': 1\}"),
            ({"x": "abc"}, r"data\['x'\] is a str"),
            ({"x": b"abc"}, r"data\['x'\] is a bytes"),
            ({"x": [], "y": {}}, r"data\['y'\] is a dict"),
            ({"x": 5}, r"data\['x'\] is a int"),
            ({"x": iter([1])}, r"data\['x'\] is a list_iterator"),
            ({"x": np.zeros((2, 2))}, r"data\['x'\] has 2 dimensions"),
            ({"x": [datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)]}, r"data\['x'\] has dates, .*timestamp\(\)"),
            ({"x": np.array(["2026-01-01"], dtype="datetime64[s]")}, r"data\['x'\] has dates"),
        ],
    )
    def test_other_columns(self, data: Any, why: str) -> None:
        with pytest.raises(DeclarationError, match=f"^Box: .*{why}"):
            checks.columns("Box", data)

    @pytest.mark.parametrize(
        ("series", "data", "scales"),
        [
            (None, None, None),
            ([], {"x": []}, {}),
            ([{"key": "a"}, {"key": "a", "scale": "mem"}], None, None),
            ([{"key": "a", "scale": "y"}], {"x": [], "a": []}, {}),
            (
                (
                    {
                        "key": "a",
                        "label": "A",
                        "color": "red",
                        "scale": "mem",
                        "fill": "blue",
                        "width": 2,
                        "dash": [4, 2],
                    },
                ),
                None,
                {"mem": {}},
            ),
        ],
    )
    def test_series(self, series: Any, data: Any, scales: Any) -> None:
        checks.series("Box", series, data, scales)

    @pytest.mark.parametrize(
        ("series", "why"),
        [
            ({"key": "a"}, "series is .*has to be a list of dicts"),
            (["a"], r"series\[0\] is 'a', but it has to be a dict"),
            ([{"key": "a"}, {"label": "A"}], r"series\[1\] has no 'key'"),
            ([{"key": 5}], r"series\[0\] has no 'key'"),
            ([{"key": "a", "colour": "red"}], r"Did you mean 'color'"),
            ([{"key": "cpuu"}], r"series\[0\] shows 'cpuu', but data has \['x', 'a', 'cpu'\]\. Did you mean 'cpu'"),
            ([{"key": "zzzz"}], r"shows 'zzzz', but data has \['x', 'a', 'cpu'\]\.$"),
            ([{"key": "a", "scale": "men"}], r"series\[0\] is on the scale 'men', but scales has \['mem'\]"),
            ([{"key": "a", "width": 0}], r"series\[0\]\['width'\] is 0"),
        ],
    )
    def test_other_series(self, series: Any, why: str) -> None:
        with pytest.raises(DeclarationError, match=f"^Box: .*{why}"):
            checks.series("Box", series, {"x": [], "a": [], "cpu": []}, {"mem": {}})

    @pytest.mark.parametrize(
        "given",
        [
            None,
            {},
            {"y": {}},
            {
                "y": {"label": "CPU", "unit": "%", "range": [0, 100], "side": "left"},
                "mem": {"range": (None, 5), "side": "right"},
            },
            {"y": {"range": None}},
            {"y": {"range": [0, None]}},
        ],
    )
    def test_scales(self, given: Any) -> None:
        checks.scales("Box", given)

    @pytest.mark.parametrize(
        ("given", "why"),
        [
            (["y"], "scales is .*has to be a dict"),
            ({"y": "%"}, r"scales\['y'\] is '%', but it has to be a dict"),
            ({"y": {"units": "%"}}, "Did you mean 'unit'"),
            ({"y": {"side": "top"}}, "'left', 'right'"),
            ({"y": {"range": 5}}, r"scales\['y'\]\['range'\] is 5, but it has to be \[min, max\]"),
            ({"y": {"range": [1]}}, r"has to be \[min, max\]"),
            ({"y": {"range": ["0", "1"]}}, r"has to be \[min, max\]"),
            ({"y": {"range": [1, 0]}}, r"scales\['y'\]\['range'\]: 1 and 0"),
        ],
    )
    def test_other_scales(self, given: Any, why: str) -> None:
        with pytest.raises(DeclarationError, match=f"^Box: .*{why}"):
            checks.scales("Box", given)
