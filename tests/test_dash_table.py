"""docs/dash.md says what there is: a name that it calls not yet is not in wscb, and any other is."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import pytest

import wscb

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "dash.md").read_text()
ROW = re.compile(r"^\| (`[^|]+) \| (\w[\w ]*) \|(.*)\|$", re.MULTILINE)
ROWS = [(name, status) for names, status, _ in ROW.findall(TEXT) for name in re.findall(r"`([^`]+)`", names)]
APP = wscb.Dash("tests")
STATUSES = {"same", "better", "in part", "not yet"}


def there(name: str) -> bool:
    """Whether wscb has `name`, `Callable(argument=)` or `owner.name`."""
    if argument := re.fullmatch(r"([\w.]+)\((\w+)=\)", name):
        found = find(argument[1])
        return found is not None and argument[2] in inspect.signature(found).parameters
    if name.startswith("dash_clientside."):
        return name.removeprefix("dash_clientside.") in (ROOT / "client_js" / "src" / "clientside.ts").read_text()
    return find(name) is not None


def find(name: str) -> Any:
    owner, _, attribute = name.rpartition(".")
    if not owner:
        return vars(wscb).get(name)  # not getattr: for these names that is an error that says what to take
    here = getattr(wscb, owner)
    if inspect.ismodule(here):
        return getattr(here, attribute, None) if attribute in dir(here) else None
    if here is wscb.Dash:
        here = APP  # what only the object has
    return True if attribute in dir(here) else None


def test_the_table_is_read() -> None:
    assert len(ROWS) > 150
    assert {status for _, status in ROWS} == STATUSES
    assert len(ROWS) == len(set(ROWS)) == len(dict(ROWS)), "a name stands there twice"
    assert len(re.findall(r"\| (?:same|better|in part|not yet) \|", TEXT)) == len(ROW.findall(TEXT)), (
        "a row that is not read"
    )


@pytest.mark.parametrize(("name", "status"), ROWS)
def test_it_says_what_there_is(name: str, status: str) -> None:
    if status == "not yet":
        assert not there(name), f"{name} is there by now: say in docs/dash.md whether it is same or better"
    else:
        assert there(name), f"docs/dash.md calls {name} {status}, and wscb does not have it"


def test_a_reason_is_given_for_what_is_not_the_same() -> None:
    reasoned = {"better", "in part"}
    assert [names for names, status, reason in ROW.findall(TEXT) if status in reasoned and not reason.strip()] == []


def test_the_readme_links_it() -> None:
    assert "(docs/dash.md)" in (ROOT / "README.md").read_text()
