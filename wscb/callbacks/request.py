"""Who is calling, as the connection and the page say it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


class Headers(Mapping[str, str]):
    """The headers of a request; their names in any case."""

    __slots__ = ("_values",)

    def __init__(self, items: Iterable[tuple[str, str]] = ()) -> None:
        self._values: dict[str, str] = {}
        for name, value in items:
            key = name.lower()
            between = "; " if key == "cookie" else ", "  # HTTP/2 may send each cookie in a header of its own
            self._values[key] = f"{self._values[key]}{between}{value}" if key in self._values else value

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
    """Who is calling. `path` and `query` (the text after "?") are the page's, the rest is the connection's.

    A call at an `api_endpoint` has no page: they are its own, `method` is POST, and there is a `body`.
    """

    cookies: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=Headers)
    path: str = "/"
    query: str = ""
    remote_addr: str | None = None
    user: Any = None
    method: str = "GET"
    body: bytes = field(default=b"", repr=False)
    connection: Any = field(default=None, repr=False, compare=False)
    """The backend's own view of it, for what it fills parameters with."""
