"""Who may attach: the page that we know, for the same user, and only by its newest connection."""

from __future__ import annotations

from hmac import compare_digest
from typing import Literal

from wscb.errors import Refused
from wscb.protocol import codec
from wscb.protocol.closing import CloseCode
from wscb.protocol.limits import Limits
from wscb.protocol.messages import Hello, PageLimits, Welcome


class Door:
    """The token changes with each attach; the one that the page came with stays valid until the page has spoken.

    So any number of lost welcomes is survived. `attach` counts the connections that were let in.
    """

    __slots__ = ("_hellos", "_limits", "_spare", "_token", "_user", "attach")

    def __init__(self, user: str | None, limits: Limits) -> None:
        self._user = user
        self._limits = limits
        self._hellos = 0
        self._token: str | None = None
        self._spare: str | None = None
        self.attach = 0

    def admit(self, hello: Hello, user: str | None) -> None:
        """Raises Refused, 4509 for a hello that comes late, 4501 for a wrong token or another user."""
        if hello.n < self._hellos:
            raise Refused(CloseCode.REPLACED, "a later connection of this page was here before")
        if user != self._user:
            raise Refused(CloseCode.UNAUTHENTICATED, "this session belongs to another user")
        if self.attach and not self._knows(hello.token):
            raise Refused(CloseCode.UNAUTHENTICATED, "wrong token for this session")

    def opened(self, hello: Hello, token: str) -> None:
        """The page is in, and gets `token` for the next time."""
        self.attach += 1
        self._hellos = hello.n
        self._spare, self._token = hello.token, token

    def welcome(self, mode: Literal["new", "resumed", "stale"], session: str, cq: int, heartbeat: float) -> bytes:
        """The packed answer to hello."""
        assert self._token is not None
        limits = PageLimits(
            message=self._limits.message_bytes,
            calls=self._limits.calls_in_flight,
            rate=self._limits.messages_per_second,
        )
        answer = Welcome(
            session=session,
            token=self._token,
            attach=self.attach,
            mode=mode,
            cq=cq,
            limits=limits,
            heartbeat=round(heartbeat * 1000),
        )
        return codec.encode(answer)

    def spoke(self) -> None:
        """The page has its new token."""
        self._spare = None

    def close(self) -> None:
        """For good."""
        self._token = self._spare = None

    def _knows(self, token: str | None) -> bool:
        given = (token or "").encode()
        return any(compare_digest(given, known.encode()) for known in (self._token, self._spare) if known)
