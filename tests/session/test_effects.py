from __future__ import annotations

from typing import get_args

from wscb.session import effects


def test_effects_have_slots_and_compare_by_value() -> None:
    for kind in get_args(effects.Effect):
        assert hasattr(kind, "__slots__"), kind
    assert effects.Send(1, b"x") == effects.Send(1, b"x")
    assert effects.Flushed(3) == effects.Flushed(3, None)
