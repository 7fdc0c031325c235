"""Arguments of Dash's callbacks and of its app that are not here, and what to write in their place."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
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


_PREFIX = "Give the path as url_base_pathname=; what a proxy takes off is the server's root_path."
_PAGES = "Several pages are one callback of dcc.Location's pathname, or several apps in one server."
_NONE = "None is needed here: leave it out."
_INSTEAD_IN_APP = {
    "use_pages": _PAGES,
    "pages_folder": _PAGES,
    "routing_callback_inputs": _PAGES,
    "requests_pathname_prefix": _PREFIX,
    "routes_pathname_prefix": _PREFIX,
    "index_string": "Use title=, meta_tags=, external_scripts= and external_stylesheets=.",
    "background_callback_manager": _LONG,
    "long_callback_manager": _LONG,
    "serve_locally": "Nothing comes from elsewhere: leave it out.",
    "compress": "Let the proxy compress, or a middleware of app.server.",
    "eager_loading": _NONE,
    "use_async": _NONE,
    "plugins": "hooks has what looks at sockets; the rest is middleware of app.server.",
}


def refuse(unknown: Iterable[str], known: Collection[str], file: str, line: int) -> None:
    """Raises DeclarationError if there are arguments that a callback does not have."""
    _refuse(f"The callback at {file}:{line}", unknown, known, _INSTEAD)


def refuse_in_app(unknown: Iterable[str], known: Collection[str], file: str, line: int) -> None:
    """Raises DeclarationError if there are arguments that an app does not have."""
    _refuse(f"The app at {file}:{line}", unknown, known, _INSTEAD_IN_APP)


def _refuse(what: str, unknown: Iterable[str], known: Collection[str], instead: Mapping[str, str]) -> None:
    advice = {name: instead.get(name) or _near(name, known) for name in unknown}
    if advice:
        listed = ", ".join(f"{name}=" for name in advice)
        said = " ".join(dict.fromkeys(advice.values()))
        raise DeclarationError(f"{what} has {listed}, which it does not take. {said}")


def _near(name: str, known: Collection[str]) -> str:
    near = get_close_matches(name, known, 1)
    return f"Did you mean {near[0]}=?" if near else f"Leave out {name}."
