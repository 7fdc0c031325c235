"""`Control`: what the components of `dcc` have in common."""

from __future__ import annotations

import inspect
import sys
import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NoReturn, TypedDict

from wscb.components import checks
from wscb.components.base import Component, Id, Number, Style
from wscb.components.columns import listed
from wscb.errors import DashPropWarning, UnknownProp


class Nothing(TypedDict):
    """No more named props, but data-* and aria-* (which no type checker can name: pass them as a `dict[str, Any]`)."""


class Looks(Nothing, total=False):
    """The props of all that is shown, besides the id."""

    className: str | None
    style: Style | None
    key: str | int | None


class Common(Looks, total=False):
    """The props of all that is shown."""

    id: Id | None


class Kept(Common, total=False):
    """The props of all that keeps in the browser what was chosen.

    While `persistence` is the same, and the layout gives the value that it gave then, the page opens with what stood
    there last, under the component's id. `persistence_type`: "local" (the default) outlives the browser, "session" the
    page, "memory" only the component. `persisted_props` are those that are kept, by default all that can be.
    """

    persistence: bool | str | Number | None
    persisted_props: Sequence[str] | None
    persistence_type: Literal["local", "session", "memory"] | None


_KEEPING = frozenset(Kept.__annotations__) - frozenset(Common.__annotations__)
_DASH_ONLY = {
    "persistence": "it has no value that a person sets; a dcc.Store with storage_type='local' keeps data",
    "persisted_props": "see persistence",
    "persistence_type": "see persistence",
    "loading_state": "the attribute data-wscb-loading says what waits; see dcc.Loading",
}
"""Props that components of Dash have in common, and what does here what they do there."""


class _Unset:
    def __repr__(self) -> str:
        return "UNSET"


UNSET: Any = _Unset()
"""A parameter that was not given, where None says something."""


class Control(Component):
    """The base of the components of `dcc`. The parameters of a class are its props; `children` only where it is one.

    What Dash has and this has not is in `_without`, with the reason, which the error for it gives; or in `_unseen`,
    where only the look is another one: then the app goes on without, and a `DashPropWarning` gives the reason.
    """

    __slots__ = ()

    _namespace = "wscb_dcc"
    _own: ClassVar[frozenset[str]]  # the parameters of __init__ that have a name
    _seen: ClassVar[bool] = True  # whether it stands in the page, and has className, style and key
    _without: ClassVar[Mapping[str, str]] = {}
    _unseen: ClassVar[Mapping[str, str]] = {}
    _kept: ClassVar[tuple[str, ...]] = ()  # the props that persistence keeps
    _nullable: ClassVar[tuple[str, ...]] = ()  # the props of which None is a value
    _made_kept: ClassVar[bool] = False

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...
        def __setattr__(self, name: str, value: Any) -> None: ...

    else:

        def __setattr__(self, name: str, value: Any) -> None:
            if name in self._unseen:
                self._pass_over(name, value)
            else:
                super().__setattr__(name, value)
                if value is None and name in self._nullable:
                    self._values[name] = None
                elif name in _KEEPING:
                    self._keep()

    @classmethod
    def _allows(cls, name: str) -> bool:
        return name in cls._unseen or super()._allows(name)

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if cls.__module__.startswith(__package__):  # a user's own subclass stays what the page knows
            cls._type = cls.__name__
            cls._own = frozenset(inspect.signature(cls.__init__).parameters) - {"self", "others"}
            cls._props = cls._own | ({"id", *Looks.__annotations__} if cls._seen else set())
            if cls._kept:
                cls._props |= Kept.__annotations__.keys()

    @classmethod
    def _refuse_name(cls, name: str) -> NoReturn:
        why = cls._without.get(name) or _DASH_ONLY.get(name)
        if why:
            raise UnknownProp(f"{cls.__name__} has no prop {name!r} as in Dash: {why}.")
        super()._refuse_name(name)

    def _take(self, given: Mapping[str, Any]) -> None:
        """Takes `locals()` of an `__init__`: the parameters of `_own`, and the rest from `others`."""
        props = {**{name: listed(given[name]) for name in self._own if given[name] is not UNSET}, **given["others"]}
        for name in self._unseen.keys() & props.keys():
            self._pass_over(name, props.pop(name))
        self._assign(props)
        self._values.update({name: None for name in self._nullable if name in props and props[name] is None})
        if not _KEEPING.isdisjoint(self._values):
            self._keep()

    def _keep(self) -> None:
        name, given = type(self).__name__, self._values
        checks.persistence(name, given, self._kept)
        if given.get("persistence"):
            Control._made_kept = True
            if "id" not in given:
                self._warn(
                    f"{name}: persistence={given['persistence']!r} keeps nothing: there is no id to keep it under."
                )

    def _pass_over(self, name: str, value: object) -> None:
        if value is not None:
            self._warn(f"{type(self).__name__}: {name}={value!r} does nothing, unlike in Dash: {self._unseen[name]}.")

    def _warn(self, message: str) -> None:
        """Warns of the line that is not ours."""
        level, frame = 1, sys._getframe()
        while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith("wscb."):
            level, frame = level + 1, frame.f_back
        warnings.warn(message, DashPropWarning, stacklevel=level)


def keeps_anything() -> bool:
    """Whether a component that keeps its value has been made in this process: pages may come to show one."""
    return Control._made_kept
