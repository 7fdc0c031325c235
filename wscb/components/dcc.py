"""Controls, `Store` and `Chart`: components that the page itself builds. Names and meanings are those of Dash's dcc.

What a constructor can see to be wrong is a DeclarationError, an unknown prop is UnknownProp.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NoReturn, TypeAlias, TypedDict, Unpack, get_args

from wscb.components import checks
from wscb.components.base import Component, Id, Number, Style

OptionValue: TypeAlias = str | int | float | bool
Options: TypeAlias = Sequence[OptionValue | Mapping[str, Any]] | Mapping[str, str]
Mode: TypeAlias = Literal["none", "text", "decimal", "numeric", "tel", "search", "email", "url"]
InputType: TypeAlias = Literal[
    "text",
    "number",
    "password",
    "email",
    "range",
    "search",
    "tel",
    "url",
    "hidden",
    "date",
    "time",
    "datetime-local",
    "month",
    "week",
    "color",
]

_ELSEWHERE = {
    "Interval": "A callback with persistent=True is a task that lives as long as its page, and polls nothing.",
    "Graph": "dcc.Chart draws live data; plotly's figures are not supported yet.",
    "Loading": "What waits for a call has the attribute data-wscb-loading, and is styled by it.",
}

if not TYPE_CHECKING:  # a type checker is to know the names that exist, and no others

    def __getattr__(name: str) -> NoReturn:
        hint = _ELSEWHERE.get(name) or f"It has: {', '.join(__all__)}."
        raise AttributeError(f"wscb.dcc has no {name}. {hint}", name=name)


__all__ = ["Chart", "Checklist", "Dropdown", "Input", "RadioItems", "Slider", "Store", "Textarea"]


class Nothing(TypedDict):
    """No more named props, but data-* and aria-* (which no type checker can name: pass them as a `dict[str, Any]`)."""


class Common(Nothing, total=False):
    """The props of all that is shown."""

    id: Id | None
    className: str | None
    style: Style | None
    key: str | int | None


class Control(Component):
    """The base of the components of this module. They have no children; the parameters are the props."""

    __slots__ = ()

    _namespace = "wscb_dcc"
    _own: ClassVar[frozenset[str]]  # the parameters of __init__ that have a name

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...
        def __setattr__(self, name: str, value: Any) -> None: ...

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if cls.__module__ == __name__:  # a user's own subclass stays what the page knows
            cls._type = cls.__name__
            cls._own = frozenset(inspect.signature(cls.__init__).parameters) - {"self", "others"}
            cls._props = cls._own | (Common.__annotations__.keys() if cls._type != "Store" else set())

    def _take(self, given: Mapping[str, Any]) -> None:
        """Takes `locals()` of an `__init__`: the parameters of `_own`, and the rest from `others`."""
        self._assign({**{name: given[name] for name in self._own}, **given["others"]})


class Input(Control):
    """A one-line field. `value` is a number for the types "number" and "range" (None if it is not valid), else text.

    `debounce`: False reports each key, True what stands there on Enter or when the field is left, a number after so
    many seconds without a key. The user's doing sets `value`, `n_submit` (Enter), `n_blur` and their timestamps (ms).
    """

    __slots__ = ()

    def __init__(
        self,
        value: str | Number | None = None,
        type: InputType | None = None,
        debounce: bool | Number | None = None,
        placeholder: str | None = None,
        *,
        min: str | Number | None = None,
        max: str | Number | None = None,
        step: str | Number | None = None,
        minLength: int | None = None,
        maxLength: int | None = None,
        pattern: str | None = None,
        size: int | None = None,
        list: str | None = None,
        name: str | None = None,
        autoComplete: str | None = None,
        autoFocus: bool | None = None,
        inputMode: Mode | None = None,
        readOnly: bool | None = None,
        required: bool | None = None,
        disabled: bool | None = None,
        spellCheck: bool | str | None = None,
        n_submit: int | None = None,
        n_submit_timestamp: int | None = None,
        n_blur: int | None = None,
        n_blur_timestamp: int | None = None,
        title: str | None = None,
        tabIndex: int | None = None,
        **others: Unpack[Common],
    ) -> None:
        self._take(locals())
        hint = 'For "checkbox" see dcc.Checklist, for others html.Input.'
        checks.one_of("Input", "type", type, get_args(InputType), hint)
        checks.debounce("Input", debounce)
        checks.bounds("Input", min, max)


class Textarea(Control):
    """A field of several lines. `debounce` is as in Input, but Enter is a new line.

    The user's doing sets `value`, `n_blur`, `n_clicks` and their timestamps (ms).
    """

    __slots__ = ()

    def __init__(
        self,
        value: str | None = None,
        *,
        placeholder: str | None = None,
        debounce: bool | Number | None = None,
        rows: int | None = None,
        cols: int | None = None,
        wrap: Literal["soft", "hard", "off"] | None = None,
        minLength: int | None = None,
        maxLength: int | None = None,
        name: str | None = None,
        autoComplete: str | None = None,
        autoFocus: bool | None = None,
        readOnly: bool | None = None,
        required: bool | None = None,
        disabled: bool | None = None,
        spellCheck: bool | str | None = None,
        n_blur: int | None = None,
        n_blur_timestamp: int | None = None,
        n_clicks: int | None = None,
        n_clicks_timestamp: int | None = None,
        title: str | None = None,
        tabIndex: int | None = None,
        **others: Unpack[Common],
    ) -> None:
        self._take(locals())
        checks.debounce("Textarea", debounce)


class Dropdown(Control):
    """A list that opens, to choose one of the options, or several with `multi`.

    `options` is a list of values, a list of `{"label", "value", "disabled", "title"}`, or a dict of value to label.
    `clearable` (default True) has an empty choice; `searchable` a text that filters. The user's doing sets `value`.
    """

    __slots__ = ()

    def __init__(
        self,
        options: Options | None = None,
        value: OptionValue | Sequence[OptionValue] | None = None,
        multi: bool | None = None,
        clearable: bool | None = None,
        searchable: bool | None = None,
        placeholder: str | None = None,
        disabled: bool | None = None,
        *,
        name: str | None = None,
        title: str | None = None,
        tabIndex: int | None = None,
        **others: Unpack[Common],
    ) -> None:
        self._take(locals())
        checks.options("Dropdown", options)
        checks.chosen("Dropdown", value, several=bool(multi))


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


class Checklist(Control):
    """Check boxes. `options` is as in Dropdown; the user's doing sets `value`, the list of the checked ones."""

    __slots__ = ()

    def __init__(
        self,
        options: Options | None = None,
        value: Sequence[OptionValue] | None = None,
        inline: bool | None = None,
        *,
        inputClassName: str | None = None,
        inputStyle: Style | None = None,
        labelClassName: str | None = None,
        labelStyle: Style | None = None,
        **others: Unpack[Common],
    ) -> None:
        self._take(locals())
        checks.options("Checklist", options)
        checks.chosen("Checklist", value, several=True)


class RadioItems(Control):
    """Radio buttons. `options` is as in Dropdown; the user's doing sets `value`, the chosen one."""

    __slots__ = ()

    def __init__(
        self,
        options: Options | None = None,
        value: OptionValue | None = None,
        inline: bool | None = None,
        *,
        inputClassName: str | None = None,
        inputStyle: Style | None = None,
        labelClassName: str | None = None,
        labelStyle: Style | None = None,
        **others: Unpack[Common],
    ) -> None:
        self._take(locals())
        checks.options("RadioItems", options)
        checks.chosen("RadioItems", value, several=False)


class Store(Control):
    """Data in the browser, not shown: `storage_type` is "memory" (until a reload, the default), "local" or "session".

    `clear_data=True` empties it. The page sets `data` (from an earlier visit or another tab) and `modified_timestamp`
    (ms).
    """

    __slots__ = ()

    def __init__(
        self,
        id: Id | None = None,
        storage_type: Literal["memory", "local", "session"] | None = None,
        data: Any = None,
        *,
        clear_data: bool | None = None,
        modified_timestamp: int | None = None,
        **others: Unpack[Nothing],
    ) -> None:
        self._take(locals())
        checks.one_of("Store", "storage_type", storage_type, ("memory", "local", "session"))
        checks.stored_by_id("Store", storage_type, id)


class Chart(Control):
    """Lines over time, drawn by uPlot; thousands of points a second are fine.

    `data` is a dict of columns (lists or one-dimensional arrays of one length). The column "x" is the x axis, in
    seconds since 1970 while `time` is True (the default), else any number. A live chart is fed by `Patch`:
    `patch["cpu"].extend(values, maxlen=600)`, and for "x" too.
    `series` is what to draw, a list of `{"key", "label", "color", "scale", "fill", "width", "dash"}`; by default each
    column. `fill` is a colour below the line, or True for a tint of the line's.
    `scales` is a dict of name to `{"label", "unit", "range", "side"}`; a series without `scale` is on "y". Units such
    as "%", "bytes/s" and "s" are scaled to what is readable.
    `window` is the seconds shown, `live` lets the axis follow the clock. `height` is in pixels (default 240), the
    width is what there is. `legend` defaults to True.
    """

    __slots__ = ()

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        series: Sequence[Mapping[str, Any]] | None = None,
        scales: Mapping[str, Mapping[str, Any]] | None = None,
        *,
        time: bool | None = None,
        window: Number | None = None,
        live: bool | None = None,
        height: Number | None = None,
        title: str | None = None,
        legend: bool | None = None,
        **others: Unpack[Common],
    ) -> None:
        self._take(locals())
        checks.columns("Chart", data)
        checks.scales("Chart", scales)
        checks.series("Chart", series, data, scales)
        checks.positive("Chart", "window", window)
        checks.positive("Chart", "height", height)
