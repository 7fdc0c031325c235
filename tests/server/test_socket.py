"""What was said at the handshake, and how a peer goes."""

from __future__ import annotations

from wscb.server.socket import Disconnected, Handshake


def test_the_first_header_of_a_name_counts() -> None:
    handshake = Handshake(headers=(("host", "a"), ("origin", "b"), ("host", "c")))
    assert handshake.header("host") == "a"
    assert handshake.header("origin") == "b"
    assert handshake.header("cookie") is None


def test_a_content_type_is_read_without_its_parameters() -> None:
    handshake = Handshake(headers=(("content-type", " Application/JSON ; charset=utf-8"),))
    assert handshake.content_type == "application/json"
    assert Handshake().content_type == ""


def test_a_line_that_was_cut_has_1006() -> None:
    assert Disconnected().code == 1006
    assert Disconnected(1001).code == 1001
    assert "1001" in str(Disconnected(1001))
