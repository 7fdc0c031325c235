"""walk, find, check_ids: every component of a value, wherever it is."""

from __future__ import annotations

from typing import Any

import pytest

from wscb.components import Component, Element, Found, check_ids, dcc, find, html, id_of, walk
from wscb.components.tree import MAX_DEPTH
from wscb.errors import DeclarationError, DuplicateId


def ids(value: object) -> list[tuple[str | None, str | None]]:
    return [(id_of(component), ancestor) for component, ancestor in walk(value)]


class Foreign:
    """A component of a library made for Dash: no Component of ours, but the same JSON form."""

    _namespace = "dash_mantine_components"

    def __init__(self, **props: Any) -> None:
        self.props = props

    def to_plotly_json(self) -> dict[str, Any]:
        return {"type": "Foreign", "namespace": self._namespace, "props": self.props}


class TestWalk:
    def test_document_order_and_ancestors(self) -> None:
        layout = html.Div(
            [
                html.H1("x", id="title"),
                html.P(["a", html.B("b", id="bold"), html.I("c")]),
                html.Section(html.Div(html.Span(id="deep")), id="section"),
            ],
            id="root",
        )
        assert ids(layout) == [
            ("root", None),
            ("title", "root"),
            (None, "root"),
            ("bold", "root"),
            (None, "root"),
            ("section", "root"),
            (None, "section"),
            ("deep", "section"),
        ]

    def test_a_list_of_roots(self) -> None:
        assert ids([html.Div(id="a"), "text", (html.Div(id="b"),)]) == [("a", None), ("b", None)]

    def test_every_prop_is_looked_into(self) -> None:
        element = Element("x-y", id="e", header=html.B(id="h"), items=[{"label": html.I(id="i")}])
        assert ids(element) == [("e", None), ("h", "e"), ("i", "e")]

    def test_the_json_form_is_a_component(self) -> None:
        inner = {"type": "B", "namespace": "wscb_html", "props": {"id": {"b": 1, "a": 2}}}
        outer = {"type": "Div", "namespace": "wscb_html", "props": {"id": "d", "children": [inner]}}
        assert [component for component, _ in walk(outer)] == [outer, inner]
        assert ids(outer) == [("d", None), ('{"a":2,"b":1}', "d")]

    def test_the_json_form_of_a_dict_id_is_its_text(self) -> None:
        row = html.Div([html.B("x", id="b")], id={"type": "row", "index": 1})
        assert ids(row.to_plotly_json()) == ids(row)

    def test_a_component_of_another_library_comes_as_its_json_form(self) -> None:
        foreign = Foreign(id="f", children=html.B(id="b"))
        assert list(walk(html.Div([foreign], id="d")))[1] == (foreign.to_plotly_json(), "d")
        assert ids(foreign) == [("f", None), ("b", "f")]

    def test_what_only_looks_like_one_is_not(self) -> None:
        class Figure:
            def to_plotly_json(self) -> dict[str, Any]:
                raise AssertionError("a figure is not asked: it would copy itself")

        class Strange(Foreign):
            def to_plotly_json(self) -> dict[str, Any]:
                return {"no": "component"}

        assert ids([Figure(), Strange(), Foreign, object(), {"type": "a"}]) == []

    @pytest.mark.parametrize("value", [None, "a", 1, 2.5, b"x", [], {}, [1, "a", None]])
    def test_a_value_without_components(self, value: object) -> None:
        assert list(walk(value)) == []

    def test_nothing_is_changed(self) -> None:
        layout = html.Div([html.B("x")])
        (first, _), (second, _) = walk(layout)
        assert first is layout
        assert second is layout.children[0]

    def test_a_value_that_contains_itself_is_refused(self) -> None:
        div = html.Div([])
        div.children.append(div)
        with pytest.raises(DeclarationError, match="Does it contain itself"):
            list(walk(div))

    def test_deep_but_not_too_deep(self) -> None:
        layout: Component = html.Span(id="x")
        for _ in range(MAX_DEPTH - 1):
            layout = html.Div(layout)
        assert (ids(html.Div(layout))[-1]) == ("x", None)
        with pytest.raises(DeclarationError, match=str(MAX_DEPTH)):
            ids(html.Div(html.Div(layout)))


class TestFind:
    def test_class_and_allowed_props_by_id(self) -> None:
        found = find([html.Div([dcc.Input(id="i"), html.B("no id")], id={"k": 1})])
        assert dict(found) == {
            '{"k":1}': Found(html.Div, html.Div._props),
            "i": Found(dcc.Input, dcc.Input._props),
        }

    def test_any_name_may_be_a_prop_of_an_element(self) -> None:
        assert find(Element("x-y", id="e"))["e"] == (Element, None)

    @pytest.mark.parametrize(
        ("namespace", "type", "props"),
        [
            ("wscb_html", "Img", html.Img._props),
            ("wscb_dcc", "Chart", dcc.Chart._props),
            ("wscb_html", "Script", None),
            ("wscb_html", "Nonsense", None),
            ("wscb_dcc", "Options", None),
            ("elsewhere", "Div", None),
        ],
    )
    def test_a_json_form_is_known_by_its_namespace(
        self, namespace: str, type: str, props: frozenset[str] | None
    ) -> None:
        form = {"type": type, "namespace": namespace, "props": {"id": "a"}}
        assert find(form)["a"] == (form, props)

    def test_cannot_be_written_to(self) -> None:
        with pytest.raises(TypeError):
            find(html.Div(id="a"))["b"] = None  # type: ignore[index]


class TestCheckIds:
    def test_different_ids_are_fine(self) -> None:
        check_ids([html.Div(id="a"), html.Div(id={"a": 1}), html.Div(id={"a": 2}), html.Div(), html.Div()])

    def test_both_components_are_named(self) -> None:
        layout = [html.B(id="a"), html.Div(html.I(id="a"), id="box")]
        with pytest.raises(DuplicateId, match="id 'a': B and I, the second one inside of 'box'"):
            check_ids(layout)

    def test_two_forms_of_one_dict_id(self) -> None:
        form = {"type": "Foreign", "namespace": "x", "props": {"id": {"b": 2, "a": 1}}}
        with pytest.raises(DuplicateId, match=r"Foreign and B\. An id names"):
            check_ids([form, html.B(id={"a": 1, "b": 2})])
