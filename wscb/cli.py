"""The `wscb` command: `demo`, `run`, `schema`, `types`."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from wscb.errors import DeclarationError

if TYPE_CHECKING:
    from wscb.app import App


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit code."""
    options = _parser().parse_args(argv)
    if options.command == "schema":
        from wscb.protocol.schema import schema

        print(json.dumps(schema(), indent=2))
        return 0
    try:
        return _with_app(options)
    except DeclarationError as error:  # which names the lines itself: a traceback would only hide them
        print(f"wscb: {getattr(options, 'app', 'demo')} cannot be served. {error}", file=sys.stderr)
        _show(error)
        return 1


def _show(error: Exception) -> None:
    from wscb.server import fallen

    fallen.serve(error)


def _with_app(options: argparse.Namespace) -> int:
    app = _demo() if options.command == "demo" else _load(options.app)
    if app is None:
        return 2
    if options.command == "types":
        print(_types(app), end="")
        return 0
    app.run(options.host, options.port, debug=getattr(options, "debug", False))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="wscb", description="A WebSocket callback runtime for Python dashboards.")
    commands = parser.add_subparsers(dest="command", required=True)
    demo = commands.add_parser("demo", help="serve a live monitor of this machine")
    run = commands.add_parser("run", help="serve an app of yours")
    run.add_argument("app", help="module:name of an App, as in dashboard:app")
    run.add_argument("--debug", action="store_true", help="show errors on the page, restart when a file changes")
    for command in (demo, run):
        command.add_argument("--host", default="127.0.0.1")
        command.add_argument("--port", type=int, default=8050)
    commands.add_parser("schema", help="print the JSON Schema of the wire protocol")
    types = commands.add_parser("types", help="print TypeScript types of an app's components and callbacks")
    types.add_argument("app", help="module:name of an App, as in dashboard:app")
    return parser


def _demo() -> App:
    from wscb.demo import app

    return app


def _types(app: App) -> str:
    from wscb.components.tree import find
    from wscb.server.typescript import typescript

    return typescript(app.build(), None if callable(app.layout) else find(app.layout))


def _load(target: str) -> App | None:
    """The App that `module:name` means, from the working directory as Python itself would import it."""
    from wscb.app import App

    module_name, _, name = target.partition(":")
    sys.path.insert(0, os.getcwd())
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name is None or not (module_name + ".").startswith(error.name + "."):
            raise
        print(f"wscb: there is no module {module_name!r} here. Write module:name.", file=sys.stderr)
        return None
    found = getattr(module, name or "app", None)
    if found is None:
        print(f"wscb: module {module_name!r} has no {name or 'app'!r}.", file=sys.stderr)
        return None
    if not isinstance(found, App):
        print(f"wscb: {target} is a {type(found).__name__}, not an App.", file=sys.stderr)
        return None
    return found
