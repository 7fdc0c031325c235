"""wscb.html: the classes of the table, under Dash's names."""

from __future__ import annotations

import subprocess
import sys

import pytest

from wscb.components import html
from wscb.components.elements import HtmlElement, read_table
from wscb.errors import UnknownProp


def test_the_classes_are_the_table_s() -> None:
    assert set(html.__all__) == read_table()["elements"].keys() | {"HtmlElement"}
    assert dir(html) == sorted(html.__all__)
    for name in read_table()["elements"]:
        cls = getattr(html, name)
        assert issubclass(cls, HtmlElement)
        assert cls().to_plotly_json() == {"type": name, "namespace": "wscb_html", "props": {}}


@pytest.mark.parametrize(
    ("element", "props"),
    [
        (html.A("x", href="/", target="_blank"), {"children": "x", "href": "/", "target": "_blank"}),
        (html.Label("x", htmlFor="i"), {"children": "x", "htmlFor": "i"}),
        (html.Td("x", colSpan=2), {"children": "x", "colSpan": 2}),
        (html.Button("x", n_clicks=0, disabled=True), {"children": "x", "n_clicks": 0, "disabled": True}),
        (
            html.Div(disable_n_clicks=True, contentEditable="true"),
            {"disable_n_clicks": True, "contentEditable": "true"},
        ),
        (html.Progress(max=100, value=0), {"max": 100, "value": 0}),
        (html.Dialog(open=True, modal=False), {"open": True, "modal": False}),
        (html.Img(src="a.png", alt=""), {"src": "a.png", "alt": ""}),
    ],
)
def test_props_have_the_names_that_dash_users_know(element: HtmlElement, props: dict[str, object]) -> None:
    assert element.to_plotly_json()["props"] == props


def test_an_element_has_its_own_props_only() -> None:
    with pytest.raises(UnknownProp, match="Div has no prop 'href'"):
        html.Div(href="/")  # type: ignore[call-arg]
    with pytest.raises(UnknownProp, match=r"Iframe has no prop 'srcDoc'\. Did you mean 'src'"):
        html.Iframe(srcDoc="<script>")  # type: ignore[call-arg]
    with pytest.raises(UnknownProp, match=r"Button has no prop 'onClick'\. Did you mean 'n_clicks'"):
        html.Button(onClick="f()")  # type: ignore[call-arg]


@pytest.mark.parametrize("name", ["Script", "Style", "Html", "Head", "Body"])
def test_what_is_left_out_says_why(name: str) -> None:
    with pytest.raises(AttributeError, match=rf"wscb\.html has no {name}: \w+"):
        getattr(html, name)


def test_what_never_was_is_an_attribute_error_with_those_near() -> None:
    with pytest.raises(AttributeError, match=r"^wscb.html has no Divv. Did you mean 'Div'"):
        html.Divv  # type: ignore[attr-defined]  # noqa: B018
    with pytest.raises(AttributeError, match=r"^wscb.html has no Qqqqqq.$"):
        html.Qqqqqq  # type: ignore[attr-defined]  # noqa: B018


def test_a_subclass_is_still_its_element() -> None:
    class Card(html.Div):
        """A user's own."""

    assert Card("x").to_plotly_json() == html.Div("x").to_plotly_json()


def test_importing_it_brings_in_nothing_heavy() -> None:
    code = "import sys; import wscb.components.elements; before = set(sys.modules); import wscb.components.html; "
    code += "print(set(sys.modules) - before)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() in ("set()", "{'wscb.components.html'}")
