"""A corpus of bad messages over real sockets: each has its close code or its outcome, takes little, and leaves nothing.

While each group of them is said, a page is at work on the same server (hostile.beside), and must notice nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.faults import corpus
from tests.faults.hostile import bare, beside, ending, exchange, frame, on_the_line, together
from tests.faults.servers import Backend, Backends
from tests.faults.sizes import size
from tests.protocol.from_schema import FORGED
from wscb.protocol.limits import MIB

EVERY = size("WSCB_CUT_FRAMES", 37, 1)
"""Golden frames are cut at each so-many-th byte."""


@pytest.fixture(scope="module")
def backend(backends: Backends) -> Backend:
    """One with the limits that it has by itself, but for those of time."""
    return backends.start(
        messages_per_second=200, hello_seconds=2.0, grace_seconds=0.2, heartbeat_seconds=1.5, pong_seconds=0.5
    )


def after_hello(backend: Backend) -> Callable[[bytes | str], Awaitable[str]]:
    return lambda said: ending(backend.port, [corpus.hello, said])


async def test_what_is_no_value_is_closed_with_4500(backend: Backend) -> None:
    async with beside(backend):
        met = await together(corpus.NO_VALUE, after_hello(backend))
        assert met == dict.fromkeys(corpus.NO_VALUE, "closed 4500")


async def test_what_is_no_message_is_closed_with_4500(backend: Backend) -> None:
    async with beside(backend):
        met = await together(corpus.NO_MESSAGE, after_hello(backend))
        assert met == dict.fromkeys(corpus.NO_MESSAGE, "closed 4500")


async def test_what_is_no_hello_is_closed_with_4500(backend: Backend) -> None:
    cases = {**corpus.NO_VALUE, **corpus.NO_MESSAGE, **corpus.NO_HELLO}
    async with beside(backend):
        met = await together(cases, lambda said: ending(backend.port, [said]))
        assert met == dict.fromkeys(cases, "closed 4500")


async def test_golden_frames_cut_at_each_byte(backend: Backend) -> None:
    cuts = [golden[:at] for golden in corpus.GOLDEN for at in range(len(golden))][::EVERY]
    cases = {cut.hex(): cut for cut in cuts}
    async with beside(backend):
        met = await together(cases, after_hello(backend))
        assert met == dict.fromkeys(cases, "closed 4500")


async def test_what_cannot_run_is_rejected_and_what_says_nothing_is_ignored(backend: Backend) -> None:
    callbacks = backend.page.callbacks
    cases = corpus.outcomes(callbacks["recorded"], callbacks["held"])
    async with beside(backend) as watch:
        met = await together(
            cases, lambda case: ending(backend.port, [corpus.hello, *case[0]], settled=case[1].count(",") + 1)
        )
        assert met == {name: outcomes for name, (_, outcomes) in cases.items()}
        assert r"\n\r\x1b[31mFORGED\x00" in watch.log  # of the problems, as plain text


async def test_a_gap_is_closed_with_4006(backend: Backend) -> None:
    async with beside(backend):
        met = await together(corpus.GAPS, after_hello(backend))
        assert met == dict.fromkeys(corpus.GAPS, "closed 4006")


async def test_what_is_too_big_is_closed_with_4513(backend: Backend) -> None:
    """The server hands over whole messages, of 16 MiB at most, which are there before they are seen to be too big."""
    async with beside(backend, memory=256 * MIB):
        met = await together(corpus.TOO_BIG, lambda said: ending(backend.port, [corpus.hello, *said]))
        assert met == dict.fromkeys(corpus.TOO_BIG, "closed 4513")


async def test_what_does_not_end_is_ended(backend: Backend) -> None:
    cases = corpus.endless()
    async with beside(backend):
        met = await together(cases, lambda case: ending(backend.port, _after(corpus.hello, case[0])))
        assert met == {name: code for name, (_, code) in cases.items()}


def _after(first: bytes, rest: Any) -> Any:
    yield first
    yield from rest


async def test_who_may_not_come_in_is_told_why(backend: Backend) -> None:
    cases: dict[str, tuple[list[bytes], dict[str, Any], str]] = {
        "says nothing": ([], {}, "closed 4008"),
        "another version": ([corpus.hello], {"subprotocols": ["wscb.v9"]}, "closed 4504"),
        "a long list of versions": ([], {"subprotocols": [f"v{n}" for n in range(500)]}, "closed 4504"),
        "no version": ([corpus.hello], {"subprotocols": None}, "closed 4504"),
        "another origin": ([corpus.hello], {"origin": "http://evil.example"}, "closed 4503"),
        "the origin null": ([corpus.hello], {"origin": "null"}, "closed 4503"),
        "an origin that is none": ([corpus.hello], {"origin": "http://["}, "closed 4503"),
        "our host at another port": ([corpus.hello], {"origin": "http://127.0.0.1:1"}, "closed 4503"),
    }
    async with beside(backend):
        met = await together(cases, lambda case: ending(backend.port, case[0], **case[1]))
        assert met == {name: code for name, (_, _, code) in cases.items()}


async def test_nonsense_on_the_line_is_closed_by_its_own_code(backend: Backend) -> None:
    """What is no WebSocket: the server's own part of it answers, and ours is told."""
    hello, call = frame(2, corpus.hello), corpus.call()
    endless = [frame(0, b"xx", first=0)] * 1000
    cases: dict[str, tuple[list[bytes], int | None]] = {
        "an unknown opcode": ([hello, frame(3, b"x")], 1002),
        "an unknown control opcode": ([hello, frame(11, b"x")], 1002),
        "no mask": ([hello, frame(2, call, masked=False)], 1002),
        "a reserved bit": ([hello, frame(2, call, first=0xC0)], 1002),
        "a continuation of nothing": ([hello, frame(0, call)], 1002),
        "a message in a message": ([hello, frame(2, call, first=0), frame(2, call)], 1002),
        "a long ping": ([hello, frame(9, bytes(126))], 1002),
        "a ping in fragments": ([hello, frame(9, b"x", first=0)], 1002),
        "a close of a byte": ([hello, frame(8, b"x")], 1002),
        "a close with 1005": ([hello, frame(8, b"\x03\xed")], 1002),
        "a close with hostile text": ([hello, frame(8, b"\x0f\xa0" + FORGED.encode())], 4000),
        "a length of 2^63": ([hello, frame(2, length=2**63)], 1009),
        "a length of 17 MiB": ([hello, frame(2, length=17 * MIB)], 1009),
        "text that is no UTF-8": ([hello, frame(1, b"\xff\xfe")], 1007),
        "HTTP": ([hello, b"GET / HTTP/1.1\r\n\r\n"], 1002),
        "a message that never ends": ([hello, frame(2, b"x", first=0), *endless], 4003),
        "a message that never comes": ([hello, frame(2, length=1000)], 4003),
        "a hello that never ends": ([frame(2, b"x", first=0), *endless], 4008),
        "a hello that never comes": ([frame(2, length=1000)], 4008),
    }
    async with beside(backend) as watch:
        met = await together(cases, lambda case: on_the_line(backend.port, case[0]))
        assert met == {name: code for name, (_, code) in cases.items()}
        watch.tracebacks = 1  # uvicorn's own, of text that is no UTF-8; there is nothing of the peer in it


MSGPACK = {"Content-Type": "application/x-msgpack"}


def request(method: str = "POST", path: str = "/_wscb/invoke", body: bytes = b"", **headers: str) -> bytes:
    """A request as bytes. Header names have underscores for hyphens."""
    said = {"Host": "127.0.0.1", "Content-Length": str(len(body)), **MSGPACK}
    said |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in said.items()), "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


async def test_bad_requests_get_their_status(backend: Backend) -> None:
    call, hostile = corpus.call(q=0), FORGED.encode("ascii", "ignore").replace(b"\n", b"").replace(b"\r", b"").decode()
    cases: dict[str, tuple[bytes, int]] = {
        "no map": (request(body=b"\x01"), 400),
        "nothing": (request(), 400),
        "JSON": (request(body=b'{"type": "invoke"}'), 400),
        "another message": (request(body=corpus.hello), 400),
        "a message of the server": (request(body=b"\x81\xa4type\xa4ping"), 400),
        **{name: (request(body=body), 400) for name, body in corpus.NO_VALUE.items() if isinstance(body, bytes)},
        **{name: (request(body=body), 400) for name, body in corpus.NO_MESSAGE.items()},
        "GET": (request("GET", body=call), 405),
        "PUT": (request("PUT", body=call), 405),
        "an unknown method": (request("FORGED", body=call), 400),
        "JSON as its type": (request(body=call, Content_Type="application/json"), 415),
        "a form": (request(body=call, Content_Type="multipart/form-data; boundary=x"), 415),
        "no type": (request(body=call, Content_Type=""), 415),
        "a long type": (request(body=call, Content_Type="x" * 9000), 415),
        "another origin": (request(body=call, Origin="http://evil.example"), 403),
        "the origin null": (request(body=call, Origin="null"), 403),
        "2 MiB": (request(body=bytes(2 * MIB)), 413),
        "a byte too much": (request(body=bytes(MIB + 1)), 413),
        "a body without a length": (_chunked(2), 413),
        "a length that is none": (request(body=call, Content_Length="many"), 400),
        "a length and chunks": (request(body=b"5\r\nhello\r\n0\r\n\r\n", Transfer_Encoding="chunked"), 400),
        "a hostile address": (request("GET", f"/{hostile}%0d%0aFORGED%1b%9b"), 400),
        "an address out of the folder": (request("GET", "/_wscb/static/../../../../etc/passwd"), 404),
        "a referer that is none": (request(body=call, Referer="http://["), 200),
        "a long cookie": (request(body=call, Cookie='a="' + '\\"' * 20_000 + '"'), 200),
        "an unknown callback": (request(body=call), 200),
    }  # fmt: skip
    async with beside(backend):
        met = await together(cases, lambda case: exchange(backend.port, case[0]))
        assert {name: _status(answer) for name, answer in met.items()} == {
            name: status for name, (_, status) in cases.items()
        }
        assert not [name for name, answer in met.items() if b"\x1b" in answer or b"Traceback" in answer]


def _chunked(mib: int) -> bytes:
    head = request(body=b"", Transfer_Encoding="chunked").replace(b"Content-Length: 0\r\n", b"")
    return head + (b"100000\r\n" + bytes(MIB) + b"\r\n") * mib + b"0\r\n\r\n"


def _status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer else 0


async def test_deflate_bombs_where_the_server_negotiated_it(tmp_path: Path) -> None:
    """As a bare `uvicorn app:server` does. What is inflated is cut at the 16 MiB of the server's own limit."""
    cases: dict[str, tuple[bytes, str]] = {
        "a lot": (bytes(64 * MIB), "closed 1009"),
        "much": (bytes(15 * MIB), "closed 4513"),
        "lists in each other": (b"\x91" * (MIB // 2), "closed 4500"),
        "a huge list": (b"\xdd\x00\x0f\x00\x00" * 200_000, "closed 4500"),
    }
    with bare(tmp_path, messages_per_second=200, grace_seconds=0.2) as backend:
        async with beside(backend, memory=128 * MIB):
            met = await together(
                cases, lambda case: ending(backend.port, [corpus.hello, case[0]], compression="deflate")
            )
            assert met == {name: code for name, (_, code) in cases.items()}
