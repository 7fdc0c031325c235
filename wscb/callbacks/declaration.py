"""`Callback`: one callback as its author declared it. It never changes, and it never runs anything."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from wscb.callbacks.dependencies import Dependency, Input, Output, State
from wscb.callbacks.grouping import Grouping
from wscb.callbacks.injection import Injected

if TYPE_CHECKING:
    from wscb.callbacks.clientside import ClientsideFunction

OnRepeat = Literal["parallel", "cancel", "queue", "ignore"]
Restart = Literal["on_failure"]
PreventInitialCall = bool | Literal["initial_duplicate"]


class Running(NamedTuple):
    """`output` is `on` while a call of the callback runs, and `off` when none does."""

    output: Output
    on: Any
    off: Any


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Callback:
    """`outputs`, `inputs` and `state` are flat, in the order of the wire; the two groupings have the author's shape.
    `plain`: the function takes the inputs, then the states, by position, as nearly all do.

    `prevent_initial_call` is None while the app's default has not been asked for. `timeout` is in seconds.
    `api_endpoint` is the path, below the app's prefix, at which programs call it.
    With `clientside` it runs in the page, and `source` is its JavaScript when that was given in place of a name.
    `injected` are the parameters that the backend fills, and no Input or State.
    A `shared` one is persistent too: it runs once for all pages with the same inputs and states.
    """

    id: str
    function: Callable[..., Any]
    name: str
    file: str
    line: int
    outputs: tuple[Output, ...]
    inputs: tuple[Input, ...]
    state: tuple[State, ...]
    output_grouping: Grouping
    argument_grouping: Grouping
    plain: bool
    websocket: bool = False
    persistent: bool = False
    shared: bool = False
    prevent_initial_call: PreventInitialCall | None = None
    cancel: tuple[Input, ...] = ()
    running: tuple[Running, ...] = ()
    on_error: Callable[[Exception], Any] | None = None
    on_repeat: OnRepeat = "parallel"
    retry: bool = False
    optional: bool = False
    restart: Restart | None = None
    timeout: float | None = None
    api_endpoint: str | None = None
    clientside: ClientsideFunction | None = None
    source: str | None = None
    injected: tuple[Injected, ...] = ()
    is_async: bool
    is_generator: bool
    patterns: bool = field(init=False)
    """Whether a call of it has to say which ids its outputs, inputs and states stand for."""

    def __post_init__(self) -> None:
        sides = (self.outputs, self.inputs, self.state)
        object.__setattr__(self, "patterns", any(one.wildcards for side in sides for one in side))

    @property
    def socket(self) -> bool:
        """Whether its calls go over the page's socket; else each is one HTTP request."""
        return (self.websocket or self.persistent) and self.clientside is None

    @property
    def multi(self) -> bool:
        """Whether it returns a group of values instead of one."""
        return not isinstance(self.output_grouping, Dependency)

    @property
    def where(self) -> str:
        """How messages name it: the function, its file and its line."""
        return f"{self.name} ({self.file}:{self.line})"


def origin(function: Callable[..., Any]) -> tuple[str, str, int]:
    """The name, file and line of what the author wrote, below decorators and partials."""
    inner: Any = inspect.unwrap(function)
    while isinstance(inner, functools.partial):
        inner = inspect.unwrap(inner.func)
    name = getattr(inner, "__qualname__", type(inner).__qualname__).replace("<locals>.", "")
    code = getattr(inner, "__code__", None) or getattr(type(inner).__call__, "__code__", None)
    return (name, code.co_filename, code.co_firstlineno) if code else (name, "<built-in>", 0)


def kind(function: Callable[..., Any]) -> tuple[bool, bool]:
    """Whether it is async, and whether it yields."""
    called = [function, getattr(function, "__call__", None)]  # noqa: B004 - an object's own method tells its kind
    is_async = any(inspect.iscoroutinefunction(f) or inspect.isasyncgenfunction(f) for f in called)
    is_generator = any(inspect.isgeneratorfunction(f) or inspect.isasyncgenfunction(f) for f in called)
    return is_async, is_generator
