"""Who may connect."""

from __future__ import annotations

import pytest

from wscb.errors import DeclarationError
from wscb.protocol.closing import CloseCode
from wscb.server.admission import Origins, admit, subprotocol_to_echo
from wscb.server.socket import Handshake


def from_origin(origin: str | None, host: str | None = "here.example", scheme: str = "http") -> Handshake:
    said = {"origin": origin, "host": host}
    return Handshake(
        headers=tuple((name, value) for name, value in said.items() if value is not None),
        subprotocols=("wscb.v1",),
        scheme=scheme,
    )


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        (None, "here.example"),
        ("http://here.example", "here.example"),
        ("http://here.example", "here.example:80"),
        ("http://here.example:80", "here.example"),
        ("http://here.example:8050", "here.example:8050"),
        ("http://HERE.example", "here.EXAMPLE"),
        ("http://[::1]:8050", "[::1]:8050"),
    ],
)
def test_the_same_origin_is_allowed(origin: str | None, host: str) -> None:
    assert Origins().allow(from_origin(origin, host))


@pytest.mark.parametrize("host", ["here.example", "here.example:443"])
def test_a_proxy_may_have_ended_the_tls(host: str) -> None:
    assert Origins().allow(from_origin("https://here.example", host, "http"))


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("http://evil.example", "here.example"),
        ("http://here.example.evil.example", "here.example"),
        ("http://evil-here.example", "here.example"),
        ("http://here.example:8051", "here.example:8050"),
        ("http://here.example", "here.example:8050"),
        ("https://here.example", "here.example:80"),
        ("http://user@here.example:x", "here.example"),
        ("http://here.example:99999", "here.example"),
        ("null", "here.example"),
        ("null", ""),
        ("", "here.example"),
        ("other-app://here.example", "here.example"),
        ("http://here.example", None),
    ],
)
def test_another_origin_is_not(origin: str, host: str | None) -> None:
    assert not Origins().allow(from_origin(origin, host))


def test_a_page_without_tls_is_another_origin_than_a_server_with_it() -> None:
    assert not Origins().allow(from_origin("http://here.example", scheme="wss"))
    assert Origins().allow(from_origin("https://here.example", scheme="wss"))


@pytest.mark.parametrize(
    ("allowed", "origin", "expected"),
    [
        ("http://other.example", "http://other.example", True),
        ("http://Other.example", "http://other.EXAMPLE", True),
        ("http://other.example", "http://other.example:81", False),
        ("http://other.example", "https://other.example", False),
        ("http://other.example", "http://otherXexample", False),
        ("http://localhost:*", "http://localhost:3000", True),
        ("http://localhost:*", "http://localhost", True),
        ("http://localhost:*", "http://localhost:3000.evil.example", False),
        ("http://localhost:*", "http://localhost:", False),
        ("*", "http://anything.example", True),
        ("*", "null", True),
    ],
)
def test_more_origins_can_be_named(allowed: str, origin: str, expected: bool) -> None:
    assert Origins([allowed]).allow(from_origin(origin)) is expected


def test_the_own_origin_stays_allowed_beside_those_named() -> None:
    assert Origins(["http://other.example"]).allow(from_origin("http://here.example"))


@pytest.mark.parametrize("wrong", ["localhost", "http://a.example/path", "http://*.example", "http://", "a b://c", ""])
def test_what_is_no_origin_is_an_error_that_shows_one(wrong: str) -> None:
    with pytest.raises(DeclarationError, match="scheme://host") as raised:
        Origins([wrong])
    assert repr(wrong) in str(raised.value)


def test_a_single_string_is_an_error_that_shows_the_list() -> None:
    with pytest.raises(DeclarationError, match=r"write \['http://a.example'\]"):
        Origins("http://a.example")


def test_one_who_may_connect_is_admitted() -> None:
    assert admit(from_origin("http://here.example"), Origins()) is None


def test_another_version_is_refused_with_what_was_offered() -> None:
    denied = admit(Handshake(subprotocols=("wscb.v9", "x" * 200)), Origins(["*"]))
    assert denied is not None
    assert denied.code == CloseCode.UNKNOWN_VERSION
    assert "wscb.v9" in denied.reason
    assert len(denied.reason) <= 120  # a close frame has room for 123 bytes


def test_what_was_offered_is_shown_as_plain_text() -> None:
    denied = admit(Handshake(subprotocols=("\x1b[31m\n\u20ac" * 30,)), Origins(["*"]))
    assert denied is not None
    assert (denied.reason.isascii(), denied.reason.isprintable()) == (True, True)
    assert len(denied.reason) <= 120


def test_another_origin_is_refused() -> None:
    denied = admit(from_origin("http://evil.example"), Origins())
    assert denied is not None
    assert denied.code == CloseCode.REFUSED


@pytest.mark.parametrize(
    ("offered", "echoed"), [(("wscb.v9", "wscb.v1"), "wscb.v1"), (("wscb.v9", "other"), "wscb.v9"), ((), None)]
)
def test_ours_is_echoed_or_else_the_first(offered: tuple[str, ...], echoed: str | None) -> None:
    assert subprotocol_to_echo(Handshake(subprotocols=offered)) == echoed
