"""TypeScript for an app, which `wscb types` prints: its components, its callbacks, and `connect()` with these."""

from __future__ import annotations

import inspect
import json
import re
import sys
from collections.abc import Iterable, Mapping
from typing import Any, Literal, get_args, get_origin

from wscb.components.base import Component
from wscb.components.elements import read_table
from wscb.components.tree import Found
from wscb.server.definition import Definition
from wscb.server.schema_types import from_schema

_PLAIN = {
    "str": ("string",),
    "bool": ("boolean",),
    "int": ("number",),
    "float": ("number",),
    "Number": ("number",),
    "Texts": ("string", "string[]"),
}
_ANY_PROPS = "Record<string, unknown>"
_EVERYWHERE = {"id": "string", "className": "string", "key": "string | number"}

_CLIENT = """\
type Tail<P> = P | null | undefined;
type Called = { [C in keyof Callbacks]: Callbacks[C]["callable"] extends true ? C : never }[keyof Callbacks];

/** What `connect()` gives, for this app: `const page = connect() as Client`. */
export interface Client {
  get<I extends keyof Components, P extends keyof Components[I]>(id: I, prop: P): Tail<Components[I][P]>;
  set<I extends keyof Components>(id: I, props: { [P in keyof Components[I]]?: Components[I][P] | null }): void;
  call<C extends Called>(
    callback: C,
    inputs: Callbacks[C]["inputs"],
    ...state: Callbacks[C]["state"] extends readonly [] ? [state?: []] : [state: Callbacks[C]["state"]]
  ): Promise<Outcome>;
  readonly state: "connecting" | "live" | "waiting" | "offline" | "refused" | "stale";
  subscribe(reader: (commit: Commit) => void): () => void;
  watch(watcher: (state: { state: Client["state"]; reason?: string | undefined }) => void): () => void;
  destroy(): void;
}

export interface Outcome {
  id: number;
  how: "ok" | "no_update" | "error" | "cancelled" | "superseded" | "timeout" | "rejected" | "unknown";
  detail?: unknown;
}

export interface Commit {
  changed: Map<string, Set<string>>;
  added: Set<string>;
  removed: Set<string>;
  by: "page" | "server";
}
"""


def typescript(definition: Definition, found: Mapping[str, Found] | None) -> str:
    """The text of a module. `found`: the components of the layout; None when a function makes one for each page."""
    names = _Names()
    components = "".join(f"  {_quoted(id)}: {names.of(one)};\n" for id, one in (found or {}).items())
    if found is None:  # nobody knows its ids before a page is made
        components = f"  [id: string]: {_ANY_PROPS};\n"
    callbacks = "".join(_callback(spec, found or {}, names) for spec in definition.specs)
    return (
        f"// The components and callbacks of {_one_line(definition.look.title)}, build {definition.build}.\n"
        "// `wscb types` printed it: do not edit.\n\n"
        "export interface Attributes {\n  [name: `data-${string}` | `aria-${string}`]: unknown;\n}\n\n"
        f"{names.text}"
        f"/** What each id of the layout has. */\nexport interface Components {{\n{components}}}\n\n"
        "/** What each callback takes and gives, in the order of its declaration. Not called by hand are those with\n"
        " *  wildcards in their ids, and tasks that the server starts. */\n"
        f"export interface Callbacks {{\n{callbacks}}}\n\n{_endpoints(definition)}{_CLIENT}"
    )


def _endpoints(definition: Definition) -> str:
    if not definition.endpoints:
        return ""
    lines = ""
    for path, one in definition.endpoints.items():
        sides = "".join(f"    {side}: {from_schema(node)};\n" for side, node in one.schemas().items())
        lines += f"  {_quoted(definition.base + path.removeprefix('/'))}: {{\n{sides}  }};\n"
    return (
        "/** What a program posts to the callbacks that have an api_endpoint, and what comes back. */\n"
        f"export interface Endpoints {{\n{lines}}}\n\n"
    )


class _Names:
    """An interface for each class of component that the layout has."""

    def __init__(self) -> None:
        self._known: dict[type[Component], str] = {}
        self._props: dict[str, dict[str, str]] = {}

    def of(self, found: Found) -> str:
        component, props = found
        if props is None:
            return _ANY_PROPS
        if not isinstance(component, type):  # the JSON form of one that is ours, or we would not know its props
            return f"Attributes & {{ {' '.join(f'{_quoted(prop)}: unknown;' for prop in sorted(props))} }}"
        if component not in self._known:
            room = component._namespace.removeprefix("wscb_").title()
            name = re.sub(r"\W", "", f"{room}{component.__name__}")
            while name in self._props:
                name += "_"
            self._known[component] = name
            known = _props(component)
            self._props[name] = {prop: known.get(prop, "unknown") for prop in sorted(props)}
        return self._known[component]

    def prop(self, found: Found | None, prop: str) -> str:
        """The type of a value, in place of which there may be none."""
        if found is None or found.props is None or not isinstance(found.component, type):
            return "unknown"
        kind = self._props[self.of(found)].get(prop, "unknown")
        return kind if kind == "unknown" else f"{kind} | null"

    @property
    def text(self) -> str:
        return "".join(
            f"export interface {name} extends Attributes {{\n"
            + "".join(f"  {_quoted(prop)}: {kind};\n" for prop, kind in props.items())
            + "}\n\n"
            for name, props in self._props.items()
        )


def _callback(spec: Mapping[str, Any], found: Mapping[str, Found], names: _Names) -> str:
    def side(dependencies: Iterable[Any]) -> str:
        kinds = [
            "unknown" if isinstance(id, dict) else names.prop(found.get(id), prop) for id, prop, *_ in dependencies
        ]
        return f"[{', '.join(kinds)}]"

    by_server = "persistent" in spec and not spec["inputs"]
    lines = {
        "id": _quoted(spec["id"]),
        "inputs": side(spec["inputs"]),
        "state": side(spec["state"]),
        "outputs": side(spec["outputs"]),
        "callable": json.dumps(not by_server and "patterns" not in spec),
    }
    body = "".join(f"    {name}: {kind};\n" for name, kind in lines.items())
    return f"  {_quoted(spec['id'])}: {{\n{body}  }};\n"


def _props(component: type[Component]) -> dict[str, str]:
    """What is known of the props of one of our classes: from the table of HTML, or the signature."""
    if component._namespace == "wscb_html":
        table = read_table()
        element = table["elements"].get(component.__name__)
        said = {**table["global"], **(element.get("props", {}) if element else {})}
        return {**_EVERYWHERE, **{name: _kind(kind, {}) for name, kind in said.items()}}
    parameters = inspect.signature(component.__init__).parameters.values()
    module = vars(sys.modules[component.__module__])
    return {**_EVERYWHERE, **{one.name: _kind(one.annotation, module) for one in parameters}}


def _kind(said: object, module: Mapping[str, Any]) -> str:
    """The type that an annotation means: a union of plain ones and of words; for all else `unknown`."""
    if isinstance(said, list):
        return " | ".join(map(_quoted, said))
    if not isinstance(said, str):
        return "unknown"
    kinds: dict[str, None] = {}
    for part in said.split(" | "):
        meant: Any = module.get(part)
        if part in _PLAIN:
            kinds.update(dict.fromkeys(_PLAIN[part]))
        elif get_origin(meant) is Literal:
            kinds.update(dict.fromkeys(json.dumps(word) for word in get_args(meant)))
        elif part != "None":
            return "unknown"
    return " | ".join(kinds) or "unknown"


def _quoted(text: str) -> str:
    return json.dumps(text)


def _one_line(text: str) -> str:
    return " ".join(text.split())
