"""What can only be checked when all callbacks, and the layout, are known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from wscb.callbacks.conflicts import circles, duplicates
from wscb.callbacks.declaration import Callback
from wscb.callbacks.dependencies import Dependency
from wscb.callbacks.patterns import Value, bind, parse_id
from wscb.components.base import WILDCARDS, near_names
from wscb.errors import CircularCallbacks, DeclarationError, DuplicateOutput, UnknownId, UnknownProp

Layout = Mapping[str, frozenset[str] | None]


def check(callbacks: Sequence[Callback], layout: Layout | None) -> None:
    """Raises the error of the first kind of mistake that there is, with all mistakes of that kind in it.

    `layout`: the props that each id can have, None for any; None when the ids are not known.
    """
    kinds: list[tuple[type[DeclarationError], Iterator[str]]] = [
        (DeclarationError, _unable(callbacks)),
        (DuplicateOutput, duplicates(callbacks)),
        (CircularCallbacks, circles(callbacks)),
    ]
    if layout is not None:
        kinds += [(UnknownId, _unknown_ids(callbacks, layout)), (UnknownProp, _unknown_props(callbacks, layout))]
    for error, mistakes in kinds:
        found = list(mistakes)
        if found:
            raise error("\n".join(found))


def mismatches(callbacks: Sequence[Callback], layout: Layout) -> list[str]:
    """Which ids and props of the callbacks a layout does not have: for one that is known only when a page is made."""
    return [*_unknown_ids(callbacks, layout), *_unknown_props(callbacks, layout)]


def _unable(callbacks: Sequence[Callback]) -> Iterator[str]:
    for callback in callbacks:
        if callback.is_generator and not callback.socket:
            yield (
                f"{callback.where} yields, which needs the page's socket, and it runs over HTTP. Declare it with "
                f"websocket=True, or the app with websocket_callbacks=True, or return instead of yield."
            )
        if not callback.inputs and not callback.persistent and callback.prevent_initial_call is True:
            yield (
                f"{callback.where} has no Input and prevent_initial_call=True, so that it is never called. Give it an "
                f"Input, or declare it with prevent_initial_call=False to be called once, at the start."
            )
        if callback.on_repeat != "parallel" and not callback.socket:
            yield (
                f'{callback.where} has on_repeat="{callback.on_repeat}", which needs the page\'s socket, and it runs '
                f"over HTTP, where no server knows its other calls. Declare it with websocket=True, or the app with "
                f"websocket_callbacks=True."
            )
        shared = [output for output in callback.outputs if output.allow_duplicate]
        if shared and not callback.persistent and not callback.prevent_initial_call:
            yield (
                f"{callback.where} shares the output {shared[0]} (allow_duplicate=True) and is called at the start, "
                f"when the order of such calls is not defined. Declare it with prevent_initial_call=True, or with "
                f'"initial_duplicate" if any order is right.'
            )


def _named(callback: Callback) -> Iterator[tuple[str, Dependency]]:
    """Each dependency with how the author wrote it."""
    for dependency in (*callback.outputs, *callback.inputs, *callback.state):
        yield repr(dependency), dependency
    for input in callback.cancel:
        yield f"cancel=[{input!r}]", input
    for running in callback.running:
        yield f"running=[({running.output!r}, ...)]", running.output


def _has(layout: Layout, dependency: Dependency) -> bool:
    """A pattern is never missing, since what it stands for may come later; nor is what the callback can do without."""
    return bool(dependency.wildcards) or dependency.id_text in layout or getattr(dependency, "allow_optional", False)


def _unknown_ids(callbacks: Sequence[Callback], layout: Layout) -> Iterator[str]:
    for callback in callbacks:
        for written, dependency in () if callback.optional else _named(callback):
            if not _has(layout, dependency):
                yield (
                    f"{callback.where}: {written} names a component that the layout does not have."
                    f"{_near(dependency.id_text, layout)} If it comes later, build the app with "
                    f"suppress_callback_exceptions=True."
                )


def _unknown_props(callbacks: Sequence[Callback], layout: Layout) -> Iterator[str]:
    dict_ids = {text: id for text in layout if (id := parse_id(text)) is not None}
    for callback in callbacks:
        for written, dependency in _named(callback):
            prop = dependency.component_property
            texts = _standing_for(dependency, dict_ids) if dependency.wildcards else [dependency.id_text]
            for text in texts:
                allowed = layout.get(text)
                if allowed is not None and prop not in allowed and not prop.startswith(WILDCARDS):
                    which = f"{text}, for which it stands," if dependency.wildcards else "that component"
                    yield f"{callback.where}: {written}: {which} has no prop {prop!r}.{_near(prop, allowed)}"


def _standing_for(pattern: Dependency, dict_ids: Mapping[str, Mapping[str, Value]]) -> list[str]:
    return [text for text, id in dict_ids.items() if bind(pattern, id) is not None]


def _near(word: str, words: Iterable[str]) -> str:
    near = near_names(word, words)
    return f" Did you mean {near}?" if near else ""
