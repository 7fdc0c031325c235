"""Conversations of a page that has lost its mind, and a model of the protocol that says how each must end."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from tests.protocol import from_schema as make
from tests.protocol.vectors import load
from wscb.errors import BadMessage, MessageTooBig
from wscb.protocol import codec
from wscb.protocol.limits import Limits, WireLimits

GOLDEN = [bytes.fromhex(case["hex"]) for case in load("messages.json") if "page" in case["from"]]
HELLO = {"type": "hello", "n": 1, "build": "b", "page": {"path": "/", "query": ""}, "visible": True, "have": 0}
GAP, BAD, TOO_BIG, LEFT = 4006, 4500, 4513, 1000

Frame = bytes | str
VARIANTS = 5
"""Conversations that are held for one that is drawn, which takes twenty times as long."""


class Ended(Exception):
    """The server closes, with this code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Model:
    """What a server must make of frames: PROTOCOL.md in fifty lines, with the JSON Schema as the judge of messages."""

    limits: WireLimits = field(default_factory=lambda: WireLimits.of(Limits()))
    begun: bool = False
    cq: int = 0
    parts: bytes = b""

    def end(self, frames: list[Frame]) -> int | None:
        """The code that these frames are closed with, None if they are not."""
        try:
            for frame in frames:
                self.hear(frame)
        except Ended as ended:
            return ended.code
        return None

    def hear(self, frame: Frame, joined: bool = False) -> None:
        message = self._read(frame)
        kind = message["type"]
        if not self.begun:
            if kind != "hello":
                raise Ended(BAD)
            self.begun = True
        elif kind == "chunk":
            if joined:
                raise Ended(BAD)
            self._join(message)
        elif kind in ("invoke", "cancel"):
            if message["q"] > self.cq + 1:
                raise Ended(GAP)
            self.cq = max(self.cq, message["q"])
        elif kind == "bye":
            raise Ended(LEFT)

    def _read(self, frame: Frame) -> dict[str, Any]:
        try:
            message = None if isinstance(frame, str) else codec.unpack(frame, self.limits)
        except MessageTooBig:
            raise Ended(TOO_BIG) from None
        except BadMessage:
            raise Ended(BAD) from None
        if not make.conforms(message):
            raise Ended(BAD)
        assert isinstance(message, dict)
        return message

    def _join(self, chunk: dict[str, Any]) -> None:
        self.parts += chunk["data"]
        if len(self.parts) > self.limits.frame:
            raise Ended(TOO_BIG)
        if chunk["last"]:
            frame, self.parts = self.parts, b""
            self.hear(frame, joined=True)


@st.composite
def conversations(draw: st.DrawFn, callbacks: list[str]) -> list[Frame]:
    """A hello, then messages as they should be: half of the time to the end, else until one is of another kind.

    `callbacks` are ids that the server has: what is wrong with a call of them is found late.
    """
    sound, unsound = _sound(callbacks), _unsound(callbacks)
    said: list[Any] = [HELLO if draw(st.integers(0, 9)) else draw(make.valid(make.KINDS["hello"]) | unsound)]
    said += draw(st.lists(sound, max_size=8))
    if draw(st.booleans()):
        said += [draw(unsound), *draw(st.lists(sound, max_size=3))]
    return _frames(said, missing=draw(st.integers(1, 40)))


def variants(frames: list[Frame], seed: int) -> list[list[Frame]]:
    """The conversation, and some more that are soon made of it: frames lost, said twice, in another order, damaged."""
    chance, made = random.Random(seed), [frames]
    while len(made) < VARIANTS:
        said = list(chance.choice(made))
        at, other = chance.randrange(len(said) + 1), chance.randrange(len(said) + 1)
        match chance.randrange(5):
            case 0:
                del said[at : at + 1]
            case 4:
                said.insert(at, codec.pack({"type": "bye"}))
            case 1:
                said[at:at] = said[other : other + 1]
            case 2:
                said[at:at], said[other:other] = said[other : other + 1], said[at : at + 1]
            case _:
                said[at : at + 1] = [_damaged(frame, chance) for frame in said[at : at + 1]]
        made.append(said)
    return made


def _damaged(frame: Frame, chance: random.Random) -> Frame:
    if isinstance(frame, str) or not frame:
        return b"\x80"
    at = chance.randrange(len(frame))
    return frame[:at] + chance.randbytes(chance.randrange(3)) + frame[at + chance.randrange(3) :]


def _sound(callbacks: list[str]) -> st.SearchStrategy[Any]:
    calls = st.fixed_dictionaries(
        {
            "type": st.just("invoke"),
            "q": st.none(),
            "id": st.integers(0, 5),
            "callback": st.sampled_from(callbacks),
            "inputs": st.lists(make.VALUES, max_size=2),
            "state": st.lists(make.VALUES, max_size=1),
            "trigger": st.lists(st.sampled_from(["run.n_clicks", "P.n", "nobody.there", make.FORGED]), max_size=3),
        }
    )
    cancels = st.fixed_dictionaries({"type": st.just("cancel"), "q": st.none(), "id": st.integers(0, 5)})
    plain = [make.valid(make.KINDS[kind]) for kind in make.KINDS if kind not in ("bye", "chunk", "invoke", "cancel")]
    return st.one_of(calls, calls, calls, cancels, *plain)


def _unsound(callbacks: list[str]) -> st.SearchStrategy[Any]:
    packed = _sound(callbacks).map(codec.pack) | st.sampled_from(GOLDEN)
    return st.one_of(
        make.valid(),
        make.mutated(make.valid()),
        make.broken(packed),
        packed,
        st.binary(max_size=60),
        st.text(max_size=20),
        st.tuples(packed, st.integers(1, 20)),
    )


def _frames(said: list[Any], missing: int) -> list[Frame]:
    """Calls get their numbers in turn; the message at the place `missing` is lost. Pairs are cut in chunks."""
    frames: list[Frame] = []
    q = 0
    for place, item in enumerate(said):
        if isinstance(item, dict) and item.get("q", 0) is None:
            q += 1
            item = {**item, "q": q}
        if place == missing:
            continue
        if isinstance(item, dict):
            frames.append(codec.pack(item))
        elif isinstance(item, tuple):
            frame, pieces = item
            frames += codec.chunks(frame, len(frame) // pieces + 33)
        else:
            frames.append(item)
    return frames
