"""Choices among options."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, TypeAlias, Unpack

from wscb.components import checks
from wscb.components.base import Style
from wscb.components.dcc.control import Control, Kept

OptionValue: TypeAlias = str | int | float | bool
Options: TypeAlias = Iterable[OptionValue | Mapping[str, Any]] | Mapping[str, str]


class Dropdown(Control):
    """A list that opens, to choose one of the options, or several with `multi`.

    `options` is a list of values, a list of `{"label", "value", "disabled", "title"}`, or a dict of value to label.
    `clearable` (default True) has an empty choice; `searchable` a text that filters. The user's doing sets `value`, and
    `search_value` while a text is typed: one that a callback reads is `searchable`, and the callback can bring the
    options for the text. What was chosen before stays chosen, whether it is among them or not.
    """

    __slots__ = ()
    _unseen: ClassVar[Mapping[str, str]] = {
        "optionHeight": "an option is as high as its text",
        "maxHeight": "a list that is long is scrolled",
    }
    _kept = ("value",)

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
        search_value: str | None = None,
        name: str | None = None,
        title: str | None = None,
        tabIndex: int | None = None,
        **others: Unpack[Kept],
    ) -> None:
        self._take(locals())
        checks.options("Dropdown", options)
        checks.chosen("Dropdown", value, several=bool(multi))


class Checklist(Control):
    """Check boxes. `options` is as in Dropdown; the user's doing sets `value`, the list of the checked ones."""

    __slots__ = ()
    _kept = ("value",)

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
        **others: Unpack[Kept],
    ) -> None:
        self._take(locals())
        checks.options("Checklist", options)
        checks.chosen("Checklist", value, several=True)


class RadioItems(Control):
    """Radio buttons. `options` is as in Dropdown; the user's doing sets `value`, the chosen one."""

    __slots__ = ()
    _kept = ("value",)

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
        **others: Unpack[Kept],
    ) -> None:
        self._take(locals())
        checks.options("RadioItems", options)
        checks.chosen("RadioItems", value, several=False)
