"""The page's end of a session as a small model: it really decodes frames and applies changes to a document.

Only for tests. It knows the rules for pages in PROTOCOL.md and nothing of the server.
"""

from __future__ import annotations

import copy
from typing import Any

from wscb.protocol import codec
from wscb.protocol.messages import (
    Ack,
    Bye,
    Cancel,
    Chunk,
    Delta,
    Drain,
    GetProp,
    Hello,
    Invoke,
    Location,
    Ping,
    Pong,
    PropValue,
    Visible,
    Welcome,
)
from wscb.protocol.patch import Operation, apply

Message = Any
CHUNK = 1024


def check(ok: object, rule: object, *what: object) -> None:
    """`rule` is the number of an invariant in PROTOCOL.md, or its name."""
    assert ok, (f"[{rule}]", *what)


def component(id: str, **props: Any) -> dict[str, Any]:
    return {"type": "Div", "namespace": "wscb_html", "props": {"id": id, **props}}


class Document:
    """The props of every component with an id, and to which value each belongs. P and Q stand in the layout."""

    def __init__(self) -> None:
        self.props: dict[str, dict[str, Any]] = {"P": {"children": []}, "Q": {"children": []}}
        self.owner: dict[str, tuple[str, str]] = {}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Document) and self.props == other.props

    __hash__ = None  # type: ignore[assignment]

    def apply(self, change: tuple[Any, ...]) -> bool:
        """False: there is no such component."""
        kind, id, prop, value = change[:4]
        if id not in self.props:
            return False
        before = self.props[id].get(prop, [])
        if kind == "op":
            operation = Operation.from_wire(value)
            anew, value = operation.value, apply(before, operation)
        else:
            anew = value
        kept = {kid for kid, _ in named(value)} - {kid for kid, _ in named(anew)}
        for kid, _ in named(before):
            if kid not in kept and self.owner.get(kid) == (id, prop):
                self._remove(kid)
        self.props[id][prop] = value  # values are never changed in place, so they may be shared
        self._add(anew, (id, prop))
        return True

    def _add(self, value: Any, owner: tuple[str, str]) -> None:
        for id, props in named(value):
            self._remove(id)
            self.owner[id] = owner
            self.props[id] = {name: v for name, v in props.items() if name != "id"}
            for name, inner in props.items():
                self._add(inner, (id, name))

    def _remove(self, id: str) -> None:
        self.owner.pop(id, None)
        for name, value in self.props.pop(id, {}).items():
            for kid, _ in named(value):
                if self.owner.get(kid) == (id, name):
                    self._remove(kid)


def named(value: Any) -> list[tuple[str, dict[str, Any]]]:
    """The outermost components with an id in a value: a component, a list of them, or something else."""
    items = value if isinstance(value, list) else [value]
    return [(item["props"]["id"], item["props"]) for item in items if isinstance(item, dict) and "props" in item]


class Link:
    """One socket. Each direction keeps its order. An end may be lost without the other noticing, and come late."""

    chunk_bytes = CHUNK

    def __init__(self) -> None:
        self.to_server: list[bytes] = []
        self.to_page: list[bytes | int] = []
        """Frames, and at last a close code."""
        self.server_up = True
        self.session: Any = None
        self.attach = 0
        self.taking = False
        """The socket has a frame of the server that it has not taken yet."""
        self.server_joiner = codec.Joiner(1 << 20)
        self.page_joiner = codec.Joiner(1 << 20)
        self.snapshot: Any = None

    def send(self, message: Message, *, control: bool = False) -> None:
        frame = codec.encode(message)
        frames = [frame] if len(frame) <= self.chunk_bytes else codec.chunks(frame, self.chunk_bytes)
        queue = self.to_server
        if control and queue and is_chunk(queue[-1]):
            queue.insert(len(queue) - 1, frame)
        else:
            queue.extend(frames)


def is_chunk(frame: bytes) -> bool:
    return b"\xa5chunk" in frame[:16]


class Page:
    """What a page keeps. `calls` are the open ones: whether to retry, was it handed to a socket, was it cancelled."""

    build = "b"

    def __init__(self) -> None:
        self.doc = Document()
        self.link: Link | None = None
        self.session: str | None = None
        self.token: str | None = None
        self.ready = self.drained = False
        self.visible = True
        self.have = self.acked = self.q = self.cq = self.n = 0
        self.log: list[Invoke | Cancel] = []
        self.calls: dict[int, dict[str, Any]] = {}
        self.outcome: dict[int, str] = {}
        self.tasks: dict[str, int] = {}
        self.task_states: dict[str, str] = {}
        self.waiting: dict[int, GetProp] = {}
        self.histories: dict[str, dict[int, Document]] = {}
        """For the checks: what the server's document was at each version of a session."""

    # -------------------------------------------------------------------------------------------------- out

    def connect(self) -> Link:
        """From here on an older socket is not listened to."""
        self.n += 1
        self.link, self.ready, self.waiting = self.open_link(), False, {}
        where = Location(path="/", query="")
        self.link.send(
            Hello(
                n=self.n,
                build=self.build,
                page=where,
                visible=self.visible,
                have=self.have,
                session=self.session,
                token=self.token,
            )
        )
        return self.link

    def open_link(self) -> Link:
        link = Link()
        link.snapshot = copy.deepcopy(self.doc)
        return link

    def call(self, id: int, callback: str, payload: Any, retry: bool) -> None:
        self.calls[id] = {"retry": retry, "handed": False, "cancel": False}
        self._put(Invoke(q=0, id=id, callback=callback, inputs=[payload], state=[], trigger=["P.n"]))

    def start_task(self, id: int, callback: str) -> None:
        self.tasks[callback] = id
        self._put(Invoke(q=0, id=id, callback=callback, inputs=[""], state=[], trigger=["P.n"]))

    def cancel(self, id: int) -> None:
        if id in self.calls:
            self.calls[id]["cancel"] = True
        self._put(Cancel(q=0, id=id))

    def ack(self) -> None:
        if self.ready and self.link and self.have > self.acked:
            self.acked = self.have
            self.link.send(Ack(have=self.have), control=True)

    def show(self, visible: bool) -> None:
        self.visible = visible
        if self.ready and self.link:
            self.link.send(Visible(visible=visible), control=True)

    def leave_and_return(self) -> None:
        """The back-forward cache: it starts as a new session and keeps the document."""
        for id in list(self.calls):
            self._settle(id, "cancelled")
        if self.link:
            self.link.send(Bye())
        self.link = self.session = self.token = None
        self.ready, self.have, self.log = False, 0, []

    def may_hand(self) -> bool:
        """Nothing reliable goes before the welcome."""
        return self.ready

    def _put(self, message: Invoke | Cancel) -> None:
        self._number(message)
        if self.link and self.may_hand():
            self._hand(self.log[-1])

    def _number(self, message: Invoke | Cancel) -> None:
        self.q += 1
        fields = {name: getattr(message, name) for name in type(message).__dataclass_fields__}
        self.log.append(type(message)(**{**fields, "q": self.q}))

    def _hand(self, message: Invoke | Cancel) -> None:
        assert self.link
        if type(message) is Invoke and message.id in self.calls:
            self.calls[message.id]["handed"] = True
        self.link.send(message)

    # -------------------------------------------------------------------------------------------------- in

    def receive(self, frame: bytes | int) -> None:
        if isinstance(frame, int):
            self._closed(frame)
            return
        message = codec.decode_server(frame)
        if type(message) is Chunk:
            assert self.link
            whole = self.link.page_joiner.feed(message)
            if whole is None:
                return
            message = codec.decode_server(whole)
        self._receive(message)

    def _receive(self, message: Message) -> None:
        assert self.link
        if type(message) is Welcome:
            self._welcomed(message)
        elif type(message) is Delta:
            check(self.ready, "welcome comes first")
            self._commit(message)
        elif type(message) is GetProp:
            self.waiting[message.id] = message
            self._answer()
        elif type(message) is Ping:
            self.link.send(Pong(), control=True)
        else:
            check(type(message) is Drain, "an unknown message", message)

    def _closed(self, code: int) -> None:
        check(code < 4500 and code != 4006, 7 if code == 4509 else 8, "a healthy link is closed", code)
        self.drained = code == 4000 and self.ready
        self.link, self.ready = None, False

    def _welcomed(self, message: Welcome) -> None:
        if message.mode == "new":
            self._start_anew()
        else:
            check(message.session == self.session, "resumed what it was")
        self.session, self.token = message.session, message.token
        self.cq, self.ready, self.drained, self.acked = message.cq, True, False, self.have
        for each in self.log:  # a careful page would leave out what `cq` covers; the server has to bear this one
            self._hand(each)
        self._trim()

    def _start_anew(self) -> None:
        log, self.log, self.q, self.have, self.acked = self.log, [], 0, 0, 0
        calls = {m.id: m for m in log if type(m) is Invoke}
        for id, call in sorted(self.calls.items()):
            never_ran = not call["handed"] or (self.drained and id in calls and calls[id].q > self.cq)
            if not never_ran and not (call["retry"] and not call["cancel"]):
                self._settle(id, "unknown")
                continue
            call["handed"] = False
            self._number(call["message"] if "message" in call else calls[id])
            if any(type(m) is Cancel and m.id == id for m in log):
                self._number(Cancel(q=0, id=id))
        for callback, id in self.tasks.items():
            self._number(Invoke(q=0, id=id, callback=callback, inputs=[""], state=[], trigger=["P.n"]))

    def _trim(self) -> None:
        for message in self.log:
            if message.q <= self.cq and message.id in self.calls and type(message) is Invoke:
                self.calls[message.id]["message"] = message
        self.log = [message for message in self.log if message.q > self.cq]

    def _commit(self, delta: Delta) -> None:
        """Store, `have`, outcomes: one task."""
        check(
            delta.to > self.have or (delta.to == self.have and not delta.changes),
            "a delta goes forward",
            delta.to,
            self.have,
        )
        for change in delta.changes:
            check(self.doc.apply(change), 1, "no such component", change)
        for id, how, *_ in delta.outcomes:
            check(id in self.calls or id in self.outcome, 2, "an outcome of no call", id)
            if id in self.calls:
                self._settle(id, how)
        for callback, state, *_ in delta.tasks:
            self.task_states[callback] = state
        self.check_document(delta)
        check(delta.cq >= self.cq, "cq never goes back", delta.cq, self.cq)
        self.have, self.cq = delta.to, delta.cq
        self._trim()
        self._answer()
        if delta.ack:
            self.acked = self.have
            assert self.link
            self.link.send(Ack(have=self.have), control=True)

    def check_document(self, delta: Delta) -> None:
        """After a delta the page's view is the server's at exactly `to`."""
        assert self.session
        truth = self.histories[self.session][delta.to]
        check(self.doc == truth, 1, delta.to, self.doc.props, truth.props)

    def _answer(self) -> None:
        """Once it has version `at`."""
        assert self.link
        for id, question in list(self.waiting.items()):
            if question.at > self.have:
                continue
            del self.waiting[id]
            props = self.doc.props.get(question.component)
            if props is None:
                self.link.send(PropValue(id=id, error="not_on_page"), control=True)
            else:
                value = {"have": self.have, "value": props.get(question.prop)}
                self.link.send(PropValue(id=id, value=value), control=True)

    def _settle(self, id: int, how: str) -> None:
        check(id not in self.outcome, 2, "two outcomes", id, how)
        self.outcome[id] = how
        del self.calls[id]
