"""`app.config`: settings of an app that may be given after it was made, as in Dash."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from difflib import get_close_matches
from typing import Any

from wscb.errors import DeclarationError

SETTABLE = ("suppress_callback_exceptions", "prevent_initial_callbacks")


class Config(MutableMapping[str, Any]):
    """Read as attributes or as a dict's items. Only SETTABLE can be set, until the app is built.

    Raises DeclarationError for other names, and for what cannot be set.
    """

    __slots__ = ("_values",)
    _values: dict[str, Any]

    def __init__(self, **values: Any) -> None:
        object.__setattr__(self, "_values", values)

    def __getitem__(self, name: str) -> Any:
        if name not in self._values:
            raise KeyError(name)
        return self._values[name]

    def __setitem__(self, name: str, value: Any) -> None:
        if name in SETTABLE:
            self._values[name] = bool(value)
            return
        if name in self._values:
            raise DeclarationError(f"app.config.{name} cannot be set: give it to App({name}=...).")
        raise DeclarationError(f"app.config has no {name!r}. {self._hint(name)}")

    def __delitem__(self, name: str) -> None:
        raise DeclarationError(f"app.config.{name} cannot be taken away.")

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"app.config has no {name!r}. {self._hint(name)}") from None

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value

    def __repr__(self) -> str:
        return f"Config({self._values})"

    def _hint(self, name: str) -> str:
        near = get_close_matches(name, self._values, 1)
        return f"Did you mean {near[0]!r}?" if near else f"It has: {', '.join(sorted(self._values))}."
