"""Whatever a page says, its connection ends as PROTOCOL.md has it, and the server is as before.

WSCB_EXAMPLES=20000 is how many conversations are held; Hypothesis prints the one that fails.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from tests.faults.fuzz import BAD, GAP, LEFT, VARIANTS, Frame, Model, conversations, variants
from tests.faults.hostile import beside, ending, together
from tests.faults.servers import Backends
from tests.faults.sizes import size
from tests.protocol.from_schema import FORGED
from tests.server.apps import app_with
from tests.server.lines import handshake
from wscb import App, Input, Output, State, get_prop, html, set_props
from wscb.protocol import codec
from wscb.protocol.messages import Delta, Invoke, Welcome
from wscb.server.socket import Disconnected
from wscb.testing import FakeSocket, User

EXAMPLES = size("WSCB_EXAMPLES", 500, 20_000)
SOCKETS = size("WSCB_SOCKETS", 60, 2000)
RUN = Input("run", "n_clicks")
LAST = 9_876_543_210
"""The id of the call that ends a conversation."""


def every_kind() -> App:
    """An app with a callback of each kind. Its input comes back, or decides nothing."""
    app = app_with(html.Input(id="field"), html.Div(id="list"), prevent_initial_callbacks=True)

    @app.callback(Output("out", "children"), RUN, websocket=True)
    async def echo(value: Any) -> Any:
        return value

    @app.callback(Output("log", "children"), RUN, State("field", "value"), websocket=True, on_repeat="queue")
    async def slow(value: Any, state: Any) -> Any:
        await asyncio.sleep(0)
        set_props("list", {"title": state})
        return [value]

    @app.callback(Output("list", "children"), RUN, websocket=True, on_repeat="cancel")
    async def asks(value: Any) -> Any:
        return await get_prop("field", "value", timeout=0.001)

    @app.callback(websocket=True, persistent=True)
    async def starts_by_itself() -> None:
        await asyncio.Event().wait()

    @app.callback(Output("out", "title"), RUN)
    async def over_http(value: Any) -> Any:
        return value

    return app


class Ward:
    """A server in this process, a neighbour on it, and all that was logged. Tasks are counted when nothing is said."""

    def __init__(self, records: list[logging.LogRecord]) -> None:
        self.app = every_kind()
        self.records = records
        self.neighbour = User(self.app)
        self.ends: Counter[int | None] = Counter()

    async def begin(self) -> None:
        await self.neighbour.__aenter__()
        self.socket = self.neighbour.socket
        self.callbacks = [spec["id"] for spec in self.app.site().definition.specs]
        self.tasks = len(asyncio.all_tasks())

    async def end(self) -> None:
        await self.neighbour.__aexit__()

    async def hold(self, frames: list[Frame]) -> None:
        """One conversation, and what it must come to."""
        model, hub = Model(), self.app.site().hub
        code = model.end(frames)
        line = FakeSocket()
        serving = asyncio.ensure_future(self.app.site().connect(line, handshake()))
        for frame in frames:
            line.say_raw(frame)
        if code is None:
            code = None if model.begun else BAD  # nothing was said before the last call
            line.say(Invoke(q=model.cq + 1, id=LAST, callback="nobody", inputs=[], state=[], trigger=[]))
        session, ended = await self._listen(line)
        assert ended == code, (ended, line.closed_with)
        self.ends[code] += 1
        self._check_reason(line)
        line.drop(1001)
        await asyncio.wait_for(serving, 5)
        if code == GAP:
            hub.sessions[session].end(None)  # it waits for its page, which may come back
        async with asyncio.timeout(5):  # much less than the grace period
            await hub.gone(session)
        await self._check()

    async def _listen(self, line: FakeSocket) -> tuple[str, int | None]:
        """The session, and the code of the close; None when the last call was answered instead."""
        session = ""
        try:
            while True:
                message = await asyncio.wait_for(line.hear(), 5)
                if isinstance(message, Welcome):
                    session = message.session
                outcomes = message.outcomes if isinstance(message, Delta) else []
                if any(id == LAST and how == "rejected" for id, how, *_ in outcomes):
                    return session, None
        except Disconnected as closed:
            return session, closed.code

    def _check_reason(self, line: FakeSocket) -> None:
        if line.closed_with is not None:
            reason = line.closed_with[1]
            assert reason.isprintable()
            assert len(reason.encode()) <= 123

    async def _check(self) -> None:
        """Nothing is left, nothing hostile was logged, and the neighbour has noticed nothing."""
        assert len(asyncio.all_tasks()) <= self.tasks
        assert len(self.app.site().hub.sessions) == 1
        for record in self.records:
            assert record.getMessage().isprintable()
            said = logging.Formatter().formatException(record.exc_info) if record.exc_info else ""
            assert not any(control in said for control in FORGED if control not in "\n FORGED[31m")
            assert "Traceback" not in said or "CannotEncode" in said or "GetProp" in said, said
        self.records.clear()
        held = self.ends.total()
        if held % 20 == 1:
            calls = await self.neighbour.set("run", "n_clicks", held)
            assert await self.neighbour.settled(calls[0]) == "ok"
            assert self.neighbour.props["out", "children"] == held
        assert (self.neighbour.socket, self.neighbour.closed) == (self.socket, None)


@pytest.fixture
def records() -> Iterator[list[logging.LogRecord]]:
    """What wscb logs, whatever it is."""
    kept: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = kept.append  # type: ignore[method-assign]
    logger = logging.getLogger("wscb")
    level, propagate = logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    yield kept
    logger.removeHandler(handler)
    logger.setLevel(level)
    logger.propagate = propagate


def test_each_conversation_ends_as_it_must(records: list[logging.LogRecord]) -> None:
    with asyncio.Runner(debug=False) as runner:
        ward = Ward(records)
        runner.run(ward.begin())
        callbacks = list(ward.callbacks)

        @settings(max_examples=-(-EXAMPLES // VARIANTS), suppress_health_check=list(HealthCheck))
        @given(conversations(callbacks), st.integers(0, 2**32))
        def hold(frames: list[Frame], seed: int) -> None:
            for said in variants(frames, seed):
                note(f"these frames: {said!r}"[:5000])
                runner.run(ward.hold(said))

        try:
            hold()
        finally:
            runner.run(ward.end())
        print(f"conversations by their end: {dict(ward.ends)}")
        assert min(ward.ends[code] for code in (None, BAD, GAP, LEFT)) > 0


async def test_conversations_over_real_sockets(backends: Backends) -> None:
    """As above, a server process and its neighbour in place of objects. The model is asked what each must come to."""
    backend = backends.start(messages_per_second=200, grace_seconds=0.2)
    callbacks = [backend.page.callbacks[name] for name in ("recorded", "held", "got")]
    held: list[list[Frame]] = []

    @settings(max_examples=SOCKETS, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
    @given(conversations(callbacks))
    def collect(frames: list[Frame]) -> None:
        held.append(frames)

    collect()
    cases, expected = {}, {}
    for number, frames in enumerate(held):
        model = Model()
        code = model.end(frames)
        last = Invoke(q=model.cq + 1, id=LAST, callback="nobody", inputs=[], state=[], trigger=[])
        cases[f"{number}: {frames!r}"] = [*frames, *([codec.encode(last)] if code is None else [])]
        expected[f"{number}: {frames!r}"] = "answered" if code is None else f"closed {code}"
    async with beside(backend) as watch:
        watch.tracebacks = 10**6  # of callbacks that got what they cannot work with
        met = await together(cases, lambda said: ending(backend.port, said, answered=LAST))
        wrong = {name: (came, expected[name]) for name, came in met.items() if came != expected[name]}
        assert wrong == {}
