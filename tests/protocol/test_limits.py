from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from wscb.protocol.limits import KIB, MIB, Limits, WireLimits
from wscb.protocol.schema import schema


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


ROOT = Path(__file__).parents[2]
ENFORCED = {
    "message_bytes": "tests/server/test_hub.py::test_a_message_over_the_limit_is_too_big",
    "calls_in_flight": "tests/session/test_calls.py::test_too_many_in_flight",
    "messages_per_second": "tests/server/test_hub.py::test_too_many_messages_a_second",
    "sessions": "tests/server/test_hub_load.py::test_pages_that_are_here_never_make_room",
    "hello_seconds": "tests/server/test_hub.py::test_a_hello_that_comes_too_late",
    "grace_seconds": "tests/server/test_hub.py::test_a_page_that_stays_away_has_nothing_left",
    "outbox_bytes": "tests/server/test_hub_load.py::test_a_page_that_reads_nothing_is_closed_and_holds_nothing",
    "window_bytes": "tests/server/test_hub_load.py::test_a_page_that_acknowledges_nothing_is_held_to_its_window",
    "value_bytes": "tests/session/test_machine.py::test_values_that_are_too_large",
    "heartbeat_seconds": "tests/server/test_hub_load.py::test_a_page_that_answers_no_ping_is_closed",
    "pong_seconds": "tests/server/test_hub_load.py::test_a_page_that_answers_no_ping_is_closed",
    "inactivity_seconds": "tests/server/test_hub_load.py::test_a_page_on_which_nothing_happens_is_closed",
    "cancel_seconds": "tests/server/test_hub_load.py::test_what_does_not_end_in_time_is_given_up",
    "chunk_bytes": "tests/session/test_sender.py::test_a_long_delta_goes_in_chunks",
    "hidden_seconds": "tests/session/test_sender.py::test_a_hidden_page_gets_one_delta_a_second",
    "workers": "tests/server/test_workers.py::test_no_more_plain_functions_run_than_there_are_threads",
    "task_threads": "tests/server/test_tasks.py::test_no_more_plain_tasks_than_may_be",
}
"""The test that goes beyond each limit, and sees what PROTOCOL.md says of that."""


def documented() -> dict[str, tuple[str, str]]:
    """Of each limit in the table of PROTOCOL.md: what it is by default, and what happens beyond it."""
    section = (ROOT / "PROTOCOL.md").read_text().split("\n## 8. Limits\n")[1].split("\n## ")[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in section.split("\n") if line.startswith("| `")
    ]
    found = {}
    for names, defaults, beyond in rows:
        both = re.findall(r"`(\w+)`", names)
        said = defaults.split(", ") if len(both) > 1 else [defaults]
        found.update({name: (each, beyond) for name, each in zip(both, said, strict=True)})
    return found


def test_the_document_has_every_limit() -> None:
    assert documented().keys() == {field.name for field in fields(Limits)}


@pytest.mark.parametrize("name", [field.name for field in fields(Limits)])
def test_the_document_has_its_default(name: str) -> None:
    default, (said, beyond) = getattr(Limits(), name), documented()[name]
    if default is None:
        assert said.startswith(("none", "as "))
    else:
        number, unit = re.match(r"([\d,]+)( MiB| KiB|)", said).groups()  # type: ignore[union-attr]
        assert default == int(number.replace(",", "")) * {" MiB": MIB, " KiB": KIB, "": 1}[unit]
    assert beyond


@pytest.mark.parametrize("name", [field.name for field in fields(Limits)])
def test_a_test_goes_beyond_it(name: str) -> None:
    file, test = ENFORCED[name].split("::")
    assert re.search(rf"^(async )?def {test}\(", (ROOT / file).read_text(), re.MULTILINE)


def test_the_document_has_the_bounds_of_fields() -> None:
    text = (ROOT / "PROTOCOL.md").read_text()
    assert "a callback 32,768 characters, a name 1024" in text
    bounds = {"callback": 32_768, "path": 8192, "query": 8192, "build": 8192, "session": 256, "token": 256}
    counts = {"topics": 1000, "trigger": 100_000}
    for definition in (schema()["$defs"][name]["properties"] for name in ("Hello", "Invoke", "Location")):
        for name, field in definition.items():
            assert field.get("maxLength") == bounds.get(name)
            assert field.get("maxItems", counts.get(name)) in (counts.get(name), 3)
