"""Calls to look at with `ctx`, over a channel that writes down what it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wscb.callbacks.call import CallState, Transport
from wscb.callbacks.dependencies import Input, Output, State
from wscb.callbacks.registry import Registry
from wscb.callbacks.request import Request

ROW = {"type": "row", "index": 1}
ROW_TEXT = '{"index":1,"type":"row"}'
DEPENDENCIES = (Output("out", "children"), Input("a", "n"), Input(ROW, "value"), State("s", "data"))


class Recorder:
    """A channel without a page."""

    def __init__(self, kind: Transport = "socket") -> None:
        self.kind = kind
        self.is_shutdown = False
        self.asked: list[tuple[Any, ...]] = []

    def set_props(self, component: str, props: Mapping[str, Any]) -> None:
        self.asked.append(("set", component, dict(props)))

    async def get_prop(self, component: str, prop: str, timeout: float) -> Any:  # noqa: ASYNC109 - the channel's shape
        self.asked.append(("get", component, prop, timeout))
        return "from the page"

    def get_prop_sync(self, component: str, prop: str, timeout: float) -> Any:
        self.asked.append(("get_sync", component, prop, timeout))
        return "from the page"

    async def flush(self) -> None:
        self.asked.append(("flush",))

    @property
    def cancelled(self) -> bool:
        return self.is_shutdown

    def sleep(self, seconds: float) -> None:
        self.asked.append(("sleep", seconds))


def work(*_: Any, **__: Any) -> None: ...


def call(
    *trigger: str,
    dependencies: Any = DEPENDENCIES,
    request: Request | None = None,
    kind: Transport = "socket",
) -> CallState:
    registry = Registry()
    registry.callback(*dependencies)(work)
    (callback,) = registry.callbacks.values()
    inputs, state = range(len(callback.inputs)), ["kept"] * len(callback.state)
    return CallState(callback, list(inputs), state, list(trigger), request or Request(), Recorder(kind))
