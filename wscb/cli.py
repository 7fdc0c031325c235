"""The `wscb` command: `demo`, `run`, `port`, `schema`, `types`."""

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
    from wscb.porting import Ported


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit code."""
    options = _parser().parse_args(argv)
    if options.command == "schema":
        from wscb.protocol.schema import schema

        print(json.dumps(schema(), indent=2))
        return 0
    if options.command == "port":
        return _port(options.paths, options.write)
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
    port = commands.add_parser("port", help="change the imports of an app written for Dash, and name what is not here")
    port.add_argument("paths", nargs="+", metavar="path", help="a Python file, or a folder of them")
    port.add_argument("--write", action="store_true", help="change the files; without it the changes are only shown")
    commands.add_parser("schema", help="print the JSON Schema of the wire protocol")
    types = commands.add_parser("types", help="print TypeScript types of an app's components and callbacks")
    types.add_argument("app", help="module:name of an App, as in dashboard:app")
    return parser


def _port(paths: Sequence[str], write: bool) -> int:
    """Shows or makes the changes; 0 if all that is taken from Dash is here, 1 if not, 2 if a file is not read."""
    from wscb import porting

    code, changed = 0, False
    for path in porting.files(paths):
        try:
            ported = porting.port(path)
        except porting.Unreadable as error:
            print(f"wscb: {error}", file=sys.stderr)
            code = 2
        else:
            changed |= bool(ported.diff)
            _tell(ported, write)
            code = max(code, int(bool(ported.missing)))
    if not changed:
        print("wscb: there is no import of Dash's to change.", file=sys.stderr)
    return code


def _tell(ported: Ported, write: bool) -> None:
    if not write:
        print(ported.diff, end="")
    elif ported.diff:
        ported.write()
        print(f"{ported.path}: imports changed.")
    for missing in ported.missing:
        print(f"{ported.path}:{missing.line}: {missing.reason}", file=sys.stderr)


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
