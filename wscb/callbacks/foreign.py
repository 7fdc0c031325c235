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
}

_ITSELF = "The page calls it itself, and asks no server: leave it out, or write the callback in Python."
_INSTEAD_IN_PAGE = dict.fromkeys(
    ("websocket", "persistent", "shared", "cancel", "running", "on_error", *_INSTEAD), _ITSELF
)

_PREFIX = "Give the path as url_base_pathname=; what a proxy takes off is the server's root_path."
_PAGES = "Several pages are one callback of dcc.Location's pathname, or several apps in one server."
_NONE = "None is needed here: leave it out."
_INSTEAD_IN_APP = {
    "use_pages": _PAGES,
    "pages_folder": _PAGES,
    "routing_callback_inputs": _PAGES,
    "requests_pathname_prefix": _PREFIX,
    "routes_pathname_prefix": _PREFIX,
    "background_callback_manager": _LONG,
    "long_callback_manager": _LONG,
    "serve_locally": "Nothing comes from elsewhere: leave it out.",
    "compress": "Let the proxy compress, or a middleware of app.server.",
    "eager_loading": _NONE,
    "use_async": _NONE,
    "plugins": "hooks has what looks at sockets; the rest is middleware of app.server.",
}
_SHEETS = "Put files into the assets folder, or give external_stylesheets= and external_scripts=."
_ATTRIBUTES = {
    "renderer": "The page starts by itself; JavaScript of yours goes into the assets folder.",
    "css": _SHEETS,
    "scripts": _SHEETS,
    "callback_map": "app.build().callbacks has the callbacks by their names.",
    "enable_dev_tools": "app.run(debug=True) shows errors and reloads; uvicorn's --reload does without the first.",
    "enable_pages": _PAGES,
    "init_app": "Give the server that exists as App(server=...).",
    "run_server": "Dash calls it run too since its version 3: app.run(...).",
    "csp_hashes": "There is no inline script that would need one.",
    "logger": "Its logs are logging.getLogger('wscb') and what is below.",
}


_INSTEAD_IN_MODULE = {
    "dash_table": "Use html.Table; what is long, page in a callback.",
    "get_asset_url": "It is the app's: app.get_asset_url(...).",
    "get_relative_path": "It is the app's: app.get_relative_path(...).",
    "strip_relative_path": "It is the app's: app.strip_relative_path(...).",
    "register_page": _PAGES,
    "page_registry": _PAGES,
    "page_container": _PAGES,
    "get_app": "Import the app.",
    "stringify_id": "It is compact JSON with sorted keys.",
    "DiskcacheManager": _LONG,
    "CeleryManager": _LONG,
    "NoUpdate": "Compare with no_update.",
    "jupyter_dash": "Run the app in a process of its own.",
    "long_callback": _LONG,
}


def missing(name: str, known: Collection[str]) -> Exception:
    """What to raise for a name that wscb does not have.

    Of an AttributeError's words nothing is left in `from wscb import ...`, so it is an ImportError where they matter.
    """
    if name in _INSTEAD_IN_MODULE:
        return ImportError(f"wscb has no {name}. {_INSTEAD_IN_MODULE[name]}", name="wscb")
    near = get_close_matches(name, known, 1)
    return AttributeError(f"wscb has no {name}.{f' Did you mean {near[0]}?' if near else ''}", name=name)


def attribute(name: str, known: Collection[str]) -> str:
    """What to say of an attribute that an app does not have."""
    near = get_close_matches(name, [one for one in known if not one.startswith("_")], 1)
    hint = _ATTRIBUTES.get(name) or (f"Did you mean {near[0]!r}?" if near else "")
    return f"An App has no {name!r}. {hint}".rstrip()


def refuse_attribute(name: str) -> None:
    """Raises DeclarationError for what an app of Dash's takes by assignment and this one would not look at."""
    if name in _ATTRIBUTES:
        raise DeclarationError(f"An App has no {name!r} that could be set. {_ATTRIBUTES[name]}")


def refuse(unknown: Iterable[str], known: Collection[str], file: str, line: int) -> None:
    """Raises DeclarationError if there are arguments that a callback does not have."""
    _refuse(f"The callback at {file}:{line}", unknown, known, _INSTEAD)


def refuse_clientside(unknown: Iterable[str], known: Collection[str], file: str, line: int) -> None:
    """Raises DeclarationError if there are arguments that a function of the page does not have."""
    _refuse(f"The clientside callback at {file}:{line}", unknown, known, _INSTEAD_IN_PAGE)


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
