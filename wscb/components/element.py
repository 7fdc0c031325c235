"""`Element`: any custom element as a component. Its props are the element's properties, its events report them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NoReturn

from wscb.components.base import Children, Component, Id
from wscb.errors import DeclarationError, UnknownProp

# https://html.spec.whatwg.org/multipage/custom-elements.html#valid-custom-element-name, without its rare characters
_TAG = re.compile(r"[a-z][a-z0-9._]*-[a-z0-9._-]*")
_TAKEN = frozenset(
    {"annotation-xml", "color-profile", "font-face", "font-face-format", "font-face-name", "font-face-src"}
    | {"font-face-uri", "missing-glyph"}
)
# What would turn a prop into script or markup, or reach behind the element.
_REFUSED = frozenset(
    {
        "innerhtml",
        "outerhtml",
        "innertext",
        "outertext",
        "textcontent",
        "srcdoc",
        "__proto__",
        "constructor",
        "prototype",
    }
)


class Element(Component):
    """A custom element, for example `Element("sl-rating", id="r", value=3, events={"sl-change": "value"})`.

    `events` maps a DOM event to the property that it reports: when the event comes, the page reads the property and the
    callbacks that have it as Input run. The name "detail" stands for the event's own `detail`.
    Raises DeclarationError for a tag that is not the name of a custom element, UnknownProp for a prop that is refused.
    """

    __slots__ = ("_tag",)

    _namespace = "wscb_element"
    _any_prop = True

    _tag: str

    def __init__(
        self,
        tag: str,
        children: Children = None,
        *,
        id: Id | None = None,
        events: Mapping[str, str] | None = None,
        **props: Any,
    ) -> None:
        _check_tag(tag)
        self._tag = tag
        for event, prop in (events or {}).items():
            _check_event(tag, event, prop)
        super().__init__(children, id=id, events=None if events is None else dict(events), **props)

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...
        def __setattr__(self, name: str, value: Any) -> None: ...

    @property
    def _type(self) -> str:  # type: ignore[override]  # here the type is the tag, one for each component
        return self._tag

    @classmethod
    def _allows(cls, name: str) -> bool:
        return not name.startswith(("on", "_")) and name.lower() not in _REFUSED

    @classmethod
    def _refuse_name(cls, name: str) -> NoReturn:
        if name.startswith("_"):
            raise UnknownProp(
                f"Element cannot have the prop {name!r}: names that begin with an underscore are Python's own."
            )
        raise UnknownProp(
            f"Element cannot have the prop {name!r}: it could put script or markup into the page. "
            "Use `events` to hear of what happens in the element, and children for what is in it."
        )

    def __repr__(self) -> str:
        inner = super().__repr__().removeprefix("Element(")
        return f"Element({self._tag!r}{'' if inner == ')' else ', '}{inner}"

    def __getstate__(self) -> dict[str, Any]:
        return {"": self._tag, **self._values}

    def __setstate__(self, values: dict[str, Any]) -> None:
        self._tag = values[""]
        super().__setstate__({name: value for name, value in values.items() if name})


def _check_tag(tag: object) -> None:
    if not isinstance(tag, str) or not _TAG.fullmatch(tag) or tag in _TAKEN:
        raise DeclarationError(
            f"Element({tag!r}): the name of a custom element is lower case and has a hyphen, as in 'sl-rating'. "
            "The elements of HTML itself are in wscb.html."
        )


def _check_event(tag: str, event: object, prop: object) -> None:
    if not isinstance(event, str) or not event or not isinstance(prop, str):
        raise DeclarationError(
            f"Element({tag!r}): events maps the name of a DOM event to the name of a prop, "
            f'as in {{"sl-change": "value"}}, but it has {event!r}: {prop!r}.'
        )
    if prop != "detail" and not Element._allows(prop):
        Element._refuse_name(prop)
