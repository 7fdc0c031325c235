"""The states of a session, a call and a task, and the only moves there are: `TABLE[state][event]` is the next state.

The machine moves by looking it up, so a move that is not in the table is a KeyError.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, TypeVar

S = TypeVar("S", bound=StrEnum)
Table = Mapping[S, Mapping[str, S]]


class SessionState(StrEnum):
    """NEW: no page yet. LOST: kept for the grace period. CLOSING: the last delta is on its way."""

    NEW = "new"
    ATTACHED = "attached"
    LOST = "lost"
    CLOSING = "closing"
    OVER = "over"


class CallState(StrEnum):
    """CANCELLING: told to end, but its `finally` may still run. SETTLED: its outcome is written."""

    QUEUED = "queued"
    RUNNING = "running"
    CANCELLING = "cancelling"
    SETTLED = "settled"


class TaskState(StrEnum):
    """RESTARTING: cancelled, and a new run starts with newer inputs when this one has ended."""

    RUNNING = "running"
    CANCELLING = "cancelling"
    RESTARTING = "restarting"
    ENDED = "ended"


SESSION: Final[Table[SessionState]] = {
    SessionState.NEW: {"attach": SessionState.ATTACHED, "end": SessionState.OVER},
    SessionState.ATTACHED: {
        "attach": SessionState.ATTACHED,
        "lose": SessionState.LOST,
        "close": SessionState.CLOSING,
        "end": SessionState.OVER,
    },
    SessionState.LOST: {"attach": SessionState.ATTACHED, "end": SessionState.OVER},
    SessionState.CLOSING: {"end": SessionState.OVER},
    SessionState.OVER: {},
}

CALL: Final[Table[CallState]] = {
    CallState.QUEUED: {"start": CallState.RUNNING, "cancel": CallState.SETTLED},
    CallState.RUNNING: {"cancel": CallState.CANCELLING, "end": CallState.SETTLED},
    CallState.CANCELLING: {"cancel": CallState.CANCELLING, "end": CallState.SETTLED, "expire": CallState.SETTLED},
    CallState.SETTLED: {},
}

TASK: Final[Table[TaskState]] = {
    TaskState.RUNNING: {"cancel": TaskState.CANCELLING, "restart": TaskState.RESTARTING, "end": TaskState.ENDED},
    TaskState.CANCELLING: {
        "cancel": TaskState.CANCELLING,
        "restart": TaskState.RESTARTING,
        "end": TaskState.ENDED,
        "expire": TaskState.ENDED,
    },
    TaskState.RESTARTING: {
        "cancel": TaskState.CANCELLING,
        "restart": TaskState.RESTARTING,
        "end": TaskState.ENDED,
        "expire": TaskState.ENDED,
    },
    TaskState.ENDED: {},
}
