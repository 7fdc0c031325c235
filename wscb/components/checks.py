"""What can be wrong with the props of a control or a chart, found when it is made. All raise DeclarationError.

Each takes the name of the component first, for the message. What a callback sends later is not checked here.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, NoReturn, TypeGuard

from wscb.components.base import near_names
from wscb.errors import DeclarationError

_OPTION_KEYS = frozenset({"label", "value", "disabled", "title"})
_MARK_KEYS = frozenset({"label", "style"})
_TOOLTIP_KEYS = frozenset({"always_visible", "placement", "template"})
_SERIES_KEYS = frozenset({"key", "label", "color", "scale", "fill", "width", "dash"})
_SCALE_KEYS = frozenset({"label", "unit", "range", "side"})
_OPTION_SHAPES = "options are a list of values, a list of {'label': ..., 'value': ...}, or a dict of value to label"


def _fail(name: str, what: str) -> NoReturn:
    raise DeclarationError(f"{name}: {what}")


def one_of(name: str, prop: str, value: object, allowed: Collection[str], hint: str = "") -> None:
    """The value, if set, is one of these words."""
    if value is not None and value not in allowed:
        _fail(name, f"{prop} is {value!r}, but it can only be {', '.join(map(repr, allowed))}.{hint and ' ' + hint}")


def known_keys(name: str, where: str, given: object, known: frozenset[str]) -> Mapping[str, Any]:
    """The dict that was given, if it has no other keys than these."""
    if not isinstance(given, Mapping):
        _fail(name, f"{where} is {given!r}, but it has to be a dict.")
    for key in given:
        if key not in known:
            near = near_names(str(key), known)
            _fail(
                name, f"{where} has no key {key!r}. {f'Did you mean {near}?' if near else f'It has: {sorted(known)}.'}"
            )
    return given


def positive(name: str, prop: str, value: object) -> None:
    """The value, if set, is a finite number above 0."""
    if value is not None and not (_is_number(value) and 0 < value < math.inf):
        _fail(name, f"{prop} is {value!r}, but it has to be a number above 0.")


def bounds(name: str, low: object, high: object, *, where: str = "min and max") -> None:
    """The two, if both are numbers, are in order and apart."""
    if _is_number(low) and _is_number(high) and not low < high:
        _fail(name, f"{where}: {low!r} and {high!r}, but the first has to be the lower one.")


def numbers(name: str, **values: object) -> None:
    """The values that are set are numbers."""
    for prop, value in values.items():
        if value is not None and not _is_number(value):
            _fail(name, f"{prop} is {value!r}, but it has to be a number.")


def debounce(name: str, value: object) -> None:
    """A bool, or seconds, 0 or more."""
    if not (value is None or isinstance(value, bool) or (_is_number(value) and 0 <= value < math.inf)):
        _fail(name, f"debounce is {value!r}, but it is True, False, or the seconds to wait for the next key.")


def options(name: str, given: object) -> None:
    """One of the three shapes, without objects that the page could not compare."""
    if given is None:
        return
    if isinstance(given, Mapping):
        for value, label in given.items():
            if not isinstance(value, str):
                _fail(
                    name, f"the options are a dict with the key {value!r}, but keys become text: use a list of dicts."
                )
            _label(name, f"options[{value!r}]", label)
        return
    if not isinstance(given, list | tuple):
        _fail(name, f"options is a {type(given).__name__}, but {_OPTION_SHAPES}. Does list(...) or .tolist() help?")
    for index, option in enumerate(given):
        _option(name, f"options[{index}]", option)


def _option(name: str, where: str, option: object) -> None:
    if not isinstance(option, Mapping):
        if not _is_scalar(option):
            _fail(name, f"{where} is {option!r}, but {_OPTION_SHAPES}.")
        return
    known_keys(name, where, option, _OPTION_KEYS)
    if "value" not in option:
        _fail(name, f"{where} has no 'value'.")
    if not _is_scalar(option["value"]):
        _fail(name, f"the value of {where} is {option['value']!r}, but it has to be text, a number or a boolean.")
    _label(name, where, option.get("label", ""))


def _label(name: str, where: str, label: object) -> None:
    if not _is_scalar(label):
        _fail(name, f"the label of {where} is {label!r}, but it has to be text or a number.")


def chosen(name: str, value: object, *, several: bool) -> None:
    """The value is a list where several can be chosen, and a single one where not."""
    if several and not (value is None or isinstance(value, list | tuple)):
        _fail(name, f"value is {value!r}, but several can be chosen here: make it a list.")
    if not several and isinstance(value, list | tuple | dict):
        _fail(name, f"value is {value!r}, but only one can be chosen here: it is not a list.")


def stored_by_id(name: str, storage_type: object, id: object) -> None:
    """What outlives the page is found again by its id."""
    if storage_type in ("local", "session") and id is None:
        _fail(
            name, f"storage_type {storage_type!r} needs an id: it is the name under which the browser keeps the data."
        )


def marks(name: str, given: object) -> None:
    """A dict of number to label, or to a dict with label and style."""
    if given is None:
        return
    if not isinstance(given, Mapping):
        _fail(name, f"marks is {given!r}, but it has to be a dict of number to label.")
    for at, mark in given.items():
        try:
            float(at)
        except (TypeError, ValueError):
            _fail(name, f"marks has the key {at!r}, but the keys are numbers.")
        label = known_keys(name, f"marks[{at!r}]", mark, _MARK_KEYS).get("label") if isinstance(mark, Mapping) else mark
        _label(name, f"marks[{at!r}]", label)


def tooltip(name: str, given: object) -> None:
    """A dict with always_visible, placement and template."""
    if given is not None:
        keys = known_keys(name, "tooltip", given, _TOOLTIP_KEYS)
        one_of(name, "tooltip['placement']", keys.get("placement"), ("top", "bottom"))


def columns(name: str, data: object) -> None:
    """A dict of one-dimensional columns of equal length, one of them "x"."""
    if data is None:
        return
    if not isinstance(data, Mapping):
        _fail(name, f"data is a {type(data).__name__}, but it has to be a dict of column name to numbers.")
    if "x" not in data:
        _fail(name, f"data has no column 'x'. It has: {list(data)}.")
    for column, values in data.items():
        _column(name, column, values)
    lengths = {column: len(values) for column, values in data.items()}
    if len(set(lengths.values())) > 1:
        _fail(name, f"the columns of data have different lengths: {lengths}.")


def _column(name: str, column: object, values: object) -> None:
    if isinstance(values, str | bytes | Mapping) or not hasattr(values, "__len__"):
        _fail(name, f"data[{column!r}] is a {type(values).__name__}, but a column is a list or an array of numbers.")
    dimensions = getattr(values, "ndim", 1)
    if dimensions != 1:
        _fail(name, f"data[{column!r}] has {dimensions} dimensions, but a column has one.")
    is_dates = getattr(getattr(values, "dtype", None), "kind", "") == "M"
    if is_dates or (isinstance(values, list | tuple) and values and isinstance(values[0], date)):
        _fail(name, f"data[{column!r}] has dates, but times are seconds since 1970 (UTC), as from `.timestamp()`.")


def series(name: str, given: object, data: Mapping[str, Any] | None, scales: Mapping[str, Any] | None) -> None:
    """A list of dicts with a key that is in the data, and a scale that is in the scales."""
    if given is None:
        return
    if not isinstance(given, list | tuple):
        _fail(name, f"series is {given!r}, but it has to be a list of dicts, as in [{{'key': 'cpu'}}].")
    for index, one in enumerate(given):
        where = f"series[{index}]"
        key = known_keys(name, where, one, _SERIES_KEYS).get("key")
        if not isinstance(key, str):
            _fail(name, f"{where} has no 'key' that names a column of data.")
        if data is not None and key not in data:
            near = near_names(key, data)
            _fail(name, f"{where} shows {key!r}, but data has {list(data)}.{f' Did you mean {near}?' if near else ''}")
        scale = one.get("scale", "y")
        if scales is not None and scale != "y" and scale not in scales:
            _fail(name, f"{where} is on the scale {scale!r}, but scales has {list(scales)}.")
        positive(name, f"{where}['width']", one.get("width"))


def scales(name: str, given: object) -> None:
    """A dict of name to label, unit, range and side."""
    if given is None:
        return
    if not isinstance(given, Mapping):
        _fail(
            name, f"scales is {given!r}, but it has to be a dict of name to settings, as in {{'y': {{'unit': '%'}}}}."
        )
    for key, scale in given.items():
        where = f"scales[{key!r}]"
        known_keys(name, where, scale, _SCALE_KEYS)
        one_of(name, f"{where}['side']", scale.get("side"), ("left", "right"))
        _range(name, f"{where}['range']", scale.get("range"))


def _range(name: str, where: str, given: object) -> None:
    if given is None:
        return
    if (
        not isinstance(given, list | tuple)
        or len(given) != 2
        or not all(end is None or _is_number(end) for end in given)
    ):
        _fail(name, f"{where} is {given!r}, but it has to be [min, max]; either can be None.")
    bounds(name, given[0], given[1], where=where)


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and not math.isnan(value)


def _is_scalar(value: object) -> bool:
    """Text, a number or a boolean, numpy's included."""
    return isinstance(value, str | int | float) or (hasattr(value, "dtype") and getattr(value, "shape", None) == ())
