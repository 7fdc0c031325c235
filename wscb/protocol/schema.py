"""The JSON Schema of all messages, from which the page's types are made: `python -m wscb.protocol.schema` prints it."""

from __future__ import annotations

import json
import sys
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from wscb.protocol.messages import SUBPROTOCOL, PageMessage, ServerMessage


class _Generate(GenerateJsonSchema):
    """Binaries are binaries here, which JSON does not have: `x-binary` marks them for the makers of types."""

    def bytes_schema(self, schema: core_schema.BytesSchema) -> JsonSchemaValue:
        return {"x-binary": True, **({"minLength": schema["min_length"]} if "min_length" in schema else {})}


def schema() -> dict[str, Any]:
    """One document; `$defs` has PageMessage, ServerMessage and every message by its name."""
    unions: dict[str, TypeAdapter[Any]] = {
        "PageMessage": TypeAdapter(PageMessage),
        "ServerMessage": TypeAdapter(ServerMessage),
    }
    found, document = TypeAdapter.json_schemas(
        [(name, "validation", adapter) for name, adapter in unions.items()],
        title=SUBPROTOCOL,
        description="The messages of wscb.v1. On the wire they are msgpack maps; PROTOCOL.md says what they mean.",
        schema_generator=_Generate,
    )
    definitions = document["$defs"]
    for definition in definitions.values():
        _as_in_a_frame(definition)
    for name in unions:
        definitions[name] = found[name, "validation"]
    document["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    document["$defs"] = dict(sorted(definitions.items()))
    return document


def _as_in_a_frame(definition: dict[str, Any]) -> None:
    """In a frame `type` always stands, a field without a value never does; in Python the one has a default, the other
    is None."""
    for name, field in definition.get("properties", {}).items():
        if name == "type":
            field.pop("default")
            definition["required"] = ["type", *definition.get("required", [])]
        elif field.get("default", ...) is None:
            del field["default"]
            kinds = [kind for kind in field.pop("anyOf", ()) if kind != {"type": "null"}]
            field.update(*kinds)


def main() -> None:
    json.dump(schema(), sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
