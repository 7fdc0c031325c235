"""Calls of callbacks at their `api_endpoint`: by a program, over HTTP, with JSON both ways and no page behind them."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

from pydantic_core import to_json

from wscb.callbacks.call import CallState, Transport
from wscb.callbacks.declaration import Callback
from wscb.callbacks.dependencies import Dependency
from wscb.callbacks.grouping import Grouping
from wscb.callbacks.request import Request
from wscb.protocol import codec
from wscb.protocol.arrays import from_wire
from wscb.protocol.patch import Patch
from wscb.protocol.values import Typed, plain
from wscb.server.channel import HttpChannel
from wscb.server.definition import Definition
from wscb.server.endpoints import Endpoint, Unfit
from wscb.server.http import Handles, HttpRequest, HttpResponse, Invoker, request_from
from wscb.server.workers import Outcome, Update
from wscb.session import Change

JSON = "application/json"
ASKED = "set_props"
"""The parameter of the query that asks for what the callback has set besides its outputs."""

_OWN = {"cache-control": "no-store"}


class EndpointChannel(HttpChannel):
    """What a yield shows is kept, since the last one is the answer."""

    kind: Transport = "endpoint"
    __slots__ = ("shown",)

    def __init__(self, callback: Callback, definition: Definition) -> None:
        def encode(component: str, props: Mapping[str, Any]) -> list[Change]:
            definition.check_props(component, props)
            return [Change(component, prop, packed(component, prop, value)) for prop, value in props.items()]

        super().__init__(callback, encode)
        self.shown: list[Change] = []

    def yielded(self, updates: Iterable[Update]) -> None:
        self._raise_interrupt()
        self.shown += self.encode(updates)


def packed(component: str, prop: str, value: Any) -> bytes:
    """A value as JSON, of the same values that a page can have: lists for typed arrays, base64 for bytes, null for what
    is no finite number, and for a Patch its operations. Raises CannotEncode."""
    if isinstance(value, Patch):
        value = {"patch": [operation.wire() for operation in value.operations]}
    codec.pack(value, component=component, prop=prop)
    return to_json(_listed(plain(value)), inf_nan_mode="null")


def _listed(value: Any) -> Any:
    if isinstance(value, Typed):
        return from_wire(value.payload).tolist()
    if isinstance(value, (bytes, bytearray)):
        return b64encode(value).decode()
    if isinstance(value, dict):
        return {key: _listed(item) for key, item in value.items()}
    return [_listed(item) for item in value] if isinstance(value, (list, tuple)) else value


class EndpointCalls:
    """Answers posts. It keeps no state, so that any process can answer."""

    def __init__(self, definition: Definition, invoker: Invoker) -> None:
        self._definition = definition
        self._invoker = invoker

    async def answer(self, endpoint: Endpoint, request: HttpRequest, handles: Handles) -> HttpResponse:
        """The outputs; 204 when none is to change; 422 and more when there was no call to run.

        Raises what a dependency or the callback has raised, or Unfit, when the host `handles` that.
        """
        refused = self._refusal(request)
        if refused is not None:
            return refused
        try:
            given = endpoint.read(request.body)
        except Unfit as unfit:
            if handles(unfit):
                raise
            return said(422, unfit.mistakes)
        callback = self._definition.callbacks[endpoint.callback.id]
        channel = EndpointChannel(callback, self._definition)
        state = CallState(
            callback=callback,
            inputs=given.inputs,
            state=given.state,
            trigger=(),
            request=_program(request),
            channel=channel,
        )
        outcome = await self._invoker.run(state, channel, endpoint.fill, handles)
        error = outcome.error
        if isinstance(error, Exception) and (outcome.detail is None or handles(error)):
            raise error
        return self._response(state, channel, outcome)

    def _refusal(self, request: HttpRequest) -> HttpResponse | None:
        if request.method != "POST":
            return said(405, "This is called with POST.", [("allow", "POST")])
        # As for the calls of pages: a page of another site has to ask before it sends this type.
        kind = request.handshake.content_type
        if kind != JSON and not (kind.startswith("application/") and kind.endswith("+json")):
            return said(415, f"The body is JSON: send it with the content type {JSON}.")
        if not self._definition.origins.allow(request.handshake):
            return said(403, "This origin is not allowed. The app names others in websocket_allowed_origins.")
        if len(request.body) > self._definition.limits.message_bytes:
            return said(413, f"A body has at most {self._definition.limits.message_bytes} bytes.")
        return None

    def _response(self, state: CallState, channel: EndpointChannel, outcome: Outcome) -> HttpResponse:
        added = tuple(state.response.headers) if state.response else ()
        if outcome.how not in ("ok", "no_update"):
            return _failed(outcome, added)
        outputs = {change.key: change.packed for change in (*channel.shown, *outcome.changes)}
        some = bool(outputs) or (outcome.how == "ok" and not state.callback.outputs)
        result = _joined(state.callback.output_grouping, outputs) if outputs else b"null"
        if parse_qs(state.request.query).get(ASKED, ["false"])[-1].lower() in ("true", "1"):
            entries = b"[" + b",".join(map(_entry, channel.end())) + b"]"
            return _json(_object({**({"result": result} if some else {}), "set_props": entries}), added)
        channel.end()
        return _json(result, added) if some else HttpResponse(204, JSON, b"", _OWN, added)


def said(status: int, detail: Any, added: Sequence[tuple[str, str]] = (), **more: Any) -> HttpResponse:
    """What is wrong, in the form that FastAPI's own errors have."""
    return HttpResponse(status, JSON, json.dumps({"detail": detail, **more}).encode(), _OWN, added)


def _program(request: HttpRequest) -> Request:
    """Who calls, as `ctx` and dependencies see it."""
    given = request_from(request.handshake, request.handshake.path, request.handshake.query)
    return replace(given, method="POST", body=request.body)


def _failed(outcome: Outcome, added: Sequence[tuple[str, str]]) -> HttpResponse:
    detail = outcome.detail or {}
    if outcome.how == "timeout":
        return said(504, detail["message"], added)
    if outcome.how == "cancelled":
        return said(503, "The call was cancelled.", added)
    ref = detail["ref"]
    more = {name: detail[name] for name in ("message", "traceback") if name in detail}  # in debug alone
    return said(500, f"The call failed. The server's log says why, under the reference {ref}.", added, ref=ref, **more)


def _json(body: bytes, added: Sequence[tuple[str, str]]) -> HttpResponse:
    return HttpResponse(200, JSON, body, _OWN, added)


def _joined(grouping: Grouping, values: Mapping[tuple[str, str], bytes]) -> bytes:
    """The values in the shape of the outputs; null for one that is to stay as it is."""
    if isinstance(grouping, Dependency):
        return values.get(grouping.key, b"null")
    if isinstance(grouping, dict):
        return _object({name: _joined(part, values) for name, part in grouping.items()})
    return b"[" + b",".join(_joined(part, values) for part in grouping) + b"]"


def _object(parts: Mapping[str, bytes]) -> bytes:
    return b"{" + b",".join(to_json(name) + b":" + value for name, value in parts.items()) + b"}"


def _entry(change: Change) -> bytes:
    """A prop that was set, as it stands in the lists of `ctx`. The text of a dict id is its JSON."""
    id = change.component.encode() if change.component.startswith("{") else to_json(change.component)
    return _object({"id": id, "property": to_json(change.prop), "value": change.packed})
