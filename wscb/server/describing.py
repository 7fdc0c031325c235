"""What an app says of itself to programs: the JSON Schema of the messages, and an AsyncAPI document of its callbacks.

It has the ids and props that callbacks name, which every page has too; no value of a layout, no code, no file.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from wscb.protocol.messages import PAGE_MESSAGES, SERVER_MESSAGES, SUBPROTOCOL
from wscb.protocol.schema import schema
from wscb.server.definition import Definition
from wscb.server.http import CONTENT_TYPE, HttpRequest, HttpResponse, text
from wscb.server.page import ALWAYS_ASK, compressed

PATHS = ("schema", "asyncapi.json")
"""Below `_wscb/`."""

ENDPOINTS = "x-wscb-endpoints"
"""Where the schema has those of callbacks."""

_UNIONS = ("PageMessage", "ServerMessage")


class Description:
    """Answers for both documents. Who may not have the page may not have them either."""

    def __init__(self, definition: Definition) -> None:
        self._definition = definition

    async def answer(self, request: HttpRequest, path: str) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return text(405, "Descriptions are read with GET.")
        await self._definition.layout()  # it may refuse this visitor, by what it raises
        return await asyncio.to_thread(self._made, request, path)

    def _made(self, request: HttpRequest, path: str) -> HttpResponse:
        describe = described_schema if path == "schema" else asyncapi
        document = describe(self._definition, request.root_path)
        kind = "application/schema+json" if path == "schema" else "application/json"
        headers = {"cache-control": ALWAYS_ASK, "x-content-type-options": "nosniff"}
        return compressed(request, HttpResponse(200, kind, json.dumps(document).encode(), headers))


def described_schema(definition: Definition, root_path: str = "") -> dict[str, Any]:
    """The JSON Schema of the messages, and of what programs post to callbacks with an `api_endpoint`, by address."""
    found = {}
    for id, address in _addresses(definition, root_path).items():
        place = f"#/{ENDPOINTS}/{address.replace('/', '~1')}"
        one = definition.endpoints[definition.callbacks[id].api_endpoint or ""]
        found[address] = {"callback": id, **one.schemas(place)}
    return {**schema(), ENDPOINTS: found} if found else schema()


def _addresses(definition: Definition, root_path: str) -> dict[str, str]:
    """Of the callbacks that programs call, by id."""
    base = root_path + definition.base
    return {one.callback.id: base + path.removeprefix("/") for path, one in definition.endpoints.items()}


def asyncapi(definition: Definition, root_path: str = "") -> dict[str, Any]:
    """The AsyncAPI 3.0 document of an app, seen from the server: it receives what pages send."""
    addresses = _addresses(definition, root_path)
    described = {spec["id"]: _described(spec, addresses.get(spec["id"])) for spec in definition.specs}
    base = root_path + definition.base
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": definition.look.title,
            "version": definition.build,
            "description": "The version changes whenever a callback's declaration does. "
            f"PROTOCOL.md of wscb says how the messages of {SUBPROTOCOL} follow each other.",
        },
        "defaultContentType": CONTENT_TYPE,
        "channels": _channels(base, definition.sockets),
        "operations": {
            **(_talk() if definition.sockets else {}),
            **{id: _operation(one) for id, one in described.items() if one["kind"] != "clientside"},
        },
        "components": _components(),
        "x-wscb-callbacks": described,
    }


def _channels(base: str, sockets: bool) -> dict[str, Any]:
    invoke = {
        "address": f"{base}_wscb/invoke",
        "description": "One request for one call. The answer is the delta that the call led to.",
        "messages": _messages("channel", "invoke", "delta"),
    }
    if not sockets:
        return {"invoke": invoke}
    chosen = {"type": "object", "properties": {"Sec-WebSocket-Protocol": {"type": "string", "const": SUBPROTOCOL}}}
    socket = {
        "address": f"{base}_wscb/ws",
        "description": "One WebSocket for each page. A message is one binary frame, or several chunks.",
        "messages": _messages("channel", *{**dict.fromkeys(_sent_by_page()), **dict.fromkeys(_sent_by_server())}),
        "bindings": {"ws": {"method": "GET", "headers": chosen, "bindingVersion": "0.1.0"}},
    }
    return {"socket": socket, "invoke": invoke}


def _talk() -> dict[str, Any]:
    """The two sides of the socket."""
    return {
        "page-messages": {
            "action": "receive",
            "channel": {"$ref": "#/channels/socket"},
            "summary": "What a page says. Its first message is hello.",
            "messages": list(_messages("socket", *_sent_by_page()).values()),
        },
        "server-messages": {
            "action": "send",
            "channel": {"$ref": "#/channels/socket"},
            "summary": "What the server says. Its first message is welcome.",
            "messages": list(_messages("socket", *_sent_by_server()).values()),
        },
    }


def _operation(described: Mapping[str, Any]) -> dict[str, Any]:
    """A callback is asked for with `invoke` and answered in a delta; a task without inputs nobody asks for."""
    channel = "invoke" if described["kind"] == "plain" else "socket"
    own = {"channel": {"$ref": f"#/channels/{channel}"}, "x-wscb-callback": described}
    answers = list(_messages(channel, "delta").values())
    if described["kind"] == "persistent" and not described["inputs"]:
        return {"action": "send", "summary": "A task that starts with the page.", "messages": answers, **own}
    return {
        "action": "receive",
        "messages": list(_messages(channel, "invoke").values()),
        "reply": {"channel": own["channel"], "messages": answers},
        **({"bindings": {"http": {"method": "POST", "bindingVersion": "0.3.0"}}} if channel == "invoke" else {}),
        **own,
    }


def _described(spec: Mapping[str, Any], address: str | None) -> dict[str, Any]:
    """A callback as it is declared. A component with wildcards in its id has a map there, with a list for each."""
    kind = "persistent" if "persistent" in spec else "websocket" if spec["socket"] else "plain"
    return {
        "id": spec["id"],
        "kind": "clientside" if "clientside" in spec else kind,
        "inputs": [_dependency(*one) for one in spec["inputs"]],
        "state": [_dependency(*one) for one in spec["state"]],
        "outputs": [_dependency(*one) for one in spec["outputs"]],
        **({"api_endpoint": address} if address else {}),
    }


def _dependency(component: Any, prop: str, optional: bool = False) -> dict[str, Any]:
    return {"component": component, "prop": prop, **({"optional": True} if optional else {})}


def _messages(where: str, *names: str) -> dict[str, dict[str, str]]:
    """References to messages, those of all in a channel, and those of a channel in an operation."""
    place = "#/components/messages" if where == "channel" else f"#/channels/{where}/messages"
    return {name: {"$ref": f"{place}/{name}"} for name in names}


@cache
def _sent_by_page() -> tuple[str, ...]:
    return tuple(_name(cls.__name__) for cls in PAGE_MESSAGES)


@cache
def _sent_by_server() -> tuple[str, ...]:
    return tuple(_name(cls.__name__) for cls in SERVER_MESSAGES)


def _name(cls: str) -> str:
    """The `type` of a message, by the name of its class."""
    name: str = _components()["schemas"][cls]["properties"]["type"]["const"]
    return name


@cache
def _components() -> dict[str, Any]:
    definitions = {name: _older(one) for name, one in schema()["$defs"].items() if name not in _UNIONS}
    classes = dict.fromkeys(cls.__name__ for cls in (*PAGE_MESSAGES, *SERVER_MESSAGES))
    messages = {}
    for cls in classes:
        name = definitions[cls]["properties"]["type"]["const"]
        said = definitions[cls].get("description")
        messages[name] = {"name": name, "payload": {"$ref": f"#/components/schemas/{cls}"}}
        if said:
            messages[name]["description"] = said
    return {"messages": messages, "schemas": definitions}


def _older(node: Any) -> Any:
    """The schema in the words of draft 7, which AsyncAPI's own schemas are written in."""
    if isinstance(node, list):
        return [_older(item) for item in node]
    if not isinstance(node, dict):
        return node.replace("#/$defs/", "#/components/schemas/") if isinstance(node, str) else node
    changed = {key: _older(value) for key, value in node.items()}
    if "prefixItems" in changed:
        changed["items"] = changed.pop("prefixItems")
        changed["additionalItems"] = False
    if "$ref" in changed and len(changed) > 1:  # what stands beside a reference is not read there
        changed["allOf"] = [{"$ref": changed.pop("$ref")}]
    return changed
