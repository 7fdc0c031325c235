"""What can be wrong with the props of a control or a chart, found when it is made. All raise DeclarationError.

Each takes the name of the component first, for the message. What a callback sends later is not checked here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from datetime import date
from numbers import Real
from typing import Any, NoReturn, TypeGuard

from wscb.components.base import near_names
from wscb.components.columns import listed
from wscb.errors import DeclarationError

_OPTION_KEYS = frozenset({"label", "value", "disabled", "title"})
_MARK_KEYS = frozenset({"label", "style"})
_TOOLTIP_KEYS = frozenset({"always_visible", "placement", "template"})
_SERIES_KEYS = frozenset({"key", "label", "color", "scale", "fill", "width", "dash"})
_SCALE_KEYS = frozenset({"label", "unit", "range", "side"})
_COLOR_KEYS = frozenset({"border", "primary", "background"})
_DOWNLOAD_KEYS = frozenset({"content", "filename", "type", "base64"})
_FIGURE_KEYS = frozenset({"data", "layout", "frames"})
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
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


def texts(name: str, **values: object) -> None:
    """The values that are set are text."""
    for prop, value in values.items():
        if value is not None and not isinstance(value, str):
            _fail(name, f"{prop} is {value!r}, but it has to be text.")


def flag_or(name: str, prop: str, value: object, word: str) -> None:
    """The value, if set, is a bool or this word."""
    if not (value is None or isinstance(value, bool) or value == word):
        _fail(name, f"{prop} is {value!r}, but it can only be True, False or {word!r}.")


def never(name: str, prop: str, value: object, why: str) -> None:
    """The value is what Dash has by default: what the others mean is not done here."""
    if value:
        _fail(name, f"{prop}={value!r} is not done: {why}.")


def styles(name: str, **values: object) -> None:
    """The values that are set are dicts of CSS properties."""
    for prop, value in values.items():
        if value is not None and not isinstance(value, Mapping):
            _fail(name, f"{prop} is {value!r}, but it has to be a dict of CSS properties, as in {{'color': 'red'}}.")


def pair(name: str, prop: str, value: object) -> None:
    """Two numbers in order."""
    value = listed(value)
    if value is None:
        return
    if not isinstance(value, list | tuple) or len(value) != 2 or not all(map(_is_number, value)):
        _fail(name, f"{prop} is {value!r}, but it has to be [low, high].")
    if value[0] > value[1]:
        _fail(name, f"{prop} is {value!r}, but the first has to be the lower one.")


def options(name: str, given: object) -> None:
    """One of the three shapes, without objects that the page could not compare."""
    given = listed(given)
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
    value = listed(value)
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


def persistence(name: str, given: Mapping[str, Any], kept: Collection[str]) -> None:
    """What tells one kept value from another is a bool, text or a number, and the props that are kept are known."""
    key = given.get("persistence")
    if not (key is None or isinstance(key, str | int | float)):
        _fail(name, f"persistence is {key!r}, but it has to be True, False, text or a number.")
    one_of(name, "persistence_type", given.get("persistence_type"), ("local", "session", "memory"))
    props = given.get("persisted_props")
    if props is None:
        return
    if not isinstance(props, list | tuple):
        _fail(name, f"persisted_props is {props!r}, but it has to be a list of props, as in {list(kept)!r}.")
    for prop in props:
        one_of(name, "a prop of persisted_props", prop, kept)


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


def tabs(name: str, children: object) -> None:
    """All of them are tabs, each with a value of its own."""
    seen: set[object] = set()
    for index, tab in enumerate(children if isinstance(children, list | tuple) else [children]):
        if tab is None:
            continue
        kind = tab.get("type") if isinstance(tab, Mapping) else getattr(tab, "_type", None)
        if kind != "Tab":
            _fail(name, f"children[{index}] is {tab!r}, but the children are dcc.Tab components.")
        value = (tab["props"].get("value") if isinstance(tab, Mapping) else tab.value) or f"tab-{index + 1}"
        if value in seen:
            _fail(name, f"two tabs have the value {value!r}.")
        seen.add(value)


def colors(name: str, given: object) -> None:
    """A dict with border, primary and background."""
    if given is not None:
        known_keys(name, "colors", given, _COLOR_KEYS)


def days(name: str, **values: object) -> None:
    """The values that are set are days, and in order."""
    for prop, value in values.items():
        if value is not None:
            _day(name, prop, value)
    known = [value for value in values.values() if isinstance(value, str)]
    if known != sorted(known):
        _fail(name, f"{' and '.join(values)}: {known!r}, but the first has to be the earlier one.")


def day_list(name: str, given: object) -> None:
    """A list of days."""
    if given is None:
        return
    if not isinstance(given, list):
        _fail(name, f"disabled_days is {given!r}, but it has to be a list of days.")
    for index, value in enumerate(given):
        _day(name, f"disabled_days[{index}]", value)


def _day(name: str, where: str, value: object) -> None:
    try:
        date.fromisoformat(value if isinstance(value, str) and _DAY.fullmatch(value) else "")
    except ValueError:
        _fail(name, f"{where} is {value!r}, but it has to be a date, or text such as '2026-11-22'.")


def markdown(name: str, children: object) -> None:
    """Text, or a list of texts."""
    parts = children if isinstance(children, list | tuple) else [children]
    if not all(part is None or isinstance(part, str) for part in parts):
        _fail(name, f"children is {children!r}, but it has to be text, or a list of texts.")


def download(name: str, data: object) -> None:
    """A dict with content and filename."""
    if data is None:
        return
    given = known_keys(name, "data", data, _DOWNLOAD_KEYS)
    for key in ("content", "filename"):
        if not isinstance(given.get(key), str):
            _fail(name, f"data[{key!r}] is {given.get(key)!r}, but it has to be text; dcc.send_bytes takes bytes.")


def targets(name: str, given: object) -> None:
    """A dict of id to prop, to props, or to "*"."""
    if given is None:
        return
    if not isinstance(given, Mapping):
        _fail(name, f"target_components is {given!r}, but it has to be a dict of id to prop, as in {{'out': '*'}}.")
    for id, props in given.items():
        several = isinstance(props, list | tuple) and all(isinstance(prop, str) for prop in props)
        if not isinstance(id, str) or not (isinstance(props, str) or several):
            _fail(name, f"target_components has {id!r}: {props!r}, but it maps ids to a prop, a list of props, or '*'.")


def box(name: str, given: object) -> None:
    """The four sides of a place."""
    if given is None:
        return
    for key in ("x0", "y0", "x1", "y1"):
        if not isinstance(given, Mapping) or not _is_number(given.get(key)):
            _fail(name, f"bbox is {given!r}, but it has to be a dict with the numbers x0, y0, x1 and y1.")


def figure(name: str, given: object) -> None:
    """A dict with data, layout and frames, or an object that has such a form."""
    if given is None or hasattr(type(given), "to_plotly_json"):
        return
    keys = known_keys(name, "figure", given, _FIGURE_KEYS)
    if not isinstance(keys.get("data", []), list | tuple):
        _fail(name, f"figure['data'] is {keys['data']!r}, but it has to be a list of traces.")


def extension(name: str, prop: str, given: object) -> None:
    """What is added to traces: a dict of lists of lists, or a list of it, the traces, and how many points are kept."""
    if given is None:
        return
    data = given[0] if isinstance(given, list | tuple) and 0 < len(given) <= 3 else given
    if not isinstance(data, Mapping):
        _fail(name, f"{prop} is {given!r}, but it has to be as in [{{'x': [[1]], 'y': [[2]]}}, [0], 100].")


def _is_number(value: object) -> TypeGuard[float]:
    """numpy's included."""
    return isinstance(value, Real) and not isinstance(value, bool) and not math.isnan(value)


def _is_scalar(value: object) -> bool:
    """Text, a number or a boolean, numpy's included."""
    return isinstance(value, str | int | float) or (hasattr(value, "dtype") and getattr(value, "shape", None) == ())
