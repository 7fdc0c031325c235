"""A session and the other end of its socket, for the tests: effects are kept, frames are read, time is a number."""

from __future__ import annotations

from typing import Any

from wscb.protocol import codec
from wscb.protocol.limits import Limits
from wscb.protocol.messages import Ack, Hello, Invoke, Location
from wscb.protocol.messages import Cancel as CancelMessage
from wscb.session import Rule, Session, changes_of, effects

RULES = {
    "work": Rule(1, 0),
    "restart": Rule(1, 0, on_repeat="cancel"),
    "queue": Rule(1, 0, on_repeat="queue"),
    "ignore": Rule(1, 0, on_repeat="ignore"),
    "twin": Rule(1, 0, outputs="work"),
    "rows": Rule(1, 0, on_repeat="cancel", check=lambda ids, inputs, state: None if ids else "no ids"),
    "slow": Rule(1, 0, timeout=2.0),
    "slow queue": Rule(1, 0, timeout=2.0, on_repeat="queue"),
    "clock": Rule(0, 0, task=True),
    "again": Rule(0, 0, task=True, restart=True),
    "feed again": Rule(1, 0, task=True, restart=True),
    "feed": Rule(1, 1, task=True),
}


class Ends:
    """`said` are the messages that the page got, `out` all other effects, since they were last taken."""

    def __init__(self, *, tasks: list[str] | None = None, idle_after: float | None = None, **limits: Any) -> None:
        self.session = Session(
            "S",
            user="ann",
            limits=Limits(**limits),
            rules=RULES,
            tasks=tasks or [],
            idle_after=idle_after,
        )
        self.now = 0.0
        self.n = self.q = self.tokens = 0
        self.token: str | None = None
        self.wake_at: float | None = None
        self.said: list[Any] = []
        self.out: list[effects.Effect] = []
        self.auto = True
        """The socket takes each frame at once."""

    def do(self, out: list[effects.Effect]) -> list[effects.Effect]:
        """Performs effects; returns them all."""
        for effect in out:
            match effect:
                case effects.Send(attach, data):
                    self.said.append(codec.decode_server(data))
                    if self.auto:
                        self.do(self.session.wrote(attach, self.now))
                case effects.WakeAt(at):
                    self.wake_at = at
                case _:
                    self.out.append(effect)
        return out

    def hello(self, **fields: Any) -> Hello:
        self.n += 1
        where = Location(path="/", query="")
        made = {"n": self.n, "build": "b", "page": where, "visible": True, "have": 0, "token": self.token, **fields}
        return Hello(**made)

    def attach(self, *, build_matches: bool = True, **fields: Any) -> None:
        self.tokens += 1
        token = f"T{self.tokens}"
        hello = self.hello(**fields)
        self.do(self.session.attach(hello, token=token, build_matches=build_matches, now=self.now, user="ann"))
        self.token = token

    def page(self, message: Any, size: int = 50) -> None:
        self.do(self.session.receive(self.session.attach_count, message, size, self.now))

    def invoke(self, callback: str, id: int, *, inputs: Any = (1,), state: Any = (), **more: Any) -> None:
        self.q += 1
        made = {
            "q": self.q,
            "id": id,
            "callback": callback,
            "trigger": [],
            "inputs": list(inputs),
            "state": list(state),
        }
        self.page(Invoke(**{**made, **more}))

    def cancel(self, id: int) -> None:
        self.q += 1
        self.page(CancelMessage(q=self.q, id=id))

    def ack(self) -> None:
        self.page(Ack(have=self.session._box.version))

    def write(self, component: str, run: int | None = None, **props: Any) -> None:
        self.do(self.session.write(changes_of(component, props), self.now, run))

    def finish(self, run: int, how: Any = "ok", detail: Any = None, failed: bool = False, **props: Any) -> None:
        changes = changes_of("out", props)
        self.do(self.session.finished(run, how, changes, detail, self.now, failed=failed))

    def wake(self, now: float | None = None) -> None:
        """At that time, or when it wanted to be woken."""
        self.now = (self.wake_at or self.now) if now is None else now
        self.do(self.session.wake(self.now))

    def take(self) -> list[effects.Effect]:
        taken, self.out = self.out, []
        return taken

    def heard(self) -> list[Any]:
        taken, self.said = self.said, []
        return taken

    def outcomes(self) -> list[Any]:
        return [outcome for delta in self.heard() if delta.type == "delta" for outcome in delta.outcomes]

    def states(self) -> list[Any]:
        return [task for delta in self.heard() if delta.type == "delta" for task in delta.tasks]


def attached(**options: Any) -> Ends:
    ends = Ends(**options)
    ends.attach()
    ends.heard()
    return ends
