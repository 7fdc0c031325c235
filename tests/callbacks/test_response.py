"""Headers and cookies of the answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from wscb.callbacks.response import Response
from wscb.errors import UsageError


def test_headers_are_added_and_replaced() -> None:
    response = Response()
    response.append_header("X-Two", "a")
    response.append_header("x-two", "b")
    response.append_header("X-One", "aÿ")
    assert response.headers == [("X-Two", "a"), ("x-two", "b"), ("X-One", "aÿ")]
    response.set_header("X-TWO", "c")
    assert response.headers == [("X-One", "aÿ"), ("X-TWO", "c")]


@pytest.mark.parametrize(
    ("options", "cookie"),
    [
        ({}, "a=b; Path=/; SameSite=lax"),
        ({"samesite": None}, "a=b; Path=/"),
        ({"value": "two words; =", "samesite": None}, 'a="two words\\073 ="; Path=/'),
        ({"max_age": 60}, "a=b; Max-Age=60; Path=/; SameSite=lax"),
        ({"max_age": 0, "path": None}, "a=b; Max-Age=0; SameSite=lax"),
        ({"max_age": timedelta(minutes=1), "samesite": "strict"}, "a=b; Max-Age=60; Path=/; SameSite=strict"),
        (
            {"expires": datetime(2030, 1, 2, 1, tzinfo=timezone(timedelta(hours=1))), "samesite": None},
            "a=b; expires=Wed, 02 Jan 2030 00:00:00 GMT; Path=/",
        ),
        (
            {"expires": "Wed, 02 Jan 2030 00:00:00 GMT", "path": None},
            "a=b; expires=Wed, 02 Jan 2030 00:00:00 GMT; SameSite=lax",
        ),
        (
            {"domain": "a.b", "path": "/x", "secure": True, "httponly": True, "samesite": "none"},
            "a=b; Domain=a.b; HttpOnly; Path=/x; SameSite=none; Secure",
        ),
    ],
)
def test_a_cookie(options: dict[str, Any], cookie: str) -> None:
    response = Response()
    response.set_cookie("a", **{"value": "b", **options})
    ((name, value),) = response.headers
    assert name == "Set-Cookie"
    assert sorted(value.split("; ")) == sorted(cookie.split("; "))


def test_a_time_without_a_zone_is_of_this_machine() -> None:
    response = Response()
    moment = datetime(2030, 1, 2).astimezone()
    response.set_cookie("a", expires=moment.replace(tzinfo=None))
    assert f"{moment.astimezone(UTC):%H:%M:%S} GMT" in response.headers[0][1]


def test_a_cookie_is_taken_away() -> None:
    response = Response()
    response.delete_cookie("a", path="/x", domain="a.b")
    value = response.headers[0][1]
    assert value.startswith('a=""; ')
    assert all(part in value for part in ("Max-Age=0", "expires=Thu, 01 Jan 1970", "Path=/x", "Domain=a.b"))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda r: r.append_header("a b", "c"), "'a b' is not the name of a header"),
        (lambda r: r.set_header("Content-Length", "3"), "The header 'Content-Length' is the answer's own"),
        (lambda r: r.set_header("", "c"), "'' is not the name of a header"),
        (lambda r: r.set_header(3, "c"), "3 is not the name of a header"),
        (lambda r: r.set_header("a", "b\r\nc: d"), "The header 'a' cannot have the value"),
        (lambda r: r.append_header("a", "→"), "one line of text in Latin-1"),
        (lambda r: r.append_header("a", "a\u0100"), "one line of text in Latin-1"),
        (lambda r: r.append_header("a", 3), "The header 'a' cannot have the value 3"),
        (lambda r: r.set_cookie("a b"), r"set_cookie\('a b', ...\): .* A name has letters"),
        (lambda r: r.set_cookie("a", path="/\n"), "The header 'Set-Cookie' cannot have"),
    ],
)
def test_what_no_header_can_hold(wrong: Callable[[Response], None], says: str) -> None:
    response = Response()
    with pytest.raises(UsageError, match=says):
        wrong(response)
    assert response.headers == []
