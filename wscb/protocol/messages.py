"""The messages of wscb.v1. They have no behaviour: the codec makes and reads them, the session decides about them.

PROTOCOL.md says what each means. A field that is None, empty where empty is its default, or False is left out of the
frame. Unknown fields are refused, so that a field is only ever added together with a new subprotocol.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Annotated, Any, Literal, TypeAlias, TypeVar, cast, dataclass_transform

from pydantic import BeforeValidator, ConfigDict, Field, Strict
from pydantic.dataclasses import dataclass
from typing_extensions import TypeAliasType

SUBPROTOCOL = "wscb.v1"

MAX_SAFE_INTEGER = 2**53 - 1
"""The largest integer that a page counts to exactly."""

Flag = Annotated[bool, Strict()]
Count = Annotated[int, Strict(), Field(ge=0, le=MAX_SAFE_INTEGER)]
Name = Annotated[str, Strict(), Field(min_length=1, max_length=1024)]
"""A component's id, a prop, `id.prop`."""
CallbackId = Annotated[str, Strict(), Field(min_length=1, max_length=32_768)]
Text = Annotated[str, Strict(), Field(max_length=8192)]
"""For people: a message, a reason. Also a path, a query string."""
Body = Annotated[str, Strict()]
Secret = Annotated[str, Strict(), Field(min_length=1, max_length=256)]

Values = Annotated[list[Any], Strict()]
"""Strict, since a typed array could stand for a list, and is one of more items than a frame may have."""
Names = Annotated[list[Name], Strict(), Field(max_length=100_000, fail_fast=True)]
"""Of a list in which all is wrong only the first item is reported: a report takes a kilobyte."""
Resolved = Annotated[list[Name | Names | None], Strict(), Field(max_length=10_000, fail_fast=True)]
"""The ids on the page that a callback's ids with wildcards stand for: one, or with ALL a list; None for a fixed id."""

Ids: TypeAlias = tuple[Resolved, Resolved, Resolved]
"""Of the outputs, the inputs and the states of a callback."""

T = TypeVar("T")


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(Field,))
def _message(cls: type[T]) -> type[T]:
    made = dataclass(frozen=True, slots=True, kw_only=True, config=ConfigDict(extra="forbid"))(cls)
    return cast("type[T]", made)


# ---------------------------------------------------------------------------------------------- page to server


@_message
class Location:
    """Where the page was opened: what the browser's address says below the origin."""

    path: Text
    query: Text


def _no_crowd(value: Any) -> Any:
    """Each unknown field would be reported, however many there are."""
    if isinstance(value, dict) and len(value) > len(fields(Location)):
        raise ValueError("it has no more than path and query")
    return value


@_message
class Hello:
    """The first message. `n` counts the opens of this page, `have` is the version that it has applied."""

    type: Literal["hello"] = "hello"
    n: Count
    build: Text
    page: Annotated[Location, BeforeValidator(_no_crowd)]
    visible: Flag
    have: Count
    topics: Annotated[list[Name], Strict(), Field(max_length=1000, fail_fast=True)] | None = None
    session: Secret | None = None
    token: Secret | None = None


@_message
class Invoke:
    """Call a callback. `inputs` and `state` stand in the order of the declaration; no `trigger`: the initial call.

    `ids`, of a callback with patterns alone: what its outputs, inputs and states stand for in this call.
    """

    type: Literal["invoke"] = "invoke"
    q: Count
    id: Count
    callback: CallbackId
    inputs: Values
    state: Values
    trigger: Names
    ids: Ids | None = None


@_message
class Cancel:
    """End the call or the task run `id`."""

    type: Literal["cancel"] = "cancel"
    q: Count
    id: Count


@_message
class PropValue:
    """The answer to `get_prop`: a value (None is one), unless there is an `error`: "not_on_page", or a text."""

    type: Literal["prop_value"] = "prop_value"
    id: Count
    value: Any = None
    error: Text | None = None


@_message
class Ack:
    """The page has applied, and when it is visible painted, all up to version `have`."""

    type: Literal["ack"] = "ack"
    have: Count


@_message
class Visible:
    type: Literal["visible"] = "visible"
    visible: Flag


@_message
class Problem:
    """A change that the page could not apply, for the log."""

    type: Literal["problem"] = "problem"
    code: Name
    component: Text
    prop: Text
    message: Text


@_message
class Pong:
    type: Literal["pong"] = "pong"


@_message
class Bye:
    """The page is leaving: its session ends now."""

    type: Literal["bye"] = "bye"


@_message
class Chunk:
    """A piece of a frame that is too long to travel at once, either way."""

    type: Literal["chunk"] = "chunk"
    data: Annotated[bytes, Strict(), Field(min_length=1)]
    last: Flag


# ---------------------------------------------------------------------------------------------- server to page


@_message
class PageLimits:
    """What the page keeps by itself: bytes a message, calls in flight, messages a second."""

    message: Count
    calls: Count
    rate: Count


@_message
class Welcome:
    """The answer to hello. `attach` counts the connections of the session; `cq` is the last `q` that it has."""

    type: Literal["welcome"] = "welcome"
    session: Secret
    token: Secret
    attach: Count
    mode: Literal["new", "resumed", "stale"]
    cq: Count
    limits: PageLimits
    heartbeat: Count
    """Milliseconds."""


How = TypeAliasType(
    "How", Literal["ok", "no_update", "error", "cancelled", "superseded", "timeout", "rejected", "unknown"]
)
TaskState = TypeAliasType("TaskState", Literal["running", "completed", "failed", "cancelled"])
OperationName = TypeAliasType(
    "OperationName",
    Literal[
        "assign", "delete", "append", "prepend", "insert", "extend", "remove", "clear", "reverse",
        "add", "sub", "mul", "truediv", "merge",
    ],
)  # fmt: skip
Key = Annotated[str, Strict(), Field(max_length=1024)] | Annotated[int, Strict()]
WirePath = TypeAliasType("WirePath", Annotated[list[Key], Field(max_length=256)])
WireOperation = TypeAliasType(
    "WireOperation",
    tuple[OperationName, WirePath] | tuple[OperationName, WirePath, Any] | tuple[OperationName, WirePath, Any, Count],
)
WireChange = TypeAliasType(
    "WireChange",
    tuple[Literal["set"], Name, Name, Any]
    | tuple[Literal["set"], Name, Name, Any, Count]
    | tuple[Literal["op"], Name, Name, WireOperation],
)


@_message
class Detail:
    """More about an outcome or a task. The exception's text and traceback leave the server in debug only."""

    code: Name | None = None
    ref: Name | None = None
    message: Body | None = None
    traceback: Body | None = None
    callback: Body | None = None


WireOutcome = TypeAliasType("WireOutcome", tuple[Count, How] | tuple[Count, How, Detail])
WireTask = TypeAliasType("WireTask", tuple[CallbackId, TaskState] | tuple[CallbackId, TaskState, Detail])


@_message
class Delta:
    """All that is newer than what was sent before, in one commit. After it the page has version `to`.

    The server never builds one of these: codec.delta splices parts that are packed already.
    """

    type: Literal["delta"] = "delta"
    to: Count
    cq: Count
    changes: list[WireChange] = Field(default_factory=list)
    outcomes: list[WireOutcome] = Field(default_factory=list)
    tasks: list[WireTask] = Field(default_factory=list)
    ack: Flag = False


@_message
class GetProp:
    """Asks for a prop of the page as of version `at`; `left` are the milliseconds that the asker still waits."""

    type: Literal["get_prop"] = "get_prop"
    id: Count
    component: Name
    prop: Name
    at: Count
    left: Count


@_message
class Ping:
    type: Literal["ping"] = "ping"


@_message
class Drain:
    """The server is going away: come back elsewhere, at a random moment within `after` milliseconds."""

    type: Literal["drain"] = "drain"
    after: Count


@_message
class Error:
    """Why the connection is about to be closed."""

    type: Literal["error"] = "error"
    code: Count
    message: Text
    ref: Name | None = None


PageMessage = Annotated[
    Hello | Invoke | Cancel | PropValue | Ack | Visible | Problem | Pong | Bye | Chunk, Field(discriminator="type")
]
ServerMessage = Annotated[Welcome | Delta | GetProp | Ping | Drain | Error | Chunk, Field(discriminator="type")]

PAGE_MESSAGES = (Hello, Invoke, Cancel, PropValue, Ack, Visible, Problem, Pong, Bye, Chunk)
SERVER_MESSAGES = (Welcome, Delta, GetProp, Ping, Drain, Error, Chunk)
