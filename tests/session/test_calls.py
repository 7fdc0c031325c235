from __future__ import annotations

from tests.session.ends import attached
from wscb.session import effects


def test_one_outcome_with_the_result_in_one_version() -> None:
    ends = attached()
    ends.invoke("work", 1)
    (run,) = ends.take()
    assert run == effects.Run(1, 1, "work", [1], [], [])
    ends.finish(1, children="hi")
    (delta,) = ends.heard()
    assert (delta.changes, delta.outcomes, delta.cq) == ([("set", "out", "children", "hi")], [(1, "ok")], 1)
    ends.finish(1, children="again")
    assert ends.heard() == []


def test_an_error_has_its_detail() -> None:
    ends = attached()
    ends.invoke("work", 1)
    ends.finish(1, "error", {"code": "x", "ref": "r"})
    ((id, how, detail),) = ends.outcomes()
    assert (id, how, detail.code, detail.ref) == (1, "error", "x", "r")


def test_an_id_runs_at_most_once_until_its_outcome_is_acknowledged() -> None:
    ends = attached()
    ends.invoke("work", 1)
    ends.invoke("work", 1)
    ends.finish(1)
    ends.invoke("work", 1)
    assert len(ends.take()) == 1
    ends.ack()
    assert ends.session.size == 0


def test_too_many_in_flight() -> None:
    ends = attached(calls_in_flight=1)
    ends.invoke("work", 1)
    ends.invoke("work", 2)
    ((id, how, detail),) = ends.outcomes()
    assert (id, how, detail.code) == (2, "rejected", "too_many_calls")


def test_a_stale_result_is_superseded() -> None:
    ends = attached()
    ends.invoke("work", 1)
    ends.invoke("twin", 2)
    ends.finish(2, children="new")
    ends.finish(1, children="old")
    deltas = ends.heard()
    assert [outcome for delta in deltas for outcome in delta.outcomes] == [(2, "ok"), (1, "superseded")]
    assert [change[3] for delta in deltas for change in delta.changes] == ["new"]


def test_a_yield_that_was_overtaken_is_dropped() -> None:
    ends = attached()
    ends.invoke("work", 1)
    ends.invoke("work", 2)
    ends.do(ends.session.yielded(1, [], 0.0))
    ends.finish(2)
    ends.heard()
    assert ends.session.yielded(1, [], 0.0) == []


def test_cancel_as_soon_as_the_run_has_ended() -> None:
    ends = attached()
    ends.invoke("work", 1)
    ends.take()
    ends.cancel(1)
    ends.cancel(1)
    ends.cancel(77)
    assert ends.take() == [effects.Cancel(1)]
    ends.write("out", run=1, children="in its finally")
    assert ends.outcomes() == []
    ends.finish(1, children="too late")
    assert ends.outcomes() == [(1, "cancelled")]


def test_cancel_at_the_deadline() -> None:
    ends = attached(cancel_seconds=5)
    ends.invoke("work", 1)
    ends.take()
    ends.cancel(1)
    ends.wake(4.9)
    assert ends.outcomes() == []
    ends.wake()
    assert ends.now == 5.0
    assert ends.take() == [effects.Cancel(1), effects.Abandoned(1)]
    assert ends.outcomes() == [(1, "cancelled")]


def test_on_repeat_cancel_supersedes_the_old_one() -> None:
    ends = attached()
    ends.invoke("restart", 1)
    ends.invoke("restart", 2)
    assert [type(effect).__name__ for effect in ends.take()] == ["Run", "Cancel", "Run"]
    ends.finish(2)
    ends.finish(1)
    assert ends.outcomes() == [(2, "ok"), (1, "superseded")]


def test_calls_for_other_components_are_other_calls() -> None:
    ends = attached()
    for id, ids in enumerate([(["a"], [None], []), (["b"], [None], []), ([], ["c"], []), (["a"], [None], [])], 1):
        ends.invoke("rows", id, ids=ids)
    cancelled = [effect.run for effect in ends.take() if isinstance(effect, effects.Cancel)]
    assert cancelled == [1]
    for run in (4, 3, 2, 1):
        ends.finish(run)
    assert ends.outcomes() == [(4, "ok"), (3, "ok"), (2, "ok"), (1, "superseded")]


def test_on_repeat_ignore_rejects_the_new_one_silently() -> None:
    ends = attached()
    ends.invoke("ignore", 1)
    ends.invoke("ignore", 2)
    ((id, how, detail),) = ends.outcomes()
    assert (id, how, detail.code, detail.message) == (2, "rejected", "ignored", None)


def test_on_repeat_queue_starts_one_after_another() -> None:
    ends = attached()
    for id in (1, 2, 3, 4):
        ends.invoke("queue", id, inputs=[id])
    assert len(ends.take()) == 1
    ends.cancel(3)
    assert ends.outcomes() == [(3, "cancelled")]
    ends.finish(1)
    assert ends.take() == [effects.Run(2, 2, "queue", [2], [], [])]
    ends.finish(2)
    ends.finish(3)
    ends.heard()
    assert [effect.call for effect in ends.take()] == [4]  # type: ignore[union-attr]


def test_a_queued_call_waits_for_all_that_run() -> None:
    ends = attached()
    ends.invoke("queue", 1)
    ends.invoke("queue", 2)
    run = ends.session._calls.open[2]
    ends.session._calls._start(ends.session._calls._queues["queue"].popleft(), run.waiting, 0.0, [])  # type: ignore[arg-type]
    ends.invoke("queue", 3)
    ends.take()
    ends.finish(1)
    assert ends.take() == []


def test_a_refusal_does_not_settle_an_open_call_of_the_same_id() -> None:
    ends = attached(calls_in_flight=1)
    ends.invoke("work", 1)
    ends.invoke("nothing", 1)
    ends.invoke("work", 1, inputs=())
    assert ends.outcomes() == []
    ends.invoke("work", 2)
    ((id, how, _),) = ends.outcomes()
    assert (id, how) == (2, "rejected")


def test_what_calls_are_told_apart_by_is_forgotten_with_the_last_of_them() -> None:
    """A page names new components as long as it lives: each that was ever called for is not to be kept."""
    ends = attached()
    for id in range(1, 10):
        ends.invoke("rows", id, ids=[[f"row {id}"], [], []])
        ends.finish(id)
        ends.ack()
    for id in range(11, 14):
        ends.invoke("queue", id)
    for run in range(10, 13):
        ends.finish(run)
    calls = ends.session._calls
    assert (calls.open, calls._newest_ok, calls._queues) == ({}, {}, {})
