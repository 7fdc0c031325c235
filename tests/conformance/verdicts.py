"""What a case's result means: for the echo as Autobahn has it, for wscb's own socket by our rules."""

from __future__ import annotations

from dataclasses import dataclass

from kosoku._kosoku import CaseResult

from wscb.protocol.closing import CloseCode

PASSED, NON_STRICT, INFORMATIONAL = "passed", "non-strict", "informational"
FAILED, UNIMPLEMENTED = "failed", "unimplemented"
KINDS = (PASSED, NON_STRICT, INFORMATIONAL, FAILED, UNIMPLEMENTED)
_KINDS = {"OK": PASSED, "NON-STRICT": NON_STRICT, "INFORMATIONAL": INFORMATIONAL}

BY_LAYER, BY_WSCB, ANSWERED, WRONG = "closed with 1002 or 1007", "closed with 4500 or 4513", "answered", "wrong"
OUTCOMES = (BY_LAYER, BY_WSCB, ANSWERED, WRONG)
OURS = (CloseCode.BAD_MESSAGE, CloseCode.TOO_BIG)
PROTOCOL_ERROR, INVALID_DATA = 1002, 1007
TEXT, BINARY, CONTINUATION, PING = 1, 2, 0, 9


@dataclass(frozen=True)
class Known:
    """Cases that need not pass, and why that is so."""

    kind: str
    cases: tuple[str, ...]
    why: str

    def covers(self, case: str) -> bool:
        return any(case == name or (name.endswith("*") and case.startswith(name[:-1])) for name in self.cases)


CLOSE_AMID_FRAGMENTS = "7.1.5"
UNCOMPRESSED = Known(
    UNIMPLEMENTED,
    ("12.*", "13.*"),
    "They need compression, which `app.run` leaves off: the server declines the offer, and the page works without.",
)
KNOWN = (
    Known(
        NON_STRICT,
        ("3.2", "3.3", "3.4", "4.1.3", "4.1.4", "4.1.5", "4.2.3", "4.2.4", "4.2.5", "5.15"),
        "A good message and a malformed frame arrive in one piece. The connection is failed with 1002 as it must be; "
        "the echo of the good message is not sent any more. Passed where the two arrive apart.",
    ),
    Known(
        NON_STRICT,
        ("6.4.*",),
        "Text in several frames is checked when the last one is there, not at the first byte that is wrong. It is "
        "refused with 1007 all the same. wscb's own socket takes no text at all.",
    ),
    Known(
        INFORMATIONAL,
        ("7.1.6",),
        "Not specified. Messages and a close frame are sent at once: the close is answered with 1000, and the echo of "
        "what came before may not be sent any more.",
    ),
    Known(INFORMATIONAL, ("7.13.*",), "Not specified: close codes above 4999 are sent. They are answered with 1002."),
    Known(
        FAILED,
        (CLOSE_AMID_FRAGMENTS,),
        "A close frame between the frames of one message, which RFC 6455 allows. The library `websockets` wants the "
        "message to be complete, and answers with 1002 in place of 1000. The connection ends either way. Of a page "
        "that leaves in the middle of a message the session waits out its grace period in place of ending at once.",
    ),
)


def kind(result: CaseResult) -> str:
    """Autobahn's verdict, of message exchange and closing in one."""
    if result.behavior.value == "UNIMPLEMENTED":
        return UNIMPLEMENTED
    return _KINDS[result.behavior.value] if result.passed else FAILED


def known(result: CaseResult, compressed: bool) -> Known | None:
    """What explains a case that is not passed; None if nothing does."""
    candidates = KNOWN if compressed else (*KNOWN, UNCOMPRESSED)
    found = kind(result)
    return next((each for each in candidates if each.kind == found and each.covers(result.case_id)), None)


def cut_short(result: CaseResult) -> bool:
    """Whether the case has failed because the server's keepalive came in between."""
    return kind(result) == FAILED and result.rx_frame_stats.get(PING, 0) > 0


def outcome(result: CaseResult) -> str:
    """What wscb's own socket did with a case that was made for an echo.

    A malformed frame has to be refused by the WebSocket layer, with the code that Autobahn wants. A message that is
    well formed for a WebSocket is none of wscb.v1, so wscb refuses it; of both, either may be what is refused. Without
    either, what is left are pings and close frames, of which Autobahn's verdict holds.
    """
    code, expected = result.remote_close_code, result.expected_close
    malformed = not expected["closedByMe"] or result.case_id == CLOSE_AMID_FRAGMENTS
    speaks = _speaks(result)
    if malformed and code in {PROTOCOL_ERROR, INVALID_DATA, *expected["closeCode"]}:
        return BY_LAYER
    if speaks and code in OURS:
        return BY_WSCB
    if not malformed and result.passed:
        return ANSWERED
    return WRONG


def _speaks(result: CaseResult) -> bool:
    """Whether the case has sent a complete message."""
    frames = [entry for entry in result.wirelog if entry[0] == "TF"]
    unlogged = not result.create_wirelog or any(entry[0] == "WLM" for entry in result.wirelog)
    return unlogged or any(opcode in (TEXT, BINARY, CONTINUATION) and final for _, _, opcode, final, *_ in frames)
