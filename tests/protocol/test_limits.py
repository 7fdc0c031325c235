from __future__ import annotations

from typing import Any

import pytest

from wscb.protocol.limits import KIB, MIB, Limits, WireLimits


def test_defaults_are_sane() -> None:
    limits = Limits()
    assert limits.message_bytes == MIB
    assert limits.largest_value == limits.outbox_bytes == 8 * MIB


def test_the_largest_value_can_be_set() -> None:
    assert Limits(value_bytes=1000).largest_value == 1000


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("sessions", 0, "Limits(sessions=0): it must be a whole number above 0."),
        ("sessions", -1, "sessions=-1"),
        ("sessions", 1.5, "a whole number"),
        ("sessions", True, "a whole number"),
        ("sessions", "10", "sessions='10'"),
        ("sessions", None, "above 0."),
        ("grace_seconds", 0, "a finite number of seconds above 0."),
        ("grace_seconds", float("nan"), "finite"),
        ("grace_seconds", float("inf"), "finite"),
        ("inactivity_seconds", -5, "above 0, or None"),
        ("workers", 0, "above 0, or None"),
        ("chunk_bytes", 1000, "at least 1024"),
        ("value_bytes", 9 * MIB, "could never be sent"),
    ],
)
def test_wrong_limits_say_what_is_wrong(field: str, value: Any, says: str) -> None:
    with pytest.raises(ValueError, match=field) as caught:
        Limits(**{field: value})
    assert says in str(caught.value)


def test_optional_limits_may_be_none_or_set() -> None:
    assert Limits(inactivity_seconds=None, workers=None).workers is None
    assert Limits(inactivity_seconds=60, workers=4).inactivity_seconds == 60


def test_nothing_in_a_message_is_longer_than_the_message() -> None:
    wire = WireLimits.of(Limits(message_bytes=500))
    assert (wire.frame, wire.text, wire.binary) == (500, 500, 500)


@pytest.mark.parametrize("sizes", [{"binary": 10}, {"array": 10}, {"map": 10}, {"nodes": 10}, {"frame": 10}])
def test_a_short_frame_cannot_exceed_any_size(sizes: dict[str, int]) -> None:
    assert WireLimits().short == KIB
    assert WireLimits(**sizes).short == 10


def test_wire_limits_are_checked() -> None:
    with pytest.raises(ValueError, match="above 0"):
        WireLimits(nodes=0)
    with pytest.raises(ValueError, match="at least 32"):
        WireLimits(text=31)
    with pytest.raises(ValueError, match="no more than 264"):
        WireLimits(depth=300)
