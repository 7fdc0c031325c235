"""A callback with `api_endpoint=` is a route for programs, which means the same on every backend."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, TypedDict

import pytest
from pydantic import BaseModel, Field

from tests.backends.endpoints import END, LOG, OUT, RUN, ask, at
from tests.backends.hosts import Kind
from wscb import (
    ALL,
    MATCH,
    Input,
    Output,
    Patch,
    PreventUpdate,
    State,
    ctx,
    get_prop,
    html,
    no_update,
    set_props,
)
from wscb.server.endpoints import MISTAKES


class Place(BaseModel):
    city: str
    floor: int = 0


class Named(TypedDict):
    who: str
    rows: list[int]


@pytest.mark.parametrize("plain", [True, False])
async def test_inputs_and_states_have_the_names_of_the_parameters(kind: Kind, plain: bool) -> None:
    app = kind.app()
    threads: list[str] = []

    def add(clicks: int, label: str = "sum") -> str:
        threads.append(threading.current_thread().name)
        return f"{label}: {clicks + 1}"

    async def add_async(clicks: int, label: str = "sum") -> str:
        return add(clicks, label)

    at(app, add if plain else add_async, OUT, RUN, State("log", "children"))
    response = await ask(kind, app, {"label": "it", "clicks": 4})
    assert (response.status_code, response.json()) == (200, "it: 5")
    assert response.headers["content-type"] == "application/json"
    assert response.headers["cache-control"] == "no-store"
    assert (await ask(kind, app, {"clicks": 4})).json() == "sum: 5"
    assert threads[0].startswith("wscb-worker") == plain


async def test_outputs_come_in_the_shape_that_the_function_returns(kind: Kind) -> None:
    app = kind.app()
    at(app, lambda clicks: [clicks, None], OUT, LOG, RUN, path="/list")
    app.callback(
        output={"a": Output("out", "title"), "b": (Output("log", "title"), Output("end", "title"))},
        inputs=[RUN],
        api_endpoint="/dict",
    )(lambda clicks: {"a": clicks, "b": (clicks, no_update)})
    at(app, lambda clicks: None, RUN, path="/none")
    assert (await ask(kind, app, {"clicks": 1}, "/list")).json() == [1, None]
    assert (await ask(kind, app, {"clicks": 1}, "/dict")).json() == {"a": 1, "b": [1, None]}
    nothing = await ask(kind, app, {"clicks": 1}, "/none")
    assert (nothing.status_code, nothing.json()) == (200, None)


async def test_groups_have_their_own_names(kind: Kind) -> None:
    app = kind.app()

    @app.callback(
        OUT,
        inputs={"clicks": RUN, "more": {"who": State("log", "title"), "rows": State("end", "title")}},
        state={"two": (State("log", "children"), State("end", "children"))},
        api_endpoint="/api/x",
    )
    def work(two: tuple[str, int], clicks: int, more: Named) -> Any:
        return [two[0], two[1], clicks, more]

    body = {"clicks": "3", "two": ["a", 1], "more": {"who": "me", "rows": [1]}}
    assert (await ask(kind, app, body)).json() == ["a", 1, 3, {"who": "me", "rows": [1]}]
    for wrong, where in (
        ({"two": ["a"]}, ["body", "two", 1]),
        ({"two": ["a", "b"]}, ["body", "two", 1]),
        ({"more": {"who": "me"}}, ["body", "more", "rows"]),
        ({"more": {"who": "me", "rows": ["x"]}}, ["body", "more", "rows", 0]),
        ({"more": {"who": "me", "rows": [], "x": 1}}, ["body", "more", "x"]),
    ):
        refused = await ask(kind, app, {**body, **wrong})
        assert (refused.status_code, [one["loc"] for one in refused.json()["detail"]]) == (422, [where])


async def test_annotations_are_what_is_read(kind: Kind) -> None:
    app = kind.app()
    seen: list[Any] = []

    def work(
        clicks: int | None, day: date, place: Place, tags: list[str], size: Annotated[int, Field(gt=0)] = 1, any=None
    ) -> None:
        seen.extend([clicks, day, place, tags, size, any])

    states = [State(id, prop) for id in ("out", "log", "end") for prop in ("title", "children")]
    at(app, work, RUN, *states[:5])
    body = {"clicks": None, "day": "2026-11-22", "place": {"city": "Bern"}, "tags": ["a"], "any": [1]}
    assert (await ask(kind, app, body)).status_code == 200
    assert seen == [None, date(2026, 11, 22), Place(city="Bern"), ["a"], 1, [1]]


async def test_what_does_not_fit_is_said_in_full(kind: Kind) -> None:
    app = kind.app()
    ran: list[Any] = []

    def work(clicks: int, name: str) -> None:
        ran.append(clicks)

    at(app, work, RUN, State("log", "title"))
    response = await ask(kind, app, {"clicks": "many", "nam": "x"})
    assert response.status_code == 422
    assert response.json() == {
        "detail": [
            {
                "type": "int_parsing",
                "loc": ["body", "clicks"],
                "msg": "Input should be a valid integer, unable to parse string as an integer",
            },
            {"type": "missing", "loc": ["body", "name"], "msg": "Field required"},
            {
                "type": "extra_forbidden",
                "loc": ["body", "nam"],
                "msg": f"{work.__qualname__.replace('<locals>.', '')} does not take this. Did you mean 'name'?",
            },
        ]
    }
    for raw, type in ((b"{", "json_invalid"), (b"[1]", "model_type"), (b"", "missing")):
        response = await ask(kind, app, content=raw, headers={"content-type": "application/json"})
        assert (response.status_code, response.json()["detail"][0]["type"]) == (422, type)
    assert ran == []


async def test_of_very_many_mistakes_only_some_are_said(kind: Kind) -> None:
    app = kind.app()

    def work(rows: list[int]) -> None: ...

    at(app, work, RUN)
    said = (await ask(kind, app, {"rows": ["x"] * 1000})).json()["detail"]
    assert len(said) == MISTAKES + 1
    assert said[-1]["msg"] == f"and {1000 - MISTAKES} more mistakes"


async def test_without_inputs_no_body_is_needed(kind: Kind) -> None:
    app = kind.app()
    at(app, lambda: "here", OUT)
    response = await ask(kind, app, content=b"", headers={"content-type": "application/json; charset=utf-8"})
    assert response.json() == "here"
    assert (await ask(kind, app, {"x": 1})).json()["detail"][0]["msg"].endswith("Known ones: none.")


async def test_values_are_those_of_the_page_as_json(kind: Kind) -> None:
    np = pytest.importorskip("numpy")
    go = pytest.importorskip("plotly.graph_objects")
    app = kind.app()
    values: list[Any] = [
        html.B("x", id="b"),
        np.arange(3.0),
        {"when": date(2026, 1, 2), "nan": float("nan"), "raw": b"\xff"},
        go.Figure(data=[go.Bar(y=[1, 2])]),
    ]
    at(app, lambda: values, OUT)
    component, array, plain, figure = (await ask(kind, app)).json()
    assert component == html.B("x", id="b").to_plotly_json()
    assert array == [0, 1, 2]
    assert plain == {"when": "2026-01-02", "nan": None, "raw": "/w=="}
    assert figure["data"][0]["y"] == [1, 2]


@pytest.mark.parametrize("plain", [True, False])
async def test_no_update_is_an_answer_without_a_body(kind: Kind, plain: bool) -> None:
    app = kind.app()

    def prevent() -> None:
        set_props("log", {"children": "on the way"})
        raise PreventUpdate

    async def prevent_async() -> None:
        prevent()

    at(app, prevent if plain else prevent_async, OUT)
    at(app, lambda: no_update, LOG, path="/none")
    for path in ("/api/x", "/none"):
        response = await ask(kind, app, path=path)
        assert (response.status_code, response.content) == (204, b"")
        assert "content-type" not in response.headers
    assert (await ask(kind, app, path="/api/x?set_props=true")).json() == {
        "set_props": [{"id": "log", "property": "children", "value": "on the way"}]
    }


async def test_what_is_set_besides_is_told_who_asks(kind: Kind) -> None:
    app = kind.app()

    def work(clicks: int) -> str:
        lines = Patch()
        lines.append("a")
        set_props("log", {"children": clicks, "title": "t"})
        set_props({"row": 1, "a": "b"}, {"children": lines})
        return "done"

    at(app, work)
    assert (await ask(kind, app, {"clicks": 2})).json() == "done"
    assert (await ask(kind, app, {"clicks": 2}, "/api/x?set_props=false")).json() == "done"
    assert (await ask(kind, app, {"clicks": 2}, "/api/x?set_props=true")).json() == {
        "result": "done",
        "set_props": [
            {"id": "log", "property": "children", "value": 2},
            {"id": "log", "property": "title", "value": "t"},
            {"id": {"a": "b", "row": 1}, "property": "children", "value": {"patch": [["append", [], "a"]]}},
        ],
    }


async def test_ctx_is_that_of_the_program(kind: Kind) -> None:
    app = kind.app(prefix="/dash/")
    seen: dict[str, Any] = {}

    def look(clicks: int) -> str:
        seen.update(
            path=ctx.path,
            query=ctx.query,
            cookie=ctx.cookies["c"],
            header=ctx.headers["X-Mine"],
            triggered=(bool(ctx.triggered), ctx.triggered_id, ctx.triggered_prop_ids),
            inputs=(ctx.inputs, ctx.inputs_list, ctx.outputs_list),
            websocket=ctx.websocket,
        )
        ctx.response.set_header("x-answer", "yes")
        ctx.set_cookie("seen", "1")
        return "ok"

    at(app, look)
    headers = {"x-mine": "h", "cookie": "c=1"}
    response = await ask(kind, app, {"clicks": 7}, "/dash/api/x?q=1", headers=headers)
    assert response.json() == "ok"
    assert response.headers["x-answer"] == "yes"
    assert response.cookies["seen"] == "1"
    entry = {"id": "run", "property": "n_clicks", "value": 7}
    assert seen == {
        "path": "/dash/api/x",
        "query": {"q": ["1"]},
        "cookie": "1",
        "header": "h",
        "triggered": (False, None, {}),
        "inputs": ({"run.n_clicks": 7}, [entry], {"id": "out", "property": "children"}),
        "websocket": None,
    }


async def test_an_error_leaves_only_its_reference(kind: Kind, caplog: pytest.LogCaptureFixture) -> None:
    app = kind.app()

    def work() -> str:
        ctx.response.set_header("x-kept", "yes")
        raise ValueError("the password is 1234")

    at(app, work, OUT)
    response = await ask(kind, app)
    assert response.status_code == 500
    assert set(response.json()) == {"detail", "ref"}
    assert "1234" not in response.text
    assert response.json()["ref"] in response.json()["detail"]
    assert response.json()["ref"] in caplog.text
    assert "the password is 1234" in caplog.text
    assert response.headers["x-kept"] == "yes"


async def test_in_debug_the_error_is_shown(kind: Kind) -> None:
    app = kind.app()
    app.debug = True
    at(app, lambda: 1 / 0, OUT)
    answer = (await ask(kind, app)).json()
    assert answer["message"] == "ZeroDivisionError: division by zero"
    assert "lambda" in answer["traceback"]


async def test_a_mistake_in_what_it_gives_is_an_error_that_the_log_explains(
    kind: Kind, caplog: pytest.LogCaptureFixture
) -> None:
    app = kind.app()
    at(app, lambda: 1, OUT, LOG, path="/few")
    at(app, lambda: {"a": [object()]}, END, path="/object")
    at(app, lambda: "\ud800", Output("end", "title"), path="/text")
    at(app, lambda _: "x", RUN, path="/none")
    at(app, lambda: set_props("log", {"valeu": 1}), Output("log", "title"), path="/prop")
    for path, why in (
        ("/few", "returned one int, and it has 2 outputs"),
        ("/object", "Cannot send prop 'children' of component 'end': ['a'][0] is a object"),
        ("/text", "Cannot send prop 'title' of component 'end': it is, or has as a key, a text with a lone surrogate"),
        ("/none", "returned one str, and it has no output"),
        ("/prop", "'log' has no prop 'valeu'"),
    ):
        caplog.clear()
        assert (await ask(kind, app, {"_": 1} if path == "/none" else {}, path)).status_code == 500
        assert why in caplog.text


async def test_on_error_may_answer(kind: Kind) -> None:
    app = kind.app(on_error=lambda error: f"sorry: {error}")
    at(app, lambda: 1 / 0, OUT)
    assert (await ask(kind, app)).json() == "sorry: division by zero"


async def test_one_that_takes_too_long_is_ended(kind: Kind) -> None:
    app = kind.app()
    ended: list[str] = []

    async def wait() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("ended")

    at(app, wait, OUT, timeout=0.01)
    response = await ask(kind, app)
    assert (response.status_code, response.json()) == (504, {"detail": "It did not end within 0.01 s."})
    assert ended == ["ended"]


async def test_one_that_cancels_itself_has_no_answer(kind: Kind) -> None:
    app = kind.app()

    def work() -> None:
        raise asyncio.CancelledError

    at(app, work, OUT)
    assert (await ask(kind, app)).status_code == 503


async def test_over_the_socket_too_and_then_nobody_can_be_asked(socket_kind: Kind) -> None:
    app = socket_kind.app()

    async def work(clicks: int) -> str:
        set_props("log", {"children": "x"})
        return f"{clicks} {await get_prop('log', 'children')}"

    at(app, work, websocket=True, on_error=lambda error: str(error))
    said = (await ask(socket_kind, app, {"clicks": 1})).json()
    assert said.startswith("get_prop in test_over_the_socket_too_and_then_nobody_can_be_asked.work (")
    assert "came to its api_endpoint, from a program that has no page" in said


@pytest.mark.parametrize("plain", [True, False])
async def test_the_last_yield_is_the_answer(socket_kind: Kind, plain: bool) -> None:
    app = socket_kind.app()

    def steps(clicks: int) -> Iterator[Any]:
        yield "begun", no_update
        yield no_update, clicks

    async def steps_async(clicks: int) -> Any:
        for step in steps(clicks):
            yield step

    at(app, steps if plain else steps_async, OUT, LOG, RUN, websocket=True)
    assert (await ask(socket_kind, app, {"clicks": 2})).json() == ["begun", 2]


async def test_a_pattern_stands_for_what_is_given(kind: Kind) -> None:
    app = kind.app()
    seen: list[Any] = []
    row = {"type": "row", "index": MATCH}
    every = {"type": "row", "index": ALL}

    def one(value: int) -> int:
        seen.append(ctx.inputs_list[0]["id"])
        return value

    at(app, one, Output(row, "children"), Input(row, "n_clicks"), path="/one")
    at(app, lambda values: values, Output(every, "title"), Input(every, "n_clicks"), path="/all")
    assert (await ask(kind, app, {"value": 3}, "/one")).json() == 3
    assert seen == [row]
    assert (await ask(kind, app, {"values": [1, 2]}, "/all")).json() == [1, 2]
    assert (await ask(kind, app, {"values": 1}, "/all")).status_code == 422


async def test_what_may_be_missing_on_the_page_may_be_missing_here(kind: Kind) -> None:
    app = kind.app()
    at(app, lambda a, b: [a, b], OUT, Input("run", "n_clicks"), State("gone", "value", allow_optional=True))
    assert (await ask(kind, app, {"a": 1})).json() == [1, None]
