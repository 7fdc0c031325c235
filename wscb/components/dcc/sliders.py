"""Numbers chosen by a thumb on a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal, Unpack

from wscb.components import checks
from wscb.components.base import Number
from wscb.components.dcc.control import UNSET, Control, Kept

_UNSEEN = {
    "dots": "marks=... says where marks are",
    "included": "the line is filled up to the thumb, or between the two",
    "reverse": "the lower value is where a line of text begins",
    "vertical": "it lies",
    "verticalHeight": "it lies",
    "allow_direct_input": "the value is told by tooltip=..., and typed in a dcc.Input beside it",
}


class Slider(Control):
    """A number from `min` to `max`: by default the lowest and the highest mark, and without marks 0 and 1.

    `step` is by default fine enough for the range; None has the values that have marks, and no others.

    The user's doing sets `drag_value` at each move, and `value` when the thumb is let go (`updatemode="mouseup"`, the
    default) or at each move (`"drag"`). `marks` is a dict of number to label, or to `{"label", "style"}`; by default
    there are as many as there is room for, and with None there are none.
    `tooltip` shows the value: `{"always_visible", "placement", "template"}`, the template as in `"{value} °C"`.
    """

    __slots__ = ()
    _unseen = _UNSEEN
    _kept = ("value",)
    _nullable = ("step", "marks")

    def __init__(
        self,
        min: Number | None = None,
        max: Number | None = None,
        step: Number | None = UNSET,
        marks: Mapping[Any, str | Mapping[str, Any]] | None = UNSET,
        value: Number | None = None,
        *,
        drag_value: Number | None = None,
        updatemode: Literal["mouseup", "drag"] | None = None,
        tooltip: Mapping[str, Any] | None = None,
        disabled: bool | None = None,
        title: str | None = None,
        tabIndex: int | None = None,
        **others: Unpack[Kept],
    ) -> None:
        self._take(locals())
        checks.numbers("Slider", min=min, max=max, value=value)
        checks.positive("Slider", "step", self.step)
        checks.marks("Slider", self.marks)
        checks.bounds("Slider", *_ends(min, max, self.marks))
        checks.one_of("Slider", "updatemode", updatemode, ("mouseup", "drag"))
        checks.tooltip("Slider", tooltip)


class RangeSlider(Control):
    """Two numbers from `min` to `max`, the lower one first; a thumb for each.

    `min`, `max`, `step`, `marks`, `tooltip`, `updatemode`, `value` and `drag_value` are as in `Slider`; the values are
    lists of two numbers. A thumb stops at the other one, unless `allowCross`. `pushable` lets it push the other one,
    and as a number is the distance that is kept.
    """

    __slots__ = ()
    _without: ClassVar[Mapping[str, str]] = {"count": "there are two thumbs, and one range between them"}
    _unseen = _UNSEEN
    _kept = ("value",)
    _nullable = ("step", "marks")

    def __init__(
        self,
        min: Number | None = None,
        max: Number | None = None,
        step: Number | None = UNSET,
        marks: Mapping[Any, str | Mapping[str, Any]] | None = UNSET,
        value: Sequence[Number] | None = None,
        drag_value: Sequence[Number] | None = None,
        allowCross: bool | None = None,
        pushable: bool | Number | None = None,
        *,
        updatemode: Literal["mouseup", "drag"] | None = None,
        tooltip: Mapping[str, Any] | None = None,
        disabled: bool | None = None,
        title: str | None = None,
        **others: Unpack[Kept],
    ) -> None:
        self._take(locals())
        checks.numbers("RangeSlider", min=min, max=max)
        checks.pair("RangeSlider", "value", value)
        checks.positive("RangeSlider", "step", self.step)
        checks.marks("RangeSlider", self.marks)
        checks.bounds("RangeSlider", *_ends(min, max, self.marks))
        checks.one_of("RangeSlider", "updatemode", updatemode, ("mouseup", "drag"))
        checks.tooltip("RangeSlider", tooltip)


def _ends(low: Number | None, high: Number | None, marks: object) -> tuple[Number, Number]:
    """What the page takes for the ends of the scale."""
    marked = sorted(float(at) for at in marks) if isinstance(marks, Mapping) else []
    if low is None:
        low = marked[0] if marked else 0
    if high is None:
        high = marked[-1] if marked and marked[-1] > low else max(1, low + 1)
    return low, high
