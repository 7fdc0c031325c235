from __future__ import annotations

import pytest

from wscb.protocol.closing import CloseCode, comes_back


@pytest.mark.parametrize("code", CloseCode)
def test_the_code_alone_says_whether_to_come_back(code: CloseCode) -> None:
    assert comes_back(code) is (4000 <= code < 4500)


@pytest.mark.parametrize("code", [1000, 1001, 1006, 1011, 1012, 4499, 5000])
def test_codes_of_others_come_back(code: int) -> None:
    assert comes_back(code)


def test_the_codes_are_those_of_the_contract() -> None:
    assert {int(code): code.name for code in CloseCode} == {
        4000: "DRAIN",
        4001: "IDLE",
        4002: "TOO_SLOW",
        4003: "HEARTBEAT",
        4005: "OVERLOADED",
        4006: "GAP",
        4008: "NO_HELLO",
        4500: "BAD_MESSAGE",
        4501: "UNAUTHENTICATED",
        4503: "REFUSED",
        4504: "UNKNOWN_VERSION",
        4509: "REPLACED",
        4513: "TOO_BIG",
        4529: "TOO_MANY",
    }
