"""What goes wrong just after a calm moment, step by step: schedules that chance alone rarely makes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.session.page_model import Link, Page
from tests.session.served import Served
from wscb.protocol.patch import Patch
from wscb.session import changes_of

TROUBLE = ["", "", "no_ack", "no_ack", "server_loses", "page_loses", "late_hello", "drain", "drain_cut"]
TROUBLE += ["drain_full", "full_window", "lost_cq", "two_ops", "new_row"]
TROUBLE += ["passing_row", "lost_welcome", "early_call", "lost_question", "left_running", "cut_chunks"]


class Troubles:
    """A part of `World`, which has the rest."""

    page: Page
    server: Any
    now: float
    n: int
    gets: dict[int, tuple[Served, int]]
    served: Callable[[], Served | None]
    attempt: Callable[..., None]
    changes: Callable[..., Any]
    kid: Callable[..., Any]
    items: Callable[..., list[Any]]
    connect: Callable[[], None]
    invoke: Callable[..., None]
    invoke_task: Callable[[str], None]
    leave_and_return: Callable[[], None]
    drain: Callable[[], None]
    drain_ends: Callable[[], None]
    lose: Callable[[Link], None]
    take: Callable[[Link], None]
    one_to_page: Callable[[], None]
    one_to_server: Callable[[Link], None]

    def trouble(self, then: str) -> None:
        """What needs a page with a welcome happens to no other."""
        act = getattr(self, f"_{then}", None)
        link, served = self.page.link, self.served()
        if act is not None and link is not None and served is not None and self.page.ready:
            act(link, served)
        elif then == "page_loses":
            self._cut()

    def _cut(self) -> None:
        self.page.link, self.page.ready = None, False

    def _deliver(self, link: Link) -> None:
        """All that the page has said on it, and nothing of what the server answers."""
        while link.to_server and link.server_up:
            self.one_to_server(link)

    def _server_loses(self, link: Link, served: Served) -> None:
        if link.server_up:
            self.lose(link)

    def _page_loses(self, link: Link, served: Served) -> None:
        self._cut()

    def _full_window(self, link: Link, served: Served) -> None:
        self._fill(served)
        self._cut()

    def _cut_chunks(self, link: Link, served: Served) -> None:
        """The first part of a long delta arrives, and the line is cut."""
        self._fill(served)
        if link.to_page:
            self.one_to_page()
        self._cut()

    def _fill(self, served: Served) -> None:
        self.attempt(served, self.changes(served, [(0, "set", 2, None, [], 1500)]), None)

    def _new_row(self, link: Link, served: Served) -> None:
        what = [(0, "kids", 1, None, [], 0), (1, "kids", 1, None, [], 0), (0, "kid", 3, None, ["c"], 0)]
        self.attempt(served, self.changes(served, what), None)

    def _passing_row(self, link: Link, served: Served) -> None:
        """It comes, is appended to and goes within one version, so that no page ever has it."""
        strange = [id for id in "cde" if id not in self.page.doc.props and id not in served.doc.props]
        for id in strange[:1]:
            more = Patch()
            more.append(self.items(1)[0])
            there = changes_of("P", {"children": [self.kid(id)]}) + changes_of(id, {"log": more})
            self.attempt(served, there + changes_of("P", {"children": []}), None)

    def _drain(self, link: Link, served: Served) -> None:
        self._drain_after_a_call(link)

    def _drain_full(self, link: Link, served: Served) -> None:
        self._fill(served)
        self._drain_after_a_call(link)

    def _drain_cut(self, link: Link, served: Served) -> None:
        self._drain_after_a_call(link, cut=True)

    def _drain_after_a_call(self, link: Link, cut: bool = False) -> None:
        """The call gets there, but its `cq` does not get back."""
        if self.server.draining:
            return
        self.invoke("parallel", False, False)
        self._deliver(link)
        if cut:
            self._cut()
        self.drain()
        if not cut:
            self.drain_ends()

    def _lost_cq(self, link: Link, served: Served) -> None:
        """A message gets there, and is sent again all the same."""
        self.invoke_task("task1")
        self._deliver(link)
        self._cut()

    def _two_ops(self, link: Link, served: Served) -> None:
        for _ in range(2):
            self.attempt(served, self.changes(served, [(0, "op", 1, None, [], 0)]), None)
            while link.to_page and self.page.link is link:
                self.take(link)
                self.one_to_page()

    def _late_hello(self, link: Link, served: Served) -> None:
        self.connect()
        old = self.page.link
        self.connect()
        assert self.page.link
        assert old
        self.one_to_server(self.page.link)
        self.one_to_server(old)

    def _lost_welcome(self, link: Link, served: Served) -> None:
        for _ in range(2):
            self.connect()
            assert self.page.link
            self._deliver(self.page.link)
            self._cut()

    def _early_call(self, link: Link, served: Served) -> None:
        """One call waits for the next connection, and one more is made before that has its welcome."""
        self._cut()
        self.invoke("parallel", False, False)
        self.connect()
        self.invoke("parallel", False, False)

    def _lost_question(self, link: Link, served: Served) -> None:
        self.n += 1
        self.gets[self.n] = (served, served.machine._box.version)
        served.do(lambda: served.machine.get_prop(self.n, "P", "log", 10_000, self.now))
        self._cut()

    def _left_running(self, link: Link, served: Served) -> None:
        self.invoke("parallel", False, False)
        self._deliver(link)
        self.leave_and_return()
        self._deliver(link)
