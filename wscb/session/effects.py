"""What the machine wants done. The server performs effects in the order given and decides nothing.

Plain slots dataclasses: they are made by the million, and nobody changes one. `Send` and `Close` carry the number of
the attach that they are for; a server that has another socket by then drops them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from wscb.protocol.messages import Ids


@dataclass(slots=True)
class Send:
    """Write one frame to the socket, then say `wrote`. There is at most one at a time."""

    attach: int
    data: bytes


@dataclass(slots=True)
class Close:
    """Close the socket. The machine does not hear from this attach any more."""

    attach: int
    code: int
    reason: str


@dataclass(slots=True)
class Run:
    """Start a callback, then say `finished` once. `call` is the page's id, None when the server started it itself."""

    run: int
    call: int | None
    callback: str
    inputs: Sequence[Any]
    state: Sequence[Any]
    trigger: Sequence[str]
    ids: Ids | None = None
    """What the patterns of the callback stand for in this call."""


@dataclass(slots=True)
class Cancel:
    """Cancel a run. It is still live until `finished` or until it is `Abandoned`."""

    run: int


@dataclass(slots=True)
class Abandoned:
    """The run did not end in time after its `Cancel`. What it still does has no effect; somebody should log it."""

    run: int


@dataclass(slots=True)
class Got:
    """A get_prop is settled. `error`: None, "not_on_page", "timeout", "gone" or the page's own text."""

    get: int
    value: Any
    error: str | None


@dataclass(slots=True)
class Flushed:
    """The page has all that was written before the flush. `error` is "gone" when it never will."""

    waiter: int
    error: Literal["gone"] | None = None


@dataclass(slots=True)
class WakeAt:
    """Call `wake` at this time, in place of any time said before; None: no longer at all."""

    at: float | None


@dataclass(slots=True)
class Over:
    """The session is over: forget it. Runs that were cancelled may still be ending. `code` closed it, if one did."""

    code: int | None


@dataclass(slots=True)
class Note:
    """For the log."""

    level: Literal["debug", "info", "warning", "error"]
    event: str
    fields: dict[str, Any]


Effect = Send | Close | Run | Cancel | Abandoned | Got | Flushed | WakeAt | Over | Note
