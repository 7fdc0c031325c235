"""The classic defects of such a protocol, each of which can be put in by name, and must then be seen.

    make unit ARGS="tests/session tests/faults --defect no-dedupe"

A defect changes one rule, in this process and in the server processes that a test starts: those learn of it from the
environment. `python -m tests.defects` lists the names.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable
from typing import Any

import pytest

from tests.session.page_model import Link, Page
from wscb.protocol import codec
from wscb.protocol.messages import Delta
from wscb.protocol.patch import Operation
from wscb.session import Change
from wscb.session.calls import Calls
from wscb.session.door import Door
from wscb.session.flow import Flow
from wscb.session.gets import Gets
from wscb.session.inbox import Inbox
from wscb.session.machine import Session
from wscb.session.outbox import Entry, Outbox
from wscb.session.runs import Runs
from wscb.session.sender import Sender

VARIABLE = "WSCB_DEFECT"

Patch = pytest.MonkeyPatch
Plant = Callable[[Patch], None]
DEFECTS: dict[str, Plant] = {}


def plant(name: str, patch: Patch | None = None) -> None:
    """Puts it in until `patch` is undone; without one, for good."""
    if name not in DEFECTS:
        raise pytest.UsageError(f"there is no defect {name!r}; there are: {', '.join(DEFECTS)}")
    DEFECTS[name](patch or Patch())


def plant_told() -> None:
    """Puts in what the environment names, if it does."""
    if name := os.environ.get(VARIABLE):
        plant(name)


def defect(plant: Plant) -> Plant:
    DEFECTS[plant.__name__.replace("_", "-")] = plant
    return plant


@defect
def no_dedupe(patch: Patch) -> None:
    def take(self: Inbox, q: int, pulse: Any, now: float) -> bool:
        self._box.cq = max(q, self._box.cq)
        return not self.closed

    patch.setattr(Inbox, "_take", take)
    patch.setattr(Calls, "knows", lambda self, id: False)


@defect
def resume_from_what_was_sent(patch: Patch) -> None:
    remembered: dict[int, int] = {}
    attach, delta = Sender.attach, Sender._delta

    def resumed(self: Sender, flow: Flow, visible: bool, now: float) -> None:
        flow.sent = remembered.get(id(self), flow.sent)
        attach(self, flow, visible, now)

    def noted(self: Sender, flow: Flow, now: float) -> bytes:
        frame = delta(self, flow, now)
        remembered[id(self)] = flow.sent
        return frame

    opened = Session.__init__

    def forgets(self: Session, *args: Any, **kwargs: Any) -> None:
        opened(self, *args, **kwargs)
        remembered.pop(id(self._sender), None)

    patch.setattr(Session, "__init__", forgets)
    patch.setattr(Sender, "attach", resumed)
    patch.setattr(Sender, "_delta", noted)


@defect
def cursor_not_advanced_on_resend(patch: Patch) -> None:
    delta = Flow.delta

    def first_of_a_resume(self: Flow, to: int, frame: bytes, chunk_bytes: int) -> bytes:
        before, first = self.sent, not self.held
        data = delta(self, to, frame, chunk_bytes)
        if self.attach > 1 and first:
            self.sent = before
        return data

    patch.setattr(Flow, "delta", first_of_a_resume)


@defect
def ops_and_sets_in_two_lists(patch: Patch) -> None:
    newer = Outbox.newer

    def sets_first(self: Outbox, than: int) -> Any:
        changes, *others = newer(self, than)
        return (sorted(changes, key=lambda change: change[1:4] == b"\xa2op"), *others)

    patch.setattr(Outbox, "newer", sets_first)


@defect
def op_folded_across_a_sent_delta(patch: Patch) -> None:
    put = Outbox._put_op

    def folding(self: Outbox, change: Change) -> None:
        runs = self._runs.get(change.key)
        run = runs.open.get(change.path) if runs else None
        if run is not None and run.entries and change.items and not change.kids and change.maxlen is None:
            old = run.entries[-1]
            before, most = _appended(old.packed)
            if most is None:
                both = before + _appended(change.packed)[0]
                packed = codec.change_op(*change.key, Operation("extend", change.path, both))
                del self._log[old.order]
                self.size -= old.size
                run.entries.pop()
                run.items -= old.items
                items = old.items + change.items
                change = Change(*change.key, packed, op=True, items=items, path=change.path)
        put(self, change)

    patch.setattr(Outbox, "_put_op", folding)


def _appended(packed: bytes) -> tuple[list[Any], int | None]:
    """What an append or extend adds, and its `maxlen`."""
    name, _, value, *most = codec.unpack(packed, codec.ANY_SERVER)[3]
    return value if name == "extend" else [value], most[0] if most else None


@defect
def a_delta_split_in_two_commits(patch: Patch) -> None:
    delta = Sender._delta

    def split(self: Sender, flow: Flow, now: float) -> bytes:
        box = self._box
        entries = [entry for entry in box._log.values() if entry.version > flow.sent and entry.kind == 0]
        if len(entries) < 2:
            return delta(self, flow, now)
        half = entries[: len(entries) // 2]
        first = codec.delta(half[-1].version, box.cq, [entry.packed for entry in half])
        done = {entry.packed for entry in half}
        changes, *others = box.newer(flow.sent)
        second = codec.delta(box.version, box.cq, [c for c in changes if c not in done], *others)
        flow.delta(box.version, first + second, 1 << 30)
        flow._chunks.append(second)
        return first

    patch.setattr(Sender, "_delta", split)


@defect
def no_fence_on_attach(patch: Patch) -> None:
    patch.setattr(Session, "_heard", lambda self, attach: self._sender.flow)


@defect
def reliable_messages_before_welcome(patch: Patch) -> None:
    patch.setattr(Page, "may_hand", lambda self: True)


@defect
def window_not_zeroed_on_resume(patch: Patch) -> None:
    windows: dict[int, Flow] = {}
    attach, opened = Sender.attach, Session.__init__

    def kept(self: Sender, flow: Flow, visible: bool, now: float) -> None:
        attach(self, flow, visible, now)
        old = windows.get(id(self))
        if old is not None:
            flow.held, flow._unacked = old.held, old._unacked.copy()
        windows[id(self)] = flow

    def forgets(self: Session, *args: Any, **kwargs: Any) -> None:
        opened(self, *args, **kwargs)
        windows.pop(id(self._sender), None)

    patch.setattr(Session, "__init__", forgets)
    patch.setattr(Sender, "attach", kept)


@defect
def the_token_dies_at_once(patch: Patch) -> None:
    opened = Door.opened

    def forgets(self: Door, hello: Any, token: str) -> None:
        opened(self, hello, token)
        self._spare = None

    patch.setattr(Door, "opened", forgets)


@defect
def hellos_not_counted(patch: Patch) -> None:
    opened = Door.opened

    def uncounted(self: Door, hello: Any, token: str) -> None:
        opened(self, hello, token)
        self._hellos = 0

    patch.setattr(Door, "opened", uncounted)


@defect
def a_stale_result_wins(patch: Patch) -> None:
    patch.setattr(Calls, "outdated", lambda self, run: False)


@defect
def get_prop_not_asked_again(patch: Patch) -> None:
    patch.setattr(Gets, "ask_again", lambda self, flow, now: None)


@defect
def entries_of_removed_components_kept(patch: Patch) -> None:
    patch.setattr(Outbox, "_drop_components", lambda self, gone: None)


@defect
def within_a_version_in_any_order(patch: Patch) -> None:
    def newer(self: Outbox, than: int) -> Any:
        parts: tuple[list[bytes], ...] = ([], [], [])
        entries: list[Entry] = [entry for entry in self._log.values() if entry.version > than]
        for entry in sorted(entries, key=lambda entry: (entry.version, -entry.order)):
            parts[entry.kind].append(entry.packed)
        return parts

    patch.setattr(Outbox, "newer", newer)


@defect
def expiry_leaves_runs(patch: Patch) -> None:
    patch.setattr(Runs, "stop_all", lambda self, now, out: None)


@defect
def the_last_delta_minds_the_window(patch: Patch) -> None:
    def finish(self: Sender, now: float, out: list[Any]) -> bool:
        assert self.flow is not None
        self.step(now, False, out)
        return not self.flow.busy

    patch.setattr(Sender, "finish", finish)


# ------------------------------------------------------------------------------------------------------ in the page


@defect
def a_delta_committed_in_two_steps(patch: Patch) -> None:
    commit = Page._commit

    def in_steps(self: Page, delta: Delta) -> None:
        half = len(delta.changes) // 2
        if half:
            for change in delta.changes[:half]:
                self.doc.apply(change)
            self.check_document(delta)  # what a person sees then
            delta = dataclasses.replace(delta, changes=delta.changes[half:])
        commit(self, delta)

    patch.setattr(Page, "_commit", in_steps)


@defect
def chunks_outlive_their_socket(patch: Patch) -> None:
    connect = Page.connect

    def connected(self: Page) -> Link:
        joiner = self.link.page_joiner if self.link else getattr(self, "joiner", None)
        link = connect(self)
        link.page_joiner = self.joiner = joiner or link.page_joiner  # type: ignore[attr-defined]
        return link

    patch.setattr(Page, "connect", connected)


@defect
def get_prop_answered_too_soon(patch: Patch) -> None:
    answer = Page._answer

    def at_once(self: Page) -> None:
        self.waiting = {id: dataclasses.replace(asked, at=0) for id, asked in self.waiting.items()}
        answer(self)

    patch.setattr(Page, "_answer", at_once)


@defect
def a_handed_call_sent_again(patch: Patch) -> None:
    start_anew = Page._start_anew

    def all_again(self: Page) -> None:
        for call in self.calls.values():
            call["handed"] = False
        start_anew(self)

    patch.setattr(Page, "_start_anew", all_again)


if __name__ == "__main__":
    print("\n".join(DEFECTS))
