"""Writes the golden frames: `python tests/vectors/make.py`; with `--check` it fails when a file is not what it writes.

The hex of what must be accepted comes from the codec, once, and is then held to by both ends: a change of a committed
frame is a change of the protocol.
"""

from __future__ import annotations

import json
import sys
from array import array
from collections.abc import Callable
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
sys.path[:0] = [str(FOLDER), str(FOLDER.parent / "protocol"), str(FOLDER.parent.parent)]

from pattern_cases import patterns  # noqa: E402
from vectors import tag  # noqa: E402

from wscb.errors import InvalidPatch  # noqa: E402
from wscb.protocol import codec, messages  # noqa: E402
from wscb.protocol.operations import Operation, apply  # noqa: E402

NAN, INF = float("nan"), float("inf")


def _deep(levels: int) -> Any:
    value: Any = "bottom"
    for level in range(levels):
        value = [value] if level % 2 else {"in": value}
    return value


VALUES: dict[str, Any] = {
    "nil": None,
    "false": False,
    "true": True,
    "zero": 0,
    "fixint": 127,
    "uint8": 128,
    "uint8, largest": 255,
    "uint16": 256,
    "uint16, largest": 65535,
    "uint32": 65536,
    "uint32, largest": 2**32 - 1,
    "uint64, a date in milliseconds": 1_795_000_000_000,
    "2^53 - 1": 2**53 - 1,
    "2^53": 2**53,
    "2^53 + 1": 2**53 + 1,
    "2^63 - 1": 2**63 - 1,
    "2^63": 2**63,
    "2^64 - 1": 2**64 - 1,
    "negative fixint": -32,
    "int8": -33,
    "int8, smallest": -128,
    "int16": -129,
    "int16, smallest": -32768,
    "int32": -32769,
    "int32, smallest": -(2**31),
    "int64": -(2**31) - 1,
    "-(2^53 - 1)": -(2**53) + 1,
    "-(2^53)": -(2**53),
    "-(2^53 + 1)": -(2**53) - 1,
    "-(2^63)": -(2**63),
    "float": 0.1,
    "float, whole": 1.0,
    "float, zero": 0.0,
    "float, negative zero": -0.0,
    "float, smallest": 5e-324,
    "float, largest": 1.7976931348623157e308,
    "not a number": NAN,
    "infinity": INF,
    "negative infinity": -INF,
    "numbers that are none, in a list": [NAN, INF, -INF],
    "text, empty": "",
    "text, 31 bytes": "a" * 31,
    "text, 32 bytes": "a" * 32,
    "text, 255 bytes": "b" * 255,
    "text, 256 bytes": "c" * 256,
    "text, two and three bytes a character": "Zürich 東京 €",
    "text, beyond the basic plane": "😀 🛰 𐍈𠜎 👩‍👩‍👧",
    "text, with a byte order mark": "\ufeffmark",
    "text, with controls": "\x00\t\n\x1f\x7f\u2028",
    "binary, empty": b"",
    "binary, 255 bytes": bytes(range(255)),
    "binary, 256 bytes": bytes(range(256)),
    "binary, 65536 bytes": bytes(range(256)) * 256,
    "list, empty": [],
    "list, 15 items": list(range(15)),
    "list, 16 items": list(range(16)),
    "map, empty": {},
    "map, 15 keys": {f"k{n}": n for n in range(15)},
    "map, 16 keys": {f"k{n}": n for n in range(16)},
    "map, odd keys": {"": 1, "a.b": 2, "ключ": 3, "__proto__": {"polluted": True}, "constructor": 4, "0": 5},
    "deep": _deep(200),
    "a component": {"type": "Div", "namespace": "wscb_html", "props": {"id": "x", "children": ["a", None, 1]}},
    "array, empty": array("d"),
    "array b": array("b", [-128, 0, 127]),
    "array B": array("B", [0, 1, 255]),
    "array h": array("h", [-32768, 0, 32767]),
    "array H": array("H", [0, 1, 65535]),
    "array i": array("i", [-(2**31), 0, 2**31 - 1]),
    "array I": array("I", [0, 1, 2**32 - 1]),
    "array f": array("f", [0.5, NAN, -INF]),
    "array d": array("d", [0.1, NAN, INF, -INF, 1e300]),
    "array d, one item": array("d", [1.5]),
    "array B, 15 items": array("B", range(15)),
    "array, 255 bytes with its letter": array("B", range(254)),
    "array, not aligned in the frame": {"a": array("B", [1]), "b": array("d", [1.25, 2.5]), "c": array("H", [9])},
}

BAD: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "no value"),
    "cut number": (bytes.fromhex("cb3ff0"), "a float of three bytes"),
    "cut text": (bytes.fromhex("a56162"), "five bytes of text announced"),
    "cut text length": (bytes.fromhex("da01"), "half of a length"),
    "cut list": (bytes.fromhex("9301"), "three items announced"),
    "cut map": (bytes.fromhex("81a161"), "a key without its value"),
    "cut binary": (bytes.fromhex("c4050102"), "five bytes announced"),
    "cut extension": (bytes.fromhex("c7090164"), "eight bytes announced"),
    "bytes after the value": (bytes.fromhex("c0c0"), "two values in one frame"),
    "the unused byte": (bytes.fromhex("c1"), "0xc1 is nothing in msgpack"),
    "text that is no UTF-8": (bytes.fromhex("a2c328"), "a cut sequence"),
    "text with a surrogate": (bytes.fromhex("a3eda080"), "UTF-8 has no surrogates"),
    "text in an overlong form": (bytes.fromhex("a2c080"), "NUL in two bytes"),
    "a key that is a number": (bytes.fromhex("8101c0"), "keys are texts"),
    "a key that is nil": (bytes.fromhex("81c0c0"), "keys are texts"),
    "a key that is a binary": (bytes.fromhex("81c40161c0"), "keys are texts"),
    "a key that is a list": (bytes.fromhex("8190c0"), "keys are texts"),
    "an unknown extension": (bytes.fromhex("d40500"), "there is extension 1 only"),
    "a timestamp": (bytes.fromhex("d6ff00000000"), "msgpack's own extension -1 is not used"),
    "an array of an unknown dtype": (bytes.fromhex("c709016c0000000000000000"), "no dtype 'l'"),
    "an array without a dtype": (bytes.fromhex("c70001"), "no letter"),
    "an array cut within an item": (bytes.fromhex("c70401640000 00".replace(" ", "")), "three bytes are no float64"),
    "a huge list": (bytes.fromhex("ddffffffff"), "four thousand million items in no bytes"),
    "a huge map": (bytes.fromhex("dfffffffff"), "four thousand million pairs in no bytes"),
    "a huge text": (bytes.fromhex("dbffffffff"), "four gigabytes in no bytes"),
    "a huge binary": (bytes.fromhex("c6ffffffff"), "four gigabytes in no bytes"),
    "a huge extension": (bytes.fromhex("c9ffffffff01"), "four gigabytes in no bytes"),
    "huge lists in each other": (bytes.fromhex("dd00100000") * 2000, "each a million items"),
    "too deep": (b"\x91" * 400 + b"\xc0", "400 levels"),
    "far too deep": (b"\x91" * 20_000 + b"\xc0", "twenty thousand levels"),
}

MESSAGES: dict[str, Any] = {
    "hello of a new page": messages.Hello(
        n=1, build="b1", page=messages.Location(path="/", query=""), visible=True, have=0
    ),
    "hello of a page that comes back": messages.Hello(
        n=3, build="b1", page=messages.Location(path="/a", query="?x=1"), visible=False, have=17,
        topics=["orders"], session="s" * 43, token="t" * 43,
    ),
    "invoke": messages.Invoke(
        q=1, id=1, callback="out.children|run.n_clicks", inputs=[3], state=["abc", None], trigger=["run.n_clicks"]
    ),
    "invoke, the initial call": messages.Invoke(q=2, id=2, callback="c", inputs=[None], state=[], trigger=[]),
    "invoke with an array": messages.Invoke(
        q=3, id=3, callback="c", inputs=[array("d", [1.5, NAN])], state=[b"\x00"], trigger=["a.data", "b.data"]
    ),
    "invoke of a callback with patterns": messages.Invoke(
        q=4, id=4, callback="c", inputs=[["a", "b"], 1], state=[], trigger=['{"i":1}.value'],
        ids=(['{"i":1}'], [['{"i":1}', '{"i":2}'], None], []),
    ),
    "cancel": messages.Cancel(q=4, id=3),
    "prop_value": messages.PropValue(id=7, value="typed"),
    "prop_value, None": messages.PropValue(id=7),
    "prop_value, not on the page": messages.PropValue(id=7, error="not_on_page"),
    "ack": messages.Ack(have=17),
    "visible": messages.Visible(visible=False),
    "problem": messages.Problem(code="no_such_path", component="table", prop="rows", message="there is no key 'x'"),
    "pong": messages.Pong(),
    "bye": messages.Bye(),
    "chunk": messages.Chunk(data=b"\x81\xa4type", last=False),
    "chunk, the last": messages.Chunk(data=b"\xa3bye", last=True),
    "welcome": messages.Welcome(
        session="s" * 43, token="t" * 43, attach=1, mode="new", cq=0,
        limits=messages.PageLimits(message=1_048_576, calls=64, rate=200), heartbeat=20_000,
    ),
    "delta of one text": messages.Delta(to=18, cq=4, changes=[("set", "clock", "children", "12:30:10")]),
    "delta of everything": messages.Delta(
        to=19, cq=4,
        changes=[
            ("set", "out", "children", ["a", 1]),
            ("set", "box", "value", "typed", 3),
            ("op", "log", "children", ("append", [], "line", 100)),
            ("op", "fig", "figure", ("assign", ["layout", "title"], "x")),
            ("op", "fig", "figure", ("delete", ["data", 0])),
            ("op", "chart", "data", ("extend", [1], array("d", [1.5]), 5000)),
            ("set", "box", "placeholder", None),
        ],
        outcomes=[(1, "ok"), (3, "error", messages.Detail(code="error", ref="a1b2", callback="c"))],
        tasks=[("clock.children", "running"), ("c", "failed", messages.Detail(ref="a1b3"))],
        ack=True,
    ),
    "delta that brings a cq": messages.Delta(to=19, cq=5),
    "get_prop": messages.GetProp(id=7, component="box", prop="value", at=19, left=30_000),
    "ping": messages.Ping(),
    "drain": messages.Drain(after=5_000),
    "error": messages.Error(code=4500, message="invoke.q: Field required", ref="a1b4"),
}  # fmt: skip

FIGURE = {"data": [{"x": [1, 2], "y": [3, 4]}], "layout": {"title": "t"}}
FLOATS = array("d", [1.0, 2.0, 3.0])
BYTES = array("B", [1, 2, 3])

PATCHES: list[tuple[str, Any, list[Any]]] = [
    ("assign the prop itself", 1, ["assign", [], {"a": 1}]),
    ("assign a key", {"a": 1}, ["assign", ["b"], 2]),
    ("assign within", FIGURE, ["assign", ["layout", "title"], "new"]),
    ("assign an item", [1, 2, 3], ["assign", [1], "x"]),
    ("assign an item from the end", [1, 2, 3], ["assign", [-1], "x"]),
    ("assign through lists and maps", FIGURE, ["assign", ["data", 0, "y", 1], 9]),
    ("assign makes the maps on its way", {"layout": {}}, ["assign", ["layout", "xaxis", "title", "text"], "t"]),
    ("assign makes a map of None", {"layout": None}, ["assign", ["layout", "title"], "t"]),
    ("assign makes the prop itself a map", None, ["assign", ["a", "b"], 1]),
    ("assign makes no list", {"a": None}, ["assign", ["a", 0], 1]),
    ("assign into no map", {"a": 1}, ["assign", ["a", "b"], 1]),
    ("assign past the end", [1], ["assign", [1], 2]),
    ("assign before the start", [1], ["assign", [-2], 2]),
    ("assign a text index", [1], ["assign", ["0"], 2]),
    ("assign a number key", {"0": 1}, ["assign", [0], 2]),
    ("assign an item of an array", FLOATS, ["assign", [0], 9.5]),
    ("assign a text into an array", FLOATS, ["assign", [0], "9"]),
    ("assign to __proto__", {}, ["assign", ["__proto__", "x"], 1]),
    ("assign to constructor", {}, ["assign", ["constructor"], 1]),
    ("assign to prototype", {"a": {}}, ["assign", ["a", "prototype"], 1]),
    ("delete a key", {"a": 1, "b": 2}, ["delete", ["a"]]),
    ("delete an item", [1, 2, 3], ["delete", [0]]),
    ("delete an item from the end", [1, 2, 3], ["delete", [-1]]),
    ("delete an item of an array", FLOATS, ["delete", [1]]),
    ("delete what is not there", {"a": 1}, ["delete", ["b"]]),
    ("delete past the end", [1], ["delete", [5]]),
    ("delete the prop itself", {"a": 1}, ["delete", []]),
    ("append", [1, 2], ["append", [], 3]),
    ("append None", [1], ["append", [], None]),
    ("append within", {"a": {"b": []}}, ["append", ["a", "b"], {"c": 1}]),
    ("append and drop", [1, 2, 3], ["append", [], 4, 3]),
    ("append and drop many", [1, 2, 3, 4, 5], ["append", [], 6, 2]),
    ("append with room left", [1, 2], ["append", [], 3, 5]),
    ("append with room for one more", [1, 2], ["append", [], 3, 4]),
    ("append and keep none", [1, 2], ["append", [], 3, 0]),
    ("append to an array", FLOATS, ["append", [], 4]),
    ("append to an array and drop", FLOATS, ["append", [], 4.5, 2]),
    ("append a text to an array", FLOATS, ["append", [], "4"]),
    ("append None to an array", FLOATS, ["append", [], None]),
    ("append what an array cannot hold", BYTES, ["append", [], 256]),
    ("append a fraction to whole numbers", BYTES, ["append", [], 1.5]),
    ("append a truth value to an array", BYTES, ["append", [], True]),
    ("append to a text", "ab", ["append", [], "c"]),
    ("append to nothing", None, ["append", [], 1]),
    ("append to a missing key", {}, ["append", ["a"], 1]),
    ("prepend", [1, 2], ["prepend", [], 0]),
    ("prepend to an array", FLOATS, ["prepend", [], 0]),
    ("insert", [1, 2, 3], ["insert", [], [1, "x"]]),
    ("insert at the end", [1, 2], ["insert", [], [2, "x"]]),
    ("insert past the end", [1, 2], ["insert", [], [9, "x"]]),
    ("insert from the end", [1, 2, 3], ["insert", [], [-1, "x"]]),
    ("insert before the start", [1, 2], ["insert", [], [-9, "x"]]),
    ("insert into an array", FLOATS, ["insert", [], [1, 1.5]]),
    ("insert without an index", [1], ["insert", [], "x"]),
    ("extend", [1], ["extend", [], [2, 3]]),
    ("extend by nothing", [1], ["extend", [], []]),
    ("extend and drop", [1, 2], ["extend", [], [3, 4], 3]),
    ("extend with room left", [1], ["extend", [], [2, 3], 5]),
    ("extend an array with room left", FLOATS, ["extend", [], array("d", [4.0]), 7]),
    ("extend by more than is kept", [1, 2], ["extend", [], [3, 4, 5], 2]),
    ("extend and keep none", [1, 2], ["extend", [], [3], 0]),
    ("extend an array by an array", FLOATS, ["extend", [], array("d", [4.0, NAN])]),
    ("extend an array by an array of another dtype", FLOATS, ["extend", [], BYTES, 4]),
    ("extend an array by a list", FLOATS, ["extend", [], [4, 5.5], 3]),
    ("extend a list by an array", [1], ["extend", [], FLOATS]),
    ("extend an array by texts", FLOATS, ["extend", [], ["4"]]),
    ("extend whole numbers by too large ones", BYTES, ["extend", [], [-1]]),
    ("extend by a text", ["a"], ["extend", [], "bc"]),
    ("extend within", {"data": [FLOATS, FLOATS]}, ["extend", ["data", 1], array("d", [9.0]), 3]),
    ("remove the first that equals", [1, 2, 1], ["remove", [], 1]),
    ("remove by value", [{"a": [1]}, {"a": [2]}], ["remove", [], {"a": [2]}]),
    ("remove what is not there", [1], ["remove", [], 2]),
    ("remove tells True from 1", [1, True], ["remove", [], True]),
    ("remove from an array", FLOATS, ["remove", [], 2]),
    ("remove from a map", {"a": 1}, ["remove", [], "a"]),
    ("clear a list", [1, 2], ["clear", []]),
    ("clear a map", {"a": 1}, ["clear", []]),
    ("clear an array", FLOATS, ["clear", []]),
    ("clear a text", "ab", ["clear", []]),
    ("reverse", [1, 2, 3], ["reverse", []]),
    ("reverse an array", FLOATS, ["reverse", []]),
    ("reverse a map", {"a": 1}, ["reverse", []]),
    ("add", {"n": 1}, ["add", ["n"], 2]),
    ("add fractions", 0.5, ["add", [], 0.25]),
    ("add texts", "ab", ["add", [], "cd"]),
    ("add to an item of an array", FLOATS, ["add", [0], 0.5]),
    ("add a number to a text", "ab", ["add", [], 1]),
    ("add a text to a number", 1, ["add", [], "ab"]),
    ("add lists", [1], ["add", [], [2]]),
    ("add a truth value", 1, ["add", [], True]),
    ("add to nothing", None, ["add", [], 1]),
    ("sub", 5, ["sub", [], 7]),
    ("sub texts", "ab", ["sub", [], "b"]),
    ("mul", 6, ["mul", [], 7]),
    ("truediv", 7, ["truediv", [], 2]),
    ("truediv by zero", 7, ["truediv", [], 0]),
    ("merge", {"a": 1, "b": {"c": 1}}, ["merge", [], {"b": {"d": 2}, "e": 3}]),
    ("merge within", {"a": {"b": 1}}, ["merge", ["a"], {"c": 2}]),
    ("merge into a list", [1], ["merge", [], {"a": 1}]),
    ("merge a list", {}, ["merge", [], [1]]),
    ("merge __proto__", {}, ["merge", [], {"__proto__": {"x": 1}}]),
    ("an unknown operation", 1, ["power", [], 2]),
    ("an operation that objects have", {}, ["toString", [], 1]),
]

CHILDREN: list[tuple[str, Any, list[Any]]] = [
    ("append to one text", "a", ["append", [], "b"]),
    ("append to one number", 0, ["append", [], "b"]),
    ("append to one component", {"props": {"id": "x"}}, ["append", [], "b"]),
    ("append to no children", None, ["append", [], "b"]),
    ("append to children that are a list", ["a"], ["append", [], "b"]),
    ("append and drop the one", "a", ["append", [], "b", 1]),
    ("prepend to one text", "b", ["prepend", [], "a"]),
    ("insert beside one text", "b", ["insert", [], [0, "a"]]),
    ("extend one text", "a", ["extend", [], ["b", "c"]]),
    ("extend no children", None, ["extend", [], ["b"]]),
    ("append to the children within", [{"props": {"children": "a"}}], ["append", [0, "props", "children"], "b"]),
    ("append to children within that are none", [{"props": {}}], ["append", [0, "props", "children"], "b"]),
    ("append to another prop within", [{"props": {"title": "a"}}], ["append", [0, "props", "title"], "b"]),
    ("add to one text", "a", ["add", [], "b"]),
    ("clear one text", "a", ["clear", []]),
]
"""Operations on the prop `children`, which is a list even where it is not."""


def values() -> list[dict[str, Any]]:
    return [{"name": name, "hex": codec.pack(value).hex(), "value": tag(value)} for name, value in VALUES.items()]


def bad() -> list[dict[str, Any]]:
    return [{"name": name, "hex": frame.hex(), "why": why} for name, (frame, why) in BAD.items()]


def messages_() -> list[dict[str, Any]]:
    return [_message(name, message) for name, message in MESSAGES.items()]


def _message(name: str, message: Any) -> dict[str, Any]:
    frame = codec.encode(message)
    ends = {messages.PAGE_MESSAGES: "page", messages.SERVER_MESSAGES: "server"}
    senders = [end for kinds, end in ends.items() if isinstance(message, kinds)]
    value = codec.unpack(frame, codec.ANY_SERVER)
    return {"name": name, "from": senders, "hex": frame.hex(), "value": tag(value)}


def patch() -> list[dict[str, Any]]:
    of_any = [{"name": name, **_applied(before, operation, "")} for name, before, operation in PATCHES]
    return of_any + [{"name": name, **_applied(before, operation, "children")} for name, before, operation in CHILDREN]


def _applied(before: Any, operation: list[Any], prop: str) -> dict[str, Any]:
    case = {"prop": prop, "before": tag(before), "operation": tag(operation)}
    try:
        return {**case, "after": tag(apply(before, Operation.from_wire(operation), prop))}
    except InvalidPatch as error:
        return {**case, "error": str(error)}


FILES: dict[str, Callable[[], Any]] = {
    "values.json": values,
    "bad.json": bad,
    "messages.json": messages_,
    "patch.json": patch,
    "patterns.json": patterns,
}


def text(name: str) -> str:
    """What stands in the file: one case a line."""
    cases = FILES[name]()
    if isinstance(cases, list):
        return f"[\n{_lines(cases)}\n]\n"
    parts = ",\n".join(f"{json.dumps(part)}: [\n{_lines(of_part)}\n]" for part, of_part in cases.items())
    return f"{{\n{parts}\n}}\n"


def _lines(cases: list[dict[str, Any]]) -> str:
    return ",\n".join(json.dumps(case, ensure_ascii=True, allow_nan=False) for case in cases)


def main() -> int:
    check = "--check" in sys.argv
    stale = [name for name in FILES if not (FOLDER / name).exists() or (FOLDER / name).read_text("utf-8") != text(name)]
    for name in stale:
        print(f"{name} is not what make.py writes" if check else f"wrote {name}")
        if not check:
            (FOLDER / name).write_text(text(name), "utf-8")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
