from __future__ import annotations

import dataclasses
import math
import time
import tracemalloc
from array import array
from typing import Any

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vectors import make
from wscb.errors import BadMessage, CannotEncode, MessageTooBig
from wscb.protocol import codec, messages
from wscb.protocol.closing import CloseCode
from wscb.protocol.codec import ANY_SERVER, Joiner, decode_page, decode_server, from_page, pack, unpack
from wscb.protocol.limits import KIB, MAX_DEPTH, MIB, Limits, WireLimits
from wscb.protocol.messages import PAGE_MESSAGES, SERVER_MESSAGES
from wscb.protocol.patch import Operation, Patch

from .vectors import alike, load, names, untag

LIMITS = WireLimits.of(Limits())
VALUES, BAD, MESSAGES = load("values.json"), load("bad.json"), load("messages.json")

scalars = (
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text() | st.binary()
    | st.lists(st.floats()).map(lambda items: array("d", items))
    | st.lists(st.integers(-(2**15), 2**15 - 1)).map(lambda items: array("h", items))
)  # fmt: skip
wire_values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=20) | st.dictionaries(st.text(), inner, max_size=20), max_leaves=40
)


# --------------------------------------------------------------------------------------------------------- vectors


@pytest.mark.parametrize("name", make.FILES)
def test_the_committed_vectors_are_what_the_codec_makes(name: str) -> None:
    assert (make.FOLDER / name).read_text("utf-8") == make.text(name)


@pytest.mark.parametrize("case", VALUES, ids=names(VALUES))
def test_golden_values_both_ways(case: dict[str, Any]) -> None:
    frame, value = bytes.fromhex(case["hex"]), untag(case["value"])
    assert alike(unpack(frame, LIMITS), value)
    assert pack(value) == frame


@pytest.mark.parametrize("case", BAD, ids=names(BAD))
def test_bad_frames_are_refused(case: dict[str, Any]) -> None:
    with pytest.raises(BadMessage):
        unpack(bytes.fromhex(case["hex"]), LIMITS)


@pytest.mark.parametrize("case", MESSAGES, ids=names(MESSAGES))
def test_golden_messages(case: dict[str, Any]) -> None:
    frame = bytes.fromhex(case["hex"])
    for sender, other in (("page", lambda data: decode_page(data, LIMITS)), ("server", decode_server)):
        if sender in case["from"]:
            assert codec.encode(other(frame)) == frame
        else:
            with pytest.raises(BadMessage, match="unknown message type"):
                other(frame)


def test_every_message_has_a_golden_frame() -> None:
    assert {case["value"]["type"] for case in MESSAGES} == {
        kind.__dataclass_fields__["type"].default for kind in (*PAGE_MESSAGES, *SERVER_MESSAGES)
    }


# ---------------------------------------------------------------------------------------------------------- values


@given(wire_values)
def test_a_value_comes_back(value: Any) -> None:
    assert alike(unpack(pack(value), LIMITS), value)


@given(st.lists(wire_values, max_size=3), st.lists(wire_values, max_size=3), st.integers(0, 2**53 - 1))
def test_an_invoke_comes_back(inputs: list[Any], state: list[Any], q: int) -> None:
    sent = messages.Invoke(q=q, id=q, callback="c", inputs=inputs, state=state, trigger=["a.b"])
    assert alike(decode_page(codec.encode(sent), LIMITS), sent)


def plain_lists(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: plain_lists(item) for key, item in value.items()}
    return [plain_lists(item) for item in value] if isinstance(value, (array, list)) else value


@given(st.lists(wire_values, max_size=3), st.lists(wire_values, max_size=3))
def test_who_reads_the_values_of_a_page_gets_lists(inputs: list[Any], state: list[Any]) -> None:
    sent = messages.Invoke(q=1, id=1, callback="c", inputs=inputs, state=state, trigger=["a.b"])
    got = from_page(codec.encode(sent), LIMITS)
    assert alike(got, dataclasses.replace(sent, inputs=plain_lists(inputs), state=plain_lists(state)))
    answer = messages.PropValue(id=1, value=[inputs, array("h", [1])])
    assert alike(from_page(codec.encode(answer), LIMITS), dataclasses.replace(answer, value=plain_lists(answer.value)))


def test_where_a_list_belongs_an_array_is_none() -> None:
    fields = {"type": "invoke", "q": 1, "id": 1, "callback": "c", "state": [], "trigger": []}
    with pytest.raises(BadMessage, match=r"invoke\.inputs"):
        from_page(pack({**fields, "inputs": array("d", [1.0])}), LIMITS)


def test_other_messages_are_as_decoded() -> None:
    pong = codec.encode(messages.Pong())
    assert from_page(pong, LIMITS) == decode_page(pong, LIMITS)


def test_what_a_user_sets_is_converted() -> None:
    assert unpack(pack({1: {2}}), LIMITS) == {"1": [2]}
    assert unpack(pack([array("q", [1])]), LIMITS) == [array("d", [1])]


@pytest.mark.parametrize(
    ("value", "path", "says"),
    [
        ({"rows": [0, {"when": object()}]}, "['rows'][1]['when']", "is a object"),
        (2**64, "", "it is an integer of 65 bits"),
        (-(2**63) - 1, "", "is an integer of 64 bits"),
        ({"a": [1, 2**64]}, "['a'][1]", "only 64-bit integers travel"),
        ({"a": ({"b": [1]}, {"b": [2**70]})}, "['a'][1]['b'][0]", "71 bits"),
        ("\ud800", "", "lone surrogate"),
        (["a", "\udfff"], "[1]", "lone surrogate"),
    ],
)
def test_what_cannot_travel_is_named(value: Any, path: str, says: str) -> None:
    with pytest.raises(CannotEncode) as caught:
        pack(value, component="table", prop="data")
    assert caught.value.path == path
    assert says in str(caught.value)
    assert str(caught.value).startswith(f"Cannot send prop 'data' of component 'table': {path or 'it'} ")


def test_a_long_path_is_shortened_in_the_text() -> None:
    circle: dict[str, Any] = {}
    circle["again"] = circle
    with pytest.raises(CannotEncode, match=r"\['again'\.\.\.'again'\]") as caught:
        pack(circle)
    assert len(str(caught.value)) < 300
    assert caught.value.path == "['again']" * MAX_DEPTH


def test_a_key_that_is_no_unicode_is_named() -> None:
    with pytest.raises(CannotEncode, match=r"this value.*lone surrogate"):
        pack({"a": 1, "\ud800": 1})


def test_an_endless_conversion_is_named() -> None:
    class Endless:
        def to_plotly_json(self) -> Any:
            return Endless()

    with pytest.raises(CannotEncode, match="contains itself"):
        pack(Endless())


# ------------------------------------------------------------------------------------------------------- decoding


@given(st.binary(max_size=300))
def test_any_bytes_are_a_message_or_a_bad_message(data: bytes) -> None:
    for decode in (lambda frame: decode_page(frame, LIMITS), decode_server):
        try:
            decode(data)
        except BadMessage as error:
            reason = str(error)
            assert (reason.isascii(), reason.isprintable(), len(reason) <= 120) == (True, True, True)


@given(st.dictionaries(st.sampled_from(["q", "id", "inputs", "callback", "x"]), wire_values, max_size=4))
def test_a_message_without_its_fields_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(BadMessage):
        decode_page(pack({**fields, "type": "invoke"}), LIMITS)  # `trigger` is never there


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        ([], "a frame is a map, not a list"),
        ({}, "unknown message type None"),
        ({"type": 5}, "unknown message type 5"),
        ({"type": ["ack"]}, "unknown message type"),
        ({"type": "ack"}, r"ack\.have: Field required"),
        ({"type": "ack", "have": -1}, r"ack\.have: Input should be greater than or equal to 0"),
        ({"type": "ack", "have": 1, "\n\u202e": 1}, r"ack\.\\n\\u202e: unknown field"),
        ({"type": "hello", "n": 1, "x": 1}, r"hello\.build: Field required"),
        ({"type": "welcome"}, "unknown message type 'welcome'"),
        ({"type": "\x00\u202e" * 100}, r"unknown message type '\\\\x00\\\\u202e.*\.\.\.$"),
    ],
)
def test_the_reason_is_short_and_printable(frame: Any, says: str) -> None:
    with pytest.raises(BadMessage, match=says) as caught:
        decode_page(pack(frame), LIMITS)
    assert len(str(caught.value)) <= 120
    assert str(caught.value).isascii()


def test_a_long_frame_is_too_big() -> None:
    limits = WireLimits.of(Limits(message_bytes=1000))
    frame = codec.encode(messages.PropValue(id=1, value=b"x" * 960))
    decode_page(frame, limits)
    with pytest.raises(MessageTooBig, match="no more than 1000") as caught:
        decode_page(frame + b"x" * 100, limits)
    assert caught.value.close_code == CloseCode.TOO_BIG
    assert BadMessage.close_code == CloseCode.BAD_MESSAGE


BOMBS = {
    "lists in each other": b"\xdd\x00\x10\x00\x00" * 200_000,
    "lists in each other, in a short frame": b"\xdc\x03\xf0" * 340,
    "lists among items": b"\xdd\x00\x01\x00\x00" + (b"\xdd\x00\x0f\x00\x00" + b"\xc0" * 5) * 100_000,
    "maps in each other": b"\xdf\x00\x07\x00\x00\xa1a" * 140_000,
    "levels": b"\x91" * MIB,
    "items": b"\xdd\x00\x0f\xff\x00" + b"\xc0" * 0xFFF00,
    "many small lists": b"\xdd\x00\x01\x80\x00" + (b"\x9f" + b"\xc0" * 15) * 65_000,
    "a key that is long": b"\x81\xdb\x7f\xff\xff\xff" + b"a" * 1000,
}


@pytest.mark.parametrize("frame", BOMBS.values(), ids=BOMBS.keys())
def test_a_bomb_costs_next_to_nothing(frame: bytes) -> None:
    """msgpack alone takes gigabytes for some of them."""
    assert len(frame) <= MIB
    tracemalloc.start()
    began = time.process_time()
    with pytest.raises(BadMessage):
        decode_page(frame, LIMITS)
    took, (_, peak) = time.process_time() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3 * MIB
    assert took < 10  # tracing and coverage slow it tenfold; what it must not do is grow with what the frame claims


WRONG_THROUGHOUT = {
    "trigger": {"trigger": [1] * 90_000},
    "ids": {"ids": [[1] * 9000] * 3},
    "ids in lists": {"ids": [[[1] * 90_000], [], []]},
    "ids in many lists": {"ids": [[[1] * 40] * 4000, [], []]},
    "unknown fields": {f"{number:x}": None for number in range(100_000)},
}


@pytest.mark.parametrize("fields", WRONG_THROUGHOUT.values(), ids=WRONG_THROUGHOUT.keys())
def test_of_what_is_wrong_only_the_first_is_reported(fields: dict[str, Any]) -> None:
    """A report takes a kilobyte, and a frame has room for half a million mistakes."""
    call = {"type": "invoke", "q": 1, "id": 1, "callback": "c", "inputs": [], "state": [], "trigger": []}
    _costs_little({**call, **fields})


def test_of_an_unknown_place_nothing_is_reported() -> None:
    page = {f"{number:x}": None for number in range(100_000)}
    _costs_little({"type": "hello", "n": 1, "build": "b", "visible": True, "have": 0, "page": page})


def _costs_little(message: dict[str, Any]) -> None:
    frame = pack(message)
    tracemalloc.start()
    with pytest.raises(BadMessage):
        decode_page(frame, LIMITS)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20 * MIB  # half of it is the map itself, with a hundred thousand keys


def test_a_frame_as_large_as_it_may_be_is_taken() -> None:
    value = [[math.pi] * 100] * 1000
    assert decode_page(codec.encode(messages.PropValue(id=1, value=value)), LIMITS).value == value  # type: ignore[union-attr]


# ---------------------------------------------------------------------------------------------------------- deltas


def test_a_delta_of_one_text_is_under_72_bytes() -> None:
    frame = codec.delta(123_456, 1_234, [codec.change_set("clock", "children", "12:30:10")])
    assert len(frame) < 72
    assert decode_server(frame) == messages.Delta(
        to=123_456, cq=1_234, changes=[("set", "clock", "children", "12:30:10")]
    )


def test_an_empty_delta_brings_a_cq() -> None:
    assert unpack(codec.delta(3, 4), LIMITS) == {"type": "delta", "to": 3, "cq": 4}


def test_all_parts_of_a_delta() -> None:
    patch = Patch()
    patch["rows"].append([1], maxlen=9)
    frame = codec.delta(
        9, 4,
        [
            codec.with_cq(codec.change_set("box", "value", "typed"), 300),
            codec.change_op("table", "data", patch.operations[0]),
        ],
        [codec.outcome(1, "ok"), codec.outcome(2, "error", {"code": "error", "ref": "r"})],
        [codec.task("c", "running"), codec.task("c", "failed", {"ref": "r"})],
        ack=True,
    )  # fmt: skip
    assert unpack(frame, LIMITS) == {
        "type": "delta",
        "to": 9,
        "cq": 4,
        "changes": [["set", "box", "value", "typed", 300], ["op", "table", "data", ["append", ["rows"], [1], 9]]],
        "outcomes": [[1, "ok"], [2, "error", {"code": "error", "ref": "r"}]],
        "tasks": [["c", "running"], ["c", "failed", {"ref": "r"}]],
        "ack": True,
    }
    assert codec.encode(decode_server(frame)) == frame


@pytest.mark.parametrize("count", [1, 15, 16, 65535, 65536])
def test_a_delta_holds_any_number_of_changes(count: int) -> None:
    change = codec.change_set("a", "b", 1)
    assert len(unpack(codec.delta(1, 1, [change] * count), ANY_SERVER)["changes"]) == count


def test_what_a_change_cannot_carry_is_named() -> None:
    with pytest.raises(CannotEncode, match="prop 'p' of component 'c': it is a object"):
        codec.change_set("c", "p", object())
    with pytest.raises(CannotEncode, match=r"prop 'p' of component 'c': \[2\]\['x'\] is a object"):
        codec.change_op("c", "p", Operation("append", (), {"x": object()}))


# ---------------------------------------------------------------------------------------------------------- chunks


@given(st.binary(min_size=1, max_size=5000), st.integers(40, 600))
def test_chunks_join_to_the_frame(frame: bytes, size: int) -> None:
    joiner = Joiner(len(frame))
    pieces = codec.chunks(frame, size)
    assert all(len(piece) <= size for piece in pieces)
    for _ in range(2):  # the joiner is as new after a whole frame
        joined = [joiner.feed(decode_page(piece, LIMITS)) for piece in pieces]  # type: ignore[arg-type]
        assert joined == [None] * (len(pieces) - 1) + [frame]


def test_a_large_chunk_stays_within_its_size() -> None:
    assert max(map(len, codec.chunks(bytes(MIB), 64 * KIB))) <= 64 * KIB


def test_what_is_joined_is_bounded() -> None:
    joiner = Joiner(10)
    assert joiner.feed(messages.Chunk(data=b"x" * 10, last=False)) is None
    with pytest.raises(MessageTooBig, match="more than 10 bytes"):
        joiner.feed(messages.Chunk(data=b"x", last=True))


def test_msgpack_agrees() -> None:
    """The frames are plain msgpack: another implementation reads them."""
    assert msgpack.unpackb(codec.encode(messages.Ack(have=5))) == {"type": "ack", "have": 5}
