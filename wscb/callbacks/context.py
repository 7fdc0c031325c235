"""A callback's view of its own call: `ctx`, `set_props`, `get_prop`.

The server activates a `CallState` around each call. It lies in a context variable, so that it follows the call into
the tasks that it starts, and into a thread to which its context is copied. How a value reaches the page is the
channel's affair; over HTTP it is another one than over the socket.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol
from urllib.parse import parse_qs

from wscb.callbacks.dependencies import ComponentId, Dependency
from wscb.components.base import id_text
from wscb.errors import DeclarationError, NeedsSocket, NoCallback, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from wscb.callbacks.declaration import Callback


class Channel(Protocol):
    """How a running call reaches its page. Component ids are text here. The server supplies one for each call."""

    kind: Literal["socket", "http"]

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


class Headers(Mapping[str, str]):
    """The headers of a request; their names in any case."""

    __slots__ = ("_values",)

    def __init__(self, items: Iterable[tuple[str, str]] = ()) -> None:
        self._values: dict[str, str] = {}
        for name, value in items:
            key = name.lower()
            self._values[key] = f"{self._values[key]}, {value}" if key in self._values else value

    def __getitem__(self, name: str) -> str:
        return self._values[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Headers({list(self._values)})"  # names alone: a cookie or a token has no place in a log


@dataclass(frozen=True, slots=True)
class Request:
    """Who is calling. `path` and `query` (the text after "?") are the page's, the rest is the connection's."""

    cookies: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=Headers)
    path: str = "/"
    query: str = ""
    remote_addr: str | None = None
    user: Any = None


@dataclass(slots=True, eq=False)
class CallState:
    """One run of a callback. `inputs` and `state` are flat; `trigger` names what changed, as "id.prop"."""

    callback: Callback
    inputs: Sequence[Any]
    state: Sequence[Any]
    trigger: Sequence[str]
    request: Request
    channel: Channel


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


def set_props(component_id: ComponentId, props: Mapping[str, Any]) -> None:
    """Sets props of any component of the page, now. They arrive together.

    Raises UsageError for arguments of the wrong type, CallOver after the call's outcome, CannotEncode.
    """
    call = current("set_props")
    component = _text("set_props", call, component_id)
    if not isinstance(props, Mapping) or not all(isinstance(name, str) for name in props):
        raise UsageError(
            f"set_props({component_id!r}, {props!r}) in {call.callback.where}: the second argument is a mapping of "
            f'prop names to values. Write set_props({component_id!r}, {{"children": value}}).'
        )
    call.channel.set_props(component, props)


async def get_prop(component_id: ComponentId, prop: str, timeout: float = 30) -> Any:  # noqa: ASYNC109
    """The value that a prop has on the page, after all that was set before.

    `timeout` is in seconds, of which those do not count in which the page's line was lost.

    Raises NotOnPage, GetPropTimeout, PageGone; NeedsSocket in a callback that runs over HTTP.
    """
    channel, component = _page("get_prop", component_id, prop)
    return await channel.get_prop(component, prop, timeout)


def get_prop_sync(component_id: ComponentId, prop: str, timeout: float = 30) -> Any:
    """`get_prop` for a callback that is a plain function. Raises the same; UsageError where it would block the loop."""
    channel, component = _page("get_prop_sync", component_id, prop)
    return channel.get_prop_sync(component, prop, timeout)


def _page(wanted: str, component_id: ComponentId, prop: object) -> tuple[Channel, str]:
    call = current(wanted)
    component = _text(wanted, call, component_id)
    if not isinstance(prop, str):
        raise UsageError(
            f"{wanted} in {call.callback.where} takes the name of one prop, not {prop!r}. "
            f'Write {wanted}({component_id!r}, "value").'
        )
    return _socket(wanted, call), component


def _socket(wanted: str, call: CallState) -> Channel:
    if call.channel.kind != "socket":
        raise NeedsSocket(
            f"{wanted} in {call.callback.where}: this callback runs over HTTP, where the page cannot be asked. Declare "
            f"it with websocket=True, or the app with websocket_callbacks=True, or take what it needs as a State."
        )
    return call.channel


def _text(wanted: str, call: CallState, component_id: ComponentId) -> str:
    if not isinstance(component_id, (str, Mapping)):
        raise UsageError(
            f"{wanted} in {call.callback.where} takes the id of a component, a str or a dict, not {component_id!r}. "
            f"If that is a component, give it an id and pass the id."
        )
    try:
        return id_text(component_id)
    except DeclarationError as error:
        raise UsageError(f"{wanted} in {call.callback.where}: {error}") from None


class CallbackWebsocket:
    """`ctx.websocket`: the page, as seen from a callback that runs over its socket."""

    __slots__ = ("_channel",)

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    @property
    def is_shutdown(self) -> bool:
        """Whether the page is gone or the call is over. A loop in a thread asks it to know when to end."""
        return self._channel.is_shutdown

    def set_prop(self, component_id: ComponentId, prop: str, value: Any) -> None:
        """`set_props` for one prop."""
        set_props(component_id, {prop: value})

    async def get_prop(self, component_id: ComponentId, prop: str, timeout: float = 30) -> Any:  # noqa: ASYNC109
        """As the function `get_prop`."""
        return await get_prop(component_id, prop, timeout)


class _NoTrigger(list[dict[str, Any]]):
    """What `triggered` is in an initial call: false, and yet with the one empty entry that older code reads."""

    def __init__(self) -> None:
        super().__init__([{"prop_id": ".", "value": None}])

    def __bool__(self) -> bool:
        return False


class CallbackContext:
    """`ctx`: why the callback was called, with what, and by whom. Each raises NoCallback outside of a callback."""

    __slots__ = ()

    @property
    def triggered(self) -> list[dict[str, Any]]:
        """What changed, as `{"prop_id": "id.prop", "value": ...}`. In an initial call it is false."""
        call = current("ctx.triggered")
        values = _values(call.callback.inputs, call.inputs)
        return [{"prop_id": key, "value": values[key]} for key in call.trigger if key in values] or _NoTrigger()

    @property
    def triggered_id(self) -> ComponentId | None:
        """The id of the component that changed, the first one if several did; None in an initial call."""
        return next(iter(_triggered(current("ctx.triggered_id")).values()), None)

    @property
    def triggered_prop_ids(self) -> dict[str, ComponentId]:
        """What changed: "id.prop" to the component's id."""
        return _triggered(current("ctx.triggered_prop_ids"))

    @property
    def inputs(self) -> dict[str, Any]:
        """The values of the inputs by "id.prop"."""
        call = current("ctx.inputs")
        return _values(call.callback.inputs, call.inputs)

    @property
    def states(self) -> dict[str, Any]:
        """The values of the states by "id.prop"."""
        call = current("ctx.states")
        return _values(call.callback.state, call.state)

    @property
    def inputs_list(self) -> list[dict[str, Any]]:
        """The inputs in order, as `{"id", "property", "value"}`."""
        call = current("ctx.inputs_list")
        return _entries(call.callback.inputs, call.inputs)

    @property
    def states_list(self) -> list[dict[str, Any]]:
        """The states in order, as `{"id", "property", "value"}`."""
        call = current("ctx.states_list")
        return _entries(call.callback.state, call.state)

    @property
    def outputs_list(self) -> dict[str, Any] | list[dict[str, Any]]:
        """The outputs in order, as `{"id", "property"}`; a callback with a single output has it without a list."""
        callback = current("ctx.outputs_list").callback
        entries = [{"id": output.component_id, "property": output.component_property} for output in callback.outputs]
        return entries if callback.multi else entries[0]

    @property
    def websocket(self) -> CallbackWebsocket | None:
        """The page, or None in a callback that runs over HTTP."""
        channel = current("ctx.websocket").channel
        return CallbackWebsocket(channel) if channel.kind == "socket" else None

    async def flush(self) -> None:
        """Returns when the page has all that was set before. Raises NeedsSocket over HTTP."""
        await _socket("ctx.flush", current("ctx.flush")).flush()

    @property
    def cookies(self) -> Mapping[str, str]:
        """The cookies that the connection was opened with."""
        return current("ctx.cookies").request.cookies

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers that the connection was opened with; their names in any case."""
        return current("ctx.headers").request.headers

    @property
    def path(self) -> str:
        """The path of the page's address."""
        return current("ctx.path").request.path

    @property
    def query(self) -> dict[str, list[str]]:
        """The query of the page's address: `?tab=a&tab=b&q=` is `{"tab": ["a", "b"], "q": [""]}`."""
        return parse_qs(current("ctx.query").request.query.removeprefix("?"), keep_blank_values=True)

    @property
    def remote_addr(self) -> str | None:
        """The address of the other end of the connection."""
        return current("ctx.remote_addr").request.remote_addr

    @property
    def user(self) -> Any:
        """Who the connection's handshake said that this is; None if nobody asked."""
        return current("ctx.user").request.user


ctx = CallbackContext()


def _triggered(call: CallState) -> dict[str, ComponentId]:
    ids = {str(dependency): dependency.component_id for dependency in call.callback.inputs}
    return {key: ids[key] for key in call.trigger if key in ids}


def _values(dependencies: Sequence[Dependency], values: Sequence[Any]) -> dict[str, Any]:
    return {str(dependency): value for dependency, value in zip(dependencies, values, strict=True)}


def _entries(dependencies: Sequence[Dependency], values: Sequence[Any]) -> list[dict[str, Any]]:
    return [
        {"id": dependency.component_id, "property": dependency.component_property, "value": value}
        for dependency, value in zip(dependencies, values, strict=True)
    ]
