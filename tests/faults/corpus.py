"""Bad messages by name, each with what it must come to. PROTOCOL.md says why."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

from tests.faults.fuzz import GOLDEN, HELLO
from tests.protocol.from_schema import FORGED
from tests.protocol.vectors import load
from wscb.protocol import codec
from wscb.protocol.limits import KIB, MIB

hello = codec.pack(HELLO)
CALL = {"type": "invoke", "q": 1, "id": 1, "callback": "nobody", "inputs": [1], "state": [], "trigger": []}


def call(**fields: Any) -> bytes:
    return codec.pack({**CALL, **fields})


def chunk(data: bytes, last: bool = False) -> bytes:
    return codec.pack({"type": "chunk", "data": data, "last": last})


def _claims(head: bytes) -> bytes:
    """A call whose inputs are what a head claims: four thousand million items, or bytes."""
    return b"\x81\xa6inputs" + head + b"\xff\xff\xff\xff"


_PADDED = b"\xc0" * (MIB - 100)
NO_VALUE = {
    "nothing": b"",
    "text": "hello",
    "hostile text": FORGED,
    "a text that is a message": '{"type": "pong"}',
    "no map": codec.pack([1]),
    "a number": b"\x01",
    "the unused byte": b"\xc1",
    "two messages": GOLDEN[-1] + GOLDEN[-1],
    "levels": b"\x81\xa6inputs" + b"\x91" * 300 + b"\xc0",
    "half a million levels": b"\x91" * (MIB // 2),
    "maps in each other": b"\x81\xa1a" * (MIB // 4),
    "a huge list": _claims(b"\xdd"),
    "a huge map": _claims(b"\xdf"),
    "a huge text": _claims(b"\xdb"),
    "a huge binary": _claims(b"\xc6"),
    "a huge extension": _claims(b"\xc9") + b"\x01",
    "a list as long as the frame, in each other": b"\xdd\x00\x0f\x00\x00" * 260 + _PADDED[:-1300],
    "more items than half of its bytes": b"\xdd" + (MIB - 200).to_bytes(4, "big") + _PADDED[:-100],
    "many small maps": b"\xdd\x00\x01\x80\x00" + b"\x8f" * 65_000,
    "extension 5": b"\x81\xa4type\xd4\x05\x00",
    "a typed array of an unknown kind": b"\x81\xa4type\xd5\x01qx",
    "a typed array of three bytes of a double": b"\x81\xa4type\xc7\x04\x01dabc",
    "a typed array of nothing": b"\x81\xa4type\xc7\x00\x01",
    "a timestamp": b"\x81\xa4type\xd6\xff\x00\x00\x00\x00",
    "a long timestamp": b"\x81\xa4type\xc7\x0c\xff" + bytes(12),
    "a key that is a number": b"\x82\x01\x02\xa4type\xa4pong",
    "a key that is nil": b"\x82\xc0\x02\xa4type\xa4pong",
    "a key that is a binary": b"\x82\xc4\x01a\x02\xa4type\xa4pong",
    "text that is no UTF-8": b"\x82\xa4type\xa4pong\xa1\xff\x01",
    "a surrogate": b"\x81\xa4type\xa3\xed\xa0\x80",
    "NUL in two bytes": b"\x81\xa4type\xa2\xc0\x80",
    **{f"bad vector: {case['name']}": bytes.fromhex(case["hex"]) for case in load("bad.json")},
}
"""Frames that are no map with text keys."""

_BELOW = 2**53
_NUMBERS: dict[str, Any] = {
    "NaN": float("nan"), "infinity": float("inf"), "a fraction": 1.5, "a whole float": 1.0, "true": True, "a text": "1",
    "negative": -1, "2^53": _BELOW, "2^63": 2**63, "2^64 - 1": 2**64 - 1, "nil": None, "a list": [1],
}  # fmt: skip
NO_MESSAGE = {
    **{f"q is {name}": call(q=value) for name, value in _NUMBERS.items()},
    **{f"id is {name}": call(id=value) for name, value in _NUMBERS.items()},
    **{f"have is {name}": codec.pack({"type": "ack", "have": value}) for name, value in _NUMBERS.items()},
    "no type": codec.pack({"q": 1}),
    "a hostile type": codec.pack({"type": FORGED}),
    "a type that is a list": codec.pack({"type": [FORGED] * 1000}),
    "a message of the server": codec.pack({"type": "ping"}),
    "a hostile field": call(**{FORGED: 1}),
    "a hundred thousand fields": codec.pack({"type": "pong", **{f"{n:x}": None for n in range(100_000)}}),
    "a field too few": codec.pack({"type": "cancel", "q": 1}),
    "inputs that are a map": call(inputs={"0": 1}),
    "inputs that are a typed array": b"\x87" + call()[1:].replace(b"inputs\x91\x01", b"inputs\xd4\x01b"),
    "state that is nil": call(state=None),
    "a callback without a name": call(callback=""),
    "a callback's name of 33 kB": call(callback="x" * 33_000),
    "triggers that are numbers": call(trigger=[1] * 90_000),
    "too many triggers": call(trigger=["a"] * 100_001),
    "a trigger of 2 kB": call(trigger=["x" * 2000]),
    "ids that are numbers": call(ids=[[[1] * 90_000], [], []]),
    "two lists of ids": call(ids=[[], []]),
    "visible is 1": codec.pack({"type": "visible", "visible": 1}),
    "an error that is a list": codec.pack({"type": "prop_value", "id": 1, "error": [FORGED]}),
    "a problem of 9 kB": codec.pack(
        {"type": "problem", "code": "x", "component": "", "prop": "", "message": "x" * 9000}
    ),
    "a chunk of nothing": chunk(b""),
    "a chunk of text": codec.pack({"type": "chunk", "data": "text", "last": True}),
    "a chunk in a chunk": chunk(chunk(call(), last=True), last=True),
    "chunks that are no message": chunk(b"\xc1", last=True),
}
"""Maps that are no message of a page."""

NO_HELLO = {
    **{f"{codec.unpack(frame, codec.ANY_SERVER)['type']} {n}": frame for n, frame in enumerate(GOLDEN[2:])},
    "n is text": codec.pack({**HELLO, "n": "1"}),
    "a place with more": codec.pack({**HELLO, "page": {"path": "/", "query": "", FORGED: 1}}),
    "a place with much more": codec.pack({**HELLO, "page": {f"{n:x}": None for n in range(100_000)}}),
    "a path of 9 kB": codec.pack({**HELLO, "page": {"path": "x" * 9000, "query": ""}}),
    "topics without end": codec.pack({**HELLO, "topics": ["a"] * 1001}),
    "a session without a name": codec.pack({**HELLO, "session": ""}),
    "a long token": codec.pack({**HELLO, "token": "x" * 257}),
    "a chunk of it": codec.chunks(hello, 64)[0],
}
"""What is no hello, though some of it is a message."""

_DOUBLE_KEY = b"\x83\xa4type\xa3ack\xa4have\x01\xa4have\x00"


def outcomes(runs: str, holds: str) -> dict[str, tuple[list[bytes], str]]:
    """What ends no connection: frames, and the outcomes that come. `runs` is a callback that ends, `holds` one that
    does not. The last call of each is answered, which shows that the connection lives."""
    last = call(q=2, id=99)
    fine = "rejected unknown_callback"
    whole = codec.chunks(call(inputs=["x" * 3000]), 1500)
    other = codec.pack({"type": "visible", "visible": True})
    return {
        "an unknown callback": ([call()], fine),
        "a hostile callback": ([call(callback=FORGED)], fine),
        "a callback's name of 32 kB": ([call(callback="x" * 32_000)], fine),
        "too few inputs": ([call(callback=runs, inputs=[])], "rejected wrong_arguments"),
        "too many inputs": ([call(callback=runs, inputs=[1, 2])], "rejected wrong_arguments"),
        "a hundred thousand inputs": ([call(callback=runs, inputs=[1] * 100_000)], "rejected wrong_arguments"),
        "a state that it does not have": ([call(callback=runs, state=[1])], "rejected wrong_arguments"),
        "an input as a state": ([call(callback=runs, inputs=[], state=[1])], "rejected wrong_arguments"),
        "a trigger that is no input": ([call(callback=runs, trigger=["out.children", FORGED])], "ok"),
        "a trigger without a dot": ([call(callback=runs, trigger=["nothing"])], "ok"),
        "an input that is no number": ([call(callback=runs, inputs=[float("nan")])], "ok"),
        "an input that is infinite": ([call(callback=runs, inputs=[[float("inf"), 1e308]])], "ok"),
        "an input of 64 bits": ([call(callback=runs, inputs=[[2**64 - 1, -(2**63)]])], "ok"),
        "a key that stands twice": ([_DOUBLE_KEY, call()], fine),
        "a message that was heard already": ([call(), call(id=2), call(id=2, callback=runs), last], f"{fine}, {fine}"),
        "an id that is used": ([call(callback=holds), call(q=2, callback=runs), call(q=3, id=99)], fine),
        "a second hello": ([hello, codec.pack({**HELLO, "n": 0, "session": FORGED, "token": "x"}), call()], fine),
        "a cancel of nobody": ([codec.pack({"type": "cancel", "q": 1, "id": 7}), last], fine),
        "an answer that nobody asked": ([codec.pack({"type": "prop_value", "id": 7, "value": 1}), call()], fine),
        "an acknowledgement of the future": ([codec.pack({"type": "ack", "have": _BELOW - 1}), call()], fine),
        "a pong that nobody asked": ([codec.pack({"type": "pong"}), call()], fine),
        "hostile problems": ([*[_problem()] * 30, call()], fine),
        "chunks between which other messages stand": ([whole[0], other, whole[1], other, *whole[2:]], fine),
        "too many calls": ([call(q=n, id=n, callback=holds) for n in range(1, 66)], "rejected too_many_calls"),
    }


def _problem() -> bytes:
    said = {"code": "not_on_page" + FORGED, "component": FORGED * 300, "prop": FORGED, "message": FORGED * 300}
    return codec.pack({"type": "problem", **said})


def endless() -> dict[str, tuple[Iterable[bytes], str]]:
    """What does not end by itself, and the code that ends it."""
    return {
        "chunks without a last": (itertools.repeat(chunk(bytes(60 * KIB))), "closed 4513"),
        "chunks of a byte": (itertools.repeat(chunk(b"x")), "closed 4529"),
        "too many messages": (itertools.repeat(codec.pack({"type": "visible", "visible": True})), "closed 4529"),
        "pongs": (itertools.repeat(codec.pack({"type": "pong"})), "closed 4529"),
        "hellos": (itertools.repeat(hello), "closed 4529"),
        "problems": (itertools.repeat(_problem()), "closed 4529"),
    }


TOO_BIG: dict[str, Iterable[bytes]] = {
    "a message of 2 MiB": [call(inputs=["x" * 2 * MIB])],
    "a byte too much": [call(inputs=[bytes(MIB)])],
    "two MiB of lists": [b"\x91" * 2 * MIB],
    "15 MiB of zeros": [bytes(15 * MIB)],
    "chunks of more than a MiB": [chunk(bytes(MIB // 2)), chunk(bytes(MIB // 2)), chunk(b"xx", last=True)],
}
GAPS = {
    "a gap": call(q=2),
    "a gap of all": call(q=_BELOW - 1),
    "a cancel after a gap": codec.pack({"type": "cancel", "q": 9, "id": 1}),
}
