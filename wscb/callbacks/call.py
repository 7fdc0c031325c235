"""The call that runs here. The server activates a `CallState` around each.

It lies in a context variable, so that it follows the call into the tasks that it starts, and into a thread to which its
context is copied. How a value reaches the page is the channel's affair; over HTTP it is another one than over the
socket.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

from wscb.errors import NeedsSocket, NoCallback, NoPage

if TYPE_CHECKING:
    from wscb.callbacks.declaration import Callback
    from wscb.callbacks.patterns import Instance
    from wscb.callbacks.request import Request
    from wscb.callbacks.response import Response


Transport = Literal["socket", "http", "endpoint"]
"""`endpoint`: over HTTP too, but a program has called, and there is no page."""


class Channel(Protocol):
    """How a running call reaches its page. Component ids are text here. The server supplies one for each call."""

    kind: Transport

    @property
    def is_shutdown(self) -> bool:
        """Whether the page is gone or the call is over: nothing that is set any more arrives."""

    def set_props(self, component: str, props: Mapping[str, Any]) -> None:
        """Encodes in the caller's thread and never waits. Raises CallOver, CannotEncode, ValueTooLarge."""

    async def get_prop(self, component: str, prop: str, timeout: float) -> Any:  # noqa: ASYNC109
        """Raises NotOnPage, GetPropTimeout, PageGone."""

    def get_prop_sync(self, component: str, prop: str, timeout: float) -> Any:
        """As get_prop, for a worker thread; on the loop's own thread it raises UsageError, since it would block."""

    async def flush(self) -> None:
        """Returns when the page has all that was set before."""

    @property
    def cancelled(self) -> bool:
        """Whether the call was told to end."""

    def sleep(self, seconds: float) -> None:
        """Blocks the call's own thread. Raises CancelledError, at once, when the call is cancelled; on the loop's
        thread UsageError."""


@dataclass(slots=True, eq=False)
class CallState:
    """One run of a callback. `inputs` and `state` are flat; `trigger` names what changed, as "id.prop".

    `ids`, for a callback with patterns alone, are what outputs, inputs and states stand for; `mismatch` has checked
    them. `response` is None until the callback asks for it, which it can over HTTP: its headers go out with the
    answer. `injected` are the parameters that the backend has filled.
    """

    callback: Callback
    inputs: Sequence[Any]
    state: Sequence[Any]
    trigger: Sequence[str]
    request: Request
    channel: Channel
    ids: Instance | None = None
    response: Response | None = None
    injected: Mapping[str, Any] = field(default_factory=dict)


_current: ContextVar[CallState] = ContextVar("wscb_call")


def current(wanted: str = "this") -> CallState:
    """The call that runs here. Raises NoCallback, which names what was `wanted`."""
    try:
        return _current.get()
    except LookupError:
        raise NoCallback(
            f"{wanted} was used outside of a callback, where no page is known. Use it in a function decorated with "
            f"@callback. In a thread that the callback starts itself, run it in contextvars.copy_context().run(...)."
        ) from None


def running_call() -> CallState | None:
    """The call that runs here, if one does."""
    return _current.get(None)


class activate:
    """`with activate(state):` makes it the current call of the code within."""

    __slots__ = ("_state", "_token")

    def __init__(self, state: CallState) -> None:
        self._state = state

    def __enter__(self) -> CallState:
        self._token = _current.set(self._state)
        return self._state

    def __exit__(self, *_: object) -> None:
        _current.reset(self._token)


def of_a_page(wanted: str, instead: str = "an Input") -> CallState:
    """The call that runs here, of which one page is the caller. Raises NoCallback, and NoPage in a shared task."""
    call = current(wanted)
    if call.callback.shared:
        raise NoPage(
            f"{wanted} in {call.callback.where}: a shared task runs once for all who view it, and has no page of its "
            f"own. Pass what it needs as {instead}, so that each value has a run of its own, or drop shared=True."
        )
    return call


def over_socket(wanted: str, instead: str = "an Input") -> Channel:
    """The channel to the page of the call that runs here. As `of_a_page`, and raises NeedsSocket over HTTP."""
    call = of_a_page(wanted, instead)
    if call.channel.kind == "endpoint":
        raise NeedsSocket(
            f"{wanted} in {call.callback.where}: this call came to its api_endpoint, from a program that has no "
            f"page. Take what it needs as a State, which the program then gives (ctx.websocket is None in such a call)."
        )
    if call.channel.kind != "socket":
        raise NeedsSocket(
            f"{wanted} in {call.callback.where}: this callback runs over HTTP, where the page cannot be asked. Declare "
            f"it with websocket=True, or the app with websocket_callbacks=True, or take what it needs as a State."
        )
    return call.channel
