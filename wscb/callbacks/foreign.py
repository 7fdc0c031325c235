"""Arguments of Dash's callbacks that are not here, and what to write in their place."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches

from wscb.errors import DeclarationError

_LONG = "A callback over the socket may take as long as it likes: declare it with websocket=True."
_SHOWN = "What it shows meanwhile is set_props here, or a yield, in a callback with websocket=True."
_CACHED = "Put functools.lru_cache on what is costly."
_INSTEAD = {
    "background": _LONG,
    "manager": _LONG,
    "interval": _LONG,
    "progress": _SHOWN,
    "progress_default": _SHOWN,
    "cache_args_to_ignore": _CACHED,
    "cache_ignore_triggered": _CACHED,
    "api_endpoint": "Add a route to app.server that calls the function, which stays callable.",
}


def refuse(unknown: Iterable[str], known: Collection[str], file: str, line: int) -> None:
    """Raises DeclarationError if there are arguments that a callback does not have."""
    advice = {name: _INSTEAD.get(name) or _near(name, known) for name in unknown}
    if advice:
        listed = ", ".join(f"{name}=" for name in advice)
        said = " ".join(dict.fromkeys(advice.values()))
        raise DeclarationError(f"The callback at {file}:{line} has {listed}, which it does not take. {said}")


def _near(name: str, known: Collection[str]) -> str:
    near = get_close_matches(name, known, 1)
    return f"Did you mean {near[0]}=?" if near else f"Leave out {name}."
