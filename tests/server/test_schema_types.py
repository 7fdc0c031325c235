"""JSON Schema as TypeScript."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Any, Literal

import pytest
from pydantic import BaseModel, TypeAdapter

from wscb.server.schema_types import from_schema


class Kind(Enum):
    ONE = "one"
    TWO = 2


class Tree(BaseModel):
    name: str
    kids: list[Tree] = []
    size: int | None = None


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        (int, "number"),
        (str | None, "string | null"),
        (int | float | bool, "number | boolean"),
        (list[int | str], "(number | string)[]"),
        (list, "(unknown)[]"),
        (tuple[int, str], "[number, string]"),
        (dict[str, float], "Record<string, number>"),
        (dict, "Record<string, unknown>"),
        (Any, "unknown"),
        (date, "string"),
        (Kind, '"one" | 2'),
        (Literal["x"], '"x"'),
        (Tree, '{ "name": string; "kids"?: (unknown)[]; "size"?: number | null; }'),
    ],
)
def test_each_kind(kind: Any, written: str) -> None:
    assert from_schema(TypeAdapter(kind).json_schema()) == written
