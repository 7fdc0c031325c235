from __future__ import annotations

import ctypes
import struct
from array import array
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from wscb.protocol import arrays
from wscb.protocol.arrays import NotAnArray, from_wire, to_wire


@pytest.mark.parametrize("letter", sorted(arrays.LETTERS))
def test_what_was_sent_arrives_from_every_maker(letter: str) -> None:
    items = [0, 1, 100]
    for made in (array(letter, items), memoryview(array(letter, items)), np.array(items, dtype=letter)):
        payload = to_wire(made)
        assert payload == letter.encode() + struct.pack(f"<3{letter}", *items)
        assert from_wire(payload) == array(letter, items)
        assert from_wire(payload).typecode == letter


@pytest.mark.parametrize("kind", ["int64", "uint64", "l", "q"])
def test_64_bit_integers_become_floats_when_exact(kind: str) -> None:
    assert to_wire(np.array([0, 2**53, 2**62], dtype=kind)) == b"d" + struct.pack("<3d", 0, 2**53, 2**62)
    assert to_wire(np.array([5], dtype=kind)) == b"d" + struct.pack("<d", 5)
    assert to_wire(np.array([], dtype=kind)) == b"d"
    with pytest.raises(NotAnArray, match=r"item 1 \(9007199254740993\) is not exact"):
        to_wire(np.array([1, 2**53 + 1], dtype=kind))


def test_64_bit_integers_of_other_makers() -> None:
    assert to_wire(array("q", [-3])) == b"d" + struct.pack("<d", -3)
    with pytest.raises(NotAnArray, match="not exact"):
        to_wire(array("Q", [2**64 - 1]))
    assert to_wire((ctypes.c_int64 * 2)(7, 8)) == b"d" + struct.pack("<2d", 7, 8)


def test_any_buffer_can_be_sent() -> None:
    assert to_wire((ctypes.c_double * 2)(0.5, 1.5)) == b"d" + struct.pack("<2d", 0.5, 1.5)
    assert to_wire(memoryview(b"\x01\x02")) == b"B\x01\x02"
    assert to_wire(memoryview(array("i", [1, 2, 3, 4]))[::2]) == b"i" + struct.pack("<2i", 1, 3)


def test_numpy_views_and_byte_orders() -> None:
    assert to_wire(np.arange(6, dtype="f8")[::2]) == b"d" + struct.pack("<3d", 0, 2, 4)
    assert to_wire(np.array([1.5], dtype=">f8")) == b"d" + struct.pack("<d", 1.5)
    assert to_wire(np.array([1, 2], dtype=">i8")) == b"d" + struct.pack("<2d", 1, 2)
    assert to_wire(np.array([2**60], dtype=">i8")) == b"d" + struct.pack("<d", 2**60)
    assert to_wire(np.array([0.5], dtype="f2")) == b"f" + struct.pack("<f", 0.5)


@pytest.mark.parametrize(
    ("made", "listed"),
    [
        (np.array([True, False]), [True, False]),
        (np.array(["a", "bc"]), ["a", "bc"]),
        (np.array([1, "x", None], dtype=object), [1, "x", None]),
        (np.array(["2026-01-02"], dtype="M8[ns]"), [datetime(2026, 1, 2)]),
        (np.array(["NaT"], dtype="M8[s]"), [None]),
        (np.array([1500], dtype="m8[ms]"), [timedelta(seconds=1.5)]),
        (memoryview(b"\x01\x00").cast("?"), [True, False]),
    ],
)
def test_what_has_no_dtype_of_ours_is_a_list(made: Any, listed: list[Any]) -> None:
    assert to_wire(made) == listed


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (np.zeros((2, 2)), r"2 dimensions.*\.tolist\(\).*\.ravel\(\)"),
        (np.array(1.0), "0 dimensions"),
        (memoryview(bytes(4)).cast("B", (2, 2)), "2 dimensions"),
        (np.array([1j]), "complex128"),
        (np.array([1], dtype="longdouble"), "longdouble|float128"),
        (memoryview(b"ab").cast("c"), "format 'c'"),
    ],
)
def test_what_cannot_be_sent_says_what_to_do(made: Any, says: str) -> None:
    with pytest.raises(NotAnArray, match=says):
        to_wire(made)


def test_no_array_at_all() -> None:
    with pytest.raises(TypeError):
        to_wire(object())


@pytest.mark.parametrize("payload", [b"", b"q" + bytes(8), b"x", b"\xff", b"d" + bytes(7), b"h\x00"])
def test_a_wrong_payload_is_refused(payload: bytes) -> None:
    with pytest.raises(NotAnArray):
        from_wire(payload)


def test_a_host_of_the_other_byte_order_swaps_both_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrays, "_SWAP", True)
    payload = to_wire(array("h", [1]))
    assert payload == b"h" + struct.pack(">h", 1)
    assert from_wire(payload) == array("h", [1])
