"""Which frames of an error are shown to who writes an app."""

from __future__ import annotations

import asyncio
import json
import traceback
from collections.abc import Callable
from typing import Any

import pytest

from wscb import Output, html
from wscb.callbacks.dependencies import Dependency
from wscb.errors import ReturnMismatch, UsageError, WscbError
from wscb.protocol.codec import pack
from wscb.server import tracebacks


def raised(by: Callable[[], Any]) -> BaseException:
    try:
        by()
    except Exception as error:
        return error
    raise AssertionError


def from_wscb(call: Callable[[], Any]) -> BaseException:
    """As it is when wscb calls: its own frames come first."""
    names: dict[str, Any] = {}
    exec(compile("def run(call): call()", tracebacks.__file__, "exec"), names)
    error = raised(lambda: names["run"](call))
    while error.__traceback__ is not None and error.__traceback__.tb_frame.f_code.co_name != "run":
        error.__traceback__ = error.__traceback__.tb_next
    return error


def frames(error: BaseException) -> list[str]:
    _, _, kept = tracebacks.logged(error)
    return [one.name for one in traceback.extract_tb(kept)]


def callback() -> None:
    helper()


def helper() -> None:
    raise ValueError("mine")


def test_it_begins_with_the_callback_and_keeps_what_that_called() -> None:
    error = from_wscb(callback)
    assert frames(error) == ["callback", "helper"]
    text = tracebacks.text(error)
    assert text.startswith("Traceback (most recent call last):")
    assert text.endswith("ValueError: mine\n")
    assert ("in run" in text, "in callback" in text, "in helper" in text) == (False, True, True)


def encodes() -> None:
    pack({"a": object()})


def test_the_end_of_an_error_of_wscbs_own_is_cut() -> None:
    error = from_wscb(encodes)
    assert isinstance(error, WscbError)
    assert frames(error) == ["encodes"]


def test_of_one_that_no_frame_of_the_callback_raised_nothing_is_left() -> None:
    names: dict[str, Any] = {"mismatch": ReturnMismatch("too many")}
    exec(compile("def flat(): raise mismatch", tracebacks.__file__, "exec"), names)
    error = from_wscb(names["flat"])
    assert tracebacks.text(error) == ""
    assert tracebacks.logged(error) == (ReturnMismatch, error, None)


def test_a_fault_of_wscbs_own_keeps_what_tells_where_it_is() -> None:
    names: dict[str, Any] = {}
    exec(compile("def fault(): raise KeyError('x')", tracebacks.__file__, "exec"), names)
    assert frames(from_wscb(names["fault"])) == ["run", "fault"]
    assert frames(from_wscb(lambda: names["fault"]())) == ["<lambda>", "fault"]


def in_a_library() -> None:
    json.loads("{")


def test_what_a_library_was_called_for_is_shown_to_its_end() -> None:
    assert frames(from_wscb(in_a_library))[:2] == ["in_a_library", "loads"]


def test_a_library_that_calls_the_author_is_left_out_before_him() -> None:
    names: dict[str, Any] = {"callback": callback, "run": asyncio.run}
    source = "async def work(): callback()\ndef own(): run(work())"
    exec(compile(source, asyncio.__file__, "exec"), names)
    assert frames(from_wscb(names["own"])) == ["callback", "helper"]


def test_one_that_a_library_raised_by_itself_begins_there() -> None:
    names: dict[str, Any] = {"loads": json.loads}
    exec(compile("def own(): loads('{')", tracebacks.__file__, "exec"), names)
    assert frames(from_wscb(names["own"]))[0] == "loads"


def test_what_it_comes_from_is_cut_too() -> None:
    def work() -> None:
        try:
            encodes()
        except WscbError as error:
            raise ValueError("second") from error

    text = tracebacks.text(from_wscb(work))
    assert "direct cause" in text
    assert "in encodes" in text
    assert "in pack" not in text


@pytest.mark.parametrize("make", [lambda: html.Div(clas="x"), lambda: Output("", ""), lambda: Dependency("a", "b.c")])
def test_a_component_that_is_made_wrongly_shows_where(make: Callable[[], Any]) -> None:
    assert frames(from_wscb(make)) == ["<lambda>"]


def test_an_error_that_was_never_raised() -> None:
    assert tracebacks.text(UsageError("x")) == ""
