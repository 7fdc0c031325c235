"""The proof that the faults can fail: a defect of tests/defects.py is put in, in the page and in the server's process,
and the test that is named for it must see it over real sockets.

Three of them in the short run, all with `make faults`. Each is a pytest of its own, with `--defect`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.defects import DEFECTS, VARIABLE

HERE = Path(__file__).parent
ALL = bool(os.environ.get("WSCB_FULL"))

SEEN_BY = {
    "no-dedupe": "test_calls.py::test_drop_between_execution_and_outcome",
    "resume-from-what-was-sent": "test_calls.py::test_get_prop_while_the_line_is_cut",
    "cursor-not-advanced-on-resend": "test_calls.py::test_get_prop_while_the_line_is_cut",
    "ops-and-sets-in-two-lists": "test_streams.py::test_random_changes_in_pieces_and_late",
    "op-folded-across-a-sent-delta": "test_streams.py::test_what_is_held_back_arrives_at_once",
    "a-delta-split-in-two-commits": "test_streams.py::test_random_changes_in_pieces_and_late",
    "no-fence-on-attach": "test_calls.py::test_a_half_open_old_socket_that_speaks_late",
    "reliable-messages-before-welcome": "test_attach.py::test_a_call_between_hello_and_welcome",
    "window-not-zeroed-on-resume": "test_attach.py::test_a_cut_within_a_delta_that_fills_the_window",
    "the-token-dies-at-once": "test_calls.py::test_lost_welcomes",
    "hellos-not-counted": "test_calls.py::test_a_hello_that_comes_late",
    "a-stale-result-wins": "test_attach.py::test_a_result_that_comes_after_a_newer_one",
    "get-prop-not-asked-again": "test_calls.py::test_get_prop_while_the_line_is_cut",
    "entries-of-removed-components-kept": "test_calls.py::test_a_delta_that_makes_a_component_anew_after_appends_to_it",
    "within-a-version-in-any-order": "test_streams.py::test_random_changes_in_pieces_and_late",
    "expiry-leaves-runs": "test_attach.py::test_nothing_runs_on_when_a_page_stays_away",
    "the-last-delta-minds-the-window": "test_attach.py::test_drained_while_the_page_reads_nothing",
    "a-delta-committed-in-two-steps": "test_streams.py::test_random_changes_in_pieces_and_late",
    "chunks-outlive-their-socket": "test_attach.py::test_a_cut_within_a_delta_that_fills_the_window",
    "get-prop-answered-too-soon": "test_calls.py::test_get_prop_while_the_line_is_cut",
    "a-handed-call-sent-again": "test_processes.py::test_kill_and_restart_with_the_socket_first",
}
SHORT = ("no-dedupe", "a-delta-split-in-two-commits", "reliable-messages-before-welcome")


def test_each_defect_has_a_test_that_sees_it() -> None:
    assert SEEN_BY.keys() == DEFECTS.keys()
    for file, name in (test.split("::") for test in SEEN_BY.values()):
        assert f"def {name}(" in (HERE / file).read_text()


@pytest.mark.skipif(VARIABLE in os.environ, reason="one defect is put in already")
@pytest.mark.parametrize("name", DEFECTS if ALL else SHORT)
def test_is_caught_over_real_sockets(name: str) -> None:
    said = last_line(name, "--defect", name)
    assert "1 failed" in said
    assert "error" not in said
    if ALL:  # and without it the same run, with as little patience, sees nothing
        assert "1 passed" in last_line(name)


def last_line(name: str, *options: str) -> str:
    """What pytest says in the end of the test that is named for this defect."""
    command = [sys.executable, "-m", "pytest", HERE / SEEN_BY[name], *options, "-q", "-p", "no:cacheprovider"]
    env = {"WSCB_SEED": "1", **os.environ, "WSCB_WAIT": "3", "WSCB_FULL": ""}
    done = subprocess.run(command, cwd=HERE.parents[1], env=env, capture_output=True, text=True)
    print(done.stdout)
    return done.stdout.splitlines()[-1]
