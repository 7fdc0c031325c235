"""Bytes to messages and messages to bytes. The only module that names msgpack.

Out: a value is packed once, in the thread that sets it. Changes, outcomes and tasks are kept packed, and a delta is
spliced from them, so that what many pages get is encoded once. In: nothing is allocated for what a frame claims, only
for what it has; then pydantic checks the message.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from functools import lru_cache
from typing import Any, TypeAlias, cast

import msgpack  # type: ignore[import-untyped]
from pydantic import TypeAdapter, ValidationError

from wscb.errors import BadMessage, CannotEncode, MessageTooBig
from wscb.protocol import scan
from wscb.protocol.arrays import EXTENSION, from_wire
from wscb.protocol.limits import MAX_FRAME_DEPTH, MIB, WireLimits
from wscb.protocol.messages import (
    PAGE_MESSAGES,
    SERVER_MESSAGES,
    Chunk,
    Delta,
    Detail,
    Invoke,
    PageMessage,
    PropValue,
    ServerMessage,
)
from wscb.protocol.operations import Operation
from wscb.protocol.values import Typed, Unplain, plain

ANY_SERVER = WireLimits(
    frame=1024 * MIB, text=1024 * MIB, binary=1024 * MIB, array=2**30, map=2**30, depth=MAX_FRAME_DEPTH, nodes=2**30
)
"""For one who reads a server that is trusted: a test, a load generator."""

_scalar = msgpack.Packer().pack  # a third of packb's time; only for exact str, int, bool: no code of others runs inside
_number: Callable[[int], bytes] = _scalar  # of our own counts and of ids that were checked
_SCALARS = frozenset({str, int, float, bool, type(None)})


# --------------------------------------------------------------------------------------------------------- values


def pack(value: Any, *, component: str = "", prop: str = "") -> bytes:
    """A user's value by the rules of values.py. Raises CannotEncode, which names component, prop and the path in the
    value, and is raised also for integers beyond 64 bits and for text that is no Unicode."""
    if type(value) in _SCALARS:
        try:
            return cast(bytes, _scalar(value))
        except (OverflowError, ValueError):
            pass  # packed again below, to say why
    try:
        try:
            return _packb(plain(value))
        except (OverflowError, ValueError):
            raise _unpackable(plain(value)) from None
        except RecursionError:
            raise Unplain("is nested too deep, or contains itself") from None
    except Unplain as error:
        path = "".join(f"[{key!r}]" for key in reversed(error.path))
        what = f"prop {prop!r} of component {component!r}" if component or prop else "this value"
        where = path if len(path) <= 200 else f"{path[:80]}...{path[-80:]}"
        raise CannotEncode(f"Cannot send {what}: {where or 'it'} {error}.", path=path) from None


def _packb(value: Any) -> bytes:
    return cast(bytes, msgpack.packb(value, default=_extension))


def _extension(value: object) -> msgpack.ExtType:
    """What msgpack asks when it cannot pack `value`: a typed array, or an integer that is too long."""
    if isinstance(value, Typed):
        return msgpack.ExtType(EXTENSION, value.payload)
    raise OverflowError


def _unpackable(value: Any) -> Unplain:
    """Why msgpack refuses a plain value, with the path to what it refuses."""
    if isinstance(value, int):
        return Unplain(
            f"is an integer of {value.bit_length()} bits; only 64-bit integers travel, send a float or a text"
        )
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, (list, tuple)) else ()
    )
    for key, item in children:
        if not _is_packable(key):
            break
        if not _is_packable(item):
            error = _unpackable(item)
            error.path.append(key)
            return error
    return Unplain("is, or has as a key, a text with a lone surrogate, which is no Unicode; encode it another way")


def _is_packable(value: Any) -> bool:
    try:
        _packb(value)
    except (OverflowError, ValueError):
        return False
    return True


def _array(_: int, payload: bytes) -> array[Any]:
    return from_wire(payload)  # the scan has let no other extension through


ArrayHook: TypeAlias = Callable[[int, bytes], "array[Any]"]


def unpack(data: bytes, limits: WireLimits, hook: ArrayHook = _array) -> Any:
    """The value in `data`. Raises BadMessage, whose text is short, printable and says where in the frame."""
    if len(data) > limits.frame:
        raise MessageTooBig(f"{len(data)} bytes, and no more than {limits.frame} are taken")
    scan.check(data, limits)
    try:
        return msgpack.unpackb(data, ext_hook=hook)
    except (ValueError, RecursionError) as error:  # msgpack's own errors are ValueErrors, and so is NotAnArray
        raise BadMessage(printable(f"not msgpack: {type(error).__name__} {error}")) from None


def printable(text: str, length: int = 120) -> str:
    """Text of others as printable ASCII that fits into a close reason, which has room for 123 bytes."""
    escaped = text.encode("unicode_escape", "backslashreplace").decode("ascii")
    return escaped if len(escaped) <= length else escaped[: length - 3] + "..."


# ------------------------------------------------------------------------------------------------------- messages


def _readers(kinds: Sequence[Any]) -> dict[str, Any]:
    """By type: the names of its fields, and what checks them."""
    return {_defaults(kind)["type"]: (_defaults(kind), TypeAdapter(kind).validator.validate_python) for kind in kinds}


@lru_cache
def _defaults(kind: Any) -> dict[str, Any]:
    """The fields of a message in their order, each with its default."""
    return {field.name: field.default for field in fields(kind)}


_read_page = _readers(PAGE_MESSAGES)
_read_server = _readers(SERVER_MESSAGES)


def decode_page(data: bytes, limits: WireLimits) -> PageMessage:
    """A message from a page. Raises BadMessage; MessageTooBig when the frame is longer than the limit."""
    return cast(PageMessage, _decode(unpack(data, limits), _read_page))


def from_page(data: bytes, limits: WireLimits) -> PageMessage:
    """As `decode_page`, for who reads the values: with lists for the arrays in them.

    What a callback set comes back as the same kind of thing, whether it was a list, a Series or an array.
    """
    found: list[array[Any]] = []

    def note(_: int, payload: bytes) -> array[Any]:
        found.append(from_wire(payload))
        return found[-1]

    message = cast(PageMessage, _decode(unpack(data, limits, note), _read_page))
    if found and isinstance(message, Invoke):
        return replace(message, inputs=_lists(message.inputs), state=_lists(message.state))
    if found and isinstance(message, PropValue):
        return replace(message, value=_lists(message.value))
    return message


def _lists(value: Any) -> Any:
    """The array as a list; a dict or list changed in place, without arrays."""
    if isinstance(value, array):
        return value.tolist()
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(item, (array, dict, list)):
            value[key] = _lists(item)
    return value


def decode_server(data: bytes, limits: WireLimits = ANY_SERVER) -> ServerMessage:
    """A message from a server. Raises BadMessage."""
    return cast(ServerMessage, _decode(unpack(data, limits), _read_server))


def _decode(found: Any, readers: dict[str, Any]) -> object:
    if type(found) is not dict:
        raise BadMessage(f"a frame is a map, not a {type(found).__name__}")
    kind = found.get("type")
    if type(kind) is not str or kind not in readers:
        raise BadMessage(printable(f"unknown message type {kind!r}"[:200]))
    names, read = readers[kind]
    if len(found) > len(names):  # pydantic would report each of a hundred thousand
        extra = next(name for name in found if name not in names)
        raise BadMessage(printable(f"{kind}.{extra[:60]}: unknown field"))
    try:
        return cast(object, read(found))
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))[:60]
        raise BadMessage(printable(f"{kind}.{where}: {first['msg']}")) from None


def encode(message: Any) -> bytes:
    """Any message. Fields that have their default are left out; but an answer without an error has its value."""
    kind: Any = type(message)
    if kind is Delta:
        return _encode_delta(message)
    found = {"type": message.type}
    for name, default in _defaults(kind).items():
        value = getattr(message, name)
        if value is not default or (name == "value" and message.error is None):
            found[name] = value
    return pack(found)


def _encode_delta(message: Delta) -> bytes:
    changes = [pack(change) for change in message.changes]
    outcomes = [outcome(id_, how, *map(_given, detail)) for id_, how, *detail in message.outcomes]
    tasks = [task(callback, state, *map(_given, detail)) for callback, state, *detail in message.tasks]
    return delta(message.to, message.cq, changes, outcomes, tasks, message.ack)


def _given(detail: Any) -> dict[str, Any]:
    return {name: getattr(detail, name) for name in _defaults(cast(Any, Detail)) if getattr(detail, name) is not None}


# ---------------------------------------------------------------------------------------------- the parts of a delta


@lru_cache(maxsize=4096)
def _subject(kind: str, component: str, prop: str) -> bytes:
    return pack(kind) + pack(component) + pack(prop)


def change_set(component: str, prop: str, value: Any) -> bytes:
    """`["set", component, prop, value]`. Raises CannotEncode."""
    return b"\x94" + _subject("set", component, prop) + pack(value, component=component, prop=prop)


def with_cq(change: bytes, cq: int) -> bytes:
    """A packed set with `cq` as its fifth item."""
    return b"\x95" + change[1:] + _number(cq)


def change_op(component: str, prop: str, operation: Operation) -> bytes:
    """`["op", component, prop, [name, path, value?, maxlen?]]`. Raises CannotEncode."""
    return b"\x94" + _subject("op", component, prop) + pack(operation.wire(), component=component, prop=prop)


def outcome(call: int, how: str, detail: Mapping[str, Any] | None = None) -> bytes:
    """`[id, how]`, and the detail when there is one. Raises CannotEncode."""
    if detail:
        return pack([call, how, dict(detail)])
    return b"\x92" + _number(call) + _word(how)


@lru_cache
def _word(text: str) -> bytes:
    return pack(text)


def task(callback: str, state: str, detail: Mapping[str, Any] | None = None) -> bytes:
    """`[callback, state]`, and the detail when there is one. Raises CannotEncode."""
    return pack([callback, state, dict(detail)] if detail else [callback, state])


_TO = pack("type") + pack("delta") + pack("to")
_CQ = pack("cq")
_CHANGES, _OUTCOMES, _TASKS = pack("changes"), pack("outcomes"), pack("tasks")
_ACK = pack("ack") + pack(True)


def delta(
    to: int,
    cq: int,
    changes: Sequence[bytes] = (),
    outcomes: Sequence[bytes] = (),
    tasks: Sequence[bytes] = (),
    ack: bool = False,
) -> bytes:
    """A delta frame, spliced from parts that the functions above have packed."""
    frame = [b"", _TO, _number(to), _CQ, _number(cq)]
    size = 0x83
    for name, parts in ((_CHANGES, changes), (_OUTCOMES, outcomes), (_TASKS, tasks)):
        if parts:
            frame += (name, _array_head(len(parts)))
            frame += parts
            size += 1
    if ack:
        frame.append(_ACK)
        size += 1
    frame[0] = bytes((size,))
    return b"".join(frame)


def _array_head(length: int) -> bytes:
    if length < 16:
        return bytes((0x90 | length,))
    return b"\xdc" + length.to_bytes(2, "big") if length < 65536 else b"\xdd" + length.to_bytes(4, "big")


# --------------------------------------------------------------------------------------------------------- chunks

_CHUNK_OVERHEAD = 32  # what a chunk message is more than its data, at most


def chunks(frame: bytes, size: int) -> list[bytes]:
    """A frame as packed chunk messages of at most `size` bytes each."""
    step = size - _CHUNK_OVERHEAD
    starts = range(0, len(frame), step)
    return [encode(Chunk(data=frame[at : at + step], last=at + step >= len(frame))) for at in starts]


class Joiner:
    """Puts the chunks of one connection together again; holds no more than `limit` bytes."""

    __slots__ = ("_limit", "_parts", "_size")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._parts: list[bytes] = []
        self._size = 0

    def feed(self, chunk: Chunk) -> bytes | None:
        """The whole frame after its last chunk, None before. Raises MessageTooBig as soon as it is sure."""
        self._size += len(chunk.data)
        if self._size > self._limit:
            raise MessageTooBig(f"chunks of more than {self._limit} bytes together")
        self._parts.append(chunk.data)
        if not chunk.last:
            return None
        frame = b"".join(self._parts)
        self._parts, self._size = [], 0
        return frame
