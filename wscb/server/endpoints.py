"""What a callback with `api_endpoint=` is as a route: what its body is, by its annotations, and its answer.

Backends add the route, and say of it what their framework's documentation can show; who answers is endpoint_calls.py.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NamedTuple, Union, get_args, get_origin, get_type_hints, is_typeddict

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, create_model
from pydantic.errors import PydanticUserError
from pydantic_core import PydanticSerializationError, to_json

from wscb.callbacks.declaration import Callback
from wscb.callbacks.dependencies import Dependency, Input
from wscb.callbacks.endpoint import NOTHING, Argument, arguments_of, returned_by
from wscb.callbacks.grouping import Grouping
from wscb.errors import DeclarationError
from wscb.server.injection import Fill

if TYPE_CHECKING:
    from wscb.server.backend import Backend, Mount

MISTAKES = 20
"""Of what is wrong with a body so much is said."""


class Given(NamedTuple):
    """The values of a call, flat."""

    inputs: list[Any]
    state: list[Any]


class Unfit(Exception):
    """A body is not what the callback takes. `mistakes` are `{"loc", "msg", "type"}`, as FastAPI says them."""

    def __init__(self, mistakes: list[dict[str, Any]]) -> None:
        super().__init__(f"{len(mistakes)} mistakes")
        self.mistakes = mistakes


@dataclass(frozen=True, slots=True, eq=False)
class Endpoint:
    """`path` is below the app's prefix and begins with a slash. The fields of `body` are the values of `groupings`, in
    their order; `returns` is a type, `Any` when nothing is known.

    `fill` is what is asked of each call, and fills parameters, if anything does.
    """

    path: str
    callback: Callback
    groupings: tuple[Grouping, ...]
    body: type[BaseModel]
    returns: Any
    fill: Fill | None = None

    @property
    def needed(self) -> bool:
        """Whether there is a value that a call cannot do without."""
        return any(field.is_required() for field in self.body.model_fields.values())

    @property
    def name(self) -> str:
        """The function's own."""
        return self.callback.name.rpartition(".")[2].strip("<>")

    @property
    def summary(self) -> str:
        """The first line of the docstring, or the function's name in words."""
        line = self._said.partition("\n")[0].strip()
        return line or self.name.replace("_", " ").title()

    @property
    def description(self) -> str:
        """The rest of the docstring."""
        return self._said.partition("\n")[2].strip()

    @property
    def _said(self) -> str:
        return inspect.getdoc(self.callback.function) or ""

    def read(self, raw: bytes) -> Given:
        """The values in the JSON of a body; an empty one is an object without keys. Raises Unfit."""
        try:
            found = self.body.model_validate_json(raw or b"{}")
        except ValidationError as error:
            raise Unfit(self._mistakes(error)) from None
        given = Given([], [])
        for dependency, value in _flat(self.groupings, tuple(_values(found))):
            (given.inputs if isinstance(dependency, Input) else given.state).append(value)
        return given

    def schemas(self, at: str = "#") -> dict[str, Any]:
        """JSON Schema of what is posted, and of what comes back; `at` is where in its document this will stand."""
        returned = TypeAdapter(self.returns)
        return {
            "body": self.body.model_json_schema(ref_template=f"{at}/body/$defs/{{model}}"),
            "response": returned.json_schema(mode="serialization", ref_template=f"{at}/response/$defs/{{model}}"),
        }

    def _mistakes(self, error: ValidationError) -> list[dict[str, Any]]:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        said = [
            {"type": one["type"], "loc": ["body", *one["loc"]], "msg": self._message(one)} for one in found[:MISTAKES]
        ]
        if len(found) > MISTAKES:
            said.append({"type": "more", "loc": ["body"], "msg": f"and {len(found) - MISTAKES} more mistakes"})
        return said

    def _message(self, mistake: Mapping[str, Any]) -> str:
        if mistake["type"] != "extra_forbidden" or len(mistake["loc"]) != 1:
            return str(mistake["msg"])
        known = [str(field.alias) for field in self.body.model_fields.values()]
        near = get_close_matches(str(mistake["loc"][0]), known, 1)
        hint = f"Did you mean {near[0]!r}?" if near else f"Known ones: {', '.join(known) or 'none'}."
        return f"{self.callback.name} does not take this. {hint}"


def endpoint(callback: Callback, fill: Fill | None = None) -> Endpoint:
    """Raises DeclarationError when an annotation is nothing that JSON can be read into."""
    path = str(callback.api_endpoint)
    arguments = arguments_of(callback)
    body = _model("Body" + re.sub(r"\W+", "_", path), [(one.name, *_field(callback, one)) for one in arguments])
    return Endpoint(path, callback, tuple(one.grouping for one in arguments), body, _returned(callback), fill)


def _model(name: str, fields: Iterable[tuple[str, Any, dict[str, Any]]]) -> type[BaseModel]:
    """Its fields are called by number, and have their names as aliases: these may be any text."""
    made: dict[str, Any] = {
        f"p{index}": (kind, Field(alias=alias, **more)) for index, (alias, kind, more) in enumerate(fields)
    }
    return create_model(name, __config__=ConfigDict(extra="forbid"), **made)


def _values(found: BaseModel) -> Iterable[Any]:
    return (getattr(found, name) for name in type(found).model_fields)


def _field(callback: Callback, argument: Argument) -> tuple[Any, dict[str, Any]]:
    """Its type, and its default if it has one."""
    kind, default = _type_of(argument.grouping, argument.annotation), argument.default
    if not _readable(kind):
        raise DeclarationError(
            f"{callback.where} has api_endpoint= and the parameter {argument.name}: {_named(argument.annotation)}, "
            f"which no JSON can be read into. Annotate it with what a program can send (int, list[str], a pydantic "
            f"model), or leave the annotation out."
        )
    if default is NOTHING and getattr(argument.grouping, "allow_optional", False):
        kind, default = Union[kind, None], None  # noqa: UP007 - `kind` may be any form
    if default is NOTHING:
        return kind, {}
    try:
        to_json(default)
    except PydanticSerializationError:  # it stays the default, and is not shown
        return kind, {"default_factory": lambda: default}
    return kind, {"default": default}


def _readable(kind: Any) -> bool:
    try:
        TypeAdapter(kind).json_schema()
    except (PydanticUserError, NameError):
        return False
    return True


def _named(annotation: Any) -> str:
    return getattr(annotation, "__name__", None) or str(annotation)


def _returned(callback: Callback) -> Any:
    """The annotation where it says what JSON can be; else the shape of the outputs."""
    said = returned_by(callback)
    if said is not NOTHING and said is not None:
        try:
            TypeAdapter(said).json_schema(mode="serialization")
        except (PydanticUserError, NameError):  # a component, say, which is any object to a program
            pass
        else:
            return said
    return _type_of(callback.output_grouping, NOTHING) if callback.outputs else None


def _type_of(grouping: Grouping, said: Any) -> Any:
    """The type of a value in the shape of the grouping, with what the annotation says of its parts."""
    if isinstance(grouping, Dependency):
        return said if said is not NOTHING else list[Any] if grouping.many else Any
    if isinstance(grouping, dict):
        return _model("Group", [(name, _type_of(part, _part(said, name)), {}) for name, part in grouping.items()])
    kinds = [_type_of(part, _item(said, index, len(grouping))) for index, part in enumerate(grouping)]
    return tuple.__class_getitem__(tuple(kinds))


def _part(said: Any, name: str) -> Any:
    """Of the annotation of a dict what it says of one key."""
    if is_typeddict(said):
        return get_type_hints(said, include_extras=True).get(name, NOTHING)
    arguments = get_args(said)
    return arguments[1] if _is(said, Mapping) and len(arguments) == 2 else NOTHING


def _item(said: Any, index: int, length: int) -> Any:
    """Of the annotation of a tuple or list what it says of one item."""
    arguments = [one for one in get_args(said) if one is not ...]
    if not _is(said, Sequence) or len(arguments) not in (1, length):
        return NOTHING
    return arguments[index if len(arguments) == length else 0]


def _is(said: Any, kind: type) -> bool:
    origin = get_origin(said)
    return isinstance(origin, type) and issubclass(origin, kind)


def _flat(grouping: Grouping, value: Any) -> Iterator[tuple[Dependency, Any]]:
    if isinstance(grouping, Dependency):
        yield grouping, value
    elif isinstance(grouping, dict):
        yield from _flat(tuple(grouping.values()), tuple(_values(value)))
    else:
        for part, item in zip(grouping, value, strict=True):
            yield from _flat(part, item)


class Endpoints:
    """Those of one app, by path. A route is added to the server once its callback is known."""

    def __init__(self, backend: Backend, mount: Mount) -> None:
        self._backend = backend
        self._mount = mount
        self.by_path: dict[str, Endpoint] = {}

    def take(self, callbacks: Iterable[Callback]) -> None:
        """Adds the routes of those that are new. Raises DeclarationError, and has added none then."""
        known = {one.callback.id for one in self.by_path.values()}
        found = dict(self.by_path)
        for callback in callbacks:
            if callback.api_endpoint is not None and callback.id not in known:
                self._check(callback, found)
                found[callback.api_endpoint] = endpoint(callback, self._backend.fill_route(callback))
        for path, one in found.items():
            if path not in self.by_path:
                self._backend.add(self._mount, self._mount.route(one))
        self.by_path = found

    def _check(self, callback: Callback, found: Mapping[str, Endpoint]) -> None:
        path = str(callback.api_endpoint)
        if path in found:
            raise DeclarationError(
                f"{callback.where} has api_endpoint={path!r}, and so has {found[path].callback.where}. Give each "
                f"a path of its own."
            )
        if self._mount.health is not None and path == f"/{self._mount.health}":
            raise DeclarationError(f"{callback.where}: api_endpoint={path!r} is the app's health_endpoint.")
