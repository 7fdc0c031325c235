"""Whether a page can have made a call: the ids that it names against the patterns of the callback.

A page can say anything, and an id for each of a hundred thousand rows too, on the event loop of all others: so an id is
read by one regular expression, and its values are compared as they are written.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from wscb.callbacks.dependencies import ALLSMALLER, MATCH, Dependency
from wscb.callbacks.patterns import Ids, Instance, smaller

if TYPE_CHECKING:
    from wscb.callbacks.declaration import Callback

_TEXT = r'"(?:[^"\\\x00-\x1f]|\\(?:["\\bfnrt]|u00[01][0-9a-f]))*"'
_NUMBER = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?"
_VALUE = f"({_TEXT}|{_NUMBER}|true|false)"


def mismatch(callback: Callback, ids: Instance | None, inputs: Sequence[Any], state: Sequence[Any]) -> str | None:
    """Why no page can have made this call: its ids do not fit the callback's, or its values the ids. None if one can.

    `ids` are there for a callback with patterns in its outputs, inputs or states, and for no other.
    """
    if ids is None or not callback.patterns:
        return None if (ids is None) is not callback.patterns else "ids belong to callbacks with patterns"
    bindings: dict[str, str] = {}
    return (
        _unfit_side(callback.outputs, ids[0], None, bindings)
        or _unfit_side(callback.inputs, ids[1], inputs, bindings)
        or _unfit_side(callback.state, ids[2], state, bindings)
    )


def _unfit_side(
    dependencies: Sequence[Dependency], ids: Ids, values: Sequence[Any] | None, bindings: dict[str, str]
) -> str | None:
    if len(ids) != len(dependencies) or (values is not None and len(values) != len(ids)):
        return f"not one id, and one value, for each of {len(dependencies)}"
    for index, (dependency, given) in enumerate(zip(dependencies, ids, strict=True)):
        why = _unfit(dependency, given, bindings)
        if why is None and dependency.many and values is not None:
            why = _uneven(given, values[index])
        if why is not None:
            return f"{dependency}: {why}"
    return None


def _unfit(dependency: Dependency, given: str | Sequence[str] | None, bindings: dict[str, str]) -> str | None:
    """Why these ids do not fit. `bindings` is what MATCH stands for, as it is written, by key; those of these too."""
    if not dependency.wildcards:
        return None if given is None else "an id for what has a fixed one"
    if given is None or isinstance(given, str) is dependency.many:
        return "a list of ids instead of one, or the other way round"
    texts = [given] if isinstance(given, str) else given
    if len(set(texts)) != len(texts):
        return "an id twice"
    keys, reader = _reader(dependency.id_text)
    for text in texts:
        found = reader.fullmatch(text)
        if found is None:
            return f"{text}: another id"
        for key, written in zip(keys, found.groups(), strict=True):
            why = _unbound(dependency, key, written, bindings)
            if why is not None:
                return f"{text}: {why}"
    return None


def _unbound(dependency: Dependency, key: str, written: str, bindings: dict[str, str]) -> str | None:
    wildcard = dependency.wildcards[key]
    if wildcard is MATCH and bindings.setdefault(key, written) != written:
        return f"MATCH stands for {bindings[key]} and for {written} at {key!r}"
    if wildcard is ALLSMALLER and not (key in bindings and smaller(json.loads(written), json.loads(bindings[key]))):
        return f"{written} at {key!r} is not smaller"
    return None


def _uneven(ids: str | Sequence[str] | None, values: Any) -> str | None:
    even = isinstance(values, list) and ids is not None and len(values) == len(ids)
    return None if even else "not one value for each id"


@functools.cache
def _reader(pattern: str) -> tuple[list[str], re.Pattern[str]]:
    """What reads the text of an id that the pattern with this text stands for: a group for each wildcard at its key."""
    parts = json.loads(pattern)
    read = [
        re.escape(_written(key)) + ":" + (_VALUE if isinstance(part, list) else re.escape(_written(part)))
        for key, part in parts.items()
    ]
    return [key for key, part in parts.items() if isinstance(part, list)], re.compile(rf"{{{','.join(read)}}}")


def _written(part: Any) -> str:
    return json.dumps(part, ensure_ascii=False)
