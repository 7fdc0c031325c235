"""What a callback adds to the HTTP answer that carries its result: headers and cookies."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.cookies import CookieError, SimpleCookie
from typing import Literal

from wscb.errors import UsageError

# What the answer says of its own body.
_OWN = frozenset({"connection", "content-encoding", "content-length", "content-type", "transfer-encoding"})
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


class Response:
    """The headers of one answer. `headers` are in order, names in the author's case, a name more than once perhaps."""

    __slots__ = ("headers",)

    def __init__(self) -> None:
        self.headers: list[tuple[str, str]] = []

    def append_header(self, key: str, value: str) -> None:
        """Adds a header, beside those of the same name. Raises UsageError for what no header can hold."""
        self.headers.append((_checked_name(key), _checked_value(key, value)))

    def set_header(self, key: str, value: str) -> None:
        """Adds a header in place of those of the same name. Raises UsageError for what no header can hold."""
        added = (_checked_name(key), _checked_value(key, value))
        self.headers = [*(header for header in self.headers if header[0].lower() != key.lower()), added]

    def set_cookie(
        self,
        key: str,
        value: str = "",
        max_age: int | timedelta | None = None,
        expires: datetime | str | None = None,
        path: str | None = "/",
        domain: str | None = None,
        secure: bool = False,
        httponly: bool = False,
        samesite: Literal["lax", "strict", "none"] | None = "lax",
    ) -> None:
        """Sets a cookie in the browser. `max_age` is in seconds; without it and `expires` it ends with the browser.

        Raises UsageError for what no cookie can hold.
        """
        cookie: SimpleCookie = SimpleCookie()
        try:
            cookie[key] = value
        except CookieError as error:
            raise UsageError(f"set_cookie({key!r}, ...): {error}. A name has letters, digits and -_ alone.") from None
        parts: dict[str, object] = {
            "max-age": int(max_age.total_seconds()) if isinstance(max_age, timedelta) else max_age,
            "expires": _http_date(expires) if isinstance(expires, datetime) else expires,
            "path": path,
            "domain": domain,
            "secure": secure or None,
            "httponly": httponly or None,
            "samesite": samesite,
        }
        for name, part in parts.items():
            if part is not None:
                cookie[key][name] = part  # the library writes numbers and truth values too
        self.headers.append(("Set-Cookie", _checked_value("Set-Cookie", cookie[key].OutputString())))

    def delete_cookie(self, key: str, path: str | None = "/", domain: str | None = None) -> None:
        """Takes a cookie away; path and domain are those that it was set with."""
        self.set_cookie(key, max_age=0, expires="Thu, 01 Jan 1970 00:00:00 GMT", path=path, domain=domain)


def _http_date(moment: datetime) -> str:
    """A time without a zone is taken for one of this machine's."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def _checked_name(name: object) -> str:
    if isinstance(name, str) and name.lower() in _OWN:
        raise UsageError(
            f"The header {name!r} is the answer's own. For another kind of answer add a route to app.server."
        )
    if isinstance(name, str) and _NAME.fullmatch(name):
        return name
    raise UsageError(f"{name!r} is not the name of a header: a name has letters, digits and hyphens.")


def _checked_value(name: str, value: object) -> str:
    if isinstance(value, str) and value.isprintable() and _fits_latin(value):
        return value
    raise UsageError(
        f"The header {name!r} cannot have the value {value!r}: a value is one line of text in Latin-1. Encode it, as "
        f"urllib.parse.quote does."
    )


def _fits_latin(value: str) -> bool:
    return all(ord(character) < 256 for character in value)
