"""What goes to one socket: one frame at a time, control messages between chunks, a window of what is not acknowledged.

A flow lives as long as its attach, so a resumed page always starts with an empty window.
"""

from __future__ import annotations

from wscb.protocol import codec


class Flow:
    """`held` are the bytes of deltas that the page has not acknowledged, `asked` the version an ack was asked for."""

    __slots__ = ("_chunks", "_control", "_unacked", "asked", "attach", "busy", "held", "last", "sent")

    def __init__(self, attach: int, sent: int) -> None:
        self.attach = attach
        self.sent = sent
        """The version of the last delta."""
        self.asked = sent
        self.busy = False
        self.last = False
        """Whether the delta before the close has been made."""
        self.held = 0
        # Lists: each is short, and an empty deque takes half a kilobyte of every page.
        self._control: list[bytes] = []
        self._chunks: list[bytes] = []
        """Those of one delta, the last one first."""
        self._unacked: list[tuple[int, int]] = []

    def control(self, frame: bytes) -> None:
        """Before all chunks and deltas that have not gone yet."""
        self._control.append(frame)

    def withdraw(self, frame: bytes) -> None:
        """A control frame is not needed any more, if it has not gone yet."""
        if frame in self._control:
            self._control.remove(frame)

    def waiting(self) -> bytes | None:
        """The next frame that has to go before another delta may."""
        if self._control:
            return self._control.pop(0)
        return self._chunks.pop() if self._chunks else None

    def delta(self, to: int, frame: bytes, chunk_bytes: int) -> bytes:
        """Account for a delta and cut it if it is long; returns what to send first. Only while nothing waits."""
        if to > self.sent:
            self._unacked.append((to, len(frame)))
            self.held += len(frame)
            self.sent = to
        if len(frame) <= chunk_bytes:
            return frame
        self._chunks = codec.chunks(frame, chunk_bytes)[::-1]
        return self._chunks.pop()

    def awaits(self, have: int) -> bool:
        """Whether an ack of this version would be news."""
        return bool(self._unacked) and have >= self._unacked[0][0]

    def acknowledged(self, have: int) -> None:
        count = 0
        for to, size in self._unacked:
            if to > have:
                break
            self.held -= size
            count += 1
        del self._unacked[:count]
