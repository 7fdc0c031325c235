"""HTTP in our own small terms, and the stateless invoke. Backends translate; nothing here knows a framework."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from wscb.callbacks.context import CallState, Headers, Request
from wscb.errors import BadMessage
from wscb.protocol import codec
from wscb.protocol.limits import WireLimits
from wscb.protocol.messages import Invoke
from wscb.server.channel import HttpChannel
from wscb.server.definition import Definition
from wscb.server.injection import Fill
from wscb.server.socket import Handshake
from wscb.server.workers import Outcome, Workers
from wscb.session.calls import timed_out

logger = logging.getLogger("wscb.http")

CONTENT_TYPE = "application/x-msgpack"

Handles = Callable[[Exception], bool]
"""Whether the host has an exception handler for this."""


def nobody_handles(error: Exception) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request below the app's prefix; `path` has no leading slash and "" is the index."""

    method: str
    path: str
    handshake: Handshake
    root_path: str = ""
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class HttpResponse:
    status: int = 200
    content_type: str = "text/plain; charset=utf-8"
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    added: Sequence[tuple[str, str]] = ()
    """Headers that a callback has added; a name may stand there more than once."""


def text(status: int, message: str) -> HttpResponse:
    return HttpResponse(status=status, body=message.encode(), headers={"cache-control": "no-store"})


def is_visit(handshake: Handshake) -> bool:
    """Whether a person goes to this address, by what browsers say then: not a script, an image or a program."""
    return "text/html" in (handshake.header("accept") or "")


class Invoker:
    """Runs one callback for one POST. It keeps no state, so that any process can answer."""

    def __init__(self, definition: Definition, workers: Workers) -> None:
        self._definition = definition
        self._workers = workers
        self._wire = WireLimits.of(definition.limits)
        self._running: set[asyncio.Task[Outcome]] = set()

    async def invoke(self, request: HttpRequest) -> HttpResponse:
        """The answer is a delta with the changes and the one outcome; 4xx when there was no call to run."""
        refused = self._refusal(request)
        if refused is not None:
            return refused
        try:
            message = codec.from_page(request.body, self._wire)
        except BadMessage as error:
            return text(400, f"Not a call: {error}")
        if not isinstance(message, Invoke):
            return text(400, f"Not a call: expected invoke, got {message.type}.")
        rejection = self._rejection(message)
        added: Sequence[tuple[str, str]] = ()
        if rejection is not None:
            frame = codec.delta(0, 0, [], [codec.outcome(message.id, "rejected", rejection)], [])
        else:
            frame, added = await self._run(message, request)
        return HttpResponse(content_type=CONTENT_TYPE, body=frame, headers={"cache-control": "no-store"}, added=added)

    def _refusal(self, request: HttpRequest) -> HttpResponse | None:
        if request.method != "POST":
            return text(405, "Calls are POST requests.")
        # A form or a script of another site cannot send this type without asking first, and would be refused then.
        if request.handshake.content_type != CONTENT_TYPE:
            return text(415, f"A call's content type is {CONTENT_TYPE}.")
        if not self._definition.origins.allow(request.handshake):
            return text(403, "This origin is not allowed.")
        if len(request.body) > self._definition.limits.message_bytes:
            return text(413, f"A call has at most {self._definition.limits.message_bytes} bytes.")
        return None

    async def _run(self, message: Invoke, request: HttpRequest) -> tuple[bytes, Sequence[tuple[str, str]]]:
        callback = self._definition.callbacks[message.callback]
        channel = HttpChannel(callback, self._definition.encode)
        state = CallState(
            callback=callback,
            inputs=message.inputs,
            state=message.state,
            trigger=message.trigger,
            ids=message.ids,
            request=page_request(request.handshake),
            channel=channel,
        )
        outcome = await self.run(state, channel)
        # What set_props did stands before the result, as over the socket, and stays when the callback then failed.
        changes = [change.packed for change in (*channel.end(), *outcome.changes)]
        frame = codec.delta(0, 0, changes, [codec.outcome(message.id, outcome.how, outcome.detail)], [])
        return frame, tuple(state.response.headers) if state.response else ()

    async def run(
        self, state: CallState, channel: HttpChannel, fill: Fill | None = None, handles: Handles = nobody_handles
    ) -> Outcome:
        """How the run ended. It has a task of its own, since it ends after its `finally`, and not when nobody waits.

        `fill` and `handles` are those of `Workers.execute`.
        """
        callback, limits = state.callback, self._definition.limits
        task = asyncio.ensure_future(self._workers.execute(state, channel, fill, handles))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        try:
            await asyncio.wait({task}, timeout=callback.timeout)
        except asyncio.CancelledError:  # the page has taken its call back, or is gone
            self._cancel(task, channel)
            raise
        if not task.done():
            logger.warning("%s takes longer than its timeout of %g s", callback.where, callback.timeout)
            self._cancel(task, channel)
            await asyncio.wait({task}, timeout=limits.cancel_seconds)
            where = callback.where if self._definition.debug else None
            return Outcome("timeout", detail=timed_out(callback.timeout, where))
        return Outcome("cancelled") if task.cancelled() else task.result()

    def _cancel(self, task: asyncio.Task[Outcome], channel: HttpChannel) -> None:
        """Tells it to end; if it does not, it is named in the log and goes on without effect."""
        seconds = self._definition.limits.cancel_seconds
        late = asyncio.get_running_loop().call_later(seconds, self._give_up, channel, seconds)

        def ended(_: object) -> None:
            late.cancel()
            channel.end()
            self._workers.stuck.discard(channel)

        task.add_done_callback(ended)
        channel.interrupt()
        if not channel.on_thread:
            task.cancel()

    def _give_up(self, channel: HttpChannel, seconds: float) -> None:
        channel.end()
        self._workers.give_up(channel, channel.callback, seconds)

    def _rejection(self, message: Invoke) -> dict[str, str] | None:
        callback = self._definition.callbacks.get(message.callback)
        if callback is None:
            return {"code": "unknown_callback", "message": "This server has no such callback; reload the page."}
        if callback.socket:
            return {"code": "needs_socket", "message": f"{callback.name} runs over the socket only."}
        why = self._definition.rules[message.callback].misfit(message)
        return None if why is None else {"code": "wrong_arguments", "message": why}


def page_request(handshake: Handshake) -> Request:
    """What `ctx` says in a call over HTTP: path and query are those of the page that called."""
    try:
        page = urlsplit(handshake.header("referer") or "")
    except ValueError:  # no URL at all: anybody can write what he likes there
        page = urlsplit("")
    return request_from(handshake, page.path or "/", page.query)


def request_from(handshake: Handshake, path: str, query: str) -> Request:
    """The connection as `ctx` shows it, with the page's own path and query."""
    return Request(
        cookies=handshake.cookies,
        headers=Headers(handshake.headers),
        path=path,
        query=query,
        remote_addr=handshake.remote_addr,
        user=handshake.user,
        connection=handshake.connection,
    )
