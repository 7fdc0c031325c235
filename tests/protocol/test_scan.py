from __future__ import annotations

import contextlib

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wscb.errors import BadMessage
from wscb.protocol import scan
from wscb.protocol.limits import WireLimits

LIMITS = WireLimits()
SMALL = WireLimits(text=32, binary=10, array=5, map=5, depth=3, nodes=12)

scalars = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text() | st.binary()
trees = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=30)


@given(trees)
def test_every_value_passes_and_is_walked_to_its_end(value: object) -> None:
    frame = msgpack.packb(value)
    scan.check(frame, LIMITS)
    scan._walk(frame, LIMITS)


@given(trees, st.data())
def test_a_cut_frame_is_refused(value: object, data: st.DataObject) -> None:
    frame = msgpack.packb(value)
    with pytest.raises(BadMessage):
        scan._walk(frame[: data.draw(st.integers(0, len(frame) - 1))], LIMITS)


@given(st.binary(max_size=200))
def test_any_bytes_end_in_a_verdict(frame: bytes) -> None:
    with contextlib.suppress(BadMessage):  # and nothing else is raised
        scan._walk(frame, LIMITS)


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        (msgpack.packb("x" * 33), "text of 33 bytes"),
        (msgpack.packb(b"x" * 11), "binary of 11 bytes"),
        (msgpack.packb(msgpack.ExtType(1, b"x" * 11)), "extension of 11 bytes"),
        (msgpack.packb([0] * 6), "array of 6 items"),
        (msgpack.packb(dict.fromkeys("abcdef")), "map of 6 items"),
        (msgpack.packb([[[[0]]]]), "nested deeper than 3 levels"),
        (msgpack.packb([[0] * 5, [0] * 5]), "more than 12 items"),
        (b"\xc1", "0xc1"),
        (b"\x81\xc4\x01a\x00", "a key that is no text"),
        (b"\x81\xd4\x01\x00\x00", "a key that is no text"),
        (b"\xd4\x05\x00", "unknown extension"),
        (b"\xc7", "unknown extension"),
        (b"", "ends in the middle"),
        (b"\xa5ab", "does not end where"),
        (b"\x00\x00", "does not end where"),
        (b"\x95\x00", "more than 2 items claimed"),
    ],
)
def test_each_limit_is_kept(frame: bytes, says: str) -> None:
    with pytest.raises(BadMessage, match=says):
        scan._walk(frame, SMALL)


@pytest.mark.parametrize("value", ["x" * 32, b"x" * 10, [0] * 5, dict.fromkeys("abcde"), [[[0]]], [{}, [], {"a": b""}]])
def test_what_is_just_within_the_limits_passes(value: object) -> None:
    scan._walk(msgpack.packb(value), SMALL)


def test_a_short_harmless_frame_is_not_walked(monkeypatch: pytest.MonkeyPatch) -> None:
    walked: list[bytes] = []
    monkeypatch.setattr(scan, "_walk", lambda frame, limits: walked.append(frame))
    scan.check(msgpack.packb({"type": "ack", "have": 12, "text": "plain"}), LIMITS)
    assert not walked
    for frame in (msgpack.packb(b"binary"), msgpack.packb("x" * 2000), b"\xc7\x0c\xff", b"\x91" * 300):
        scan.check(frame, LIMITS)
        assert walked.pop() == frame
