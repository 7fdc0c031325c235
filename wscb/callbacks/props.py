"""A callback's way to any prop of its page: `set_props`, `get_prop`, `ctx.websocket`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wscb.callbacks.call import CallState, Channel, current, over_socket
from wscb.callbacks.dependencies import ComponentId, Wildcard
from wscb.components.base import id_text
from wscb.errors import DeclarationError, UsageError


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

    Raises NotOnPage, GetPropTimeout, PageGone; NeedsSocket in a callback that runs over HTTP, NoPage in a shared task.
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
    return over_socket(wanted, f"Input({component_id!r}, {prop!r})"), component


def _text(wanted: str, call: CallState, component_id: ComponentId) -> str:
    if not isinstance(component_id, (str, Mapping)):
        raise UsageError(
            f"{wanted} in {call.callback.where} takes the id of a component, a str or a dict, not {component_id!r}. "
            f"If that is a component, give it an id and pass the id."
        )
    wild = isinstance(component_id, Mapping) and any(isinstance(one, Wildcard) for one in component_id.values())
    if wild:
        raise UsageError(
            f"{wanted} in {call.callback.where} takes the id of one component, and {component_id!r} stands for many. "
            f"Use it for each: the ids that a pattern of the callback stands for are in ctx.inputs_list, states_list "
            f"and outputs_list."
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
