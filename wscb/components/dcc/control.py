"""`Control`: what the components of `dcc` have in common."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, TypedDict

from wscb.components.base import Component, Id, Style
from wscb.components.columns import listed
from wscb.errors import UnknownProp


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


_DASH_ONLY = {
    "persistence": "keep the value in a dcc.Store with storage_type='local', and set it from there",
    "persisted_props": "see persistence",
    "persistence_type": "see persistence",
    "loading_state": "the attribute data-wscb-loading says what waits; see dcc.Loading",
}
"""Props that components of Dash have in common, and what does here what they do there."""


class Control(Component):
    """The base of the components of `dcc`. The parameters of a class are its props; `children` only where it is one.

    What Dash has and this has not is in `_without`, with the reason, which the error for it gives.
    """

    __slots__ = ()

    _namespace = "wscb_dcc"
    _own: ClassVar[frozenset[str]]  # the parameters of __init__ that have a name
    _seen: ClassVar[bool] = True  # whether it stands in the page, and has className, style and key
    _without: ClassVar[Mapping[str, str]] = {}

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...
        def __setattr__(self, name: str, value: Any) -> None: ...

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if cls.__module__.startswith(__package__):  # a user's own subclass stays what the page knows
            cls._type = cls.__name__
            cls._own = frozenset(inspect.signature(cls.__init__).parameters) - {"self", "others"}
            cls._props = cls._own | ({"id", *Looks.__annotations__} if cls._seen else set())

    @classmethod
    def _refuse_name(cls, name: str) -> NoReturn:
        why = cls._without.get(name) or _DASH_ONLY.get(name)
        if why:
            raise UnknownProp(f"{cls.__name__} has no prop {name!r} as in Dash: {why}.")
        super()._refuse_name(name)

    def _take(self, given: Mapping[str, Any]) -> None:
        """Takes `locals()` of an `__init__`: the parameters of `_own`, and the rest from `others`."""
        self._assign({**{name: listed(given[name]) for name in self._own}, **given["others"]})
