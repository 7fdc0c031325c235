"""`ctx`: a callback's view of its own call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from wscb.callbacks.call import CallState, Channel, activate, current, of_a_page, over_socket
from wscb.callbacks.dependencies import ComponentId, Dependency
from wscb.callbacks.entries import (
    Attributes,
    One,
    arguments_grouping,
    attributes,
    each,
    inputs_of,
    outputs_grouping,
    outputs_of,
    shown,
    state_of,
)
from wscb.callbacks.props import CallbackWebsocket, get_prop, get_prop_sync, set_props
from wscb.callbacks.request import Headers, Request
from wscb.callbacks.response import Response
from wscb.errors import NeedsHttp

__all__ = [
    "CallState",
    "CallbackContext",
    "CallbackWebsocket",
    "Channel",
    "Headers",
    "Request",
    "Response",
    "activate",
    "ctx",
    "current",
    "get_prop",
    "get_prop_sync",
    "set_props",
]


class _NoTrigger(list[dict[str, Any]]):
    """What `triggered` is in an initial call: false, and yet with the one empty entry that older code reads."""

    def __init__(self) -> None:
        super().__init__([{"prop_id": ".", "value": None}])

    def __bool__(self) -> bool:
        return False


class CallbackContext:
    """`ctx`: why the callback was called, with what, and by whom. Each raises NoCallback outside of a callback.

    A shared task is nobody's: what asks for its page, who is there or what changed raises NoPage.
    """

    __slots__ = ()

    @property
    def triggered(self) -> list[dict[str, Any]]:
        """What changed, as `{"prop_id": "id.prop", "value": ...}`. In an initial call it is false."""
        call = of_a_page("ctx.triggered")
        values = {one.key: one.value for one in each(inputs_of(call))}
        return [{"prop_id": key, "value": values[key]} for key in call.trigger if key in values] or _NoTrigger()

    @property
    def triggered_id(self) -> Any:
        """The id of the component that changed, the first one if several did; None in an initial call.

        Of a dict id the values are there as attributes too: `ctx.triggered_id.index`.
        """
        return next(iter(_triggered(of_a_page("ctx.triggered_id")).values()), None)

    @property
    def triggered_prop_ids(self) -> Attributes:
        """What changed: "id.prop" to the component's id."""
        return _triggered(of_a_page("ctx.triggered_prop_ids"))

    @property
    def inputs(self) -> dict[str, Any]:
        """The values of the inputs by "id.prop"; of a pattern with ALL, each one's own."""
        return {one.key: one.value for one in each(inputs_of(current("ctx.inputs")))}

    @property
    def states(self) -> dict[str, Any]:
        """The values of the states by "id.prop"; of a pattern with ALL, each one's own."""
        return {one.key: one.value for one in each(state_of(current("ctx.states")))}

    @property
    def inputs_list(self) -> list[Any]:
        """The inputs in order, as `{"id", "property", "value"}`; for a pattern with ALL a list of these."""
        return [shown(entry, One.entry) for entry in inputs_of(current("ctx.inputs_list"))]

    @property
    def states_list(self) -> list[Any]:
        """The states in order, as `{"id", "property", "value"}`; for a pattern with ALL a list of these."""
        return [shown(entry, One.entry) for entry in state_of(current("ctx.states_list"))]

    @property
    def outputs_list(self) -> Any:
        """The outputs in order, as `{"id", "property"}`; for a pattern with ALL a list of these.

        A callback with a single output has it without a list around it.
        """
        call = current("ctx.outputs_list")
        entries = [shown(entry, lambda one: one.entry(value=False)) for entry in outputs_of(call)]
        return entries if call.callback.multi else entries[0]

    @property
    def args_grouping(self) -> Any:
        """The inputs and states in the shape of the declaration, with lists for tuples, and each as
        `{"id", "property", "value", "str_id", "triggered"}`. Keys can be read as attributes: `c.name.triggered`.
        """
        return arguments_grouping(current("ctx.args_grouping"))

    @property
    def outputs_grouping(self) -> Any:
        """The outputs in the shape of the declaration, with lists for tuples, each as `{"id", "property"}`."""
        return outputs_grouping(current("ctx.outputs_grouping"))

    @property
    def using_args_grouping(self) -> bool:
        """Whether inputs and states have names, are nested, or stand in another order than inputs first."""
        callback = current("ctx.using_args_grouping").callback
        return not (callback.plain or isinstance(callback.argument_grouping, Dependency))

    @property
    def using_outputs_grouping(self) -> bool:
        """Whether the outputs have names or are nested."""
        callback = current("ctx.using_outputs_grouping").callback
        return callback.output_grouping not in (callback.outputs, *callback.outputs)

    @property
    def websocket(self) -> CallbackWebsocket | None:
        """The page, or None in a callback that runs over HTTP."""
        channel = current("ctx.websocket").channel
        return CallbackWebsocket(channel) if channel.kind == "socket" else None

    async def flush(self) -> None:
        """Returns when the page has all that was set before. Raises NeedsSocket over HTTP."""
        await over_socket("ctx.flush").flush()

    @property
    def cancelled(self) -> bool:
        """Whether the call was told to end. A plain function that computes for long asks it now and then."""
        return current("ctx.cancelled").channel.cancelled

    def sleep(self, seconds: float) -> None:
        """Waits in a callback that is a plain function, and ends at once when the call is cancelled.

        It raises `CancelledError` then. In an async callback write `await asyncio.sleep(seconds)`.
        """
        current("ctx.sleep").channel.sleep(seconds)

    @property
    def response(self) -> Response:
        """The HTTP answer to be: `set_cookie`, `delete_cookie`, `set_header`, `append_header`.

        Raises NeedsHttp over the socket, where an answer has no headers.
        """
        return _response("ctx.response")

    def set_cookie(self, key: str, value: str = "", **options: Any) -> None:
        """Sets a cookie in the browser; the options are those of `ctx.response.set_cookie`. Raises NeedsHttp."""
        _response("ctx.set_cookie").set_cookie(key, value, **options)

    def set_props(self, component_id: ComponentId, props: Mapping[str, Any]) -> None:
        """As the function `set_props`."""
        set_props(component_id, props)

    @property
    def cookies(self) -> Mapping[str, str]:
        """The cookies that the connection was opened with."""
        return of_a_page("ctx.cookies").request.cookies

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers that the connection was opened with; their names in any case."""
        return of_a_page("ctx.headers").request.headers

    @property
    def path(self) -> str:
        """The path of the page's address."""
        return of_a_page("ctx.path").request.path

    @property
    def query(self) -> dict[str, list[str]]:
        """The query of the page's address: `?tab=a&tab=b&q=` is `{"tab": ["a", "b"], "q": [""]}`."""
        return _query("ctx.query")

    @property
    def args(self) -> dict[str, str]:
        """The query of the page's address, the first value of each name."""
        return {name: values[0] for name, values in _query("ctx.args").items()}

    @property
    def origin(self) -> str | None:
        """The origin that the connection says it comes from."""
        return of_a_page("ctx.origin").request.headers.get("origin")

    @property
    def remote(self) -> str | None:
        """Another name for `remote_addr`, as in Dash."""
        return of_a_page("ctx.remote").request.remote_addr

    @property
    def remote_addr(self) -> str | None:
        """The address of the other end of the connection."""
        return of_a_page("ctx.remote_addr").request.remote_addr

    @property
    def user(self) -> Any:
        """Who the connection's handshake said that this is; None if nobody asked."""
        return of_a_page("ctx.user").request.user


ctx = CallbackContext()


def _query(wanted: str) -> dict[str, list[str]]:
    return parse_qs(of_a_page(wanted).request.query.removeprefix("?"), keep_blank_values=True)


def _response(wanted: str) -> Response:
    call = current(wanted)
    if call.channel.kind == "socket":
        raise NeedsHttp(
            f"{wanted} in {call.callback.where}: this callback runs over the page's socket, whose answers have no "
            f"headers. Declare it without websocket=True, in an app without websocket_callbacks=True, or add a route "
            f"of your own to app.server and let the page load that."
        )
    if call.response is None:
        call.response = Response()
    return call.response


def _triggered(call: CallState) -> Attributes:
    ids = {one.key: one for one in each(inputs_of(call))}
    return Attributes({key: attributes(ids[key].id) for key in call.trigger if key in ids})
