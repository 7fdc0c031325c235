"""`Component`: named props of a type that the page knows, and the checks that find mistakes where they are made.

A prop that was not given, or was given as None, is *not set*: it reads as None and does not travel.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, Protocol, TypeAlias

from wscb.errors import DeclarationError, UnknownProp

if TYPE_CHECKING:
    from typing import Self

Id: TypeAlias = str | Mapping[str, str | int | float | bool]
Child: TypeAlias = "Component | HasJsonForm | str | float | Mapping[str, Any] | None"
Children: TypeAlias = "Child | Sequence[Child]"
Number: TypeAlias = int | float
Texts: TypeAlias = str | Sequence[str]
Style: TypeAlias = Mapping[str, str | int | float | None]

WILDCARDS = ("data-", "aria-")
# What people write who know HTML, where no spelling is near.
_HTML_NAMES = {"class": "className", "for": "htmlFor", "onclick": "n_clicks", "text": "children"}
_PLAIN = frozenset({str, int, float, bool, type(None)})


class HasJsonForm(Protocol):
    """A component of another library, made for Dash."""

    def to_plotly_json(self) -> dict[str, Any]:
        """The JSON form, one level deep."""


def id_text(id: Id) -> str:
    """The id as the wire and the page know it: itself, or for a dict id its compact JSON with sorted keys.

    The text is what JavaScript's JSON.stringify gives for the same keys in that order.
    Raises DeclarationError for an id that could not be told apart from another one, or from "id.prop".
    """
    if isinstance(id, str):
        if not id or "." in id or id.startswith("{"):
            raise DeclarationError(
                f"The id {id!r} is not possible: an id is not empty, has no '.' and does not begin with '{{'."
            )
        return id
    if not isinstance(id, Mapping) or not id:
        raise DeclarationError(f"An id is a string or a dict with at least one key, but this one is {_short(id)}.")
    return json.dumps(
        {key: _id_value(id, key) for key in sorted(id, key=str)}, separators=(",", ":"), ensure_ascii=False
    )


def _id_value(id: Mapping[str, Any], key: Any) -> str | int | float | bool:
    value = id[key]
    if not isinstance(key, str) or not isinstance(value, str | int | float):
        raise DeclarationError(
            f"In the id {_short(id)}, {_short(key)}: {_short(value)} is not possible: "
            "the keys of a dict id are strings, its values are strings, numbers or booleans."
        )
    if isinstance(value, float) and not value.is_integer() and value - value != 0:
        raise DeclarationError(f"In the id {_short(id)}, {key!r} is {value}, which JSON cannot say.")
    return int(value) if isinstance(value, float) and value.is_integer() else value


def check_style(style: object, owner: Component) -> None:
    """Raises DeclarationError for what is no mapping of CSS properties; CSS text is shown as the dict that it means."""
    if isinstance(style, Mapping):
        return
    hint = ""
    if isinstance(style, str):
        pairs = [part.partition(":") for part in style.split(";") if ":" in part]
        hint = f" Write style={ {_camel(name): value.strip() for name, _, value in pairs} }."
    raise DeclarationError(f"The style of {type(owner).__name__} is a dict of CSS properties, not {style!r}.{hint}")


def _camel(name: str) -> str:
    first, *rest = name.strip().split("-")
    return first + "".join(word.title() for word in rest)


class Component:
    """The base of all components. Children come first and may be positional; everything else is a named prop.

    Props are attributes: `button.n_clicks`, `button.disabled = True`. `data-*` and `aria-*` are allowed everywhere and
    are given as `**{"data-kind": "x"}`, read and written with `getattr` and `setattr`.
    Raises UnknownProp for a name that the class does not have, and DeclarationError for children that cannot be shown.
    """

    _type: ClassVar[str] = ""
    _namespace: ClassVar[str] = ""
    _props: ClassVar[frozenset[str]] = frozenset({"id", "children", "className", "style", "key"})
    _any_prop: ClassVar[bool] = False

    if TYPE_CHECKING:
        id: Id | None
        children: Any
        className: str | None
        style: Style | None
        key: str | int | None
    else:  # these names are no slots, which is all that a type checker would look at
        __slots__ = ("_values",)

    _values: dict[str, Any]

    def __init__(self, children: Any = None, *more: Any, **props: Any) -> None:
        if more:
            name = type(self).__name__
            hint = f" Is {_short(more[0])} its id? Write id=..." if isinstance(more[0], (str, dict)) else ""
            raise DeclarationError(
                f"{name} takes its children as one argument: write {name}([first, second], ...).{hint}"
            )
        empty = isinstance(children, (str, list, tuple)) and not children
        if children is not None and not (empty and not self._allows("children")):  # html.Br([]) loses nothing
            props = {"children": children, **props}
        self._assign(props)

    def _assign(self, props: Mapping[str, Any]) -> None:
        """Takes the props of a new component; what is None is not set."""
        if not props.keys() <= self._props:
            self._check_names(props)
        object.__setattr__(self, "_values", {name: value for name, value in props.items() if value is not None})
        if "children" in self._values:
            check_children(self._values["children"], self)
        if "id" in self._values:
            id_text(self._values["id"])
        if "style" in self._values:
            check_style(self._values["style"], self)

    @classmethod
    def _allows(cls, name: str) -> bool:
        return name in cls._props or name.startswith(WILDCARDS)

    @classmethod
    def _check_names(cls, names: Iterable[str]) -> None:
        for name in names:
            if not cls._allows(name):
                cls._refuse_name(name)

    @classmethod
    def _refuse_name(cls, name: str) -> NoReturn:
        if name == "children":
            raise UnknownProp(f"{cls.__name__} has no children: it is an element that cannot contain anything.")
        near = near_names(name, cls._props)
        hint = f" Did you mean {near}?" if near else f" It has: {', '.join(sorted(cls._props))}; and data-*, aria-*."
        raise UnknownProp(f"{cls.__name__} has no prop {name!r}.{hint}")

    if not TYPE_CHECKING:  # pragma: no branch - a type checker sees only the props that the classes name

        def __getattr__(self, name: str) -> Any:
            if not self._allows(name):
                near = near_names(name, self._props)
                hint = f" Did you mean {near}?" if near else ""
                raise AttributeError(f"{type(self).__name__} has no prop {name!r}.{hint}", name=name, obj=self)
            return self._values.get(name)

        def __setattr__(self, name: str, value: Any) -> None:
            if name.startswith("_"):
                object.__setattr__(self, name, value)
                return
            self._check_names((name,))
            if name == "children":
                check_children(value, self)
            elif name == "id" and value is not None:
                id_text(value)
            elif name == "style" and value is not None:
                check_style(value, self)
            if value is None:
                self._values.pop(name, None)
            else:
                self._values[name] = value

    def __delattr__(self, name: str) -> None:
        setattr(self, name, None)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self._props, *self._values})

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Component):
            return NotImplemented
        mine = (self._namespace, self._type, self._values)
        return mine == (other._namespace, other._type, other._values)

    __hash__ = None  # type: ignore[assignment]  # equal by value and mutable, as a list is

    def __repr__(self) -> str:
        shown = dict(self._values)
        first = [repr(shown.pop("children"))] if "children" in shown else []
        named = [
            f"{name}={value!r}" if name.isidentifier() else f"**{{{name!r}: {value!r}}}"
            for name, value in shown.items()
        ]
        return f"{type(self).__name__}({', '.join(first + named)})"

    def __getstate__(self) -> dict[str, Any]:
        return self._values

    def __setstate__(self, values: dict[str, Any]) -> None:
        object.__setattr__(self, "_values", values)

    def __copy__(self) -> Self:
        twin = object.__new__(type(self))
        twin.__setstate__(dict(self.__getstate__()))
        return twin

    def to_plotly_json(self) -> dict[str, Any]:
        """The JSON form `{"type", "namespace", "props"}`, one level deep: components in props stay objects.

        `props["id"]` is always a string (see `id_text`).
        """
        sent = dict(self._values)
        if "id" in sent:
            sent["id"] = id_text(sent["id"])
        return {"type": self._type, "namespace": self._namespace, "props": sent}


def allowed_props(component: Component | type[Component]) -> frozenset[str] | None:
    """The names of the props that the component can have, besides data-* and aria-*; None if any name may be one."""
    return None if component._any_prop else component._props


def near_names(name: str, names: Iterable[str]) -> str:
    """Up to three of the names that look like this one, as text for an error (`'min' or 'max'`); "" if none does."""
    by_key = {_bare(known): known for known in sorted(names)}
    asked = _bare(name)
    if _HTML_NAMES.get(asked) in by_key.values():
        return repr(_HTML_NAMES[asked])
    return " or ".join(repr(by_key[match]) for match in difflib.get_close_matches(asked, by_key, n=3))


def _bare(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "")


def is_json_form(value: object) -> bool:
    """Whether this is the JSON form of a component: a dict with a str `type`, a str `namespace` and a dict `props`."""
    return (
        isinstance(value, dict)
        and isinstance(value.get("type"), str)
        and isinstance(value.get("namespace"), str)
        and isinstance(value.get("props"), dict)
    )


def check_children(children: object, owner: Component) -> None:
    """Raises DeclarationError, naming the owner and the place, if the page could not show these children."""
    if isinstance(children, list | tuple):
        for index, child in enumerate(children):
            if type(child) not in _PLAIN and not isinstance(child, Component):
                _check_child(child, f"children[{index}]", owner)
    elif type(children) not in _PLAIN and not isinstance(children, Component):
        _check_child(children, "children", owner)


def _check_child(child: object, where: str, owner: Component) -> None:
    why = _why_not_a_child(child)
    if why:
        name = type(owner).__name__ + (f" (id {owner._values['id']!r})" if "id" in owner._values else "")
        raise DeclarationError(f"{name}: {where} is {_short(child)}. {why}")


def check_layout(layout: object, what: str) -> None:
    """Raises DeclarationError for what no page can be made of; `what` has it."""
    for one in layout if isinstance(layout, list | tuple) else [layout]:
        if isinstance(one, Component):  # an Element seems to have any attribute that it is asked for
            continue
        why = "A page is made of components." if layout is None else _why_not_a_child(one)
        if why:
            raise DeclarationError(f"{what} {_short(one)}. {why}")


def _why_not_a_child(child: object) -> str:
    """What is wrong with it and what to do; "" if nothing is wrong or the encoder will know."""
    if isinstance(child, type):
        return f"That is the class and not a component: call it, as in {child.__name__}(...)."
    if isinstance(child, list | tuple):
        return "A list inside of the list of children: unpack it with *, and look for a stray comma after a component."
    if isinstance(child, Mapping):
        return "" if is_json_form(child) else "A dict is not a child: show its text with str(...) or json.dumps(...)."
    if isinstance(child, set | frozenset):
        return "A set has no order: make it a list."
    if isinstance(child, bytes | bytearray):
        return "Bytes are not text: decode them."
    if callable(child) and not hasattr(child, "to_plotly_json"):
        return "That is a function and not what it returns: call it."
    if hasattr(child, "__next__") or hasattr(child, "send"):
        return "A generator or coroutine cannot be sent: make it a list, or await it."
    return ""


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
