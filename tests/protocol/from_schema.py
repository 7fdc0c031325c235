"""Messages out of the JSON Schema of the protocol, and the schema as a judge that knows nothing of our code.

`messages()` makes valid ones, `mutated()` breaks them, `conforms()` says whether a value is a message of a page.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from wscb.protocol.schema import schema

DEFINITIONS: dict[str, Any] = schema()["$defs"]
PAGE = DEFINITIONS["PageMessage"]
KINDS: dict[str, Any] = {
    kind: DEFINITIONS[reference.rpartition("/")[2]] for kind, reference in PAGE["discriminator"]["mapping"].items()
}

FORGED = "\n\r\x1b[31mFORGED\x00\x9b\u202e\u2028\x85"
"""What must never stand in a log as it is."""

# ------------------------------------------------------------------------------------------------------- the judge


def conforms(value: Any, of: dict[str, Any] = PAGE) -> bool:
    """Whether the schema `of` allows the value. An optional field that is nil counts as left out."""
    if "$ref" in of:
        return conforms(value, DEFINITIONS[of["$ref"].rpartition("/")[2]])
    if "discriminator" in of:
        kind = value.get("type") if type(value) is dict else None
        return type(kind) is str and kind in KINDS and conforms(value, KINDS[kind])
    if "anyOf" in of:
        return any(conforms(value, each) for each in of["anyOf"])
    if of.get("x-binary"):
        return type(value) is bytes and len(value) >= of.get("minLength", 0)
    judge = _JUDGES.get(of.get("type", ""))
    return judge is None or judge(value, of)


def _object(value: Any, of: dict[str, Any]) -> bool:
    if type(value) is not dict or not value.keys() <= of["properties"].keys():
        return False
    required = of["required"]
    return all(name in value for name in required) and all(
        (item is None and name not in required) or conforms(item, of["properties"][name])
        for name, item in value.items()
    )


def _array(value: Any, of: dict[str, Any]) -> bool:
    if type(value) is not list or not of.get("minItems", 0) <= len(value) <= of.get("maxItems", len(value)):
        return False
    kinds = of.get("prefixItems") or [of["items"]] * len(value)
    return all(conforms(item, kind) for item, kind in zip(value, kinds, strict=True))


def _string(value: Any, of: dict[str, Any]) -> bool:
    if type(value) is not str or value != of.get("const", value):
        return False
    return of.get("minLength", 0) <= len(value) <= of.get("maxLength", len(value))


_JUDGES: dict[str, Callable[[Any, dict[str, Any]], bool]] = {
    "object": _object,
    "array": _array,
    "string": _string,
    "integer": lambda value, of: type(value) is int and of["minimum"] <= value <= of["maximum"],
    "boolean": lambda value, _: type(value) is bool,
    "null": lambda value, _: value is None,
}

# ------------------------------------------------------------------------------------------------------ the makers

TEXTS = st.text(max_size=12) | st.sampled_from([FORGED, "", "x" * 2000, "out.children|run.n_clicks", "run.n_clicks"])
INTEGERS = st.sampled_from([0, 1, 2, 3, 4, 255, 2**32, 2**53 - 1]) | st.integers(0, 2**53 - 1)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | TEXTS | st.binary(max_size=12)
    | st.lists(st.floats(), max_size=4).map(lambda items: array("d", items)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=6,
)  # fmt: skip
"""Whatever a frame can hold."""
CORNERS: list[Any] = [
    None, True, -1, 0.0, 1.5, float("nan"), float("inf"), -(2**63), 2**53, 2**64 - 1, 1e308,
    "", "1", FORGED, "x" * 9000, b"", b"1", [], [None], [FORGED], {}, {"type": "pong"}, array("d", [1.0]), array("b"),
]  # fmt: skip
"""One of each kind, and just beyond each bound."""


def valid(of: dict[str, Any] = PAGE) -> st.SearchStrategy[Any]:
    """Values that the schema `of` allows."""
    if "$ref" in of:
        return valid(DEFINITIONS[of["$ref"].rpartition("/")[2]])
    if "discriminator" in of or "anyOf" in of:
        return st.one_of([valid(each) for each in of.get("oneOf", of.get("anyOf"))])
    if of.get("x-binary"):
        return st.binary(min_size=of.get("minLength", 0), max_size=40)
    return _MAKERS.get(of.get("type", ""), lambda _: VALUES)(of)


def _texts(of: dict[str, Any]) -> st.SearchStrategy[Any]:
    if "const" in of:
        return st.just(of["const"])
    return TEXTS.filter(lambda text: of.get("minLength", 0) <= len(text) <= of.get("maxLength", 9000))


def _arrays(of: dict[str, Any]) -> st.SearchStrategy[Any]:
    if "prefixItems" in of:
        return st.tuples(*map(valid, of["prefixItems"])).map(list)
    return st.lists(valid(of["items"]), max_size=3)


_MAKERS: dict[str, Callable[[dict[str, Any]], st.SearchStrategy[Any]]] = {
    "object": lambda of: st.fixed_dictionaries(
        {name: valid(of["properties"][name]) for name in of["required"]},
        optional={name: valid(item) for name, item in of["properties"].items() if name not in of["required"]},
    ),
    "array": _arrays,
    "string": _texts,
    "integer": lambda of: INTEGERS,
    "boolean": lambda _: st.booleans(),
    "null": lambda _: st.none(),
}


@st.composite
def mutated(draw: st.DrawFn, messages: st.SearchStrategy[Any]) -> Any:
    """A message with a field dropped, added or of another kind, out of its bounds or nested; perhaps still valid."""
    message = dict(draw(messages))
    for _ in range(draw(st.integers(1, 2))):
        where = message
        if draw(st.booleans()) and isinstance(message.get("page"), dict):
            where = message["page"] = dict(message["page"])
        name = draw(st.sampled_from(sorted(where))) if where else "type"
        match draw(st.integers(0, 4)):
            case 0:
                where.pop(name, None)
            case 1:
                where[draw(TEXTS)] = draw(VALUES)
            case 2:
                where[name] = draw(st.sampled_from(CORNERS))
            case 3:
                where[name] = draw(VALUES)
            case _:
                where[name] = [where.get(name)]
    return message


@st.composite
def broken(draw: st.DrawFn, frames: st.SearchStrategy[bytes]) -> bytes:
    """A frame with bytes cut off, changed, put in or said again."""
    frame = bytearray(draw(frames))
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(frame)))
        match draw(st.integers(0, 3)):
            case 0:
                del frame[at:]
            case 1:
                frame[at : at + draw(st.integers(0, 4))] = draw(st.binary(max_size=4))
            case 2:
                frame[at : at + 1] = bytes([draw(st.integers(0x80, 0xDF))])  # the heads of what is not a small number
            case _:
                frame[at:at] = frame[: draw(st.integers(0, 40))]
    return bytes(frame)
