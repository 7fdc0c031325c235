from __future__ import annotations

import pytest

from wscb.errors import Refused
from wscb.protocol import codec
from wscb.protocol.limits import Limits
from wscb.protocol.messages import Hello, Location, Welcome
from wscb.session.door import Door


def hello(n: int, token: str | None = None) -> Hello:
    return Hello(n=n, build="b", page=Location(path="/", query=""), visible=True, have=0, token=token)


def refused(door: Door, message: Hello, user: str | None = "ann") -> int:
    with pytest.raises(Refused) as caught:
        door.admit(message, user)
    return caught.value.close_code


@pytest.fixture
def door() -> Door:
    door = Door("ann", Limits())
    door.admit(hello(1), "ann")
    door.opened(hello(1), "T1")
    return door


def test_the_first_page_needs_no_token_but_has_to_be_the_user(door: Door) -> None:
    assert refused(Door("ann", Limits()), hello(1), None) == 4501
    assert door.attach == 1


def test_the_token_or_the_one_that_the_page_came_with(door: Door) -> None:
    assert refused(door, hello(2)) == 4501
    assert refused(door, hello(2, "T0")) == 4501
    assert refused(door, hello(2, "T1"), "bob") == 4501
    door.admit(hello(2, "T1"), "ann")
    door.opened(hello(2, "T1"), "T2")
    door.admit(hello(3, "T1"), "ann")
    door.admit(hello(3, "T2"), "ann")
    door.spoke()
    assert refused(door, hello(3, "T1")) == 4501
    door.admit(hello(3, "T2"), "ann")


def test_a_late_hello(door: Door) -> None:
    door.opened(hello(5, "T1"), "T2")
    assert refused(door, hello(4, "T2")) == 4509


def test_closed_for_good(door: Door) -> None:
    door.close()
    assert refused(door, hello(2, "T1")) == 4501


def test_welcome(door: Door) -> None:
    welcome = codec.decode_server(door.welcome("new", "S", 7, 20.0))
    assert isinstance(welcome, Welcome)
    assert (welcome.token, welcome.attach, welcome.mode, welcome.cq, welcome.heartbeat) == ("T1", 1, "new", 7, 20_000)
    assert welcome.limits.calls == Limits().calls_in_flight
