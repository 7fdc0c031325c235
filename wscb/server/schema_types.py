"""JSON Schema, as pydantic writes it, as TypeScript."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

Node = Mapping[str, Any]

_PLAIN = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}


def from_schema(root: Node) -> str:
    """The type of a value that fits the schema. A part that holds itself is `unknown` where it comes again."""
    return _type(root, root.get("$defs", {}), ())


def _type(node: Node, defs: Mapping[str, Node], within: tuple[str, ...]) -> str:
    if "$ref" in node:
        name = str(node["$ref"]).rpartition("/")[2]
        return "unknown" if name in within else _type(defs[name], defs, (*within, name))
    if "const" in node or "enum" in node:
        return " | ".join(json.dumps(value) for value in node.get("enum", [node.get("const")]))
    for several in ("anyOf", "oneOf"):
        if several in node:
            return " | ".join(dict.fromkeys(_type(one, defs, within) for one in node[several]))
    kind = node.get("type")
    if kind == "array":
        return _array(node, defs, within)
    return _object(node, defs, within) if kind == "object" else _PLAIN.get(str(kind), "unknown")


def _array(node: Node, defs: Mapping[str, Node], within: tuple[str, ...]) -> str:
    if "prefixItems" in node:
        return f"[{', '.join(_type(item, defs, within) for item in node['prefixItems'])}]"
    return f"({_type(node.get('items', {}), defs, within)})[]"


def _object(node: Node, defs: Mapping[str, Node], within: tuple[str, ...]) -> str:
    if "properties" not in node:
        values = node.get("additionalProperties")
        return f"Record<string, {_type(values, defs, within) if isinstance(values, dict) else 'unknown'}>"
    required = node.get("required", ())
    props = (
        f"{json.dumps(name)}{'' if name in required else '?'}: {_type(one, defs, within)};"
        for name, one in node["properties"].items()
    )
    return f"{{ {' '.join(props)} }}"
