"""Components that show nothing: what the browser keeps, what the clock says, what is saved as a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Unpack

from wscb.components import checks
from wscb.components.base import Id, Number
from wscb.components.dcc.control import Control, Nothing


class Store(Control):
    """Data in the browser, not shown: `storage_type` is "memory" (until a reload, the default), "local" or "session".

    `clear_data=True` empties it. The page sets `data` (from an earlier visit or another tab) and `modified_timestamp`
    (ms).
    """

    __slots__ = ()
    _seen = False

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


class Interval(Control):
    """A clock in the page: it adds 1 to `n_intervals` every `interval` milliseconds (default 1000).

    It stands still while it is `disabled`, and once `n_intervals` has come to `max_intervals` (-1, the default: never).
    A hidden tab's clock goes at most once a second, as its browser decides. For a stream, a callback with
    `persistent=True` needs no clock and no request.
    """

    __slots__ = ()
    _seen = False

    def __init__(
        self,
        id: Id | None = None,
        interval: Number | None = None,
        disabled: bool | None = None,
        n_intervals: int | None = None,
        max_intervals: int | None = None,
        **others: Unpack[Nothing],
    ) -> None:
        self._take(locals())
        checks.positive("Interval", "interval", interval)
        checks.numbers("Interval", n_intervals=n_intervals, max_intervals=max_intervals)


class Download(Control):
    """Saves a file when `data` changes: `{"content", "filename", "type", "base64"}`.

    `dcc.send_string`, `send_bytes`, `send_file` and `send_data_frame` make such data. `type` (the file's MIME type) and
    `base64` are what holds where the data does not say it. Data that stands in the layout is saved when the page opens.
    """

    __slots__ = ()
    _seen = False

    def __init__(
        self,
        id: Id | None = None,
        data: Mapping[str, Any] | None = None,
        base64: bool | None = None,
        type: str | None = None,
        **others: Unpack[Nothing],
    ) -> None:
        self._take(locals())
        checks.download("Download", data)
