"""The order of hooks, and what they say."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, NamedTuple

import pytest

from wscb.callbacks.hooks import Hooks, Verdict, hooks, verdict
from wscb.errors import DeclarationError
from wscb.protocol.closing import CloseCode


class Named(NamedTuple):
    name: str
    rank: int


def one(*_: Any) -> None: ...
async def two(*_: Any) -> None: ...
def three(*_: Any) -> None: ...
def four(*_: Any) -> None: ...


@pytest.fixture
def ours() -> Hooks:
    return Hooks()


def test_they_are_asked_in_the_order_in_which_they_came(ours: Hooks) -> None:
    assert ours.websocket_connect()(one) is one
    ours.websocket_connect()(two)
    ours.websocket_connect(priority=0)(three)
    assert ours.connect_hooks == (one, two, three)
    assert ours.message_hooks == ()


def test_the_larger_priority_is_asked_first_and_the_final_one_last(ours: Hooks) -> None:
    ours.websocket_message(final=True)(four)
    ours.websocket_message()(one)
    ours.websocket_message(priority=5)(two)
    ours.websocket_message(priority=5)(one)
    ours.websocket_message(priority=10)(three)
    ours.websocket_message()(three)
    assert ours.message_hooks == (three, two, one, one, three, four)
    assert ours.connect_hooks == ()


def test_two_cannot_be_the_last(ours: Hooks) -> None:
    ours.websocket_connect(final=True)(one)
    with pytest.raises(DeclarationError, match=r"two \(.*\) and one \(.*\) both have hooks\.websocket_connect\(final"):
        ours.websocket_connect(final=True)(two)
    assert ours.connect_hooks == (one,)


def test_only_functions_are_hooks(ours: Hooks) -> None:
    with pytest.raises(DeclarationError, match=r"hooks\.websocket_message\(\) decorates a function, and was given 3"):
        ours.websocket_message()(3)  # type: ignore[type-var]


def test_parentheses_are_needed(ours: Hooks) -> None:
    with pytest.raises(DeclarationError, match=r"^one \(.*test_hooks\.py:\d+\): @hooks needs parentheses"):
        ours.websocket_connect(one)  # type: ignore[arg-type]


def test_the_process_has_its_own() -> None:
    assert isinstance(hooks, Hooks)
    assert hooks.connect_hooks == hooks.message_hooks == ()


@pytest.mark.parametrize(
    ("returned", "said"),
    [
        (True, Verdict(None)),
        (None, Verdict(None)),
        ("ada", Verdict(None, identity="ada")),
        (Named("ada", 1), Verdict(None, identity=Named("ada", 1))),
        (False, Verdict(4501, "Refused.")),
        ("", Verdict(4501, "Refused.")),
        (0, Verdict(4501, "Refused.")),
        ({}, Verdict(4501, "Refused.")),
        ((), Verdict(4501, "Refused.")),
        ((CloseCode.REFUSED, "No."), Verdict(4503, "No.")),
        ((4502, "No session."), Verdict(4502, "No session.")),
        ((1008, 5), Verdict(1008, "5")),
        ((3000, ""), Verdict(3000, "")),
        ((4999, ""), Verdict(4999, "")),
    ],
)
def test_what_a_hook_says(returned: Any, said: Verdict) -> None:
    assert verdict(one, returned) == said


@pytest.mark.parametrize("code", [0, 403, 1000, 1006, 2999, 5000])
def test_a_code_that_is_not_for_applications(code: int) -> None:
    with pytest.raises(DeclarationError, match=rf"^one \(.*:\d+\) refused with {code}, .* Take one of 4500 to 4999"):
        verdict(one, (code, "no"))


@pytest.mark.parametrize("returned", [(False, "no"), (True, "ada"), ("ada", "admin"), (4501, "x", 3), (4501,)])
def test_a_tuple_that_is_no_refusal_is_a_mistake_and_lets_nobody_in(returned: Any) -> None:
    with pytest.raises(DeclarationError, match=r"^one \(.*:\d+\) returned a tuple that is no \(code, reason\)"):
        verdict(one, returned)


def test_a_status_of_http_is_no_code_of_a_socket() -> None:
    with pytest.raises(DeclarationError, match="refused with 403"):
        verdict(one, (HTTPStatus.FORBIDDEN, "no"))
