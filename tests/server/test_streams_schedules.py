"""Shared tasks under any schedule: who comes, leaves, writes, fails and ends, between any two steps of the loop.

The streams, the workers and their audience are the real ones, on a loop whose time is moved by hand; viewers are pages
that apply what they are told. Two of them make a slice, so that most rounds are cut by something else.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.server.apps import app_with
from wscb import Input, Patch, html
from wscb.callbacks.context import CallState, Request, current
from wscb.errors import InvalidPatch
from wscb.protocol import codec
from wscb.protocol.operations import Operation, apply
from wscb.server import audience
from wscb.server.streams import Stream, StreamChannel, Streams
from wscb.server.workers import Outcome, Workers
from wscb.session import Change, Told

LONGEST_PAUSE = 100.0
KEYS = st.sampled_from(["a", "b"])


class Loop(asyncio.SelectorEventLoop):
    now = 0.0

    def time(self) -> float:
        return self.now

    def steps(self, count: int) -> None:
        for _ in range(count):
            self.run_until_complete(asyncio.sleep(0))

    def settle(self) -> None:
        self.steps(40)


class Page:
    """A viewer's channel and its page. `props` is what it shows."""

    def __init__(self, callback: Any) -> None:
        self.callback = callback
        self.props: dict[tuple[str, str], Any] = {}
        self.state = "running"
        self.failures: list[Any] = []

    def show(self, changes: list[Change], told: Told | None = None) -> None:
        for change in changes:
            kind, component, prop, value = codec.unpack(change.packed, codec.ANY_SERVER)
            place = (component, prop)
            self.props[place] = value if kind == "set" else apply(self.props[place], Operation.from_wire(value))
        if told:
            self.state = told[0]
            self.failures += [told[1]] * (told[0] == "failed")


async def dealt_with(error: Exception) -> None:
    """No log of it; and on the loop, since a thread would take its turns when it likes."""


class Run:
    """One run of the task, which does what the schedule says."""

    def __init__(self, key: str, channel: StreamChannel) -> None:
        self.key = key
        self.channel = channel
        self.stream: Stream = channel._stream
        self.end: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.may_end = asyncio.Event()
        self.may_end.set()


class Schedules(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(audience, "SLICE", 2)
        self.patch.setattr(audience, "WAITING_BYTES", 500)
        self.loop = Loop()
        app = app_with(html.Div(id="s"))
        app.callback(Input("s", "title"), persistent=True, shared=True, restart="on_failure")(self.task)
        definition = app.build()
        (self.callback,) = definition.callbacks.values()
        self.workers = Workers(1, dealt_with, debug=False)
        self.streams = Streams(definition, self.workers)
        self.runs: list[Run] = []
        self.starts: Counter[Stream] = Counter()
        self.fails: Counter[Stream] = Counter()
        self.models: dict[Stream, dict[tuple[str, str], Any]] = {}
        self.viewers: list[tuple[str, Page, asyncio.Task[Outcome]]] = []

    def teardown(self) -> None:
        for run in self.runs:
            run.may_end.set()
        for _, _, task in self.viewers:
            task.cancel()
        self.loop.settle()
        try:
            assert not self.runs
            assert len(self.streams) == 0
            assert all(task.done() for _, _, task in self.viewers)
            assert not asyncio.all_tasks(self.loop)
        finally:
            self.workers.close()
            self.loop.close()
            self.patch.undo()

    async def task(self, key: str) -> None:
        channel = current().channel
        assert isinstance(channel, StreamChannel)
        run = Run(key, channel)
        self.runs.append(run)
        self.starts[run.stream] += 1
        assert self.starts[run.stream] <= 1 + self.fails[run.stream], "started more often than it failed"
        self.models.setdefault(run.stream, {})
        try:
            if await run.end == "fails":
                self.fails[run.stream] += 1
                raise RuntimeError("trouble")
        finally:
            try:
                await run.may_end.wait()
            finally:
                self.runs.remove(run)

    @property
    def counted(self) -> list[Run]:
        """Without those that took so long to end that they were given up: they go on without effect."""
        return [run for run in self.runs if not run.channel.over]

    def run_of(self, key: str) -> Run | None:
        return next((run for run in self.counted if run.key == key), None)

    # ---------------------------------------------------------------------------------------------- what happens

    @rule(key=KEYS, count=st.integers(1, 4))
    def come(self, key: str, count: int) -> None:
        for _ in range(count):
            page: Any = Page(self.callback)
            state = CallState(self.callback, [key], [], ["s.title"], Request(), page)
            self.viewers.append((key, page, self.loop.create_task(self.streams.view(state, page))))

    @precondition(lambda self: self.viewers)
    @rule(which=st.integers(0, 9))
    def leaves(self, which: int) -> None:
        self.viewers[which % len(self.viewers)][2].cancel()

    @rule(key=KEYS, prop=st.sampled_from("xy"), value=st.integers(0, 99), patch=st.sampled_from([0, 0, 1, 2]))
    def writes(self, key: str, prop: str, value: int, patch: int) -> None:
        run = self.run_of(key)
        if run is None:
            return
        asked: Any = [value]
        if patch:
            asked = Patch()
            asked.append(value, maxlen=3 if patch == 2 else None)
        model = self.models[run.stream]
        try:
            self.loop.run_until_complete(self.set(run, prop, asked))
        except InvalidPatch:
            assert ("s", f"data-{prop}") not in model
            return
        if run.stream.ending:
            return
        place = ("s", f"data-{prop}")
        model[place] = [*model[place], value][-3 if patch == 2 else 0 :] if patch else [value]

    async def set(self, run: Run, prop: str, value: Any) -> None:
        run.channel.set_props("s", {f"data-{prop}": value})

    @rule(key=KEYS, how=st.sampled_from(["fails", "returns"]))
    def ends(self, key: str, how: str) -> None:
        run = self.run_of(key)
        if run is not None and not run.end.done():
            run.end.set_result(how)

    @rule(key=KEYS, slow=st.booleans())
    def takes_its_time_to_end(self, key: str, slow: bool) -> None:
        run = self.run_of(key)
        if run is not None:
            run.may_end.clear() if slow else run.may_end.set()

    @rule(count=st.integers(1, 4))
    def the_loop_goes_on(self, count: int) -> None:
        self.loop.steps(count)

    @rule()
    def time_passes(self) -> None:
        self.loop.now += LONGEST_PAUSE
        self.loop.steps(1)

    # ------------------------------------------------------------------------------------------ what holds always

    @invariant()
    def never_two_at_once(self) -> None:
        keys = [run.key for run in self.counted]
        assert len(keys) == len(set(keys)), keys

    @rule()
    def all_is_quiet(self) -> None:
        """Nothing more is to be done: every viewer has exactly what the stream has, and no stream is without one."""
        self.loop.settle()
        there = [(key, page) for key, page, task in self.viewers if not task.done()]
        for run in self.counted:
            viewed = any(key == run.key for key, _ in there)
            assert viewed or not run.may_end.is_set(), "a run without a viewer"
            assert viewed or run.stream.ending
        for key, page in there:
            stream = next(stream for stream in self.streams._live.values() if stream._given[0] == [key])
            if not stream.ending:
                assert page.props == self.models[stream]
                assert page.state == (stream._told or ("running",))[0]


Schedules.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestSchedules = Schedules.TestCase
