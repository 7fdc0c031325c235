"""Who it is: a login by a signed cookie, with nothing but the standard library. All three apps share it.

The browser keeps the cookie and sends it with each request, and with the handshake of each WebSocket: so pages, routes,
callbacks and sockets all learn from it who asks. A real service has people in a database and keeps `_ended` in Redis.
"""

from __future__ import annotations

import hmac
import os
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, Protocol

COOKIE = "line4"
LASTS = 12 * 3600
OPTIONS: dict[str, Any] = {"max_age": LASTS, "httponly": True, "samesite": "lax"}  # and "secure", where there is TLS
SECRET = (os.environ.get("SERVICE_SECRET") or secrets.token_hex()).encode()

GUARDED = ("/dashboard/", "/wall/", "/api/")
OPEN = ("/dashboard/assets/", "/dashboard/_wscb/ready")  # the looks of the login page; the question of a balancer
POLICY = {"content-security-policy": "default-src 'self'"}


@dataclass(frozen=True)
class User:
    id: str
    name: str
    role: str


PEOPLE = {"ann": User("ann", "Ann Berg", "Supervisor"), "raj": User("raj", "Raj Patel", "Operator")}
_ended: dict[str, float] = {}


class Asking(Protocol):
    """A request of FastAPI, Quart or Flask; a handshake of a socket; `ctx` in a callback."""

    @property
    def cookies(self) -> Mapping[str, str]: ...


def sign_in(id: str, password: str) -> str | None:
    """The value of the cookie; None for who is not known. Here a password is the name, spelt backwards."""
    if id not in PEOPLE or not hmac.compare_digest(password.encode(), id[::-1].encode()):
        return None
    claim = f"{id}.{time.time() + LASTS:.0f}.{secrets.token_hex(8)}"
    return f"{claim}.{_signature(claim)}"


def signed_in(asking: Asking) -> User | None:
    """Who asks; None when the cookie is not there, not ours, too old, or that of somebody who has signed out."""
    claim, _, signature = asking.cookies.get(COOKIE, "").rpartition(".")
    if signature in _ended or not hmac.compare_digest(signature.encode(), _signature(claim).encode()):
        return None
    id, ends, _ = claim.split(".")
    return PEOPLE.get(id) if time.time() < float(ends) else None


def sign_out(asking: Asking) -> None:
    """The cookie is worth nothing from now on, wherever a copy of it is."""
    now = time.time()
    for signature in [one for one, until in _ended.items() if until < now]:
        del _ended[signature]
    _ended[asking.cookies.get(COOKIE, "").rpartition(".")[2]] = now + LASTS


def _signature(claim: str) -> str:
    return hmac.new(SECRET, claim.encode(), "sha256").hexdigest()


def refused(path: str, asking: Asking) -> bool:
    """Whether a request for this path is one that needs a user, and comes from nobody."""
    return path.startswith(GUARDED) and not path.startswith(OPEN) and signed_in(asking) is None


def login_page(problem: str = "") -> str:
    return Path(__file__).with_name("login.html").read_text().replace("{problem}", escape(problem))
