"""The dependencies of a call as `ctx` shows them: which component, which prop, which value."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, TypeAlias

from wscb.callbacks.call import CallState
from wscb.callbacks.dependencies import Dependency, Input
from wscb.callbacks.grouping import Grouping
from wscb.callbacks.patterns import Ids, parse_id


class Attributes(dict[str, Any]):
    """A dict whose items can be read as attributes too: `ctx.triggered_id.index`."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"There is no {name!r}, only {', '.join(map(repr, self)) or 'nothing'}.") from None

    def first(self, *names: str) -> Any:
        """The first key; with `names` the first of their values that is set."""
        if not names:
            return next(iter(self), None)
        return next((self[name] for name in names if self.get(name)), None)


class One(NamedTuple):
    """One prop of one component. `value` is None for an output."""

    text: str
    dependency: Dependency
    value: Any

    @property
    def key(self) -> str:
        """The prop as `id.prop`."""
        return f"{self.text}.{self.dependency.component_property}"

    @property
    def id(self) -> Any:
        """The component's id as its author wrote it: a str or a dict. Without a page a pattern stands for itself."""
        return (self.dependency.wildcards and parse_id(self.text)) or self.dependency.component_id

    def entry(self, *, value: bool = True) -> dict[str, Any]:
        """As it stands in the lists of `ctx`."""
        named = {"id": self.id, "property": self.dependency.component_property}
        return {**named, "value": self.value} if value else named

    def argument(self, triggered: Sequence[str]) -> Attributes:
        """As it stands in `ctx.args_grouping`."""
        more = {"str_id": self.text, "triggered": self.key in triggered}
        return Attributes({**self.entry(), "id": attributes(self.id), **more})


Entry: TypeAlias = One | list[One]
"""What a dependency stands for in a call; a list for a pattern with ALL or ALLSMALLER."""


def attributes(id: Any) -> Any:
    return Attributes(id) if isinstance(id, dict) else id


def inputs_of(call: CallState) -> list[Entry]:
    return _entries(call.callback.inputs, call.ids[1] if call.ids else None, call.inputs)


def state_of(call: CallState) -> list[Entry]:
    return _entries(call.callback.state, call.ids[2] if call.ids else None, call.state)


def outputs_of(call: CallState) -> list[Entry]:
    return _entries(call.callback.outputs, call.ids[0] if call.ids else None, ())


def _entries(dependencies: Sequence[Dependency], ids: Ids | None, values: Sequence[Any]) -> list[Entry]:
    found: list[Entry] = []
    for index, dependency in enumerate(dependencies):
        text = ids[index] if ids else None
        value: Any = values[index] if values else None
        if text is None or isinstance(text, str):
            found.append(One(text or dependency.id_text, dependency, value))
        else:
            several = value if values else [None] * len(text)
            found.append([One(one, dependency, its) for one, its in zip(text, several, strict=True)])
    return found


def each(entries: Sequence[Entry]) -> Iterator[One]:
    """All of them, those in lists too."""
    for entry in entries:
        yield from [entry] if isinstance(entry, One) else entry


def shown(entry: Entry, show: Callable[[One], Any]) -> Any:
    """What `show` makes of it; a list of that for a list."""
    return show(entry) if isinstance(entry, One) else [show(one) for one in entry]


def arguments_grouping(call: CallState) -> Any:
    """The inputs and states in the author's shape."""
    inputs, state = iter(inputs_of(call)), iter(state_of(call))

    def show(dependency: Dependency) -> Any:
        return shown(next(inputs if isinstance(dependency, Input) else state), lambda one: one.argument(call.trigger))

    return _shaped(call.callback.argument_grouping, show)


def outputs_grouping(call: CallState) -> Any:
    """The outputs in the author's shape."""
    outputs = iter(outputs_of(call))
    return _shaped(call.callback.output_grouping, lambda _: shown(next(outputs), lambda one: one.entry(value=False)))


def _shaped(grouping: Grouping, show: Callable[[Dependency], Any]) -> Any:
    if isinstance(grouping, Dependency):
        return show(grouping)
    if isinstance(grouping, dict):
        return Attributes({name: _shaped(part, show) for name, part in grouping.items()})
    return [_shaped(part, show) for part in grouping]
