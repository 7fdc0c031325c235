"""Rules of PROTOCOL.md that take a server and a socket to be seen, one test each."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import pytest

from tests.server.apps import app_with
from tests.server.lines import ID, OUT, RUN, attached, close_code, counting, hear, hello, line
from wscb import Limits, get_prop, set_props
from wscb.protocol.closing import CloseCode
from wscb.protocol.messages import Ack, Delta, GetProp, Invoke, Ping, Pong, Problem, PropValue, Welcome
from wscb.server import hub as hub_module
from wscb.session.pulse import PROBLEMS


def call(q: int, id: int | None = None, value: Any = 1) -> Invoke:
    return Invoke(q=q, id=id or q, callback=ID, inputs=[value], state=[], trigger=[])


async def test_session_and_token_are_256_random_bits_and_all_different() -> None:
    app = counting()
    async with line(app) as one, line(app) as two, line(app) as again:
        first, second = await attached(app, one), await attached(app, two)
        again.say(hello(n=2, session=first.session, token=first.token))
        third = await hear(again, Welcome)
        made = {first.session, first.token, second.session, second.token, third.token}
        assert len(made) == 5
        assert all(len(each) >= 43 for each in made)
        assert third.session == first.session


async def test_a_second_hello_on_a_connection_is_ignored() -> None:
    app = counting()
    async with line(app) as socket:
        welcome = await attached(app, socket)
        socket.say(hello(n=7, session="another", token="guessed", have=99))
        socket.say(hello(n=1, session=welcome.session, token=welcome.token))
        socket.say(call(1))
        heard = await hear(socket, Delta)
        assert (heard.to, heard.cq, heard.outcomes) == (1, 1, [(1, "ok")])
        assert app.site().hub.sessions[welcome.session].machine.attach_count == 1


async def test_an_ack_of_less_than_before_brings_nothing_back() -> None:
    app = counting()
    async with line(app) as socket:
        welcome = await attached(app, socket)
        machine = app.site().hub.sessions[welcome.session].machine
        socket.say(call(1))
        await hear(socket, Delta)
        for have in (1, 0):
            socket.say(Ack(have=have))
        socket.say(call(2))
        heard = await hear(socket, Delta)
        assert (heard.to, heard.outcomes) == (2, [(2, "ok")])
        assert len(machine._box) == 2  # the value and the outcome of the second alone


async def test_a_refused_hello_changes_nothing_at_all() -> None:
    """Neither the token that is valid, nor what the page has, nor which connection counts."""
    app = counting()
    refused: list[tuple[str | None, dict[str, Any], int]] = [
        ("ann", {"n": 4}, CloseCode.REPLACED),
        ("ann", {"token": "guessed"}, CloseCode.UNAUTHENTICATED),
        ("bob", {}, CloseCode.UNAUTHENTICATED),
        (None, {}, CloseCode.UNAUTHENTICATED),
    ]
    async with AsyncExitStack() as lines:
        owner, back = [await lines.enter_async_context(line(app, user="ann")) for _ in range(2)]
        owner.say(hello(n=5, build=app.site().definition.build))
        welcome = await hear(owner, Welcome)
        machine = app.site().hub.sessions[welcome.session].machine
        owner.say(call(1))
        await hear(owner, Delta)
        known = {"session": welcome.session, "token": welcome.token}
        for user, wrong, code in refused:
            other = await lines.enter_async_context(line(app, user=user))
            other.say(hello(**{**known, "n": 9, "have": 1, **wrong}))
            assert await close_code(other) == code
            assert (machine.attach_count, len(machine._box), owner.closed_with) == (1, 2, None)
        back.say(hello(n=6, **known))
        resumed, delta = await hear(back, Welcome), await hear(back, Delta)
        assert (resumed.mode, resumed.attach, resumed.cq) == ("resumed", 2, 1)
        assert delta.outcomes == [(1, "ok")]


@pytest.mark.parametrize("kind", ["task", "call", "get_prop"])
async def test_what_is_idle_is_not_closed_while_something_is_open(kind: str) -> None:
    """Many pings later it is still there; when the last thing has ended, it is closed with 4001."""
    app = app_with(limits=Limits(inactivity_seconds=0.03, heartbeat_seconds=0.01))
    let_go = asyncio.Event()

    @app.callback(persistent=True)
    async def stream() -> None:
        if kind == "task":
            await let_go.wait()

    @app.callback(OUT, RUN, websocket=True)
    async def work(clicks: int) -> None:
        await (get_prop("log", "title", timeout=3600) if kind == "get_prop" else let_go.wait())

    async with line(app) as socket:
        await attached(app, socket)
        if kind != "task":
            socket.say(call(1))
        asked = await hear(socket, GetProp) if kind == "get_prop" else None
        for _ in range(12):
            socket.say(Pong())
            await hear(socket, Ping)
        let_go.set()
        if asked is not None:
            socket.say(PropValue(id=asked.id, value="answer"))
        assert await close_code(socket) == CloseCode.IDLE


async def test_a_page_that_was_closed_as_idle_comes_back_to_its_session() -> None:
    app = app_with(limits=Limits(inactivity_seconds=0.02))
    async with line(app) as socket, line(app) as back:
        welcome = await attached(app, socket)
        assert await close_code(socket) == CloseCode.IDLE
        back.say(hello(n=2, session=welcome.session, token=welcome.token))
        assert (await hear(back, Welcome)).mode == "resumed"


async def test_problems_of_a_page_are_logged_some_a_second_and_on_one_line(caplog: pytest.LogCaptureFixture) -> None:
    app = counting()
    async with line(app) as socket:
        welcome = await attached(app, socket)
        for number in range(PROBLEMS + 20):
            socket.say(Problem(code="not_applied", component="x\nERROR forged", prop=f"y{number}", message="\x1b[31m"))
        socket.say(call(1))
        await hear(socket, Delta)
    said = [record.getMessage() for record in caplog.records if "problem" in record.getMessage()]
    assert len(said) == PROBLEMS
    assert said[0].startswith(f"session {welcome.session[:8]}")
    assert "not_applied" in said[0]
    assert all(text.isprintable() for text in said)


async def test_the_log_says_whose_outbox_was_full_and_of_what(caplog: pytest.LogCaptureFixture) -> None:
    app = app_with(limits=Limits(outbox_bytes=20_000))

    @app.callback(OUT, RUN, websocket=True)
    async def work(clicks: int) -> None:
        for n in range(100):
            set_props("log", {f"data-{n}": "x" * 500})
            set_props("log", {"title": "y" * 2000})

    async with line(app, user="ann") as socket:
        welcome = await attached(app, socket)
        socket.stall()
        socket.say(call(1))
        await asyncio.wait_for(app.site().hub.gone(welcome.session), 5)
        socket.resume()
    (said,) = [record.getMessage() for record in caplog.records if "too_slow" in record.getMessage()]
    for part in (welcome.session[:8], "'ann'", "producer='log.title'", "bound=20000"):
        assert part in said
    assert welcome.session not in said  # it would be half of what it takes to come back as this page


async def test_no_4000_where_the_last_delta_could_not_be_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the page would take what was above its old `cq` for not run, and send it again."""
    monkeypatch.setattr(hub_module, "CLOSE_SECONDS", 0.2)
    app = counting()
    heard: list[Any] = []
    async with line(app) as socket:
        welcome = await attached(app, socket)
        machine = app.site().hub.sessions[welcome.session].machine
        socket.stall()
        socket.say(call(1))
        while machine._box.cq == 0:  # noqa: ASYNC110  # it can say nothing of it
            await asyncio.sleep(0)
        await app.site().hub.drain()
        socket.resume()
        assert await close_code(socket, heard) == hub_module.SERVICE_RESTART
    assert not any(isinstance(message, Delta) and message.cq for message in heard)
