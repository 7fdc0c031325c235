"""Bounded threads for plain callbacks."""

from __future__ import annotations

import threading
import weakref
from concurrent.futures import CancelledError, Future

import pytest

from wscb.server.threads import DaemonThreads, OwnThreads, own_thread


class Gate:
    """Work that says that it has begun, and ends when it may."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.open = threading.Event()

    def __call__(self) -> threading.Thread:
        self.begun.set()
        assert self.open.wait(10)
        return threading.current_thread()


def run(threads: DaemonThreads) -> threading.Thread:
    return threads.submit(threading.current_thread).result(10)


def idle(threads: DaemonThreads) -> None:
    """Waits until a thread that has given its result is idle again."""
    assert threads._idle.acquire(timeout=10)
    threads._idle.release()


def test_no_more_than_the_limit_run_at_once() -> None:
    threads = DaemonThreads(2)
    gates = [Gate(), Gate(), Gate()]
    futures = [threads.submit(gate) for gate in gates]
    assert gates[0].begun.wait(10)
    assert gates[1].begun.wait(10)
    assert not gates[2].begun.is_set()
    gates[0].open.set()
    assert gates[2].begun.wait(10)
    for gate in gates:
        gate.open.set()
    assert len({future.result(10) for future in futures}) == 2
    threads.close()


def test_an_idle_thread_is_used_again() -> None:
    threads = DaemonThreads(8)
    first = run(threads)
    idle(threads)
    assert run(threads) is first
    threads.close()


def test_they_do_not_keep_the_process_alive() -> None:
    threads = DaemonThreads(1)
    assert run(threads).daemon
    assert own_thread(threading.current_thread, "mine").result(10).daemon
    threads.close()


def test_what_the_work_raises_is_in_its_future_and_the_thread_lives() -> None:
    def fail() -> None:
        raise SystemExit("even this")

    threads = DaemonThreads(1)
    with pytest.raises(SystemExit, match="even this"):
        threads.submit(fail).result(10)
    assert run(threads).is_alive()
    threads.close()


def test_work_that_is_cancelled_before_it_begins_does_not_run() -> None:
    threads = DaemonThreads(1)
    gate, never = Gate(), Gate()
    busy, waiting = threads.submit(gate), threads.submit(never)
    assert waiting.cancel()
    gate.open.set()
    busy.result(10)
    run(threads)
    assert not never.begun.is_set()
    with pytest.raises(CancelledError):
        waiting.result(0)
    threads.close()


def test_an_idle_thread_keeps_no_result_alive() -> None:
    class Big:
        pass

    threads = DaemonThreads(1)
    future: Future[Big] = threads.submit(Big)
    result = weakref.ref(future.result(10))
    del future
    idle(threads)
    assert result() is None
    threads.close()


def test_closed_idle_threads_end() -> None:
    threads = DaemonThreads(2)
    thread = run(threads)
    threads.close()
    thread.join(10)
    assert not thread.is_alive()


def test_work_that_waits_when_they_are_closed_is_still_done() -> None:
    threads = DaemonThreads(1)
    gate = Gate()
    busy, waiting = threads.submit(gate), threads.submit(threading.get_ident)
    assert gate.begun.wait(10)
    threads.close()
    gate.open.set()
    assert waiting.result(10) == busy.result(10).ident


def test_work_that_comes_after_the_close_is_done() -> None:
    threads = DaemonThreads(1)
    run(threads)
    idle(threads)
    threads.close()
    assert run(threads).daemon


def test_a_thread_of_its_own_has_the_name() -> None:
    assert own_thread(threading.current_thread, "mine").result(10).name == "mine"


def test_each_has_a_thread_and_no_more_run_than_may() -> None:
    threads = OwnThreads(2)
    gates = [Gate(), Gate()]
    futures = [threads.start(gate, "mine") for gate in gates]
    for gate in gates:
        assert gate.begun.wait(10)
    assert threads.start(Gate(), "one too many") is None
    gates[0].open.set()
    assert futures[0] is not None
    assert futures[0].result(10).name == "mine"
    again = threads.start(threading.current_thread, "there is room")
    assert again is not None
    assert again.result(10).name == "there is room"
    gates[1].open.set()


def test_one_that_raised_makes_room_as_well() -> None:
    threads = OwnThreads(1)
    for _ in range(3):
        future = threads.start(lambda: {}["missing"], "mine")
        assert future is not None
        with pytest.raises(KeyError):
            future.result(10)
