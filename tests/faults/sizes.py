"""How large a fault is: short in `make test`, full in `make faults`. Each can be set alone: WSCB_VIEWERS=200."""

from __future__ import annotations

import os
from typing import TypeVar

Number = TypeVar("Number", int, float)

FULL = "WSCB_FULL"
TARGET = "faults" if os.environ.get(FULL) else "unit"
"""Of make, that runs it again."""

_names: set[str] = set()


def size(name: str, short: Number, full: Number) -> Number:
    """The one that this run has, as often as the environment does not say otherwise."""
    _names.add(name)
    told = os.environ.get(name)
    if told is not None:
        return type(short)(told)
    return full if os.environ.get(FULL) else short


def told() -> list[str]:
    """What the environment says of sizes, as a command line has it."""
    return [f"{name}={os.environ[name]}" for name in sorted(_names) if name in os.environ]


EVERY = size("WSCB_EVERY", 101, 1)
"""A recorded session is cut at each so-many-th byte."""

RACES = size("WSCB_RACES", 2000, 10_000)
PAGES = size("WSCB_PAGES", 200, 2000)
"""They come back after a restart."""

CONNECTIONS = size("WSCB_CONNECTIONS", 500, 10_000)
VIEWERS = size("WSCB_VIEWERS", 40, 1000)
BLOB = size("WSCB_BLOB", 400_000, 3_000_000)
"""Bytes of the large delta."""

HEARTBEAT = size("WSCB_HEARTBEAT", 0.5, 20.0)
PONG = size("WSCB_PONG", 0.5, 10.0)
"""Seconds, for what is silent."""

LATE = size("WSCB_LATE", 0.5, 0.0)
"""Seconds that a busy machine may be behind; thirty seconds have room for that."""

BLOCKED = size("WSCB_BLOCKED", 0.8, 5.0)
"""Seconds for which a loop is blocked."""

WRITES = size("WSCB_WRITES", 20_000, 200_000)
"""To one prop, ten thousand a second and more."""

STREAMS = size("WSCB_STREAMS", 4, 40)
"""Of random changes, each compared with the oracle."""

DROPS = size("WSCB_DROPS", 50, 1000)
RELOADS = size("WSCB_RELOADS", 20, 300)
FLOODS = size("WSCB_FLOODS", 3, 10)
"""How often a page that does not read is flooded."""
