"""The log of an app that serves itself."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from wscb.server import logs

logger = logging.getLogger("wscb.some")


@contextmanager
def bare() -> Iterator[None]:
    """As in a process where nobody has configured logging."""
    root, own = logging.getLogger(), logging.getLogger("wscb")
    before = root.handlers, own.handlers
    root.handlers, own.handlers = [], []
    try:
        yield
    finally:
        root.handlers, own.handlers = before


def test_its_lines_have_a_time(capsys: pytest.CaptureFixture[str]) -> None:
    with bare():
        logs.with_times()
        logs.with_times()
        logger.warning("something")
    said = capsys.readouterr().err
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} WARNING wscb.some: something\n", said)


def test_who_configures_logging_has_the_lines_once(capsys: pytest.CaptureFixture[str]) -> None:
    with bare():
        logs.with_times()
        logging.getLogger().handlers.append(logging.StreamHandler())
        logger.warning("something")
    assert capsys.readouterr().err == "something\n"


def test_where_it_is_configured_nothing_changes() -> None:
    before = list(logging.getLogger("wscb").handlers)
    logs.with_times()
    assert logging.getLogger("wscb").handlers == before
