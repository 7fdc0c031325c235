"""Numbers chosen by a thumb on a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal, Unpack

from wscb.components import checks
from wscb.components.base import Number
from wscb.components.dcc.control import Common, Control


class Slider(Control):
    """A number from `min` (default 0) to `max` (default 100). The default of `step` is fine enough for the range.

    The user's doing sets `drag_value` at each move, and `value` when the thumb is let go (`updatemode="mouseup"`, the
    default) or at each move (`"drag"`). `marks` is a dict of number to label, or to `{"label", "style"}`.
    `tooltip` shows the value: `{"always_visible", "placement", "template"}`, the template as in `"{value} °C"`.
    """

    __slots__ = ()

    def __init__(
        self,
        min: Number | None = None,
        max: Number | None = None,
        step: Number | None = None,
        marks: Mapping[Any, str | Mapping[str, Any]] | None = None,
        value: Number | None = None,
        *,
        drag_value: Number | None = None,
        updatemode: Literal["mouseup", "drag"] | None = None,
        tooltip: Mapping[str, Any] | None = None,
        disabled: bool | None = None,
        title: str | None = None,
        tabIndex: int | None = None,
        **others: Unpack[Common],
    ) -> None:
        self._take(locals())
        checks.numbers("Slider", min=min, max=max, value=value)
        checks.bounds("Slider", 0 if min is None else min, 100 if max is None else max)
        checks.positive("Slider", "step", step)
        checks.marks("Slider", marks)
        checks.one_of("Slider", "updatemode", updatemode, ("mouseup", "drag"))
        checks.tooltip("Slider", tooltip)


class RangeSlider(Control):
    """Two numbers from `min` (default 0) to `max` (default 100), the lower one first; a thumb for each.

    `step`, `marks`, `tooltip`, `updatemode`, `value` and `drag_value` are as in `Slider`; the values are lists of two
    numbers. A thumb stops at the other one, unless `allowCross`. `pushable` lets it push the other one, and as a number
    is the distance that is kept.
    """

    __slots__ = ()
    _without: ClassVar[Mapping[str, str]] = {
        "count": "there are two thumbs, and one range between them",
        "dots": "marks=... says where marks are",
        "included": "what is between the thumbs is what is chosen",
        "reverse": "the lower value is where a line of text begins",
        "vertical": "it lies",
        "verticalHeight": "it lies",
        "allow_direct_input": "the values are told by tooltip=..., and typed in a dcc.Input beside it",
    }

    def __init__(
        self,
        min: Number | None = None,
        max: Number | None = None,
        step: Number | None = None,
        marks: Mapping[Any, str | Mapping[str, Any]] | None = None,
        value: Sequence[Number] | None = None,
        drag_value: Sequence[Number] | None = None,
        allowCross: bool | None = None,
        pushable: bool | Number | None = None,
        *,
        updatemode: Literal["mouseup", "drag"] | None = None,
        tooltip: Mapping[str, Any] | None = None,
        disabled: bool | None = None,
        title: str | None = None,
        **others: Unpack[Common],
    ) -> None:
        self._take(locals())
        checks.numbers("RangeSlider", min=min, max=max)
        checks.bounds("RangeSlider", 0 if min is None else min, 100 if max is None else max)
        checks.pair("RangeSlider", "value", value)
        checks.positive("RangeSlider", "step", step)
        checks.marks("RangeSlider", marks)
        checks.one_of("RangeSlider", "updatemode", updatemode, ("mouseup", "drag"))
        checks.tooltip("RangeSlider", tooltip)
