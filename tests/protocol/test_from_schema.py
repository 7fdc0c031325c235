"""The codec and the JSON Schema agree about every message, though neither knows the other."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.protocol import from_schema as make
from tests.protocol.vectors import load
from wscb.errors import BadMessage
from wscb.protocol import codec
from wscb.protocol.limits import Limits, WireLimits

LIMITS = WireLimits.of(Limits())
GOLDEN = [bytes.fromhex(case["hex"]) for case in load("messages.json") if "page" in case["from"]]
SAMPLES = {codec.unpack(frame, LIMITS)["type"]: codec.unpack(frame, LIMITS) for frame in GOLDEN}


def is_taken(frame: bytes) -> bool:
    try:
        codec.decode_page(frame, LIMITS)
    except BadMessage as error:
        reason = str(error)
        assert (reason.isascii(), reason.isprintable(), len(reason) <= 120) == (True, True, True)
        return False
    return True


@given(make.valid())
def test_what_the_schema_allows_is_taken(message: Any) -> None:
    assert make.conforms(message)
    assert is_taken(codec.pack(message))


@settings(max_examples=300)
@given(make.mutated(make.valid()))
def test_a_mutated_message_is_taken_when_the_schema_allows_it(message: Any) -> None:
    assert is_taken(codec.pack(message)) == make.conforms(message)


@pytest.mark.parametrize(("kind", "field"), [(kind, name) for kind in SAMPLES for name in SAMPLES[kind]])
def test_each_field_of_each_message_with_each_kind_of_value(kind: str, field: str) -> None:
    for wrong in make.CORNERS:
        message = {**SAMPLES[kind], field: wrong}
        assert is_taken(codec.pack(message)) == make.conforms(message), wrong
    left = {name: value for name, value in SAMPLES[kind].items() if name != field}
    assert is_taken(codec.pack(left)) == make.conforms(left)
    assert not is_taken(codec.pack({**SAMPLES[kind], f"{field}2": None}))


@pytest.mark.parametrize("frame", GOLDEN)
def test_each_golden_frame_cut_at_each_byte(frame: bytes) -> None:
    assert is_taken(frame)
    assert not any(is_taken(frame[:at]) for at in range(len(frame)))
    assert not is_taken(frame + b"\xc0")


@settings(max_examples=300)
@given(make.broken(st.sampled_from(GOLDEN)) | st.binary(max_size=100))
def test_broken_frames_are_taken_when_what_they_hold_is_allowed(frame: bytes) -> None:
    try:
        found = codec.unpack(frame, LIMITS)
    except BadMessage:
        assert not is_taken(frame)
    else:
        assert is_taken(frame) == make.conforms(found)


@pytest.mark.parametrize(
    "value", [0, 1.0, "x", b"", [], {}, {"type": []}, {"type": "welcome"}, {"type": "pong", "x": 1}]
)
def test_the_judge_knows_what_is_no_message(value: Any) -> None:
    assert not make.conforms(value)
