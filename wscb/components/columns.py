"""Columns and their items, as numpy and pandas have them, in Python's own terms. Neither is imported for it."""

from __future__ import annotations

from typing import Any


def listed(value: Any) -> Any:
    """A column, as in `options=df["city"].unique()`, as a list, and one of its numbers as Python's; others as is."""
    if hasattr(type(value), "dtype") and hasattr(type(value), "tolist") and len(getattr(value, "shape", ())) <= 1:
        return value.tolist()
    return value
