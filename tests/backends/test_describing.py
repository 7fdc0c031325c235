"""`/_wscb/schema` and `/_wscb/asyncapi.json`: what an app says of itself to programs, on every backend."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator, Draft202012Validator
from pydantic import BaseModel

from tests.backends.hosts import Kind
from wscb import MATCH, App, ClientsideFunction, Input, Output, State, html
from wscb.protocol.schema import schema
from wscb.server.http import HttpRequest
from wscb.server.socket import Handshake

SPECS = Path(__file__).parents[2] / "client_js/node_modules/@asyncapi/specs/schemas/3.0.0-without-$id.json"
SECRET = "a value of the layout"
NAMED = "out.children|run.n_clicks|name.value"


def declared(kind: Kind, server: Any = None, prefix: str = "/") -> App:
    """An app with a callback of each kind that the backend has."""
    app = kind.app(server, prefix)
    app.layout = [
        html.Button(id="run"),
        html.Input(id="name", value=SECRET),
        *(html.Output(id=id) for id in ("out", "live", "task", "own", "page")),
        html.Div(SECRET, id={"type": "row", "index": 1}),
    ]
    run = Input("run", "n_clicks")

    @app.callback(
        Output("out", "children"), run, State("name", "value"), running=[(Output("own", "title"), SECRET, "")]
    )
    def greet(clicks: int, name: str) -> str:
        """SECRET: a docstring is code too."""
        return name

    app.callback(Output({"type": "row", "index": MATCH}, "title"), Input({"type": "row", "index": MATCH}, "n_clicks"))(
        lambda clicks: "x"
    )
    app.clientside_callback(ClientsideFunction("mine", "twice"), Output("page", "children"), run)
    if kind.sockets:
        app.callback(Output("live", "children"), run, websocket=True)(lambda clicks: clicks)

        @app.callback(Output("task", "children"), persistent=True)
        async def task() -> Any:
            yield 1

    return app


async def read(kind: Kind, server: Any, path: str) -> Any:
    async with kind.client(server) as client:
        response = await client.get(path)
    assert response.status_code == 200
    return response.json()


async def test_the_schema_is_that_of_the_messages(kind: Kind) -> None:
    app = kind.app(prefix="/dash/")
    assert await read(kind, app.server, "/dash/_wscb/schema") == schema()


@pytest.mark.skipif(not SPECS.exists(), reason="AsyncAPI's own schema comes with client_js/node_modules")
async def test_the_document_is_valid_asyncapi(kind: Kind) -> None:
    document = await read(kind, declared(kind).server, "/_wscb/asyncapi.json")
    validator = Draft7Validator(json.loads(SPECS.read_text()))
    assert [f"{list(error.path)}: {error.message[:200]}" for error in validator.iter_errors(document)] == []
    del document["info"]["version"]
    document["operations"][NAMED]["action"] = "call"
    assert len(list(validator.iter_errors(document))) == 2


async def test_each_reference_leads_somewhere(kind: Kind) -> None:
    document = await read(kind, declared(kind).server, "/_wscb/asyncapi.json")

    def references(node: Any) -> list[str]:
        inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
        own = [node["$ref"]] if isinstance(node, dict) and "$ref" in node else []
        return own + [found for item in inner for found in references(item)]

    found = references(document)
    assert len(found) > 30
    for reference in found:
        at = document
        for part in reference.removeprefix("#/").split("/"):
            at = at[part]


async def test_each_callback_is_an_operation(kind: Kind) -> None:
    document = await read(kind, declared(kind).server, "/_wscb/asyncapi.json")
    operations, callbacks = document["operations"], document["x-wscb-callbacks"]
    assert callbacks[NAMED] == {
        "id": NAMED,
        "kind": "plain",
        "inputs": [{"component": "run", "prop": "n_clicks"}],
        "state": [{"component": "name", "prop": "value"}],
        "outputs": [{"component": "out", "prop": "children"}],
    }
    assert operations[NAMED]["x-wscb-callback"] == callbacks[NAMED]
    assert operations[NAMED]["action"] == "receive"
    assert operations[NAMED]["channel"] == {"$ref": "#/channels/invoke"}
    assert operations[NAMED]["messages"] == [{"$ref": "#/channels/invoke/messages/invoke"}]
    assert operations[NAMED]["reply"]["messages"] == [{"$ref": "#/channels/invoke/messages/delta"}]
    kinds = {str(one["outputs"][0]["component"]): one["kind"] for one in callbacks.values()}
    pattern = next(one for one in callbacks.values() if isinstance(one["outputs"][0]["component"], dict))
    assert pattern["inputs"] == [{"component": {"index": ["MATCH"], "type": "row"}, "prop": "n_clicks"}]
    assert kinds["page"] == "clientside"
    assert "page.children|run.n_clicks" not in operations


async def test_the_socket_is_a_channel(socket_kind: Kind) -> None:
    document = await read(socket_kind, declared(socket_kind, prefix="/dash/").server, "/dash/_wscb/asyncapi.json")
    socket = document["channels"]["socket"]
    assert socket["address"] == "/dash/_wscb/ws"
    assert document["channels"]["invoke"]["address"] == "/dash/_wscb/invoke"
    assert {"hello", "welcome", "delta", "bye", "get_prop", "chunk"} <= set(socket["messages"])
    operations = document["operations"]
    assert {"$ref": "#/channels/socket/messages/hello"} in operations["page-messages"]["messages"]
    assert {"$ref": "#/channels/socket/messages/hello"} not in operations["server-messages"]["messages"]
    live = operations["live.children|run.n_clicks"]
    assert live["channel"] == {"$ref": "#/channels/socket"}
    assert live["x-wscb-callback"]["kind"] == "websocket"
    (task,) = (one for one in operations.values() if one.get("x-wscb-callback", {}).get("kind") == "persistent")
    assert (task["action"], "reply" in task) == ("send", False)


async def test_without_sockets_there_is_no_such_channel(kind: Kind) -> None:
    document = await read(kind, declared(kind).server, "/_wscb/asyncapi.json")
    assert ("socket" in document["channels"]) == kind.sockets
    assert ("page-messages" in document["operations"]) == kind.sockets


async def test_it_has_no_value_and_no_code(kind: Kind) -> None:
    text = json.dumps(await read(kind, declared(kind).server, "/_wscb/asyncapi.json"))
    assert SECRET not in text
    assert "SECRET" not in text
    assert ".py" not in text


async def test_what_programs_call_is_named_with_what_they_post(kind: Kind) -> None:
    app = kind.app(prefix="/dash/")

    class Place(BaseModel):
        city: str

    def work(clicks: int, place: Any) -> Any: ...

    work.__annotations__.update({"place": Place, "return": list[Place]})
    app.callback(Output("out", "children"), Input("run", "n_clicks"), State("log", "title"), api_endpoint="/a/x")(work)
    found = await read(kind, app.server, "/dash/_wscb/schema")
    assert {name: value for name, value in found.items() if name != "x-wscb-endpoints"} == schema()
    (one,) = found["x-wscb-endpoints"].items()
    assert (one[0], one[1]["callback"]) == ("/dash/a/x", "out.children|run.n_clicks|log.title")
    at = {**found, "$ref": "#/x-wscb-endpoints/~1dash~1a~1x/body"}
    assert Draft202012Validator(at).is_valid({"clicks": 1, "place": {"city": "Bern"}})
    assert not Draft202012Validator(at).is_valid({"clicks": 1, "place": {"city": 1}})
    assert not Draft202012Validator(at).is_valid({"clicks": 1, "place": {"city": "Bern"}, "more": 1})
    at["$ref"] = "#/x-wscb-endpoints/~1dash~1a~1x/response"
    assert Draft202012Validator(at).is_valid([{"city": "Bern"}])
    assert not Draft202012Validator(at).is_valid([{"city": 1}])
    document = await read(kind, app.server, "/dash/_wscb/asyncapi.json")
    assert document["x-wscb-callbacks"][one[1]["callback"]]["api_endpoint"] == "/dash/a/x"


@pytest.mark.parametrize("path", ["schema", "asyncapi.json"])
async def test_who_may_not_have_the_page_may_not_have_it_either(kind: Kind, path: str) -> None:
    app = kind.app(kind.host(), "/dash/")

    async def layout() -> Any:
        raise kind.refusal()

    app.layout = layout
    async with kind.client(app.server) as client:
        assert (await client.get(f"/dash/_wscb/{path}")).status_code == 403


@pytest.mark.parametrize("path", ["schema", "asyncapi.json"])
async def test_it_is_read_and_no_more(kind: Kind, path: str) -> None:
    async with kind.client(kind.app().server) as client:
        head = await client.request("HEAD", f"/_wscb/{path}")
        assert (head.status_code, head.content) == (200, b"")
        assert (await client.post(f"/_wscb/{path}")).status_code == 405


async def test_an_invoke_fits_the_schema_of_the_document(kind: Kind) -> None:
    document = await read(kind, kind.app().server, "/_wscb/asyncapi.json")
    message = {"type": "invoke", "q": 0, "id": 7, "callback": NAMED, "inputs": [1], "state": ["x"], "trigger": []}
    delta = {"type": "delta", "to": 1, "cq": 1, "outcomes": [[7, "ok"]]}
    for value, name in ((message, "Invoke"), (delta, "Delta")):
        validator = Draft7Validator({**document, "$ref": f"#/components/schemas/{name}"})
        assert list(validator.iter_errors(value)) == []
    wrong = {**delta, "outcomes": [[7, "fine"]]}
    assert not Draft7Validator({**document, "$ref": "#/components/schemas/Delta"}).is_valid(wrong)


async def test_addresses_are_those_that_a_page_sees_behind_a_proxy() -> None:
    app = App(__name__, url_base_pathname="/dash/")
    app.layout = html.Div()
    site = app.site()
    answer = await site.respond(HttpRequest("GET", "_wscb/asyncapi.json", Handshake(), root_path="/public"))
    assert json.loads(answer.body)["channels"]["socket"]["address"] == "/public/dash/_wscb/ws"
    await site.drain()


async def test_a_task_with_inputs_is_asked_for_and_what_may_be_missing_is_marked() -> None:
    app = App(__name__)
    app.layout = [html.Button(id="run"), html.Output(id="out")]

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), State("gone", "value", True), persistent=True)
    async def task(clicks: int, gone: Any) -> Any:
        yield clicks

    site = app.site()
    answer = await site.respond(HttpRequest("GET", "_wscb/asyncapi.json", Handshake()))
    operation = json.loads(answer.body)["operations"]["out.children|run.n_clicks|gone.value"]
    assert operation["messages"] == [{"$ref": "#/channels/socket/messages/invoke"}]
    assert operation["reply"]["messages"] == [{"$ref": "#/channels/socket/messages/delta"}]
    assert operation["x-wscb-callback"]["state"] == [{"component": "gone", "prop": "value", "optional": True}]
    await site.drain()
