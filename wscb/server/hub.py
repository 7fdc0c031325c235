"""The live sessions of a process: attach, resume, expire, drain.

Sessions belong to the hub and not to the socket's endpoint, which ends when its connection does. The hub starts lazily
on the running loop, since an app that is mounted in another one gets no lifespan.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from contextlib import suppress
from typing import Any

from wscb.callbacks.hooks import hooks
from wscb.callbacks.request import Request
from wscb.errors import BadMessage, Refused
from wscb.protocol.closing import CloseCode, comes_back
from wscb.protocol.codec import Joiner, encode, from_page
from wscb.protocol.limits import WireLimits
from wscb.protocol.messages import Chunk, Error, Hello, PageMessage
from wscb.server.actor import Actor
from wscb.server.admission import Denied, admit, subprotocol_to_echo
from wscb.server.connection import Connection
from wscb.server.definition import Definition
from wscb.server.gate import Gate, user_key
from wscb.server.http import request_from
from wscb.server.socket import Disconnected, Handshake, Socket
from wscb.server.streams import Streams
from wscb.server.wire import watched
from wscb.server.workers import Workers
from wscb.session import Session

logger = logging.getLogger("wscb.hub")


CLOSE_SECONDS = 2.0
"""How long a close may take whose peer reads nothing."""

SPREAD_MS = 2
"""Between two pages that come back after a drain, on average."""

SERVICE_RESTART = 1012
INTERNAL_ERROR = 1011


class Hub:
    """Every session of one app in this process, on one loop."""

    def __init__(self, definition: Definition, workers: Workers) -> None:
        self.sessions: dict[str, Actor] = {}
        self.draining = False
        self._definition = definition
        self._workers = workers
        self._streams = Streams(definition, workers)
        self._wire = WireLimits.of(definition.limits)
        self._gate = Gate(hooks, definition.limits.hello_seconds)
        self._lives: dict[str, tuple[Actor, asyncio.Task[None]]] = {}

    # -- one socket ------------------------------------------------------------------------------------------------

    async def connect(self, socket: Socket, handshake: Handshake) -> None:
        """The whole life of one connection, from before it is accepted; returns when it has ended."""
        socket = watched(socket, self._wire)
        try:
            await socket.accept(subprotocol_to_echo(handshake))
            denied = admit(handshake, self._definition.origins)
            if denied is None:
                asked = await self._gate.admit(handshake)
                denied = asked if isinstance(asked, Denied) else await self._admitted(socket, asked)
            if denied is not None:
                await self._deny(socket, denied)
        except Disconnected:
            return

    async def _admitted(self, socket: Socket, handshake: Handshake) -> Denied | None:
        reader = Reader(socket, self._wire)
        try:
            async with asyncio.timeout(self._definition.limits.hello_seconds):
                hello, _ = await reader.next()
        except TimeoutError:
            return Denied(CloseCode.NO_HELLO, "no hello came in time")
        except BadMessage as error:
            return _bad(error)
        if not isinstance(hello, Hello):
            return Denied(CloseCode.BAD_MESSAGE, f"the first message is hello, not {hello.type}")
        request = request_from(handshake, hello.page.path, hello.page.query)
        if self._gate.reads and (refused := await self._gate.read(request, hello)) is not None:
            return refused
        connection = Connection(socket)
        actor = self.sessions.get(hello.session or "")
        if actor is None or actor.machine.over:  # of one that is over some callback may still be ending
            refusal = self._full()
            if refusal is not None:
                return refusal
            actor = await self._new_session(handshake)
        try:  # from the look-up of a session that exists to here nothing was awaited
            matches = hello.build == self._definition.build
            actor.attach(connection, hello, secrets.token_urlsafe(32), request, matches)
        except Refused as refused:
            return Denied(refused.close_code, str(refused))
        finally:
            if not actor.machine.attach_count:
                actor.end(None)  # a new one that nobody else knows of
        return await self._read(actor, connection, reader, request)

    async def _read(self, actor: Actor, connection: Connection, reader: Reader, request: Request) -> Denied | None:
        """Hands the machine what comes, until the connection ends from either side."""
        code, asks = 1006, self._gate.reads
        try:
            while not connection.finished:
                message, size = await reader.next()
                if asks and not isinstance(message, Chunk):  # a chunk is read when it is whole
                    denied = await self._gate.read(request, message)
                    if denied is not None:
                        return _let_go(actor, denied)
                actor.receive(connection, message, size)
        except asyncio.CancelledError:
            if not connection.finished:
                raise
            connection.reader.uncancel()
        except Disconnected as error:
            code = error.code
        except BadMessage as error:
            # Its text: a record with the error itself would hold what the session was, for as long as a log keeps it.
            logger.warning("session %s: a bad message: %s", actor.machine.id[:8], str(error))
            return _let_go(actor, _bad(error))
        finally:
            actor.lost(connection, code)
        return connection.close_with

    async def _deny(self, socket: Socket, denied: Denied) -> None:
        """Closes, and says why first where the page will not come back. A peer that reads nothing is not waited for."""
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                if not comes_back(denied.code):
                    await socket.send(encode(Error(code=denied.code, message=denied.reason)))
                await socket.close(denied.code, denied.reason)

    # -- sessions --------------------------------------------------------------------------------------------------

    async def _new_session(self, handshake: Handshake) -> Actor:
        definition = self._definition
        machine = Session(
            secrets.token_urlsafe(32),
            user=user_key(handshake.user),
            limits=definition.limits,
            rules=definition.rules,
            tasks=definition.tasks,
            idle_after=definition.limits.inactivity_seconds,
        )
        actor = Actor(machine, definition, self._workers, self._streams)
        loop, name = asyncio.get_running_loop(), f"wscb session {machine.id[:8]}"
        life = loop.create_task(self._live(actor), name=name, context=actor.context)
        self._lives[machine.id] = (actor, life)
        life.add_done_callback(lambda _: self._lives.pop(machine.id), context=actor.context)
        self.sessions[machine.id] = actor  # before it starts, so that it counts, and is drained with the others
        try:
            await actor.started()
        except asyncio.CancelledError:
            actor.end(None)
            raise
        return actor

    async def _live(self, actor: Actor) -> None:
        try:
            await actor.live()
        except BaseException as error:
            if not isinstance(error, asyncio.CancelledError):
                logger.exception("session %s ended by a fault of wscb's own", actor.machine.id[:8])
            actor.end(INTERNAL_ERROR)
            if not isinstance(error, Exception | BaseExceptionGroup):
                raise
        finally:
            self.sessions.pop(actor.machine.id, None)

    def _full(self) -> Denied | None:
        """Makes room for one more: the one that is away longest goes, a page that is attached never does."""
        if self.draining:
            return Denied(CloseCode.OVERLOADED, "this server is going away")
        if len(self.sessions) < self._definition.limits.sessions:
            return None
        away = [actor for actor in self.sessions.values() if actor.away]
        if not away:
            return Denied(CloseCode.OVERLOADED, "this server has all the sessions that it takes")
        oldest = min(away, key=lambda actor: actor.machine.lost_at)
        oldest.end(None)
        self.sessions.pop(oldest.machine.id, None)
        return None

    async def gone(self, session: str) -> None:
        """Waits until the session is over and nothing of it runs any more."""
        if session in self._lives:
            await asyncio.wait({self._lives[session][1]})

    @property
    def stuck(self) -> list[str]:
        """The coroutines that go on though they were cancelled, as a log names them. A loop ends only after them."""
        return [*(where for actor, _ in self._lives.values() for where in actor.stuck), *self._streams.stuck]

    # -- the end ---------------------------------------------------------------------------------------------------

    async def drain(self) -> None:
        """Tells the pages to come back elsewhere, cancels what runs, and closes; little later than the cancel deadline.

        The pages spread their return: a thousand of them take two seconds.
        """
        if self.draining:
            return
        self.draining = True
        actors = list(self.sessions.values())
        for actor in actors:
            actor.drain(len(actors) * SPREAD_MS)
        runs = [asyncio.ensure_future(actor.ended()) for actor in actors]
        if runs:
            _, late = await asyncio.wait(runs, timeout=self._definition.limits.cancel_seconds)
            for waiting in late:
                waiting.cancel()
        for actor in actors:
            actor.drained()
        if self._lives:
            await asyncio.wait([life for _, life in self._lives.values()], timeout=CLOSE_SECONDS)
        for actor in actors:
            # Its last delta, with the last `cq`, could not be written, so the close must not say that it was.
            actor.end(SERVICE_RESTART)
        self._workers.close()
        self._gate.close()


class Reader:
    """The messages of a socket: checks limits, decodes, joins chunks."""

    __slots__ = ("_joined", "_joiner", "_socket", "_wire")

    def __init__(self, socket: Socket, wire: WireLimits) -> None:
        self._socket = socket
        self._wire = wire
        self._joiner = Joiner(wire.frame)
        self._joined: bytes | None = None

    async def next(self) -> tuple[PageMessage, int]:
        """The next message and its size in bytes: a chunk too, as a sign of life, and after the last one their whole.

        Raises `Disconnected`, `BadMessage`.
        """
        if self._joined is not None:
            data, self._joined = self._joined, None
            message = from_page(data, self._wire)
            if isinstance(message, Chunk):
                raise BadMessage("a chunk within a chunk")
            return message, len(data)
        frame = await self._socket.receive()
        if isinstance(frame, str):
            raise BadMessage("a text frame; every message is a binary one")
        message = from_page(frame, self._wire)
        if isinstance(message, Chunk):
            self._joined = self._joiner.feed(message)
        return message, len(frame)


def _let_go(actor: Actor, denied: Denied) -> Denied:
    """Of a page that is told not to come back nothing is kept."""
    if not comes_back(denied.code):
        actor.end(denied.code)
    return denied


def _bad(error: BadMessage) -> Denied:
    code: Any = getattr(error, "close_code", CloseCode.BAD_MESSAGE)
    return Denied(code, str(error)[:120])
