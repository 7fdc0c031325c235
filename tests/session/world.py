"""A server with real sessions, one page, a hostile link and a clock: the schedules of the property tests.

The invariants of PROTOCOL.md are checked by number. What the harness knows and the two ends do not is for the checks.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.session.page_model import Link, Page, check
from tests.session.served import DEADLINE, GRACE, LIMITS, Live, Served, Server
from tests.session.troubles import TROUBLE, Troubles
from tests.session.writes import WRITES, Writing
from wscb.errors import CallOver, ValueTooLarge
from wscb.session import Change


def when(holds: Callable[[World], object], **args: Any) -> Any:
    return lambda method: precondition(holds)(rule(**args)(method))


class World(Writing, Troubles, RuleBasedStateMachine):
    page_class: type[Page] = Page

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.n = self.tokens = 0
        self.page, self.server = self.page_class(), Server(self)
        self.links: list[Link] = []
        self.runs: list[Live] = []
        self.repeatable: set[int] = set()
        """Tasks, and calls with `retry`: a new session may run them again."""
        self.ran: dict[tuple[int, str], int] = {}
        self.gets: dict[int, tuple[Served, int]] = {}
        self.flushes: dict[int, Served] = {}
        self.ended: list[Served] = []

    # ------------------------------------------------------------------------------------------ the application

    def served(self) -> Served | None:
        return self.server.sessions.get(self.page.session or "")

    @when(lambda s: s.served(), what=WRITES)
    def set_props(self, what: Any) -> None:
        served = self.served()
        assert served
        self.attempt(served, self.changes(served, what), None)

    @when(lambda s: s.runs, which=st.integers(0, 9), what=WRITES, yields=st.booleans())
    def run_writes(self, which: int, what: Any, yields: bool) -> None:
        """Also one that is being cancelled, in its `finally`, and one that was given up."""
        run = self.runs[which % len(self.runs)]
        changes = self.changes(run.ses, what)
        dead = run.over or run.ses.over
        try:
            run.ses.write(changes, run.start.run, yields=yields and not dead)
        except (CallOver, ValueTooLarge) as error:
            check(dead or not isinstance(error, CallOver), "a live run writes", run.start)
        else:
            check(not dead, "no write after the end", run.start)

    def attempt(self, served: Served, changes: list[Change], run: int | None) -> None:
        with contextlib.suppress(ValueTooLarge):
            served.write(changes, run)

    @when(lambda s: s.runs, which=st.integers(0, 9))
    def run_returns(self, which: int) -> None:
        run = self.runs[which % len(self.runs)]
        run.ses.returns(run)
        self.runs.remove(run)

    @when(lambda s: s.runs, which=st.integers(0, 9))
    def run_fails(self, which: int) -> None:
        run = self.runs[which % len(self.runs)]
        run.ses.fails(run)
        self.runs.remove(run)

    @when(lambda s: s.served() and len(s.gets) < 3, pick=st.integers(0, 4), left=st.integers(2, 30))
    def get_prop(self, pick: int, left: int) -> None:
        served = self.served()
        assert served
        self.n += 1
        self.gets[self.n] = (served, served.machine._box.version)
        comp = sorted(served.doc.props)[pick % len(served.doc.props)]
        served.do(lambda: served.machine.get_prop(self.n, comp, "log", left, self.now))

    @when(lambda s: s.served() and len(s.flushes) < 3)
    def flush(self) -> None:
        served = self.served()
        assert served
        self.n += 1
        self.flushes[self.n] = served
        served.do(lambda: served.machine.flush(self.n, self.now))

    # ------------------------------------------------------------------------------------------ the page

    @rule(
        name=st.sampled_from(["parallel", "parallel", "cancel", "queue", "ignore", "slow"]),
        retry=st.booleans(),
        big=st.booleans(),
    )
    def invoke(self, name: str, retry: bool, big: bool) -> None:
        self.n += 1
        self.repeatable |= {self.n} if retry else set()
        self.page.call(self.n, name, "x" * 1500 * big, retry)

    @rule(name=st.sampled_from(["task1", "task2"]))
    def invoke_task(self, name: str) -> None:
        self.n += 1
        self.repeatable.add(self.n)
        self.page.start_task(self.n, name)

    @when(lambda s: s.n, which=st.integers(0, 99))
    def cancel(self, which: int) -> None:
        """Open, settled, never seen by this session, a task's run."""
        ids = [*self.page.calls, *self.page.calls, *self.page.outcome, *self.page.tasks.values(), 0]
        self.page.cancel(ids[which % len(ids)])

    @rule()
    def ack(self) -> None:
        self.page.ack()

    @rule(visible=st.booleans())
    def show(self, visible: bool) -> None:
        self.page.show(visible)

    @rule()
    def connect(self) -> None:
        """Also while an older open has not been answered."""
        self.links.append(self.page.connect())

    @when(lambda s: s.page.session)
    def leave_and_return(self) -> None:
        self.page.leave_and_return()

    # ------------------------------------------------------------------------------------------ the link

    def one_to_page(self) -> None:
        assert self.page.link
        self.page.receive(self.page.link.to_page.pop(0))

    def one_to_server(self, link: Link) -> None:
        self.server.receive(link, link.to_server.pop(0))

    def take(self, link: Link) -> None:
        """The socket takes the frame that it was given."""
        if link.taking and link.session is not None:
            link.taking = False
            link.session.do(lambda: link.session.machine.wrote(link.attach, self.now))

    @when(lambda s: s.page.link and s.page.link.to_page, n=st.integers(1, 4))
    def deliver_to_page(self, n: int) -> None:
        for _ in range(n):
            if self.page.link and self.page.link.to_page:
                self.one_to_page()

    @when(lambda s: any(x.to_server and x.server_up for x in s.links), which=st.integers(0, 5), n=st.integers(1, 4))
    def deliver_to_server(self, which: int, n: int) -> None:
        """On any socket, also one that the page gave up long ago."""
        live = [x for x in self.links if x.to_server and x.server_up]
        link = live[-1 - which % len(live)]
        for _ in range(n):
            if link.to_server and link.server_up:
                self.one_to_server(link)

    @when(lambda s: any(x.taking for x in s.links), n=st.integers(1, 4))
    def sockets_take(self, n: int) -> None:
        for link in [x for x in self.links if x.server_up]:
            for _ in range(n):
                self.take(link)

    @when(lambda s: s.page.link)
    def page_loses(self) -> None:
        """The server has not noticed; what was sent comes late."""
        self.page.link, self.page.ready = None, False

    @when(lambda s: any(x.server_up for x in s.links), which=st.integers(0, 5))
    def server_loses(self, which: int) -> None:
        up = [x for x in self.links if x.server_up]
        self.lose(up[-1 - which % len(up)])

    def lose(self, link: Link) -> None:
        link.server_up, link.to_server, link.taking = False, [], False
        link.to_page.append(1006)
        if link.session is not None and not link.session.over:
            link.session.do(lambda: link.session.machine.lost(link.attach, self.now))

    # ------------------------------------------------------------------------------------------ process and clock

    @rule(dt=st.integers(1, 9))
    def tick(self, dt: int) -> None:
        until = self.now + dt
        everyone = {*self.server.sessions.values(), *self.ended}
        while due := [x for x in everyone if x.wake_at is not None and x.wake_at <= until]:
            served = min(due, key=lambda x: (x.wake_at, x.machine.id))
            assert served.wake_at is not None
            self.now = max(self.now, served.wake_at)
            served.wake_at = None
            served.do(lambda s=served: s.machine.wake(self.now))  # type: ignore[misc]
        self.now = until

    def replace_process(self) -> None:
        for link in self.links:
            if link.server_up:
                self.lose(link)
        self.runs, self.ended = [], []
        self.gets.clear()
        self.flushes.clear()
        self.server = Server(self)

    @rule()
    def process_dies(self) -> None:
        self.replace_process()

    @when(lambda s: not s.server.draining)
    def drain(self) -> None:
        self.server.draining = True
        for served in self.server.sessions.values():
            served.do(lambda s=served: s.machine.drain(100, self.now))  # type: ignore[misc]

    @when(lambda s: s.server.draining)
    def drain_ends(self) -> None:
        for served in list(self.server.sessions.values()):
            served.do(lambda s=served: s.machine.drained(self.now))  # type: ignore[misc]
            link = served.links.get(served.machine.attach_count)
            while link is not None and link.taking and not served.over:
                self.take(link)
            check(served.over, "drained", served.machine.state)
        self.nothing_left()
        self.replace_process()

    @rule(then=st.sampled_from(TROUBLE))
    def calm(self, then: str = "") -> None:
        """A moment without trouble, and the trouble just after it."""
        for _ in range(40):
            if not self.page.link:
                self.connect()
            link = self.page.link
            while self.page.link and self.page.link.to_page:
                self.one_to_page()
            unacked = self.page.ready and self.page.have > self.page.acked
            if then in ("server_loses", "no_ack", "drain", "drain_cut") and unacked:
                break  # applied, not acknowledged
            while link and link.to_server and link.server_up:
                self.one_to_server(link)
            for each in [x for x in self.links if x.server_up]:
                self.take(each)
            self.page.ack()
            if self.page.ready and link is self.page.link and link and not link.to_page and not link.to_server:
                if not self.settled():
                    self.tick(1)
                    continue
                served = self.served()
                check(
                    not served or all(e.version > self.page.have for e in served.machine._box._log.values()), 5, "kept"
                )
                break
        self.trouble(then)

    def settled(self) -> bool:
        served = self.served()
        return not served or (self.page.have == served.machine._box.version and self.page.cq == served.machine._box.cq)

    # ------------------------------------------------------------------------------------------ after each step

    @invariant()
    def at_most_once(self) -> None:
        for (id, session), n in self.ran.items():
            check(n == 1, 3, id, session, n)
        once = [id for id, _ in self.ran if id not in self.repeatable]
        check(len(once) == len(set(once)), 3, once)

    @invariant()
    def bounded(self) -> None:
        for served in self.server.sessions.values():
            box = served.machine._box
            # Of what stood there before it began, a session does not know which value holds which component.
            live = {*served.doc.props, *served.history[0].props}
            sets = [key for key in box._sets if key[0] is not None]
            check(all(key[0] in live for key in [*sets, *box._runs]), 5, "entries of removed components")
            check(box.size == sum(entry.size for entry in box._log.values()) <= LIMITS.outbox_bytes, 5, "bytes")
            for name in ("task0", "task1", "task2"):
                check(len(served.machine._runs.of(name)) <= 1, "one run of a task", name)

    @invariant()
    def nothing_left(self) -> None:
        for served in self.ended:
            m = served.machine
            left = (
                len(m._gets.pending),
                len(m._box),
                len(m._calls.open),
                len(m._calls._queues),
                m._box._owner,
                m._box._keys_of,
            )
            check(not any(left) and m._door._token is None and not m.attached, 10, left)
            live = [run for run in self.runs if run.ses is served and not run.over]
            check(all(run.told for run in live), 10, "runs were not told")
            check(len(m.runs) == len(live) and (live or served.wake_at is None), 10, "runs or a timer", served.wake_at)

    # ------------------------------------------------------------------------------------------ the link heals

    def teardown(self) -> None:
        if self.server.draining:
            self.drain_ends()
        self.page.show(True)
        for link in [x for x in self.links if x is not self.page.link]:
            while link.to_server and link.server_up:
                self.one_to_server(link)
            if link.server_up:
                self.lose(link)
        for _ in range(12):
            self.calm()
            while self.runs:
                self.run_returns(len(self.runs) - 1)
        self.at_most_once()
        self.healed()

    def healed(self) -> None:
        page, served = self.page, self.served()
        check(served and page.ready and served.links[served.machine.attach_count] is page.link, 4, "not attached")
        assert served
        check(page.doc == served.doc and page.have == served.machine._box.version, 4, page.have)
        check(not page.calls and not page.log, 2, "no outcome", page.calls)
        check(served not in self.flushes.values(), 9, "not flushed", self.flushes)
        check(not any(asked is served for asked, _ in self.gets.values()), 9, "not answered", self.gets)
        check(not len(served.machine._box) and not served.machine._calls.open, 5, "acknowledged, yet kept")
        served.do(lambda: served.machine.end(None, self.now))
        self.tick(GRACE + DEADLINE)
        self.nothing_left()
        check(not self.gets and not self.flushes, 9, "not settled", self.gets, self.flushes)
