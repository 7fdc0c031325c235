"""What a backend is: the way between a web framework and a `Site`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from wscb.server.site import Site

SiteOf = Callable[[], Site]
"""Gives the app's site on the running loop, made at the first call. Raises when the app is declared wrongly."""


class Backend(Protocol):
    """Serves a site at a prefix of a framework's own app."""

    server: Any
    """The framework's app, which the user adds routes to and runs."""

    def mount(self, prefix: str, site: SiteOf) -> None:
        """Adds the routes below `prefix`, which begins and ends with a slash. Nothing outside of it is touched."""
        ...
