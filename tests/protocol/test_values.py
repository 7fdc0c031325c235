from __future__ import annotations

import datetime
import enum
import json
from collections import OrderedDict, defaultdict, deque, namedtuple
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from pydantic import BaseModel

from wscb.errors import PreventUpdate
from wscb.protocol.limits import MAX_DEPTH
from wscb.protocol.patch import Patch
from wscb.protocol.values import Typed, Unplain, plain


class Colour(enum.Enum):
    RED = "red"


class Level(enum.IntEnum):
    LOW = 1


class Names(enum.StrEnum):
    A = "a"


class Holder(enum.Enum):
    LIST = (1, 2)


class Model(BaseModel):
    when: datetime.date
    tags: set[str]


@dataclass
class Point:
    x: int
    when: datetime.date


@dataclass(slots=True)
class Slotted:
    inner: Point


class Chartlike:
    def to_plotly_json(self) -> dict[str, Any]:
        return {"data": [np.float64(1.5), datetime.date(2026, 1, 2)]}


class Key(str):
    pass


DAY = datetime.date(2026, 1, 2)
Pair = namedtuple("Pair", "a b")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (datetime.datetime(2026, 1, 2, 3, 4, 5, 678), "2026-01-02T03:04:05.000678"),
        (datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC), "2026-01-02T00:00:00+00:00"),
        (DAY, "2026-01-02"),
        (datetime.time(3, 4), "03:04:00"),
        (datetime.timedelta(minutes=1, milliseconds=500), 60.5),
        (Decimal("1.25"), 1.25),
        (Colour.RED, "red"),
        (Level.LOW, 1),
        (Names.A, "a"),
        (Holder.LIST, (1, 2)),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (Point(1, DAY), {"x": 1, "when": "2026-01-02"}),
        (Slotted(Point(1, DAY)), {"inner": {"x": 1, "when": "2026-01-02"}}),
        (Model(when=DAY, tags={"a"}), {"when": "2026-01-02", "tags": ["a"]}),
        (Chartlike(), {"data": [1.5, "2026-01-02"]}),
        ({1, 2}, [1, 2]),
        (frozenset([DAY]), ["2026-01-02"]),
        (deque([1]), [1]),
        (range(3), [0, 1, 2]),
        (Pair(1, 2), [1, 2]),
        ((1, (2, DAY)), [1, [2, "2026-01-02"]]),
        (OrderedDict(a=1), {"a": 1}),
        (defaultdict(list, a=[DAY]), {"a": ["2026-01-02"]}),
        (np.int64(5), 5),
        (np.float32(0.5), 0.5),
        (np.bool_(True), True),
        (np.str_("a"), "a"),
        (np.datetime64("2026-01-02T00:00:01.5", "ns"), "2026-01-02T00:00:01.500000"),
        (np.timedelta64(1500, "ms"), 1.5),
        (np.array(7), 7),
        (np.array(["a"]), ["a"]),
        (np.array([DAY], dtype="M8[D]"), ["2026-01-02T00:00:00"]),
        (memoryview(b"\x01"), Typed(b"B\x01")),
        ({"a": np.array([1.0])}, {"a": Typed(b"d" + bytes(6) + b"\xf0\x3f")}),
    ],
)
def test_the_forms(value: Any, expected: Any) -> None:
    result = plain(value)
    assert result == expected


def test_keys_become_the_texts_of_json() -> None:
    keys: dict[Any, int] = {
        1: 0,
        1.5: 1,
        None: 3,
        "text": 4,
        Key("sub"): 5,
        DAY: 6,
        Names.A: 7,
        np.int64(9): 8,
    }
    assert list(plain(keys)) == ["1", "1.5", "null", "text", "sub", "2026-01-02", "a", "9"]
    assert plain({False: 0, float("nan"): 1}) == json.loads(json.dumps({False: 0, float("nan"): 1}))


@pytest.mark.parametrize("value", [[1, "a", None, b""], {"a": 1.5}, {"a": {"b": [1]}}, "text", (1, 2)])
def test_what_is_plain_already_stays(value: Any) -> None:
    assert plain(value) == value
    if not isinstance(value, dict) or "b" not in str(value):
        assert plain(value) is value


class Series:
    """What is known of a column of pandas."""

    ndim = 1
    shape = (2,)
    dtype = np.dtype("f8")

    def item(self) -> None: ...

    def to_numpy(self) -> Any:
        return np.array([1.5, 2.0])


class Texts(Series):
    def to_numpy(self) -> Any:
        return np.array(["a", None, NaTType()], dtype=object)


class NaTType(datetime.datetime):  # as pandas' own is
    def __new__(cls) -> NaTType:
        return super().__new__(cls, 1, 1, 1)


class NAType:
    def __bool__(self) -> bool:
        raise TypeError


class Frame:
    shape = (2, 1)

    def to_numpy(self) -> None: ...

    def to_dict(self) -> None: ...


def test_a_column_is_as_the_array_of_it() -> None:
    assert plain(Series()) == plain(np.array([1.5, 2.0]))
    assert plain({"x": Texts()}) == {"x": ["a", None, None]}


def test_what_pandas_misses_is_none() -> None:
    assert plain([1, NAType(), NaTType()]) == [1, None, None]


@pytest.mark.parametrize("shape", [(2, 3), (2, 0), (0, 2), (2, 3, 2)])
def test_an_array_of_several_dimensions_is_a_list_of_its_rows(shape: tuple[int, ...]) -> None:
    value = np.arange(float(np.prod(shape))).reshape(shape)
    assert plain(value) == plain(list(value))
    assert plain(value.astype(str)) == value.astype(str).tolist()


def _generator() -> Iterator[int]:
    yield 1


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (object(), "is a object, which has no form on the wire; send a text, a number"),
        (1j, "is a complex"),
        (Point, r"is the class Point and no instance of it: call it, as in Point\(\.\.\.\)"),
        (len, "is the function len and not what it returns: call it"),
        (PreventUpdate, "is PreventUpdate: raise it in place of sending it"),
        (ValueError("x"), r"is the error ValueError\('x'\): raise it"),
        (Frame(), r"send \.to_dict"),
        (_generator(), r"send list\(\.\.\.\) of it"),
        (np.longdouble(1), "send float"),
        (np.zeros((2, 2), dtype=complex), "is an array of complex128"),
        (memoryview(bytes(4)).cast("B", (2, 2)), "is an array of 2 dimensions"),
        (Patch(), "stands for a whole prop"),
        ({(1, 2): 3}, "has a tuple as its key"),
        ({b"a": 3, "b": object()}, "has a bytes as its key"),
        ({Point: 3}, "is the class Point"),
    ],
)
def test_what_has_no_form_says_what_to_do(value: Any, says: str) -> None:
    with pytest.raises(Unplain, match=says):
        plain(value)


def test_a_coroutine_is_to_be_awaited() -> None:
    async def answer() -> int:
        return 1

    coroutine = answer()
    with pytest.raises(Unplain, match="await it"):
        plain(coroutine)
    coroutine.close()


def test_the_path_is_collected() -> None:
    with pytest.raises(Unplain) as caught:
        plain({"rows": [1, {"when": [object()]}]})
    assert caught.value.path == [0, "when", 1, "rows"]


def _nested(levels: int) -> Any:
    value: Any = None
    for level in range(levels):
        value = {"in": value} if level % 2 else [value]
    return value


def test_depth_is_bounded() -> None:
    assert plain(_nested(MAX_DEPTH)) == _nested(MAX_DEPTH)
    with pytest.raises(Unplain, match="deeper than 256"):
        plain([_nested(MAX_DEPTH), object()])


def test_a_value_that_contains_itself_ends() -> None:
    circle: list[Any] = []
    circle.append(circle)
    with pytest.raises(Unplain, match="contains itself"):
        plain(circle)
