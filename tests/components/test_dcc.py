"""The controls: their props, what may be positional, and that each looks at what it is given."""

from __future__ import annotations

import datetime
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wscb.components import allowed_props, dcc
from wscb.components.dcc import figures
from wscb.components.dcc.control import Control
from wscb.errors import DeclarationError, UnknownProp

ALL: list[type[Control]] = [getattr(dcc, name) for name in dcc.__all__ if name[0].isupper()]
SHOWN = [cls for cls in ALL if cls._seen]
EMPTY = [cls for cls in ALL if "children" not in cls._props]


@pytest.mark.parametrize("cls", ALL)
def test_has_no_props_unless_given(cls: type[Control]) -> None:
    assert cls().to_plotly_json() == {"type": cls.__name__, "namespace": "wscb_dcc", "props": {}}


@pytest.mark.parametrize("cls", SHOWN)
def test_common_props_and_wildcards(cls: type[Control]) -> None:
    props: dict[str, Any] = {"id": "i", "className": "c", "style": {"color": "red"}, "key": 1, "data-kind": "k"}
    assert cls(**props).to_plotly_json()["props"] == props
    assert props.keys() - {"data-kind"} <= (allowed_props(cls) or set())


@pytest.mark.parametrize("cls", ALL)
def test_an_unknown_prop_is_refused(cls: type[Control]) -> None:
    with pytest.raises(UnknownProp, match=f"{cls.__name__} has no prop 'zzz'"):
        cls(zzz=1)


@pytest.mark.parametrize("cls", EMPTY)
def test_children_are_refused_where_there_is_no_place_for_them(cls: type[Control]) -> None:
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
        (dcc.Location("l", "/a", "?b", "#c"), {"id": "l", "pathname": "/a", "search": "?b", "hash": "#c"}),
        (dcc.Link("go", "/a", "_blank", True), {"children": "go", "href": "/a", "target": "_blank", "refresh": True}),
        (
            dcc.Interval("i", 500, True, 0, 3),
            {"id": "i", "interval": 500, "disabled": True, "n_intervals": 0, "max_intervals": 3},
        ),
        (dcc.Tab("text", "One", "one", False), {"children": "text", "label": "One", "value": "one", "disabled": False}),
        (dcc.RangeSlider(0, 9, 1, {}, [2, 3]), {"min": 0, "max": 9, "step": 1, "marks": {}, "value": [2, 3]}),
        (dcc.DatePickerSingle("2026-11-22"), {"date": "2026-11-22"}),
        (
            dcc.DatePickerRange("2026-11-22", "2026-11-23", 1),
            {"start_date": "2026-11-22", "end_date": "2026-11-23", "minimum_nights": 1},
        ),
        (dcc.Markdown("# a"), {"children": "# a"}),
        (dcc.Upload("Drop"), {"children": "Drop"}),
        (dcc.Download("d"), {"id": "d"}),
        (dcc.Loading("x", "dot"), {"children": "x", "type": "dot"}),
        (dcc.ConfirmDialog("c", "Sure?"), {"id": "c", "message": "Sure?"}),
        (dcc.ConfirmDialogProvider("x", "c", "Sure?"), {"children": "x", "id": "c", "message": "Sure?"}),
        (dcc.Clipboard("Copy", target_id={"b": 1, "a": 2}), {"children": "Copy", "target_id": '{"a":2,"b":1}'}),
        (dcc.Tooltip("x"), {"children": "x"}),
        (dcc.Graph("g", True), {"id": "g", "responsive": True}),
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
        (dcc.Location, {"refresh": "callback"}, "True, False or 'callback-nav'"),
        (dcc.Link, {"href": 1}, "href is 1"),
        (dcc.Interval, {"interval": 0}, "interval is 0"),
        (dcc.Interval, {"max_intervals": "3"}, "max_intervals is '3'"),
        (dcc.Tabs, {"children": "text"}, r"children\[0\] is 'text', but the children are dcc\.Tab"),
        (dcc.Tabs, {"children": [dcc.Tab(value="a"), dcc.Tab(value="a")]}, "two tabs have the value 'a'"),
        (dcc.Tabs, {"colors": {"primry": "red"}}, "Did you mean 'primary'"),
        (dcc.Tabs, {"content_style": "color: red"}, "content_style is"),
        (dcc.Tab, {"label": dcc.Tab()}, "label is"),
        (dcc.RangeSlider, {"value": 5}, r"\[low, high\]"),
        (dcc.RangeSlider, {"value": [5, 4]}, "has to be the lower one"),
        (dcc.Slider, {"min": 5, "max": 5}, "has to be the lower one"),
        (dcc.Slider, {"max": 5, "marks": {6: "a", 10: "b"}}, "min and max: 6.0 and 5, but the first has to be the low"),
        (dcc.RangeSlider, {"min": 5, "max": 4}, "min and max"),
        (dcc.DatePickerSingle, {"date": "22.11.2026"}, "'2026-11-22'"),
        (dcc.DatePickerSingle, {"date": "2026-02-30"}, "date is '2026-02-30'"),
        (
            dcc.DatePickerSingle,
            {"min_date_allowed": "2026-02-02", "max_date_allowed": "2026-02-01"},
            "min_date_allowed and max_date_allowed",
        ),
        (dcc.DatePickerSingle, {"disabled_days": "2026-02-02"}, "a list of days"),
        (dcc.DatePickerSingle, {"disabled_days": ["monday"]}, r"disabled_days\[0\]"),
        (dcc.DatePickerRange, {"start_date": "2026-02-02", "end_date": "2026-02-01"}, "start_date and end_date"),
        (dcc.DatePickerRange, {"updatemode": "never"}, "'singledate', 'bothdates'"),
        (dcc.DatePickerRange, {"minimum_nights": "1"}, "minimum_nights is '1'"),
        (dcc.Markdown, {"children": ["a", 1]}, "a list of texts"),
        (dcc.Markdown, {"dangerously_allow_html": True}, "dangerously_allow_html=True is not done: .*wscb.html"),
        (dcc.Markdown, {"mathjax": True}, "not typeset"),
        (dcc.Upload, {"max_size": "1 MB"}, "max_size is '1 MB'"),
        (dcc.Upload, {"style_active": "x"}, "style_active is 'x'"),
        (dcc.Download, {"data": {"content": b"x", "filename": "x"}}, "dcc.send_bytes"),
        (dcc.Download, {"data": {"content": "x"}}, r"data\['filename'\] is None"),
        (dcc.Download, {"data": "x"}, "has to be a dict"),
        (dcc.Loading, {"type": "wheel"}, "'default', 'circle'"),
        (dcc.Loading, {"show_initially": True}, "not before"),
        (dcc.Loading, {"target_components": ["a"]}, "a dict of id to prop"),
        (dcc.Loading, {"target_components": {"a": 1}}, "a list of props"),
        (dcc.ConfirmDialog, {"message": 1}, "message is 1"),
        (dcc.ConfirmDialogProvider, {"message": 1}, "message is 1"),
        (dcc.Clipboard, {"content": 1}, "content is 1"),
        (dcc.Tooltip, {"bbox": {"x0": 1}}, "x0, y0, x1 and y1"),
        (dcc.Tooltip, {"bbox": 1}, "x0, y0, x1 and y1"),
        (dcc.Tooltip, {"direction": "up"}, "'top', 'right'"),
        (dcc.Graph, {"figure": {"dta": []}}, "Did you mean 'data'"),
        (dcc.Graph, {"figure": {"data": {}}}, "a list of traces"),
        (dcc.Graph, {"figure": [1]}, "has to be a dict"),
        (dcc.Graph, {"responsive": "yes"}, "True, False or 'auto'"),
        (dcc.Graph, {"extendData": [1, 2]}, "extendData is"),
        (dcc.Graph, {"mathjax": True}, "not typeset"),
    ],
)
def test_what_is_wrong_is_found_when_it_is_made(cls: type[Control], props: dict[str, Any], why: str) -> None:
    with pytest.raises(DeclarationError, match=f"^{cls.__name__}: .*{why}"):
        cls(**props)


def test_columns_and_numbers_out_of_them_are_python_s_own() -> None:
    years = np.array([1952, 2007])
    slider = dcc.Slider(years.min(), years.max(), value=years.max())
    choice = dcc.Dropdown(years, years[:1], multi=True)
    assert [slider.min, slider.max, slider.value] == [1952, 2007, 2007]
    assert (choice.options, choice.value) == ([1952, 2007], [1952])
    assert {type(slider.min), type(choice.options), type(choice.value[0])} == {int, list}
    assert dcc.RangeSlider(value=years).value == [1952, 2007]


@pytest.mark.parametrize("slider", [dcc.Slider, dcc.RangeSlider])
def test_a_scale_may_be_told_by_its_marks_alone(slider: Any) -> None:
    for given in (
        {},
        {"min": 3},
        {"max": 5},
        {"marks": {5: "a"}},
        {"marks": {-5: "a", 20: "b"}},
        {"min": 30, "marks": {2: "a"}},
    ):
        slider(**given)


def test_a_subclass_is_what_the_page_knows() -> None:
    class Percent(dcc.Slider):
        """A user's own, with fewer parameters."""

        def __init__(self, id: str) -> None:
            super().__init__(0, 100, id=id)

    assert Percent("p") == dcc.Slider(0, 100, id="p")


@pytest.mark.parametrize(
    ("name", "says"), [("Geolocation", "Element"), ("Chrat", "Did you mean 'Chart'"), ("zzz", "It has: Chart")]
)
def test_what_is_not_there_says_what_is(name: str, says: str) -> None:
    with pytest.raises(AttributeError, match=says):
        getattr(dcc, name)


def test_a_prop_of_dash_that_is_not_here_says_why() -> None:
    with pytest.raises(UnknownProp, match=r"RangeSlider has no prop 'count' as in Dash: there are two thumbs"):
        dcc.RangeSlider(count=2)  # type: ignore[arg-type]


def test_tabs_begin_with_the_first_one() -> None:
    assert dcc.Tabs([dcc.Tab(label="A", value="a"), dcc.Tab(label="B", value="b")]).value == "a"
    assert dcc.Tabs([None, dcc.Tab(label="A")]).value == "tab-1"
    assert dcc.Tabs(dcc.Tab(label="A", value="a"), value="b").value == "b"
    assert dcc.Tabs(dcc.Tab(label="A", value="a").to_plotly_json()).value is None


def test_days_are_sent_as_text() -> None:
    moment = datetime.datetime(2026, 11, 22, 12, 30)
    one = dcc.DatePickerSingle(moment, min_date_allowed=datetime.date(2026, 1, 1), disabled_days=[moment])
    assert (one.date, one.min_date_allowed, one.disabled_days) == ("2026-11-22", "2026-01-01", ["2026-11-22"])
    assert dcc.DatePickerRange(moment, "2026-11-23T00:00:00").end_date == "2026-11-23"


def test_a_graph_takes_what_has_the_form_of_a_figure() -> None:
    class Figure:
        def to_plotly_json(self) -> dict[str, Any]:
            raise NotImplementedError

    figure = Figure()
    assert dcc.Graph(figure=figure).figure is figure
    assert dcc.Graph(figure={"data": []}, extendData=[{"x": [[1]]}, [0]], prependData={"x": [[1]]}).prependData


def test_a_graph_without_plotly_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "find_spec", lambda name: None)
    with pytest.raises(DeclarationError, match=r"pip install 'wscb\[plotly\]'"):
        dcc.Graph()


def test_a_download_of_text_and_bytes() -> None:
    assert dcc.send_string("ü", "a.txt") == {"content": "ü", "filename": "a.txt", "type": None, "base64": False}
    assert dcc.send_bytes(b"ab", "a.bin", "x/y") == {
        "content": "YWI=",
        "filename": "a.bin",
        "type": "x/y",
        "base64": True,
    }
    assert dcc.send_string(lambda file, end: file.write("a" + end), "a", end="z")["content"] == "az"


def test_a_download_that_is_written_by_a_function_which_closes_its_file() -> None:
    def write(file: io.BytesIO, closes: bool) -> None:
        file.write(b"ab")
        if closes:
            file.close()

    for closes in (False, True):
        assert dcc.send_bytes(write, "a", closes=closes)["content"] == "YWI="


def test_a_download_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"ab")
    named = {"content": "YWI=", "filename": "a.csv", "type": "text/csv", "base64": True}
    assert dcc.send_file(tmp_path / "a.csv") == named
    assert dcc.send_file(str(tmp_path / "a.csv"), "b", "c/d") == {**named, "filename": "b", "type": "c/d"}


def test_a_download_of_a_data_frame() -> None:
    class Frame:
        def to_csv(self, file: io.StringIO, index: bool = True) -> None:
            file.write(f"csv {index}")

        def to_excel(self, file: io.BytesIO) -> None:
            file.write(b"ab")

        def to_clipboard(self) -> None: ...

    frame = Frame()
    assert dcc.send_data_frame(frame.to_csv, "a.csv", index=False)["content"] == "csv False"
    assert dcc.send_data_frame(frame.to_excel, "a.xlsx")["content"] == "YWI="
    with pytest.raises(DeclarationError, match="'to_clipboard' is not a writer"):
        dcc.send_data_frame(frame.to_clipboard, "a")
