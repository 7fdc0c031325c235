from __future__ import annotations

import array
from typing import Any

import pytest

from wscb.components import html
from wscb.errors import ValueTooLarge
from wscb.protocol import codec
from wscb.protocol.limits import Limits, WireLimits
from wscb.protocol.patch import Patch
from wscb.session.changes import Change, changes_of, check_sizes


def unpacked(change: Change) -> Any:
    return codec.unpack(change.packed, WireLimits())


def div(id: Any = None, **props: Any) -> dict[str, Any]:
    return {"type": "Div", "namespace": "wscb_html", "props": {**({"id": id} if id else {}), **props}}


def test_a_set() -> None:
    (change,) = changes_of("out", {"children": "hi"})
    assert unpacked(change) == ["set", "out", "children", "hi"]
    assert (change.component, change.prop, change.op, change.size) == ("out", "children", False, len(change.packed))
    assert repr(change) == f"<Change set out.children, {change.size} bytes>"


def test_one_change_for_each_operation_of_a_patch() -> None:
    patch = Patch()
    patch["a"].append(1, maxlen=5)
    patch.extend([1, 2, 3])
    patch.extend(array.array("d", [1, 2]))
    patch["b"] = 7
    changes = changes_of("chart", {"data": patch})
    assert [unpacked(change)[3][0] for change in changes] == ["append", "extend", "extend", "assign"]
    assert [(change.items, change.maxlen, change.path) for change in changes] == [
        (1, 5, ("a",)),
        (3, None, ()),
        (2, None, ()),
        (0, None, ("b",)),
    ]
    assert repr(changes[0]).startswith("<Change op chart.data")


def test_kids_belong_to_the_prop_that_holds_them() -> None:
    inner = div("in", children=[div("deep")], header=div("top"))
    value = [div(children=[inner, "text"]), {"any": div("loose")}, 3]
    (change,) = changes_of("out", {"children": value})
    assert set(change.kids) == {
        ("in", ("out", "children")),
        ("deep", ("in", "children")),
        ("top", ("in", "header")),
        ("loose", ("out", "children")),
    }
    names = [kid for kid, _ in change.kids]
    assert names.index("in") < names.index("deep")


def test_kids_of_objects_and_of_operations() -> None:
    class Old:
        _namespace = "wscb_html"

        def to_plotly_json(self) -> dict[str, Any]:
            return div("old")

    patch = Patch()
    patch.append(Old())
    (change,) = changes_of("out", {"children": patch})
    assert change.kids == (("old", ("out", "children")),)
    assert changes_of("out", {"data": array.array("d", [1.0])})[0].kids == ()


def test_kids_with_dict_ids() -> None:
    value = [
        html.Ul(html.Li(id={"type": "row", "index": 1}), id={"type": "list", "in": "a"}),
        div({"k": 2}, x=[div("in")]),
    ]
    (change,) = changes_of("out", {"children": value})
    assert set(change.kids) == {
        ('{"in":"a","type":"list"}', ("out", "children")),
        ('{"index":1,"type":"row"}', ('{"in":"a","type":"list"}', "children")),
        ('{"k":2}', ("out", "children")),
        ("in", ('{"k":2}', "x")),
    }


def test_sizes() -> None:
    changes = changes_of("out", {"children": "x" * 100})
    check_sizes(changes, Limits(value_bytes=changes[0].size))
    with pytest.raises(ValueTooLarge, match=r"out\.children takes 1\d\d bytes, the limit is 50"):
        check_sizes(changes, Limits(value_bytes=50))
