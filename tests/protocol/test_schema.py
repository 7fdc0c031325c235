from __future__ import annotations

import json
import runpy
from typing import Any

import pytest
from pydantic import TypeAdapter

from wscb.protocol import schema
from wscb.protocol.messages import PAGE_MESSAGES, SERVER_MESSAGES


def test_every_message_is_in_it() -> None:
    definitions = schema.schema()["$defs"]
    for kind in (*PAGE_MESSAGES, *SERVER_MESSAGES):
        properties = definitions[kind.__name__]["properties"]
        assert definitions[kind.__name__]["required"][0] == "type"
        assert properties["type"]["const"]
    assert len(definitions["PageMessage"]["oneOf"]) == len(PAGE_MESSAGES)
    assert len(definitions["ServerMessage"]["oneOf"]) == len(SERVER_MESSAGES)


def test_a_field_without_a_value_does_not_stand_in_a_frame() -> None:
    definitions = schema.schema()["$defs"]
    assert definitions["Hello"]["properties"]["session"] == {
        "title": "Session", "type": "string", "minLength": 1, "maxLength": 256,
    }  # fmt: skip
    assert definitions["PropValue"]["properties"]["value"] == {"title": "Value"}
    fields = [field for kind in definitions.values() for field in kind.get("properties", {}).values()]
    assert [field for field in fields if {"type": "null"} in field.get("anyOf", ())] == []


def test_binaries_are_marked() -> None:
    data = schema.schema()["$defs"]["Chunk"]["properties"]["data"]
    assert data == {"title": "Data", "x-binary": True, "minLength": 1}
    assert TypeAdapter(bytes).json_schema(schema_generator=schema._Generate) == {"x-binary": True}


def test_every_reference_leads_somewhere() -> None:
    document = schema.schema()

    def references(node: Any) -> list[str]:
        if isinstance(node, dict):
            own = [node["$ref"]] if "$ref" in node else []
            return own + [found for item in node.values() for found in references(item)]
        return [found for item in node for found in references(item)] if isinstance(node, list) else []

    assert {reference.removeprefix("#/$defs/") for reference in references(document)} <= document["$defs"].keys()


def test_it_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(schema.__file__, run_name="__main__")
    assert json.loads(capsys.readouterr().out) == schema.schema()
