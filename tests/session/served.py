"""A server with real sessions that performs their effects, and what the checks know about each session."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.session.page_model import Document, Link, check
from wscb.errors import CallOver, Refused, ValueTooLarge
from wscb.protocol import codec
from wscb.protocol.limits import Limits, WireLimits
from wscb.protocol.messages import Chunk
from wscb.session import Change, Rule, Session, changes_of, effects

if TYPE_CHECKING:
    from tests.session.world import World

GRACE, DEADLINE = 40, 5
LIMITS = Limits(
    grace_seconds=GRACE,
    cancel_seconds=DEADLINE,
    window_bytes=700,
    outbox_bytes=12_000,
    value_bytes=4_000,
    chunk_bytes=1024,
    messages_per_second=100_000,
)
RULES = {
    **{name: Rule(1, 0, on_repeat=name) for name in ("parallel", "cancel", "queue", "ignore")},  # type: ignore[arg-type]
    "slow": Rule(1, 0, timeout=6),
    "task1": Rule(1, 0, task=True),
    "task2": Rule(1, 0, task=True, restart=True),
    "task0": Rule(0, 0, task=True, restart=True),
}
WIRE = WireLimits.of(LIMITS)


class Live:
    """A run as the application has it. `over`: it was given up, so nothing that it does counts."""

    def __init__(self, ses: Served, start: effects.Run) -> None:
        self.ses, self.start, self.told, self.over = ses, start, False, False


class Served:
    """A session of the server, with what the checks know about it."""

    def __init__(self, server: Server, machine: Session, doc: Document) -> None:
        self.server, self.machine, self.doc = server, machine, doc
        self.history = {0: copy.deepcopy(doc)}
        self.wake_at: float | None = None
        self.over = False
        self.newest_ok: dict[str, int] = {}
        self.links: dict[int, Link] = {}

    def do(self, step: Callable[[], list[effects.Effect]]) -> list[effects.Effect]:
        """One step of the machine, performed."""
        out = step()
        self.history[self.machine._box.version] = copy.deepcopy(self.doc)
        for effect in out:
            self.perform(effect)
        return out

    def perform(self, effect: effects.Effect) -> None:
        world = self.server.world
        match effect:
            case effects.Send(attach, data):
                link = self.links[attach]
                check(attach == self.machine.attach_count, 7, "a frame for an older connection")
                check(not link.taking, "one frame at a time")
                check(len(data) <= LIMITS.chunk_bytes, "long frames go as chunks", len(data))
                link.taking = True
                link.to_page.append(data)
            case effects.Close(attach, code):
                self.links[attach].to_page.append(code)
            case effects.Run(call=call, callback=callback):
                world.runs.append(Live(self, effect))
                if call is not None and not RULES[callback].restart:
                    world.ran[call, self.machine.id] = world.ran.get((call, self.machine.id), 0) + 1
            case effects.Cancel(run):
                self.run(run).told = True
            case effects.Abandoned(run):
                self.run(run).over = True
            case effects.Got(get, value, error):
                check(get in world.gets, 9, "settled twice", get)
                _, at = world.gets.pop(get)
                check(error is not None or value["have"] >= at, "get_prop sees the writes before it", value, at)
            case effects.Flushed(waiter):
                check(waiter in world.flushes, "flushed twice", waiter)
                del world.flushes[waiter]
            case effects.WakeAt(at):
                self.wake_at = at
            case effects.Over():
                check(not self.over, 10, "over twice")
                self.over = True
                self.server.sessions.pop(self.machine.id, None)
                world.ended.append(self)

    def run(self, id: int) -> Live:
        return next(run for run in self.server.world.runs if run.ses is self and run.start.run == id)

    def write(self, changes: list[Change], run: int | None, *, yields: bool = False) -> None:
        """A set_props or a yield; what a newer call has overtaken has no effect."""
        machine, now = self.machine, self.server.world.now

        def step() -> list[effects.Effect]:
            before = copy.deepcopy(self.doc)
            if not yields or not self.overtaken(run):
                self.apply(changes)
            try:
                return machine.yielded(run, changes, now) if yields else machine.write(changes, now, run)
            except (CallOver, ValueTooLarge):
                self.doc = before
                raise

        self.do(step)

    def overtaken(self, run: int) -> bool:
        name = self.run(run).start.callback
        return not name.startswith("task") and self.newest_ok.get(name, 0) > run

    def apply(self, changes: list[Change]) -> None:
        for change in changes:
            check(self.doc.apply(codec.unpack(change.packed, WIRE)), "harness", change)

    def returns(self, run: Live) -> None:
        """It returns a value. Only if it was not told to end, and no later one was quicker, the value counts."""
        name, id = run.start.callback, run.start.run
        changes = changes_of("P", {f"out_{name}": id})
        if not (run.over or self.over or run.told or self.overtaken(id)):
            self.newest_ok[name] = id
            self.apply(changes)
        self.do(lambda: self.machine.finished(id, "ok", changes, None, self.server.world.now))

    def fails(self, run: Live) -> None:
        self.do(lambda: self.machine.finished(run.start.run, "error", (), {"ref": "r"}, self.server.world.now))


class Server:
    def __init__(self, world: World) -> None:
        self.world, self.sessions, self.draining = world, dict[str, Served](), False

    def receive(self, link: Link, frame: bytes) -> None:
        message: Any = codec.decode_page(frame, WIRE)
        if message.type == "hello":
            self.hello(link, message)
            return
        served = link.session
        if served is None or served.over:
            return
        fenced = link.attach != served.machine.attach_count or served.machine._sender.flow is None
        before = self.state(served) if fenced else None
        self.hand(link, served, message, len(frame))
        if type(message) is Chunk:
            whole = link.server_joiner.feed(message)
            if whole is not None:
                self.hand(link, served, codec.decode_page(whole, WIRE), len(whole))
        check(before is None or before == self.state(served), 7, "an older connection has an effect", message.type)

    def hand(self, link: Link, served: Served, message: Any, size: int) -> None:
        served.do(lambda: served.machine.receive(link.attach, message, size, self.world.now))

    @staticmethod
    def state(served: Served) -> Any:
        m = served.machine
        return m.state, m._box.cq, m._box.version, len(m._box), len(m._gets.pending), len(m.runs), m._door._spare

    def hello(self, link: Link, hello: Any) -> None:
        served = self.sessions.get(hello.session or "")
        if served is None:
            if self.draining:
                link.to_page.append(4005)
                return
            served = self.open(link)
        self.world.tokens += 1
        served.links[served.machine.attach_count + 1] = link
        try:
            served.do(
                lambda: served.machine.attach(
                    hello, token=f"T{self.world.tokens}", build_matches=True, now=self.world.now, user="u"
                )
            )
        except Refused as refused:
            live = link is self.world.page.link
            check(not live or refused.close_code < 4500, "a live session refuses its own page", refused.close_code)
            link.to_page.append(refused.close_code)
            return
        link.session, link.attach = served, served.machine.attach_count

    def open(self, link: Link) -> Served:
        self.world.tokens += 1
        id = f"S{self.world.tokens}"
        machine = Session(id, user="u", limits=LIMITS, rules=RULES, tasks=["task0"])
        served = self.sessions[id] = Served(self, machine, copy.deepcopy(link.snapshot))
        self.world.page.histories[id] = served.history
        return served
