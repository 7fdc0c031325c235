from __future__ import annotations

from wscb.protocol import codec
from wscb.protocol.messages import Chunk
from wscb.session.flow import Flow


def test_control_goes_before_chunks() -> None:
    flow = Flow(1, 0)
    assert flow.waiting() is None
    frames = [flow.delta(1, b"x" * 3000, 1024)]
    flow.control(b"ping")
    assert flow.waiting() == b"ping"
    while (frame := flow.waiting()) is not None:
        frames.append(frame)
    joiner = codec.Joiner(10_000)
    chunks = [codec.decode_server(frame) for frame in frames]
    assert all(isinstance(chunk, Chunk) for chunk in chunks)
    assert [joiner.feed(chunk) for chunk in chunks][-1] == b"x" * 3000  # type: ignore[arg-type]


def test_the_window() -> None:
    flow = Flow(1, 4)
    assert flow.delta(5, b"12345", 1024) == b"12345"
    flow.delta(7, b"123", 1024)
    assert (flow.sent, flow.held) == (7, 8)
    flow.delta(7, b"", 1024)
    flow.acknowledged(6)
    assert flow.held == 3
    flow.acknowledged(7)
    assert flow.held == 0
