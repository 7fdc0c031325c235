"""PROTOCOL.md is the contract: what the code has, it names."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import pytest

from wscb.protocol.closing import CloseCode
from wscb.protocol.limits import Limits
from wscb.protocol.messages import PAGE_MESSAGES, SERVER_MESSAGES, How, OperationName, TaskState

TEXT = (Path(__file__).parents[2] / "PROTOCOL.md").read_text("utf-8")
PAGE, SERVER, OPERATIONS = (TEXT.split(f"\n## {number}. ")[1].split("\n## ")[0] for number in (4, 5, 6))
IN_PYTHON_ONLY = {"workers"}


@pytest.mark.parametrize(("kinds", "section"), [(PAGE_MESSAGES, PAGE), (SERVER_MESSAGES, SERVER)])
def test_every_message_and_field(kinds: tuple[Any, ...], section: str) -> None:
    for kind in kinds:
        type_, *others = fields(kind)
        assert f"`{type_.default}`" in section
        for field in others:
            assert re.search(rf"\b{field.name}\b", section), f"{type_.default}.{field.name}"


def test_every_word_of_outcomes_tasks_and_operations() -> None:
    for word in (*get_args(How.__value__), *get_args(TaskState.__value__)):
        assert f"`{word}`" in SERVER
    for name in get_args(OperationName.__value__):
        assert f"`{name}`" in OPERATIONS


@pytest.mark.parametrize("code", CloseCode)
def test_every_close_code(code: CloseCode) -> None:
    assert f"| {int(code)} | {code.name} |" in TEXT


def test_every_limit() -> None:
    for field in fields(Limits):
        assert field.name in IN_PYTHON_ONLY or f"`{field.name}`" in TEXT
