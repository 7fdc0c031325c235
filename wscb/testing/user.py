"""A page without a browser."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Self

from wscb.app import App
from wscb.callbacks import Callback, Dependency
from wscb.callbacks.patterns import Ids, Instance, instances
from wscb.components.base import id_text
from wscb.components.tree import walk
from wscb.protocol.messages import (
    Ack,
    Cancel,
    Delta,
    Error,
    GetProp,
    Hello,
    Invoke,
    Location,
    Ping,
    Pong,
    PropValue,
    ServerMessage,
    Welcome,
)
from wscb.protocol.patch import Operation, apply
from wscb.server.socket import SUBPROTOCOL, Disconnected, Handshake
from wscb.testing.doubles import FakeSocket


class User:
    """A page of `app` in this process, over its socket. `props` is what the page shows, by (component id, prop).

    `told` is the last `q` that the server said it has, `asked` how often it asked for a prop, `deltas` how many came,
    `outcomes` how calls ended, `tasks` the states of the tasks.
    """

    def __init__(
        self,
        app: App,
        *,
        headers: Mapping[str, str] | None = None,
        cookies: Mapping[str, str] | None = None,
        path: str = "/",
    ) -> None:
        self.app = app
        self.props: dict[tuple[str, str], Any] = {}
        self.outcomes: dict[int, tuple[str, Any]] = {}
        self.tasks: dict[str, str] = {}
        self.socket = FakeSocket()
        self.mode: str | None = None
        self.have = 0
        self.closed: int | None = None
        self.session: str | None = None
        self._token: str | None = None
        self.told = 0
        self.asked = self.deltas = 0
        self._muted = False
        self._opens = self._q = self._calls = 0
        self._unheard: list[Invoke | Cancel] = []
        self._path = path
        self._headers = {"host": "testserver", **(headers or {})}
        self._cookies = dict(cookies or {})
        self._changed = asyncio.Condition()
        self._running: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        layout = await self.app.site().definition.layout()
        self._lay_out(layout)
        await self.connect()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Closes the tab, and waits until nothing of its session is left on the server."""
        self.leave()
        await asyncio.gather(*self._running)
        if self.session is not None:
            hub = self.app.site().hub
            actor = hub.sessions.get(self.session)
            if actor is not None:
                actor.end(None)  # it was away already: its grace period is not waited for
            await hub.gone(self.session)

    # connections

    async def connect(self) -> None:
        """Opens a connection, resumes the session if there is one; returns when the server has welcomed or refused."""
        site = self.app.site()
        self.socket = socket = FakeSocket()
        self._opens += 1
        self.mode = self.closed = None
        handshake = Handshake(
            path="/_wscb/ws",
            headers=tuple(self._headers.items()),
            subprotocols=(SUBPROTOCOL,),
            cookies=self._cookies,
            remote_addr="127.0.0.1",
        )
        self._start(site.connect(socket, handshake))
        socket.say(
            Hello(
                n=self._opens,
                build=site.definition.build,
                page=Location(path=self._path, query=""),
                visible=True,
                have=self.have,
                session=self.session,
                token=self._token,
            )
        )
        self._start(self._listen(socket))
        await self.until(lambda: self.mode is not None or self.closed is not None)

    def drop(self) -> None:
        """The line is cut; the session waits for `connect`."""
        self.socket.drop()

    def leave(self) -> None:
        """The tab is closed."""
        self.socket.drop(1001)

    def mute(self) -> None:
        """The page answers nothing any more, though its line is open."""
        self._muted = True

    # what a person does

    async def set(self, component: str, prop: str, value: Any) -> list[int]:
        """Changes a prop as a person would, and calls what it triggers. Returns the ids of the calls."""
        self.props[component, prop] = value
        return self._trigger(f"{component}.{prop}")

    async def call(self, callback: str, *trigger: str) -> int:
        """Calls a callback with the props that the page has. Returns the id of the call.

        One with patterns is called for what `trigger` belongs to, or for the first that there is on the page.
        """
        found = self.app.site().definition.callbacks[callback]
        there = self._instances(found)
        wanted = [one for one in there if _keys(found.inputs, one and one[1]) >= set(trigger)]
        return self._invoke(found, trigger, (wanted or there)[0])

    def cancel(self, call: int) -> None:
        """Asks for the call to be cancelled."""
        self._q += 1
        self._say(Cancel(q=self._q, id=call))

    async def settled(self, call: int) -> str:
        """How the call ended, once it has."""
        await self.until(lambda: call in self.outcomes)
        return self.outcomes[call][0]

    async def wait_for(self, component: str, prop: str, holds: Callable[[Any], bool]) -> Any:
        """The value of a prop, once it holds."""
        await self.until(lambda: (component, prop) in self.props and holds(self.props[component, prop]))
        return self.props[component, prop]

    async def until(self, holds: Callable[[], bool], seconds: float = 10.0) -> None:
        """Waits until something is so; raises `TimeoutError` when it does not become so."""
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(holds)

    # the protocol

    def _start(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _listen(self, socket: FakeSocket) -> None:
        with contextlib.suppress(Disconnected):
            while True:
                message = await socket.hear()
                if socket is self.socket:
                    self._receive(message)
                    async with self._changed:
                        self._changed.notify_all()
        if socket is self.socket and socket.closed_with is not None:
            self.closed = socket.closed_with[0]
            async with self._changed:
                self._changed.notify_all()

    def _receive(self, message: ServerMessage) -> None:
        match message:
            case Welcome():
                self._welcomed(message)
            case Delta():
                self._commit(message)
            case GetProp():
                self._answer(message)
            case Ping():
                self.socket.say(Pong())
            case Error():
                self.closed = message.code
            case _:
                pass

    def _welcomed(self, message: Welcome) -> None:
        self.mode = message.mode
        self.session, self._token = message.session, message.token
        if message.mode != "resumed":
            self.have = self._q = 0
            self._unheard.clear()
            for call in range(1, self._calls + 1):
                self.outcomes.setdefault(call, ("unknown", ()))
        self._heard(message.cq)
        for unheard in self._unheard:
            self.socket.say(unheard)

    def _say(self, message: Invoke | Cancel) -> None:
        """A reliable message: kept until the server has it, and not said before the welcome."""
        self._unheard.append(message)
        if self.mode is not None:
            self.socket.say(message)

    def _heard(self, cq: int) -> None:
        self.told = cq
        self._unheard = [message for message in self._unheard if message.q > cq]

    def _lay_out(self, value: Any) -> None:
        """Takes over the props of the components in a value."""
        for component, _ in walk(value):
            props = (component if isinstance(component, dict) else component.to_plotly_json())["props"]
            if "id" in props:
                id = props["id"] if isinstance(props["id"], str) else id_text(props["id"])
                self.props.update({(id, name): given for name, given in props.items()})

    def _commit(self, delta: Delta) -> None:
        changed = [self._apply(change) for change in delta.changes]
        self.have = delta.to
        self.deltas += 1
        self._heard(delta.cq)
        self.outcomes.update({outcome[0]: (outcome[1], outcome[2:]) for outcome in delta.outcomes})
        self.tasks.update({task[0]: task[1] for task in delta.tasks})
        self.socket.say(Ack(have=self.have))
        for key in changed:
            self._trigger(key)

    def _apply(self, change: Any) -> str:
        kind, component, prop, value = change[:4]
        key = (component, prop)
        if kind == "set":
            self.props[key] = value
            self._lay_out(value)
        else:
            name, path, *rest = value
            maxlen = rest[1] if len(rest) > 1 else None
            operation = Operation(name, tuple(path), rest[0] if rest else None, maxlen)
            self.props[key] = apply(self.props.get(key), operation, prop)
        return f"{component}.{prop}"

    def _answer(self, message: GetProp) -> None:
        self.asked += 1
        if self._muted:
            return
        key = (message.component, message.prop)
        known = any(component == message.component for component, _ in self.props)
        if known:
            self.socket.say(PropValue(id=message.id, value=self.props.get(key)))
        else:
            self.socket.say(PropValue(id=message.id, error="not_on_page"))

    def _trigger(self, key: str) -> list[int]:
        callbacks = self.app.site().definition.callbacks.values()
        return [
            self._invoke(callback, (key,), instance)
            for callback in callbacks
            if callback.socket
            for instance in self._instances(callback)
            if key in _keys(callback.inputs, instance and instance[1])
        ]

    def _instances(self, callback: Callback) -> Sequence[Instance | None]:
        """What the callback stands for on the page; components are in the order in which they came."""
        if not callback.patterns:
            return [None]
        ids = list(dict.fromkeys(component for component, _ in self.props))
        return instances(callback.outputs, callback.inputs, callback.state, ids)

    def _invoke(self, callback: Callback, trigger: tuple[str, ...], instance: Instance | None) -> int:
        self._q += 1
        self._calls += 1
        self._say(
            Invoke(
                q=self._q,
                id=self._calls,
                callback=callback.id,
                inputs=self._values(callback.inputs, instance and instance[1]),
                state=self._values(callback.state, instance and instance[2]),
                trigger=list(trigger),
                ids=instance,  # type: ignore[arg-type]  # the lists are lists
            )
        )
        return self._calls

    def _values(self, dependencies: Sequence[Dependency], ids: Ids | None) -> list[Any]:
        return [
            self.props.get((text, prop)) if isinstance(text, str) else [self.props.get((one, prop)) for one in text]
            for text, prop in _stand_for(dependencies, ids)
        ]


def _stand_for(dependencies: Sequence[Dependency], ids: Ids | None) -> Iterator[tuple[str | Sequence[str], str]]:
    """What each stands for, and its prop."""
    for dependency, text in zip(dependencies, ids or [None] * len(dependencies), strict=True):
        yield dependency.id_text if text is None else text, dependency.component_property


def _keys(dependencies: Sequence[Dependency], ids: Ids | None) -> frozenset[str]:
    """All that they stand for, as "id.prop"."""
    found = _stand_for(dependencies, ids)
    return frozenset(f"{one}.{prop}" for text, prop in found for one in ([text] if isinstance(text, str) else text))
