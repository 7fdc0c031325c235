"""An app in examples/ports is one for Dash, but for its imports: it uses names that Dash has, and no others of wscb."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from tests.test_dash_table import ROWS

ROOT = Path(__file__).parent.parent
PORTS = sorted((ROOT / "examples" / "ports").glob("*.py"))
OF_DASH = {name for name, _ in ROWS}


def test_there_are_ports_and_each_is_opened_in_a_browser() -> None:
    steps = (ROOT / "e2e" / "test_ports.py").read_text()
    assert PORTS
    assert [port.stem for port in PORTS if f'opened("{port.stem}")' not in steps] == []


@pytest.mark.parametrize("port", PORTS, ids=lambda port: port.stem)
def test_only_its_imports_are_of_wscb(port: Path) -> None:
    tree = ast.parse(port.read_text())
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    ours = {alias.name for node in imports if (node.module or "").partition(".")[0] == "wscb" for alias in node.names}
    others = {alias.name for node in tree.body if isinstance(node, ast.Import) for alias in node.names}
    assert {node.module for node in imports} <= {"wscb", "wscb.exceptions", "wscb.dependencies"}
    assert others <= sys.stdlib_module_names
    assert ours <= OF_DASH
    lines = port.read_text().splitlines()
    assert [line for line in lines if "wscb" in line and not line.startswith("from wscb")] == []


@pytest.mark.parametrize("port", PORTS, ids=lambda port: port.stem)
def test_what_it_takes_from_a_module_dash_has_there(port: Path) -> None:
    used = {
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(ast.parse(port.read_text()))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in ("dcc", "ctx")
    }
    assert used
    assert used <= OF_DASH
