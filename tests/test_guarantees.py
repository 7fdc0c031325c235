"""Each promise of docs/guarantees.md names tests that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "guarantees.md").read_text()
PROOFS = [
    (file, name)
    for file, names in re.findall(r"\]\(\.\./([^)]+)\)((?:[\s,]*`[^`]+`)+)", TEXT)
    for name in re.findall(r"`([^`]+)`", names)
]


def test_each_promise_has_a_proof() -> None:
    promises = TEXT.split("## What is not")[0].split("\n\n**")[1:]
    assert len(promises) > 10
    assert [promise for promise in promises if not re.search(r"`test_\w+`", promise)] == []


@pytest.mark.parametrize(("file", "name"), PROOFS)
def test_the_proof_is_there(file: str, name: str) -> None:
    name = re.escape(name)
    there = {".py": rf"def {name}\(|^{name} = ", ".ts": rf'^(describe|  it)\("{name}"'}
    assert re.search(there[Path(file).suffix], (ROOT / file).read_text(), re.MULTILINE)
