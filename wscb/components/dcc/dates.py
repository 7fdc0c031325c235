"""Dates, in the browser's own fields: the user's language, calendar and keys."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any, Literal, TypeAlias, Unpack

from wscb.components import checks
from wscb.components.dcc.control import Control, Kept

Day: TypeAlias = str | datetime.date
"""A day as "2026-11-22", or as a date or datetime; in a callback it is always such a text."""

_CALENDAR = """
    display_format month_format first_day_of_week show_outside_days initial_visible_month calendar_orientation
    number_of_months_shown with_portal with_full_screen_portal day_size is_RTL stay_open_on_select
    reopen_calendar_on_clear placeholder start_date_placeholder_text end_date_placeholder_text
"""
_UNSEEN = dict.fromkeys(
    _CALENDAR.split(), "the field and its calendar are the browser's own, and look as its user has set them"
)


class DatePickerSingle(Control):
    """A day: `date`, as text "2026-11-22"; the user's doing sets it, and None when the field is emptied.

    Days before `min_date_allowed`, after `max_date_allowed` and in `disabled_days` are not taken. `clearable` has a
    button that empties the field.
    """

    __slots__ = ()
    _unseen = _UNSEEN
    _kept = ("date",)

    def __init__(
        self,
        date: Day | None = None,
        min_date_allowed: Day | None = None,
        max_date_allowed: Day | None = None,
        disabled_days: Sequence[Day] | None = None,
        clearable: bool | None = None,
        disabled: bool | None = None,
        *,
        title: str | None = None,
        **others: Unpack[Kept],
    ) -> None:
        date, min_date_allowed, max_date_allowed = map(_day, (date, min_date_allowed, max_date_allowed))
        disabled_days = _days(disabled_days)
        self._take(locals())
        checks.days("DatePickerSingle", date=date)
        checks.days("DatePickerSingle", min_date_allowed=min_date_allowed, max_date_allowed=max_date_allowed)
        checks.day_list("DatePickerSingle", disabled_days)


class DatePickerRange(Control):
    """Two days, `start_date` and `end_date`, as in `DatePickerSingle`; the second is never before the first.

    `minimum_nights` (default 0) is the least that lies between them. `updatemode`: "singledate" (the default) tells
    each day when it is chosen, "bothdates" both when both are.
    """

    __slots__ = ()
    _unseen = _UNSEEN
    _kept = ("start_date", "end_date")

    def __init__(
        self,
        start_date: Day | None = None,
        end_date: Day | None = None,
        minimum_nights: int | None = None,
        updatemode: Literal["singledate", "bothdates"] | None = None,
        *,
        start_date_id: str | None = None,
        end_date_id: str | None = None,
        min_date_allowed: Day | None = None,
        max_date_allowed: Day | None = None,
        disabled_days: Sequence[Day] | None = None,
        clearable: bool | None = None,
        disabled: bool | None = None,
        title: str | None = None,
        **others: Unpack[Kept],
    ) -> None:
        start_date, end_date = _day(start_date), _day(end_date)
        min_date_allowed, max_date_allowed = _day(min_date_allowed), _day(max_date_allowed)
        disabled_days = _days(disabled_days)
        self._take(locals())
        checks.days("DatePickerRange", start_date=start_date, end_date=end_date)
        checks.days("DatePickerRange", min_date_allowed=min_date_allowed, max_date_allowed=max_date_allowed)
        checks.day_list("DatePickerRange", disabled_days)
        checks.numbers("DatePickerRange", minimum_nights=minimum_nights)
        checks.one_of("DatePickerRange", "updatemode", updatemode, ("singledate", "bothdates"))


def _day(value: Any) -> Any:
    """The day of a date or datetime as text; anything else is for the checks to look at."""
    if isinstance(value, datetime.date):
        return value.isoformat()[:10]
    return value[:10] if isinstance(value, str) and value[10:11] in ("T", " ") else value


def _days(values: Any) -> Any:
    return [_day(value) for value in values] if isinstance(values, list | tuple) else values
