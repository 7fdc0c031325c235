"""Fields to type in."""

from __future__ import annotations

from typing import Literal, TypeAlias, Unpack, get_args

from wscb.components import checks
from wscb.components.base import Number
from wscb.components.dcc.control import Control, Kept

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


class Input(Control):
    """A one-line field. `value` is a number for the types "number" and "range" (None if it is not valid), else text.

    `debounce`: False reports each key, True what stands there on Enter or when the field is left, a number after so
    many seconds without a key. The user's doing sets `value`, `n_submit` (Enter), `n_blur` and their timestamps (ms).
    """

    __slots__ = ()
    _kept = ("value",)

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
        **others: Unpack[Kept],
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
    _kept = ("value",)

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
        **others: Unpack[Kept],
    ) -> None:
        self._take(locals())
        checks.debounce("Textarea", debounce)
