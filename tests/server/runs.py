"""One callback and the workers that run it, with no page at the other end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

from wscb import Input, Output
from wscb.callbacks.context import CallState, Request
from wscb.callbacks.declaration import Callback
from wscb.callbacks.registry import Registry
from wscb.server.channel import encode_all
from wscb.server.workers import Outcome, Update, Workers
from wscb.session import Change, changes_of

OUT, LOG = Output("out", "children"), Output("log", "children")


class Recorder:
    """A channel that keeps what it is given."""

    kind: Literal["socket", "http"] = "socket"
    is_shutdown = False

    def __init__(self) -> None:
        self.shown: list[Any] = []

    def set_props(self, component: str, props: Mapping[str, Any]) -> None:
        raise AssertionError

    async def get_prop(self, component: str, prop: str, timeout: float) -> Any:  # noqa: ASYNC109
        raise AssertionError

    def get_prop_sync(self, component: str, prop: str, timeout: float) -> Any:
        raise AssertionError

    async def flush(self) -> None:
        raise AssertionError

    def encode(self, updates: Iterable[Update]) -> list[Change]:
        return encode_all(changes_of, updates)

    def yielded(self, updates: Iterable[Update]) -> None:
        self.shown += updates

    def on_interrupt(self, give_up: Callable[[], object]) -> None:
        self.give_up = give_up


def declared(function: Callable[..., Any], *outputs: Output, **options: Any) -> Callback:
    registry = Registry()
    registry.callback(*(outputs or (OUT,)), Input("run", "n_clicks"), websocket=True, **options)(function)
    (callback,) = registry.callbacks.values()
    return callback


class Bench:
    """Workers, and what they did with one callback."""

    def __init__(self, **options: Any) -> None:
        self.workers = Workers(**{"threads": 2, "on_error": None, "debug": False, **options})
        self.channel = Recorder()

    async def run(self, callback: Callback, value: Any = 1) -> Outcome:
        state = CallState(callback, [value], [], [], Request(), self.channel)
        return await self.workers.execute(state, self.channel)


def both(function: Callable[..., Any]) -> list[Callable[..., Any]]:
    """The function as it is, and as a coroutine function."""

    async def as_coroutine(*args: Any) -> Any:
        return function(*args)

    return [function, as_coroutine]


def raising(error: BaseException) -> Callable[[Any], Any]:
    def work(value: Any) -> Any:
        raise error

    return work
