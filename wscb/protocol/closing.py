"""Why a connection is closed. The code alone says whether to come back: 4000 to 4499 yes, 4500 to 4999 no."""

from __future__ import annotations

from enum import IntEnum


class CloseCode(IntEnum):
    """The codes of wscb.v1, all in the range that RFC 6455 leaves to applications."""

    DRAIN = 4000
    IDLE = 4001
    TOO_SLOW = 4002
    HEARTBEAT = 4003
    OVERLOADED = 4005
    GAP = 4006
    NO_HELLO = 4008
    BAD_MESSAGE = 4500
    UNAUTHENTICATED = 4501
    REFUSED = 4503
    UNKNOWN_VERSION = 4504
    REPLACED = 4509
    TOO_BIG = 4513
    TOO_MANY = 4529


def comes_back(code: int) -> bool:
    """Whether a page that was closed with `code` opens another connection. Codes of others (1001, 1006...): yes."""
    return not 4500 <= code <= 4999
