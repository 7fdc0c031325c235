"""A look at the headers of a frame before anything is allocated for it.

msgpack's parser makes a list of the length that a header claims before it has seen the items, and does so at every
level: a frame of a megabyte can claim gigabytes. So a frame is walked first, header by header, with the claims added
up. A short frame that has too few containers to do harm is not walked, which is nearly every message.
"""

from __future__ import annotations

from wscb.errors import BadMessage
from wscb.protocol.limits import WireLimits

_CONTAINERS = frozenset([*range(0x80, 0xA0), 0xDC, 0xDD, 0xDE, 0xDF])
_RARE = frozenset([0xC4, 0xC5, 0xC6, 0xC7, 0xC8, 0xC9, *range(0xD4, 0xD9)])
"""Binaries, which msgpack would take as keys, and extensions, of which we have one."""
_DULL = bytes(set(range(256)) - _CONTAINERS - _RARE)

_STEP = [0] * 256
"""Bytes of an item, head included, where the head alone says it."""
for _head in range(256):
    if _head < 0x80 or _head >= 0xE0 or _head in (0x80, 0x90, 0xC0, 0xC2, 0xC3):
        _STEP[_head] = 1
    elif 0xA0 <= _head < 0xC0:
        _STEP[_head] = 1 + (_head & 0x1F)
for _head, _size in (
    (0xCA, 5),
    (0xCB, 9),
    (0xCC, 2),
    (0xCD, 3),
    (0xCE, 5),
    (0xCF, 9),
    (0xD0, 2),
    (0xD1, 3),
    (0xD2, 5),
    (0xD3, 9),
):
    _STEP[_head] = _size

_SIZED = {
    **{0xD9 + power: ("text", 1 << power) for power in range(3)},
    **{0xC4 + power: ("binary", 1 << power) for power in range(3)},
    **{0xC7 + power: ("extension", 1 << power) for power in range(3)},
    **{0xD4 + power: ("extension", 0) for power in range(5)},
    **{0x80 + count: ("map", 0) for count in range(1, 16)},
    **{0x90 + count: ("array", 0) for count in range(1, 16)},
    0xDC: ("array", 2),
    0xDD: ("array", 4),
    0xDE: ("map", 2),
    0xDF: ("map", 4),
}
"""The other heads: what they open, and how many bytes of length follow; 0: the head has the length in it."""


def check(data: bytes, limits: WireLimits) -> None:
    """Raises BadMessage when `data` is more than `limits` allow, or claims more than it has."""
    if len(data) <= limits.short:
        suspects = data.translate(None, _DULL)
        if len(suspects) <= limits.depth and _RARE.isdisjoint(suspects):
            return
    _walk(data, limits)


def _walk(data: bytes, limits: WireLimits) -> None:
    size, at, claimed = len(data), 0, 1
    left, in_map = 1, False  # of the innermost container: items to come, and whether they are keys and values in turn
    outer: list[tuple[int, bool]] = []
    while left or outer:
        if not left:
            left, in_map = outer.pop()
            continue
        if at >= size:
            raise BadMessage("the frame ends in the middle of a value")
        left -= 1
        head = data[at]
        if step := _STEP[head]:
            at += step
            continue
        kind, length, at = _sized(data, head, at)
        if kind == "map" or kind == "array":
            if length > getattr(limits, kind):
                raise BadMessage(f"{kind} of {length} items at byte {at}; the limit is {getattr(limits, kind)}")
            outer.append((left, in_map))
            left, in_map = (length * 2, True) if kind == "map" else (length, False)
            claimed += left
            if len(outer) > limits.depth:
                raise BadMessage(f"nested deeper than {limits.depth} levels at byte {at}")
            if claimed > limits.nodes or left > size - at:
                raise BadMessage(f"more than {min(limits.nodes, size)} items claimed at byte {at}")
        else:
            if in_map and left % 2 and kind != "text":
                raise BadMessage(f"a key that is no text at byte {at}")
            allowed = limits.text if kind == "text" else limits.binary
            if length > allowed:
                raise BadMessage(f"{kind} of {length} bytes at byte {at}; the limit is {allowed}")
            at += length
    if at != size:
        raise BadMessage("the frame does not end where its value ends")


def _sized(data: bytes, head: int, at: int) -> tuple[str, int, int]:
    """What the head at `at` opens, its length, and where its content begins."""
    if head == 0xC1:
        raise BadMessage(f"byte {at} is 0xc1, which msgpack does not use")
    kind, width = _SIZED[head]
    start = at + 1 + width
    if width:
        length = int.from_bytes(data[at + 1 : start], "big")
    else:
        length = 1 << (head - 0xD4) if kind == "extension" else head & 0x0F
    if kind == "extension":
        if data[start : start + 1] != b"\x01":
            raise BadMessage(f"unknown extension at byte {at}")
        start += 1
    return kind, length, start
