from __future__ import annotations

from dataclasses import FrozenInstanceError, fields
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from wscb.protocol import messages
from wscb.protocol.messages import PAGE_MESSAGES, SERVER_MESSAGES, PageMessage, ServerMessage

PAGE: TypeAdapter[Any] = TypeAdapter(PageMessage)
SERVER: TypeAdapter[Any] = TypeAdapter(ServerMessage)
INVOKE = {"type": "invoke", "q": 1, "id": 1, "callback": "c", "inputs": [], "state": [], "trigger": []}


def test_every_message_is_in_its_union_by_its_type() -> None:
    assert PAGE.validate_python(INVOKE) == messages.Invoke(q=1, id=1, callback="c", inputs=[], state=[], trigger=[])
    assert SERVER.validate_python({"type": "ping"}) == messages.Ping()
    with pytest.raises(ValidationError):
        PAGE.validate_python({"type": "ping"})


@pytest.mark.parametrize("kind", {*PAGE_MESSAGES, *SERVER_MESSAGES})
def test_messages_are_frozen_slots_with_a_type(kind: Any) -> None:
    assert "__slots__" in vars(kind)
    assert fields(kind)[0].name == "type"


def test_a_message_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        messages.Ack(have=1).have = 2  # type: ignore[misc]


@pytest.mark.parametrize(
    "wrong",
    [
        {"q": -1},
        {"q": 2**53},
        {"q": True},
        {"q": 1.0},
        {"q": "1"},
        {"q": None},
        {"callback": ""},
        {"callback": "c" * 40_000},
        {"callback": b"c"},
        {"inputs": {}},
        {"inputs": None},
        {"inputs": "ab"},
        {"trigger": [1]},
        {"trigger": [""]},
        {"trigger": "a.b"},
        {"more": 1},
    ],
)
def test_a_field_of_another_shape_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        PAGE.validate_python({**INVOKE, **wrong})


@pytest.mark.parametrize("missing", ["q", "id", "callback", "inputs", "state", "trigger"])
def test_a_missing_field_is_refused(missing: str) -> None:
    with pytest.raises(ValidationError):
        PAGE.validate_python({name: value for name, value in INVOKE.items() if name != missing})


@pytest.mark.parametrize(
    "change",
    [
        ["set", "a", "p"],
        ["set", "a", "p", 1, -1],
        ["set", "a", "p", 1, 2, 3],
        ["op", "a", "p", ["append", []], 3],
        ["op", "a", "p", ["no_such", [], 1]],
        ["op", "a", "p", ["append", [1.5], 1]],
        ["op", "a", "p", ["append", [], 1, -1]],
        ["put", "a", "p", 1],
        ["set", "", "p", 1],
        ["set", 1, "p", 1],
    ],
)
def test_a_change_of_another_shape_is_refused(change: list[Any]) -> None:
    with pytest.raises(ValidationError):
        SERVER.validate_python({"type": "delta", "to": 1, "cq": 0, "changes": [change]})


def test_an_empty_chunk_is_refused() -> None:
    with pytest.raises(ValidationError):
        PAGE.validate_python({"type": "chunk", "data": b"", "last": True})
    with pytest.raises(ValidationError):
        PAGE.validate_python({"type": "chunk", "data": "text", "last": True})
