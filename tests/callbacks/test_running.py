"""The same callbacks over HTTP and over the socket: what they are given, and where what they return goes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, NamedTuple, Protocol

import pytest

from tests.server.apps import app_with
from tests.server.asgi_app import call, delta
from wscb import ALL, ALLSMALLER, MATCH, App, Input, Output, State, ctx, dcc, html, no_update, set_props
from wscb.callbacks.patterns import instances
from wscb.testing import User


class Ended(NamedTuple):
    """How a call ended, and what it changed."""

    how: str
    props: dict[tuple[str, str], Any]


class Run(Protocol):
    async def __call__(self, app: App, inputs: list[Any], state: list[Any], ids: Any = None) -> Ended: ...


async def over_http(app: App, inputs: list[Any], state: list[Any], ids: Any = None) -> Ended:
    (callback,) = app.build().callbacks
    answer = await delta(app, call(callback, inputs, state, ids=ids))
    return Ended(answer.outcomes[0][1], {(change[1], change[2]): change[3] for change in answer.changes})


async def over_the_socket(app: App, inputs: list[Any], state: list[Any], ids: Any = None) -> Ended:
    (callback,) = app.build().callbacks.values()
    async with User(app) as user:
        before = dict(user.props)
        for dependencies, values, of in ((callback.inputs, inputs, 1), (callback.state, state, 2)):
            for index, (dependency, value) in enumerate(zip(dependencies, values, strict=True)):
                text = (ids and ids[of][index]) or dependency.id_text
                for one, its in zip(text, value, strict=True) if isinstance(text, list) else [(text, value)]:
                    before[one, dependency.component_property] = user.props[one, dependency.component_property] = its
        number = await user.call(callback.id)
        how = await user.settled(number)
        return Ended(how, {key: value for key, value in user.props.items() if before.get(key, no_update) != value})


@pytest.fixture(params=[over_http, over_the_socket])
def run(request: pytest.FixtureRequest) -> Run:
    found: Run = request.param
    return found


@pytest.fixture
def app(run: Run) -> App:
    rows = [dcc.Input(id=row(index)) for index in (1, 2)]
    outs = [html.Div(id=row(index, "out")) for index in (2, 1)]
    return app_with(*rows, *outs, websocket_callbacks=run is over_the_socket)


def row(index: Any, type: str = "row") -> dict[str, Any]:
    return {"type": type, "index": index}


def texts(type: str, *indices: int) -> list[str]:
    return [f'{{"index":{index},"type":"{type}"}}' for index in indices]


ONE, TWO = texts("row", 1, 2)
OUT_ONE, OUT_TWO = texts("out", 1, 2)


async def test_match_writes_what_belongs_to_its_input(app: App, run: Run) -> None:
    @app.callback(Output(row(MATCH, "out"), "children"), Input(row(MATCH), "value"), State(row(ALLSMALLER), "value"))
    def work(value: int, smaller: list[int]) -> list[Any]:
        return [value, smaller, ctx.outputs_list["id"]["index"]]

    ended = await run(app, [5], [[3]], ([OUT_TWO], [TWO], [[ONE]]))
    assert ended == ("ok", {(OUT_TWO, "children"): [5, [3], 2]})


async def test_all_is_a_list_in_and_out(app: App, run: Run) -> None:
    @app.callback(Output(row(ALL, "out"), "children"), Input(row(ALL), "value"))
    async def work(values: list[int]) -> list[Any]:
        return [sum(values), no_update]

    assert await run(app, [[5, 6]], [], ([[OUT_TWO, OUT_ONE]], [[ONE, TWO]], [])) == ("ok", {(OUT_TWO, "children"): 11})


async def test_a_list_of_another_length_is_an_error(app: App, run: Run) -> None:
    @app.callback(Output(row(ALL, "out"), "children"), Input(row(ALL), "value"))
    async def work(values: list[int]) -> list[int]:
        return [1]

    assert await run(app, [[5, 6]], [], ([[OUT_TWO, OUT_ONE]], [[ONE, TWO]], [])) == ("error", {})


async def test_what_on_error_returns_goes_there_too(app: App, run: Run) -> None:
    @app.callback(
        Output(row(MATCH, "out"), "children"), Input(row(MATCH), "value"), on_error=lambda error: f"failed: {error}"
    )
    def work(value: int) -> int:
        raise ValueError(value)

    assert await run(app, [5], [], ([OUT_TWO], [TWO], [])) == ("ok", {(OUT_TWO, "children"): "failed: 5"})


async def test_groups_keep_their_shape(app: App, run: Run) -> None:
    @app.callback(
        output={"first": Output("out", "children"), "rest": [Output("log", "children"), Output("log", "title")]},
        inputs={"clicks": Input("run", "n_clicks"), "deep": {"s": (State("log", "lang"),)}},
    )
    def work(clicks: int, deep: Any) -> dict[str, Any]:
        given = ctx.args_grouping
        return {"rest": [deep["s"][0], no_update], "first": [clicks, given.clicks.value, given.deep.s[0].str_id]}

    ended = await run(app, [4], ["en"])
    assert ended == ("ok", {("out", "children"): [4, 4, "log"], ("log", "children"): "en"})


async def test_a_callback_with_neither_inputs_nor_outputs(app: App, run: Run) -> None:
    @app.callback()
    def work() -> None:
        set_props(row(2, "out"), {"children": "set"})

    assert await run(app, [], []) == ("ok", {(OUT_TWO, "children"): "set"})


# ----------------------------------------------------------------------------------------------- over the socket alone


async def plain(value: int) -> AsyncIterator[int]:
    yield value
    yield value + 1


def on_a_thread(value: int) -> Iterator[int]:
    yield value
    yield value + 1


@pytest.mark.parametrize("work", [plain, on_a_thread])
async def test_what_is_yielded_goes_to_what_the_outputs_stand_for(work: Callable[[int], Any]) -> None:
    app = app_with(*(dcc.Input(id=row(index)) for index in (1, 2)))
    app.callback(Output(row(MATCH), "value"), Input(row(MATCH), "name"), websocket=True)(work)
    async with User(app) as user:
        (number,) = await user.set(TWO, "name", 6)
        assert await user.settled(number) == "ok"
        assert (user.props[TWO, "value"], user.props.get((ONE, "value"))) == (7, None)


async def test_a_task_starts_anew_with_its_inputs_when_the_old_run_has_ended() -> None:
    app = app_with(dcc.Input(id="n"), dcc.Input(id="s", value="x"))
    seen: list[Any] = []

    @app.callback(Output("out", "children"), Input("n", "value"), State("s", "value"), persistent=True)
    async def work(n: int, s: str) -> AsyncIterator[str]:
        seen.append((n, s, ctx.triggered_id))
        try:
            yield f"at {n}"
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            seen.append(f"end {n}")

    async with User(app) as user:
        for n in (1, 2):
            await user.set("n", "value", n)
            await user.wait_for("out", "children", lambda text, n=n: text == f"at {n}")  # type: ignore[misc]
    assert seen == [(1, "x", "n"), "end 1", (2, "x", "n"), "end 2"]


async def test_a_task_on_a_thread_wakes_to_end() -> None:
    app = app_with(dcc.Input(id="n"))
    seen: list[Any] = []

    @app.callback(Input("n", "value"), persistent=True)
    def work(n: int) -> None:
        seen.append(n)
        set_props("out", {"children": n})
        try:
            while not ctx.cancelled:
                ctx.sleep(60)
        finally:
            seen.append("end")

    async with User(app) as user:
        for n in (1, 2):
            await user.set("n", "value", n)
            await user.wait_for("out", "children", lambda found, n=n: found == n)  # type: ignore[misc]
    assert seen == [1, "end", 2, "end"]


async def test_a_page_of_patterns_is_one_of_instances() -> None:
    """The page of tests and the check of the server agree on what a page can call."""
    app = app_with(*(dcc.Input(id=row(index)) for index in (1, "1", True, 2.5)))
    app.callback(
        Output(row(MATCH), "value"), Input(row(MATCH), "name"), State(row(ALLSMALLER), "value"), websocket=True
    )(lambda name, smaller: len(smaller))
    (callback,) = app.build().callbacks.values()
    async with User(app) as user:
        ids = list(dict.fromkeys(id for id, _ in user.props))
        for _, (text,), _ in instances(callback.outputs, callback.inputs, callback.state, ids):
            (number,) = await user.set(str(text), "name", "x")
            assert await user.settled(number) == "ok"
        assert [user.props[id_, "value"] for id_ in ids if (id_, "value") in user.props] == [0, 0, 3, 2]
