"""The invariants of PROTOCOL.md, over random schedules of a real session, a page model and a hostile link."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.defects import VARIABLE
from tests.session.world import World

EXAMPLES = int(os.environ.get("WSCB_EXAMPLES", "100"))
PHASES = [Phase.generate] if VARIABLE in os.environ else list(Phase)
"""Of a defect that was put in on purpose, that it is seen is enough."""


def test_invariants_hold() -> None:
    run_state_machine_as_test(
        World,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=60,
            deadline=None,
            database=None,
            phases=PHASES,
            report_multiple_bugs=False,
            derandomize=EXAMPLES == 100,
            suppress_health_check=list(HealthCheck),
        ),
    )
