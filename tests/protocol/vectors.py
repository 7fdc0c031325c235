"""The golden frames of tests/vectors, and the tagged JSON in which they write what JSON cannot.

`{"$": "nan"|"inf"|"-inf"}`, `{"$": "int", "v": "..."}` beyond 2^53,
`{"$": "float", "v": 1.0}` for a float that is whole,
`{"$": "bin", "hex": ...}`, `{"$": "array", "dtype": "d", "v": [...]}`.
"""

from __future__ import annotations

import json
import math
from array import array
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "vectors"


def load(name: str) -> list[dict[str, Any]]:
    """The cases of one file."""
    cases: list[dict[str, Any]] = json.loads((FOLDER / name).read_text("utf-8"))
    return cases


def names(cases: list[dict[str, Any]]) -> list[str]:
    return [case["name"] for case in cases]


def tag(value: Any) -> Any:
    """A wire value as tagged JSON."""
    if isinstance(value, dict):
        return {key: tag(item) for key, item in value.items()}
    if isinstance(value, list):
        return [tag(item) for item in value]
    if isinstance(value, array):
        return {"$": "array", "dtype": value.typecode, "v": [_item(item) for item in value]}
    if isinstance(value, bytes):
        return {"$": "bin", "hex": value.hex()}
    if isinstance(value, float):
        return _tag_float(value)
    if isinstance(value, int) and abs(value) >= 2**53:
        return {"$": "int", "v": str(value)}
    return value


def _item(value: Any) -> Any:
    return value if math.isfinite(value) else str(value)


def _tag_float(value: float) -> Any:
    if not math.isfinite(value):
        return {"$": str(value)}
    return {"$": "float", "v": value} if value.is_integer() else value


def untag(value: Any) -> Any:
    """The wire value that `tag` has written."""
    if isinstance(value, list):
        return [untag(item) for item in value]
    if not isinstance(value, dict):
        return value
    match value.get("$"):
        case None:
            return {key: untag(item) for key, item in value.items()}
        case "int":
            return int(value["v"])
        case "float":
            return float(value["v"])
        case "bin":
            return bytes.fromhex(value["hex"])
        case "array":
            kind = float if value["dtype"] in "fd" else int
            return array(value["dtype"], [kind(item) for item in value["v"]])
        case number:
            return float(number)


def alike(left: Any, right: Any) -> bool:
    """Equality of wire values: of the same types, NaN alike to NaN, -0.0 not to 0.0."""
    return repr(left) == repr(right)
