"""Imports of an app written for Dash, changed to those of wscb: what `wscb port` does.

Nothing but the imports is touched, byte by byte: comments, order and layout of the rest stay as they are.
"""

from __future__ import annotations

import ast
import io
import os
import tokenize
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import unified_diff
from importlib import import_module
from pathlib import Path

_MODULES = {
    "dash": "wscb",
    "dash.dcc": "wscb.dcc",
    "dash.dependencies": "wscb.dependencies",
    "dash.exceptions": "wscb.exceptions",
    "dash.html": "wscb.html",
    "dash_core_components": "wscb.dcc",  # as they were called before Dash 2
    "dash_html_components": "wscb.html",
}
_OWN_PACKAGES = ("dash_daq", "dash_bio", "dash_cytoscape", "dash_mantine_components", "dash_ag_grid")
_OTHERS = {
    "dash_bootstrap_components": "Its classes are Bootstrap's own: give the style sheet as external_stylesheets=, "
    'and html.Div(className="card") in the place of dbc.Card.',
    **dict.fromkeys(_OWN_PACKAGES, "Its components are written for Dash's page."),
}
_SKIPPED = frozenset({"__pycache__", "node_modules", "site-packages", "venv"})


class Unreadable(Exception):
    """A file that is not Python, or is not there; says where and why."""


@dataclass(frozen=True)
class Missing:
    """A name that an app takes from Dash and wscb does not have."""

    line: int
    reason: str


@dataclass(frozen=True)
class Ported:
    """One file with its imports changed."""

    path: Path
    before: str
    after: str
    encoding: str
    missing: tuple[Missing, ...]

    @property
    def diff(self) -> str:
        """What changes, as `diff -u` tells it; empty if nothing does."""
        old, new = self.before.splitlines(keepends=True), self.after.splitlines(keepends=True)
        return "".join(_whole(line) for line in unified_diff(old, new, str(self.path), str(self.path)))

    def write(self) -> None:
        """Puts it in the place of what was read, in the same encoding and with the same ends of lines."""
        self.path.write_bytes(self.after.encode(self.encoding))


def files(paths: Iterable[str]) -> Iterator[Path]:
    """The Python files that are meant: each path itself, and of a folder all that are below it."""
    for path in map(Path, paths):
        yield from _below(path) if path.is_dir() else (path,)


def port(path: Path) -> Ported:
    """Reads one file and changes its imports; raises Unreadable."""
    try:
        raw = path.read_bytes()
        encoding, _ = tokenize.detect_encoding(io.BytesIO(raw).readline)
        before = raw.decode(encoding)
        tree = _parsed(before)
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror}.") from None
    except SyntaxError as error:
        raise Unreadable(f"{path}:{error.lineno or 1}: it is not Python that can be read: {error.msg}.") from None
    except ValueError as error:  # bytes that are not of its encoding, a null in the middle
        raise Unreadable(f"{path}: it is not Python that can be read: {error}.") from None
    return Ported(path, before, _changed(before, tree), encoding, tuple(_missing(tree)))


def _parsed(source: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of escapes that are not valid Python says enough when the app runs
        return ast.parse(source)


def _below(folder: Path) -> Iterator[Path]:
    """Without what is hidden or installed."""
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _SKIPPED and not name.startswith("."))
        yield from (Path(root, name) for name in sorted(names) if name.endswith(".py"))


def _whole(line: str) -> str:
    return line if line.endswith("\n") else f"{line}\n"


def _changed(source: str, tree: ast.Module) -> str:
    """The source with each import of Dash's replaced where it stands; `ast` counts columns in bytes of UTF-8."""
    lines = [line.encode() for line in io.StringIO(source, newline="").readlines()]
    for line, column, old, new in sorted(_replacements(tree), reverse=True):  # from the end, so that columns stay true
        text = lines[line - 1]
        start = text.find(old.encode(), column)
        if start >= 0:  # else it is written in a way that nobody writes, as over two lines
            lines[line - 1] = text[:start] + new.encode() + text[start + len(old.encode()) :]
    return b"".join(lines).decode()


def _replacements(tree: ast.Module) -> Iterator[tuple[int, int, str, str]]:
    """Line, column, old text and new text of what is to be changed."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module in _MODULES:
            yield node.lineno, node.col_offset, node.module, _MODULES[node.module]
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name in _MODULES:
                    yield alias.lineno, alias.col_offset, alias.name, _bound(alias)


def _bound(alias: ast.alias) -> str:
    """What is imported in its place, under the name that the rest of the file has for it.

    `import dash.dcc` binds `dash`, which has all its modules here.
    """
    if alias.asname:
        return _MODULES[alias.name]
    name = alias.name.partition(".")[0]
    return f"{_MODULES[name]} as {name}"


def _missing(tree: ast.Module) -> Iterator[Missing]:
    bound: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield from _not_there(node.lineno, node.module, [alias.name for alias in node.names])
        elif isinstance(node, ast.Import):
            bound.update(alias.asname or "dash" for alias in node.names if alias.name.split(".")[0] == "dash")
            for alias in node.names:
                yield from _not_there(alias.lineno, alias.name, ())
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in bound:
            yield from _not_there(node.lineno, "dash", [node.attr])


def _not_there(line: int, module: str, names: Iterable[str]) -> Iterator[Missing]:
    if module == "dash_table":  # a package of its own before Dash 2
        module, names = "dash", ["dash_table"]
    if module in _MODULES:
        there = import_module(_MODULES[module])
        for name in names:
            if name != "*" and (reason := _lacks(there, name)):
                yield Missing(line, reason)
    elif advice := _OTHERS.get(module.partition(".")[0]):
        yield Missing(line, f"wscb cannot use {module}. {advice}")
    elif module.startswith("dash."):
        yield Missing(line, f"wscb has no module for {module}.")


def _lacks(module: object, name: str) -> str:
    """Why a module does not have a name, in the module's own words."""
    try:
        getattr(module, name)
    except (AttributeError, ImportError) as error:
        return str(error)
    return ""
