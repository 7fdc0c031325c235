"""Typed arrays on the wire: msgpack extension 1, a dtype letter and the raw little-endian items.

Anything with the buffer protocol can be sent; numpy is used when it is there, and never imported.
"""

from __future__ import annotations

import sys
from array import array
from typing import Any

EXTENSION = 1
LETTERS = frozenset("bBhHiIfd")

_SWAP = sys.byteorder == "big"
_LETTER_OF = {
    **{(kind, size): letter for kind in "bhilqn" for size, letter in ((1, "b"), (2, "h"), (4, "i"), (8, "q"))},
    **{(kind, size): letter for kind in "BHILQN" for size, letter in ((1, "B"), (2, "H"), (4, "I"), (8, "Q"))},
    ("f", 4): "f",
    ("d", 8): "d",
}
_NUMPY_KIND = {"i": "i", "u": "I"}
_LISTED = frozenset("bSUOVT")
"""numpy's kinds (booleans, texts, objects, records) that a page has as plain lists."""
_EXACT = 2**53


class NotAnArray(ValueError):
    """The array has no form on the wire; the text says why and what to do."""


def to_wire(value: Any) -> bytes | list[Any]:
    """The extension's payload for a numpy array, array.array, memoryview or other buffer; a list for an array of
    booleans, texts, objects or dates. Raises NotAnArray, and TypeError when it is no array at all."""
    is_numpy = hasattr(type(value), "dtype") and hasattr(type(value), "tobytes")
    array_ = value if is_numpy else memoryview(value)
    if array_.ndim != 1:
        raise NotAnArray(
            f"an array of {array_.ndim} dimensions, and only one-dimensional ones travel; "
            "send .tolist() for nested lists, or .ravel() and the shape beside it"
        )
    return _from_numpy(array_) if is_numpy else _from_buffer(array_)


def _from_buffer(view: memoryview) -> bytes | list[Any]:
    format_ = view.format.lstrip("@=<")
    if format_ == "?":
        return view.tolist()
    letter = _LETTER_OF.get((format_, view.itemsize))
    if letter is None:
        raise NotAnArray(f"a buffer of format {view.format!r}, which no page has; send a list")
    if letter in "qQ":
        return _exact_floats(array(letter, view.tobytes()))
    return _payload(letter, view.tobytes())


def _from_numpy(value: Any) -> bytes | list[Any]:
    kind, size = value.dtype.kind, value.dtype.itemsize
    if kind in _LISTED:
        return list(value.tolist())
    if kind in "Mm":
        return list(value.astype(f"{kind}8[us]").tolist())
    if kind == "f" and size == 2:
        return _from_numpy(value.astype("float32"))
    letter = _LETTER_OF.get((_NUMPY_KIND.get(kind, "fd"[size == 8]), size)) if kind in "iuf" else None
    if letter is None:
        raise NotAnArray(f"an array of {value.dtype}, which no page has; convert it, as with .astype('float64')")
    raw = value.astype(value.dtype.newbyteorder("=")).tobytes()
    if letter not in "qQ":
        return _payload(letter, raw)
    if not value.size or (value.min() >= -_EXACT and value.max() <= _EXACT):
        return _payload("d", value.astype("float64").tobytes())
    return _exact_floats(array(letter, raw))


def _exact_floats(integers: array[int]) -> bytes:
    """64-bit integers as float64: a page has no other array for them. Raises NotAnArray when that would change one."""
    floats = array("d", integers)
    if floats.tolist() != integers.tolist():
        wrong = next(i for i, (a, b) in enumerate(zip(floats, integers, strict=True)) if a != b)
        raise NotAnArray(
            f"64-bit integers, of which item {wrong} ({integers[wrong]}) is not exact as a float64; "
            "send .tolist() for exact integers, or .astype('float64') to round them"
        )
    return _payload("d", floats.tobytes())


def _payload(letter: str, raw: bytes) -> bytes:
    if _SWAP:
        swapped = array(letter, raw)
        swapped.byteswap()
        raw = swapped.tobytes()
    return letter.encode() + raw


def from_wire(payload: bytes) -> array[Any]:
    """The array of an extension's payload, in memory of its own. Raises NotAnArray."""
    letter = chr(payload[0]) if payload else ""
    if letter not in LETTERS:
        raise NotAnArray(f"unknown dtype {letter!r}")
    items: array[Any] = array(letter)
    if (len(payload) - 1) % items.itemsize:
        raise NotAnArray(f"{len(payload) - 1} bytes are no whole number of {letter!r} items")
    items.frombytes(payload[1:])
    if _SWAP:
        items.byteswap()
    return items
