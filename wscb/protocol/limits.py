"""What a server puts up with. `Limits` is for users, `WireLimits` is what the codec checks while it decodes."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

KIB = 1024
MIB = 1024 * KIB

MAX_DEPTH = 256
"""How deep a value may be nested, either way. A component in `children` takes three levels."""

MAX_FRAME_DEPTH = MAX_DEPTH + 8
"""A message is a few levels deep itself. msgpack's own parser gives up at 511."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The bounds of one server. Each is enforced; each can be changed: `App(limits=Limits(sessions=500))`.

    Raises ValueError with the name of the field when a value makes no sense.
    """

    message_bytes: int = MIB
    """One message from a page, its chunks joined."""
    calls_in_flight: int = 64
    """Calls of one session that have no outcome yet."""
    messages_per_second: int = 200
    """From one page, on average; twice as many at once."""
    sessions: int = 10_000
    """In this process, attached or waiting for their page to come back."""
    hello_seconds: float = 5.0
    """From the open socket to its hello."""
    grace_seconds: float = 120.0
    """How long a session waits for a page whose connection was lost."""
    outbox_bytes: int = 8 * MIB
    """Held for one page that reads slowly or is away. A page's first figures and tables must fit."""
    window_bytes: int = 256 * KIB
    """Sent to a page and not yet acknowledged; one delta may overshoot it."""
    value_bytes: int | None = None
    """One value in `set_props`; None: as much as `outbox_bytes`."""
    heartbeat_seconds: float = 20.0
    """Between two pings on a quiet connection."""
    pong_seconds: float = 10.0
    """For the answer to a ping."""
    inactivity_seconds: float | None = None
    """Closes a connection on which the page has asked nothing for so long; None: never."""
    cancel_seconds: float = 5.0
    """For a cancelled callback to end, `finally` included."""
    chunk_bytes: int = 64 * KIB
    """A longer frame travels in pieces."""
    hidden_seconds: float = 1.0
    """Between two deltas to a page that nobody looks at."""
    workers: int | None = None
    """Threads for plain `def` callbacks; None: min(32, cpu count + 4)."""
    task_threads: int = 1000
    """Persistent callbacks that are a plain `def`, each on a thread of its own."""

    def __post_init__(self) -> None:
        for item in fields(self):
            _check(item.name, getattr(self, item.name))
        if self.value_bytes is not None and self.value_bytes > self.outbox_bytes:
            raise ValueError(
                f"Limits(value_bytes={self.value_bytes}) is more than outbox_bytes={self.outbox_bytes}: "
                "such a value could never be sent. Raise outbox_bytes as well."
            )
        if self.chunk_bytes < KIB:
            raise ValueError(f"Limits(chunk_bytes={self.chunk_bytes}) is too small: at least {KIB}.")

    @property
    def largest_value(self) -> int:
        """`value_bytes` with its default filled in."""
        return self.outbox_bytes if self.value_bytes is None else self.value_bytes


_OPTIONAL = frozenset({"value_bytes", "inactivity_seconds", "workers"})


def _check(name: str, value: object) -> None:
    if value is None and name in _OPTIONAL:
        return
    seconds = name.endswith("_seconds")
    right = isinstance(value, (int, float) if seconds else int) and not isinstance(value, bool)
    if right and 0 < value < float("inf"):  # type: ignore[operator]  # narrowed by `right`
        return
    kind = "a finite number of seconds" if seconds else "a whole number"
    optional = ", or None" if name in _OPTIONAL else ""
    raise ValueError(f"Limits({name}={value!r}): it must be {kind} above 0{optional}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class WireLimits:
    """What one frame may hold: text, binary, array and map are per item, `nodes` counts all items of the frame."""

    frame: int = MIB
    text: int = MIB
    binary: int = MIB
    array: int = 100_000
    map: int = 100_000
    depth: int = MAX_FRAME_DEPTH
    nodes: int = 200_000
    short: int = field(init=False, repr=False)
    """A frame of so many bytes cannot exceed anything here but the depth, nor do harm by what it claims."""

    def __post_init__(self) -> None:
        sizes = (self.frame, self.text, self.binary, self.array, self.map, self.nodes)
        if min(*sizes, self.depth) < 1:
            raise ValueError(f"{self}: every one must be above 0.")
        if self.text < 32:
            raise ValueError(f"WireLimits(text={self.text}): at least 32; shorter texts are not worth a look.")
        object.__setattr__(self, "short", min(KIB, *sizes))
        if self.depth > MAX_FRAME_DEPTH:
            raise ValueError(f"WireLimits(depth={self.depth}): msgpack's parser allows no more than {MAX_FRAME_DEPTH}.")

    @classmethod
    def of(cls, limits: Limits) -> WireLimits:
        """For the messages of a page: nothing in a message is longer than the message.

        Half as many items as bytes: real values, even the records of a large table, have fewer.
        """
        size = limits.message_bytes
        items = max(1, size // 2)
        return cls(frame=size, text=size, binary=size, array=items, map=items, nodes=items)
