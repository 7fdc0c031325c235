"""Dependencies in the author's shape."""

from __future__ import annotations

import pytest

from wscb.callbacks.dependencies import Input, State
from wscb.callbacks.grouping import Grouping, fill, leaves

A, B, C = Input("a", "x"), State("b", "x"), Input("c", "x")


@pytest.mark.parametrize(
    ("grouping", "found", "filled"),
    [
        (A, [A], "a.x"),
        ((), [], ()),
        ((A, B), [A, B], ("a.x", "b.x")),
        ({"one": A, "rest": (B, C)}, [A, B, C], {"one": "a.x", "rest": ("b.x", "c.x")}),
        ((C, {"deep": {"er": A}}), [C, A], ("c.x", {"deep": {"er": "a.x"}})),
    ],
)
def test_leaves_come_in_order_and_values_take_the_same_shape(
    grouping: Grouping, found: list[object], filled: object
) -> None:
    assert list(leaves(grouping)) == found
    assert fill(grouping, str) == filled
