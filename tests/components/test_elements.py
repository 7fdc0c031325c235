"""The table of HTML's elements is whole and safe, and classes are made of it as it says."""

from __future__ import annotations

from wscb.components import Component
from wscb.components.elements import NAMESPACE, HtmlElement, Table, make_classes, read_table

TABLE = read_table()

# https://html.spec.whatwg.org/multipage/indices.html#elements-3, without the SVG and MathML roots
STANDARD = """
a abbr address area article aside audio b base bdi bdo blockquote body br button canvas caption cite code col colgroup
data datalist dd del details dfn dialog div dl dt em embed fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 head
header hgroup hr html i iframe img input ins kbd label legend li link main map mark menu meta meter nav noscript object
ol optgroup option output p picture pre progress q rp rt ruby s samp script search section select selectedcontent slot
small source span strong style sub summary sup table tbody td template textarea tfoot th thead time title tr track u ul
var video wbr
"""
VOID = "area base br col embed hr img input link meta source track wbr"


def tags(*, void: bool | None = None) -> set[str]:
    return {
        spec.get("tag", name.lower())
        for name, spec in TABLE["elements"].items()
        if not spec.get("obsolete") and void in (None, spec.get("void", False))
    }


def test_every_element_of_the_standard_is_there_or_left_out_for_a_reason() -> None:
    assert tags() | {name.lower() for name in TABLE["left_out"]} == set(STANDARD.split())
    assert not tags() & {name.lower() for name in TABLE["left_out"]}


def test_the_elements_without_children_are_the_standard_s() -> None:
    assert tags(void=True) == set(VOID.split())


def test_no_prop_is_a_way_for_script() -> None:
    names = set(TABLE["global"]).union(*(spec.get("props", {}) for spec in TABLE["elements"].values()))
    assert not {name for name in names if name.startswith("on") or name.lower() in ("srcdoc", "innerhtml", "nonce")}
    assert "script" not in tags()


def test_what_the_page_feeds_is_a_prop() -> None:
    for name, spec in TABLE["elements"].items():
        assert set(spec.get("fed", [])) <= spec.get("props", {}).keys(), name


def test_names_and_order() -> None:
    names = list(TABLE["elements"])
    assert names == sorted(names)
    assert all(spec["doc"].endswith((".", '".')) for spec in TABLE["elements"].values())


def test_classes_are_made_as_the_table_says() -> None:
    table: Table = {
        "source": "",
        "global": {"title": "str"},
        "elements": {"Box": {"doc": "A box.", "props": {"size": "int"}}, "Dot": {"doc": "A dot.", "void": True}},
        "left_out": {},
    }
    made = make_classes(table, "some.module")
    assert list(made) == ["Box", "Dot"]
    box, dot = made["Box"], made["Dot"]
    assert issubclass(box, HtmlElement)
    assert (box.__name__, box.__module__, box.__doc__) == ("Box", "some.module", "A box.")
    assert (box._type, box._namespace) == ("Box", NAMESPACE)
    assert box._props == Component._props | {"title", "size"}
    assert dot._props == (Component._props | {"title"}) - {"children"}
    assert not hasattr(box(), "__dict__")
