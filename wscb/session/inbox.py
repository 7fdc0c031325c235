"""What the page says. Its reliable messages count once, in order, and begin something or are refused with a reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from wscb.protocol.messages import Ack, Bye, Cancel, Invoke, PageMessage, Pong, Problem, PropValue, Visible
from wscb.session.calls import Calls
from wscb.session.effects import Effect, Note
from wscb.session.gets import Gets
from wscb.session.outbox import Outbox
from wscb.session.pulse import Pulse
from wscb.session.runs import Rule
from wscb.session.sender import Sender
from wscb.session.tasks import Tasks


class Gap(Exception):
    """A reliable message is missing before this one."""


class Left(Exception):
    """The page said bye."""


class Inbox:
    """The last `q` received stands in the outbox as its `cq`: what is written says which messages it has seen."""

    __slots__ = ("_box", "_calls", "_gets", "_rules", "_sender", "_session", "_tasks", "closed")

    def __init__(
        self,
        session: str,
        rules: Mapping[str, Rule],
        box: Outbox,
        calls: Calls,
        tasks: Tasks,
        gets: Gets,
        sender: Sender,
    ) -> None:
        self._session = session
        self._rules = rules
        self._box = box
        self._calls = calls
        self._tasks = tasks
        self._gets = gets
        self._sender = sender
        self.closed = False
        """No reliable message counts any more: the page can be sure that none above `cq` has run."""

    def asked_for(self, message: PageMessage, pulse: Pulse) -> bool:
        """Whether it answers what we asked or sent. However much that is, the page may do it."""
        if isinstance(message, Invoke):
            return False
        if isinstance(message, PropValue):
            return message.id in self._gets
        if isinstance(message, Ack):
            flow = self._sender.flow
            return flow is not None and flow.awaits(message.have)
        return isinstance(message, Pong) and pulse.asked is not None

    def receive(self, message: PageMessage, pulse: Pulse, now: float, out: list[Effect]) -> None:
        """Raises Gap, or Left. Messages that only show that the page is alive do nothing here."""
        handle = self._handlers.get(type(message))
        if handle is not None:
            handle(self, message, pulse, now, out)

    def _on_invoke(self, message: Invoke, pulse: Pulse, now: float, out: list[Effect]) -> None:
        if not self._take(message.q, pulse, now):
            return
        if self._calls.knows(message.id):
            return
        rule = self._rules.get(message.callback)
        if rule is None:
            self._calls.reject(message.id, "unknown_callback", f"There is no callback {message.callback!r}.")
        elif (why := rule.misfit(message)) is not None:
            self._calls.reject(message.id, "wrong_arguments", why)
        elif rule.task:
            self._tasks.invoke(message, now, out)
        else:
            self._calls.invoke(message, rule, now, out)

    def _on_cancel(self, message: Cancel, pulse: Pulse, now: float, out: list[Effect]) -> None:
        if self._take(message.q, pulse, now):
            self._calls.cancel(message.id, now, out)
            self._tasks.cancel(message.id, now, out)

    def _take(self, q: int, pulse: Pulse, now: float) -> bool:
        """Whether the message counts: it is no repeat."""
        box = self._box
        if self.closed or q <= box.cq:
            return False
        if q > box.cq + 1:
            raise Gap(f"message {q} came after {box.cq}")
        box.cq = q
        pulse.active = now
        self._sender.received(now)
        return True

    def _on_ack(self, message: Ack, pulse: Pulse, now: float, out: list[Effect]) -> None:
        self._sender.acknowledged(message.have, out)

    def _on_prop_value(self, message: PropValue, pulse: Pulse, now: float, out: list[Effect]) -> None:
        pulse.active = now
        self._gets.settle(message.id, message.value, message.error, out)

    def _on_visible(self, message: Visible, pulse: Pulse, now: float, out: list[Effect]) -> None:
        pulse.active = now
        self._sender.visible = message.visible

    def _on_problem(self, message: Problem, pulse: Pulse, now: float, out: list[Effect]) -> None:
        if pulse.notes(now):
            said = {name: getattr(message, name) for name in ("code", "component", "prop", "message")}
            out.append(Note("warning", "problem", {"session": self._session, **said}))

    def _on_bye(self, message: Bye, pulse: Pulse, now: float, out: list[Effect]) -> None:
        raise Left

    _handlers: ClassVar[dict[type, Callable[[Inbox, Any, Pulse, float, list[Effect]], None]]] = {
        Invoke: _on_invoke,
        Cancel: _on_cancel,
        Ack: _on_ack,
        PropValue: _on_prop_value,
        Visible: _on_visible,
        Problem: _on_problem,
        Bye: _on_bye,
    }
