"""Component: names, values, children, ids, the JSON form."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wscb.components import Component, Element, allowed_props, dcc, html, id_text, near_names
from wscb.components.base import is_json_form
from wscb.errors import DeclarationError, UnknownProp


class Label(Component):
    _type = "Label"
    _namespace = "test"
    _props = Component._props | {"htmlFor", "title"}


class TestProps:
    def test_children_come_first_or_by_name(self) -> None:
        assert Label("a").children == "a"
        assert Label(children="a").children == "a"

    def test_both_ways_at_once_is_one_too_many(self) -> None:
        with pytest.raises(TypeError, match="children"):
            Label("a", children="b")  # type: ignore[misc]

    def test_a_prop_is_an_attribute(self) -> None:
        label = Label(title="a")
        label.title = "b"  # type: ignore[attr-defined]
        assert label.title == "b"  # type: ignore[attr-defined]

    def test_what_was_not_given_reads_as_none_and_does_not_travel(self) -> None:
        label = Label(title=None)
        assert label.title is None  # type: ignore[attr-defined]
        assert label.to_plotly_json()["props"] == {}

    def test_setting_none_or_deleting_takes_the_prop_away(self) -> None:
        label = Label("x", title="a")
        label.children = None
        del label.title  # type: ignore[attr-defined]
        assert label == Label()

    def test_an_empty_value_is_a_value(self) -> None:
        assert Label([], title="").to_plotly_json()["props"] == {"children": [], "title": ""}

    def test_wildcards_are_allowed(self) -> None:
        label = Label(**{"data-kind": "x"})
        setattr(label, "aria-label", "y")
        assert getattr(label, "data-kind") == "x"
        assert label.to_plotly_json()["props"] == {"data-kind": "x", "aria-label": "y"}

    @pytest.mark.parametrize(
        ("wrong", "near"),
        [
            ("clasName", "'className'"),
            ("class_name", "'className'"),
            ("class_", "'className'"),
            ("html_for", "'htmlFor'"),
            ("for_", "'htmlFor'"),
            ("Title", "'title'"),
        ],
    )
    def test_an_unknown_prop_names_the_class_and_the_near_ones(self, wrong: str, near: str) -> None:
        with pytest.raises(UnknownProp, match=f"Label has no prop '{wrong}'. Did you mean {near}?"):
            Label(**{wrong: "x"})

    def test_with_nothing_near_it_names_them_all(self) -> None:
        with pytest.raises(
            UnknownProp, match=r"It has: children, className, htmlFor, id, key, style, title; and data-\*"
        ):
            Label(zzz=1)

    def test_an_unknown_prop_cannot_be_set_later(self) -> None:
        with pytest.raises(UnknownProp, match="'title'"):
            Label().titel = "x"  # type: ignore[attr-defined]

    def test_an_unknown_prop_cannot_be_read(self) -> None:
        with pytest.raises(AttributeError, match=r"Label has no prop 'titel'.* Did you mean 'title'"):
            Label().titel  # type: ignore[attr-defined]  # noqa: B018
        with pytest.raises(AttributeError, match=r"Label has no prop 'zzz'\.$"):
            Label().zzz  # type: ignore[attr-defined]  # noqa: B018

    def test_no_children_says_so(self) -> None:
        with pytest.raises(UnknownProp, match="Br has no children"):
            html.Br(children="x")  # type: ignore[call-arg]
        with pytest.raises(UnknownProp, match="Br has no children"):
            html.Br([html.B()])  # type: ignore[call-arg]

    @pytest.mark.parametrize("nothing", [None, "", [], ()])
    def test_children_that_are_none_can_be_given_to_any(self, nothing: object) -> None:
        assert html.Br(nothing) == html.Br()  # type: ignore[call-arg]

    def test_dir_lists_the_props(self) -> None:
        label = Label(**{"data-kind": 1})
        assert {"title", "children", "data-kind", "to_plotly_json"} <= set(dir(label))

    def test_a_name_with_an_underscore_is_python_s(self) -> None:
        class Noted(Label):
            _note: str

        noted = Noted(title="a")
        noted._note = "mine"
        assert noted._note == "mine"
        assert noted == Label(title="a")

    def test_allowed_props(self) -> None:
        assert allowed_props(Label) == allowed_props(Label()) == Label._props
        assert allowed_props(Element("x-y")) is None


class TestChildren:
    @pytest.mark.parametrize(
        "children",
        [
            "a",
            0,
            1.5,
            True,
            None,
            Label(),
            ["a", 1, None, Label()],
            ("a", Label()),
            {"type": "Div", "namespace": "wscb_html", "props": {}},
            [{"type": "Div", "namespace": "wscb_html", "props": {}}],
        ],
    )
    def test_what_can_be_shown_is_kept_as_it_is(self, children: Any) -> None:
        assert Label(children).children is children

    def test_an_object_that_can_say_its_json_is_left_to_the_encoder(self) -> None:
        class Foreign:
            def to_plotly_json(self) -> dict[str, Any]:
                return {}

            def __call__(self) -> None:
                """Callable, as some components of other libraries are."""

        foreign = Foreign()
        assert Label(foreign).children is foreign

    def test_an_object_that_only_the_encoder_knows_is_left_to_it(self) -> None:
        value = object()
        assert Label([value]).children == [value]

    @pytest.mark.parametrize(
        ("wrong", "why"),
        [
            (Label, r"call it, as in Label\(\.\.\.\)"),
            (print, "a function and not what it returns"),
            (lambda: Label(), "a function and not what it returns"),
            ({"a": 1}, "A dict is not a child"),
            ({1, 2}, "make it a list"),
            (b"a", "decode"),
            ((n for n in "ab"), "make it a list, or await it"),
        ],
    )
    def test_what_cannot_be_shown_is_refused_with_its_place(self, wrong: Any, why: str) -> None:
        with pytest.raises(DeclarationError, match=rf"^Label: children is .*{why}"):
            Label(wrong)
        with pytest.raises(DeclarationError, match=rf"^Label \(id 'x'\): children\[1\] is .*{why}"):
            Label(["a", wrong], id="x")
        with pytest.raises(DeclarationError, match=why):
            Label().children = wrong

    def test_a_list_in_the_list_is_refused(self) -> None:
        with pytest.raises(DeclarationError, match=r"children\[1\] is \['b'\]\. A list inside .* comma"):
            Label(["a", ["b"]])

    def test_a_long_value_is_cut_in_the_message(self) -> None:
        with pytest.raises(DeclarationError) as caught:
            Label({"a": "x" * 1000})
        assert len(str(caught.value)) < 250


class TestId:
    @pytest.mark.parametrize(
        ("given_id", "text"),
        [
            ("run", "run"),
            ("größe", "größe"),
            ({"b": 1, "a": "x"}, '{"a":"x","b":1}'),
            ({"on": True, "at": 1.5, "n": 2.0}, '{"at":1.5,"n":2,"on":true}'),
            ({"name": "ö"}, '{"name":"ö"}'),
        ],
    )
    def test_text(self, given_id: Any, text: str) -> None:
        assert id_text(given_id) == text
        assert Label(id=given_id).id == given_id

    @pytest.mark.parametrize("wrong", ["", "a.b", '{"a":1}', {}, 5, ["a"], {1: "a"}, {"a": None}, {"a": [1]}])
    def test_an_impossible_id_is_refused_everywhere(self, wrong: Any) -> None:
        with pytest.raises(DeclarationError, match="id"):
            Label(id=wrong)
        with pytest.raises(DeclarationError, match="id"):
            Label().id = wrong

    @pytest.mark.parametrize("wrong", [float("nan"), float("inf")])
    def test_json_cannot_say_every_float(self, wrong: float) -> None:
        with pytest.raises(DeclarationError, match="JSON"):
            id_text({"a": wrong})

    def test_an_id_can_be_taken_away(self) -> None:
        label = Label(id="a")
        label.id = None
        assert label.id is None

    @given(st.dictionaries(st.text(), st.text() | st.integers() | st.booleans(), min_size=1))
    def test_the_text_is_json_and_the_order_of_keys_does_not_matter(self, given_id: dict[str, Any]) -> None:
        assert json.loads(id_text(given_id)) == given_id
        assert id_text(dict(reversed(given_id.items()))) == id_text(given_id)


class TestJson:
    def test_is_one_level_deep(self) -> None:
        inner = Label("b")
        form = Label([inner], id="a").to_plotly_json()
        assert form == {"type": "Label", "namespace": "test", "props": {"children": [inner], "id": "a"}}
        assert form["props"]["children"][0] is inner

    def test_the_id_is_text(self) -> None:
        assert Label(id={"b": 1, "a": 2}).to_plotly_json()["props"]["id"] == '{"a":2,"b":1}'

    def test_changing_the_form_does_not_change_the_component(self) -> None:
        label = Label("a")
        label.to_plotly_json()["props"]["children"] = "b"
        assert label.children == "a"

    @pytest.mark.parametrize(
        "form",
        [
            [],
            {},
            {"type": "Div", "namespace": "x"},
            {"type": 1, "namespace": "x", "props": {}},
            {"type": "Div", "namespace": None, "props": {}},
            {"type": "Div", "namespace": "x", "props": []},
        ],
    )
    def test_what_is_not_a_form(self, form: Any) -> None:
        assert not is_json_form(form)
        assert is_json_form(Label().to_plotly_json())


class TestValue:
    def test_equal_by_type_and_props(self) -> None:
        assert Label("a", id="x") == Label(id="x", children="a")
        assert Label("a") != Label("b")
        assert html.Div("a") != html.Span("a")
        assert Label("a") != "a"

    def test_mutable_and_so_not_hashable(self) -> None:
        with pytest.raises(TypeError, match="unhashable"):
            hash(Label())

    def test_repr_can_be_evaluated(self) -> None:
        label = Label(["a", Label(title="b")], id="x", **{"data-kind": 1})
        assert repr(label) == "Label(['a', Label(title='b')], id='x', **{'data-kind': 1})"
        assert eval(repr(label)) == label

    @pytest.mark.parametrize("component", [html.Div([html.B("x")], id="a"), html.Br(), dcc.Input(id="i", value=3)])
    def test_copies_and_pickles(self, component: Component) -> None:
        for twin in (copy.copy(component), copy.deepcopy(component), pickle.loads(pickle.dumps(component))):
            assert twin == component
            assert type(twin) is type(component)
            twin.className = "changed"
            assert component.className is None

    def test_a_deep_copy_is_deep(self) -> None:
        outer = html.Div([html.B("x")])
        copy.deepcopy(outer).children[0].children = "y"
        assert outer.children[0].children == "x"


@pytest.mark.parametrize(
    ("name", "names", "near"),
    [
        ("mim", {"min", "max"}, "'min'"),
        ("mix", {"min", "max"}, "'max' or 'min'"),
        ("for", {"min"}, ""),
        ("x", set(), ""),
    ],
)
def test_near_names(name: str, names: set[str], near: str) -> None:
    assert near_names(name, names) in (near, " or ".join(reversed(near.split(" or "))))


def test_children_are_one_argument() -> None:
    with pytest.raises(DeclarationError, match=r"write Div\(\[first, second\], \.\.\.\)"):
        html.Div("a", "b")  # type: ignore[misc]
    with pytest.raises(DeclarationError, match=r"Is 'the-id' its id\? Write id=\.\.\.$"):
        html.Div("text", "the-id")  # type: ignore[misc]
    with pytest.raises(DeclarationError, match=r"\[first, second\], \.\.\.\)\.$"):
        html.Div("text", html.Div())  # type: ignore[misc]


def test_a_style_is_a_dict_and_text_is_shown_as_one() -> None:
    with pytest.raises(DeclarationError, match=r"Write style=\{'color': 'red', 'fontSize': '3px'\}"):
        html.Div(style="color: red; font-size: 3px")  # type: ignore[arg-type]
    box = html.Div()
    with pytest.raises(DeclarationError, match=r"not 5\.$"):
        box.style = 5  # type: ignore[assignment]
    box.style = {"color": "red"}
    assert box.style == {"color": "red"}
