"""Backends by name. Each is thin: routes, and a translation of requests and sockets; never one another."""

from __future__ import annotations

import importlib
from typing import Any

from wscb.server.backend import Backend

_CLASSES = {"fastapi": "FastAPIBackend", "quart": "QuartBackend", "flask": "FlaskBackend"}
WITH_SOCKETS = ("fastapi", "quart")
_KNOWN = ", ".join(map(repr, _CLASSES))


def choose(backend: str | type[Backend] | None, server: Any) -> Backend:
    """The one that was named, or that is of the server's kind.

    Raises ValueError for a name that is not known or contradicts the server, and ModuleNotFoundError for one whose
    framework is not installed.
    """
    if isinstance(backend, type) and issubclass(backend, Backend):
        return backend(server)
    if backend is not None and backend not in _CLASSES:
        raise ValueError(
            f"backend={backend!r} is not known. Known ones: {_KNOWN}, and any class that implements "
            f"wscb.server.Backend."
        )
    kind = _kind(server)
    if backend is not None and kind is not None and backend != kind:
        raise ValueError(
            f"backend={backend!r} contradicts server=, which is a {type(server).__name__} app. Leave backend= away, or "
            f"write backend={kind!r}. Known ones: {_KNOWN}."
        )
    return _load(str(backend or kind or "fastapi"))(server)


def _load(name: str) -> type[Backend]:
    try:
        module = importlib.import_module(f"wscb.server.backends.{name}")
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] == "wscb":
            raise
        raise ModuleNotFoundError(
            f'backend={name!r} needs the package {error.name!r}, which is not here: pip install "wscb[{name}]"',
            name=error.name,
        ) from None
    found: type[Backend] = getattr(module, _CLASSES[name])
    return found


def _kind(server: Any) -> str | None:
    if server is None:
        return None
    for cls in type(server).__mro__:
        name = cls.__name__.lower()
        if name in _CLASSES and cls.__module__.partition(".")[0] == name:
            return name
    raise ValueError(
        f"server={server!r} is not an app that wscb can be mounted in. Known ones are those of {_KNOWN}; for another "
        f"framework give backend= a class that implements wscb.server.Backend."
    )
