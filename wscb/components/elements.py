"""The table of HTML's elements, html.json, as Python sees it: `html.py` makes classes of it, `generate.py` types.

The table holds, for each class: `doc`, one line; `props`, besides the global ones, with their type as an annotation
or, as a list, the words that the attribute can be; `fed`, the props that the page sets when the user acts (n_clicks
apart); `void` for elements without children; `tag` where it is not the lower-case name; `obsolete`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import NotRequired, TypeAlias, TypedDict

from wscb.components.base import Component

NAMESPACE = "wscb_html"

Annotation: TypeAlias = str | list[str]


class ElementSpec(TypedDict):
    """One element of the table."""

    doc: str
    props: NotRequired[dict[str, Annotation]]
    fed: NotRequired[list[str]]
    void: NotRequired[bool]
    tag: NotRequired[str]
    obsolete: NotRequired[bool]


Table = TypedDict(
    "Table",
    {
        "source": str,
        "global": dict[str, Annotation],
        "elements": dict[str, ElementSpec],
        "left_out": dict[str, str],
    },
)


def read_table() -> Table:
    """The table in html.json."""
    table: Table = json.loads(Path(__file__).with_name("html.json").read_text(encoding="utf-8"))
    return table


class HtmlElement(Component):
    """The base of the classes in `wscb.html`."""

    __slots__ = ()

    _namespace = NAMESPACE


def make_classes(table: Table, module: str) -> dict[str, type[HtmlElement]]:
    """The classes of the table by name, as members of the module with that name."""
    everywhere = Component._props | table["global"].keys()
    classes = {}
    for name, spec in table["elements"].items():
        props = everywhere | spec.get("props", {}).keys()
        if spec.get("void"):
            props -= {"children"}
        body = {
            "__slots__": (),
            "__doc__": spec["doc"],
            "__module__": module,
            "_type": name,
            "_props": props,
        }
        classes[name] = type(name, (HtmlElement,), body)
    return classes
