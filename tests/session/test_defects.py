"""The proof that the property tests can fail: each defect is put in for one test, and the same schedules catch it."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.defects import DEFECTS, VARIABLE, plant
from tests.session.world import World
from wscb.errors import BadMessage

MOST = 400
"""Schedules in which a defect has to show itself."""


@pytest.mark.skipif(VARIABLE in os.environ, reason="one defect is put in already")
@pytest.mark.parametrize("name", DEFECTS)
def test_is_caught(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(name, monkeypatch)
    with pytest.raises((AssertionError, KeyError, BadMessage)):
        run_state_machine_as_test(
            World,
            settings=settings(
                max_examples=MOST,
                stateful_step_count=60,
                deadline=None,
                database=None,
                derandomize=True,
                report_multiple_bugs=False,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )
