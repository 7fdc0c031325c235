"""How a page speaks to each server: the address, the opening words, a call, and what an incoming frame says.

A `Dialect` belongs to one connection. `incoming` returns which calls have ended, which values of the loop have arrived,
and whatever the page has to say in return (an acknowledgement, a pong).
"""

from __future__ import annotations

import base64
import json
import re
import urllib.request
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import msgpack

ACK_BYTES = 64 * 1024  # a page acknowledges once a quarter of the window is used, and once a second


@dataclass(slots=True)
class Heard:
    """What a frame said: ids of ended calls, the values that were set, words to answer."""

    ended: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    answers: list[bytes] = field(default_factory=list)


class Dialect(Protocol):
    path: str
    headers: Mapping[str, str]
    binary: bool

    def opening(self) -> Iterable[bytes]:
        """What the page says first."""
        ...

    def ready(self, frame: bytes) -> bool:
        """Whether this frame is the one after which the page may call; asked only if there was an opening."""
        ...

    def call(self, number: int) -> bytes: ...

    def loop(self, number: int, count: int) -> bytes: ...

    def start(self, source: str) -> bytes:
        """What starts the stream that has `source` as its input."""
        ...

    def incoming(self, frame: bytes) -> Heard: ...

    def tick(self) -> Iterable[bytes]:
        """What the page says once a second."""
        ...


class Echo:
    """A frame of the size of a small call; its answer is itself."""

    path = "/"
    headers: Mapping[str, str] = {}
    binary = True

    def opening(self) -> Iterable[bytes]:
        return ()

    def ready(self, frame: bytes) -> bool:
        return True

    def call(self, number: int) -> bytes:
        return b"%-80d" % number

    def incoming(self, frame: bytes) -> Heard:
        return Heard(ended=[int(frame)])

    def tick(self) -> Iterable[bytes]:
        return ()


class Dash:
    """Dash 4.4's renderer: JSON texts, several of them in an array when they came within its batch delay."""

    path = "/_dash-ws-callback"
    headers: Mapping[str, str] = {}
    binary = False

    def opening(self) -> Iterable[bytes]:
        return ()

    def ready(self, frame: bytes) -> bool:
        return True

    def call(self, number: int) -> bytes:
        return self._request(number, "in", "out", number)

    def loop(self, number: int, count: int) -> bytes:
        return self._request(number, "go", "done", count)

    def start(self, source: str) -> bytes:
        return self._request(-1, source, f"{source}-out", 1)

    def _request(self, number: int, source: str, target: str, value: int) -> bytes:
        payload = {
            "output": f"{target}.children",
            "outputs": {"id": target, "property": "children"},
            "inputs": [{"id": source, "property": "children", "value": value}],
            "changedPropIds": [f"{source}.children"],
            "parsedChangedPropsIds": [f"{source}.children"],
            "state": [],
        }
        message = {"type": "callback_request", "rendererId": "page", "requestId": str(number), "payload": payload}
        return json.dumps(message, separators=(",", ":")).encode()

    def incoming(self, frame: bytes) -> Heard:
        heard = Heard()
        said = json.loads(frame)
        for message in said if isinstance(said, list) else [said]:
            if message["type"] == "callback_response":
                if message["payload"]["status"] != "ok":
                    raise RuntimeError(f"a call failed: {message['payload']}")
                heard.ended.append(int(message["requestId"]))
            elif message["type"] == "set_props":
                heard.values.append(message["payload"]["props"]["children"])
        return heard

    def tick(self) -> Iterable[bytes]:
        return ()


class Wscb:
    """wscb.v1, as the page speaks it: a hello, numbered calls, acknowledgements of what was applied."""

    path = "/_wscb/ws"
    headers: Mapping[str, str] = {"Sec-WebSocket-Protocol": "wscb.v1"}
    binary = True

    def __init__(self, page: dict[str, Any]) -> None:
        self._build = page["build"]
        self._callbacks = {spec["inputs"][0][0]: spec["id"] for spec in page["callbacks"]}
        self._q = 0
        self._have = 0
        self._acked = 0
        self._bytes = 0

    @staticmethod
    def read_page(port: int) -> dict[str, Any]:
        """The page's data, as they stand in its HTML."""
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
            html = answer.read().decode()
        found = re.search(r'id="wscb-page"[^>]*>([^<]+)<', html)
        if found is None:
            raise RuntimeError("the page has no data")
        page: dict[str, Any] = msgpack.unpackb(base64.b64decode(found[1]), strict_map_key=False)
        return page

    def opening(self) -> Iterable[bytes]:
        page = {"path": "/", "query": ""}
        hello = {"type": "hello", "n": 1, "build": self._build, "page": page, "visible": True, "have": 0}
        return [msgpack.packb(hello)]

    def ready(self, frame: bytes) -> bool:
        return bool(msgpack.unpackb(frame)["type"] == "welcome")

    def call(self, number: int) -> bytes:
        return self._invoke(number, "in", number)

    def loop(self, number: int, count: int) -> bytes:
        return self._invoke(number, "go", count)

    def start(self, source: str) -> bytes:
        return self._invoke(1_000_000_000, source, 1)

    def _invoke(self, number: int, source: str, value: int) -> bytes:
        self._q += 1
        message = {
            "type": "invoke",
            "q": self._q,
            "id": number,
            "callback": self._callbacks[source],
            "inputs": [value],
            "state": [],
            "trigger": [f"{source}.children"],
        }
        packed: bytes = msgpack.packb(message)
        return packed

    def incoming(self, frame: bytes) -> Heard:
        heard = Heard()
        message = msgpack.unpackb(frame, strict_map_key=False)
        if message["type"] == "ping":
            heard.answers.append(msgpack.packb({"type": "pong"}))
        elif message["type"] == "delta":
            self._delta(message, len(frame), heard)
        elif message["type"] in ("error", "chunk"):
            raise RuntimeError(f"unexpected: {message}")
        return heard

    def _delta(self, message: dict[str, Any], size: int, heard: Heard) -> None:
        self._have = message["to"]
        self._bytes += size
        for number, how, *detail in message.get("outcomes", ()):
            if how != "ok":
                raise RuntimeError(f"a call ended {how}: {detail}")
            heard.ended.append(number)
        for _kind, component, _prop, value, *_ in message.get("changes", ()):
            if component == "shown":
                heard.values.append(value)
        if message.get("ack") or self._bytes >= ACK_BYTES:
            heard.answers.extend(self.tick())

    def tick(self) -> Iterable[bytes]:
        if self._have == self._acked:
            return ()
        self._acked = self._have
        self._bytes = 0
        return [msgpack.packb({"type": "ack", "have": self._have})]
