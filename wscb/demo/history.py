"""`History`: named columns of one length, of which the newest rows are kept."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence

TIME = "x"
Columns = dict[str, "array[float]"]


class History:
    """The newest `keep` rows. A reader remembers how many rows there have been, and gets what came since.

    One that is at or before `oldest` has missed rows, or has some that are no more: it begins again `since(0)`.
    """

    def __init__(self, keys: Sequence[str], keep: int) -> None:
        self.keep = keep
        # Times need all digits; of the rest nobody sees more than six, and half the bytes travel.
        self._columns: Columns = {key: array("d" if key == TIME else "f") for key in keys}
        self.oldest = 0

    @property
    def total(self) -> int:
        """How many rows there have been, with those that are no longer kept."""
        return self.oldest + self._held

    @property
    def empty(self) -> bool:
        return self._held == 0

    @property
    def _held(self) -> int:
        return len(next(iter(self._columns.values())))

    def add(self, row: Mapping[str, float]) -> None:
        for key, column in self._columns.items():
            column.append(row[key])
        if self._held >= 2 * self.keep:  # seldom, and then half of it: shifting at each row would cost more
            self._drop(self._held - self.keep)

    def clear(self) -> None:
        self._drop(self._held)

    def since(self, seen: int, keys: Sequence[str]) -> Columns:
        """The rows after the first `seen`, at most `keep` of them, as arrays of their own."""
        start = max(seen - self.oldest, self._held - self.keep, 0)
        return {key: self._columns[key][start:] for key in keys}

    def _drop(self, count: int) -> None:
        self.oldest += count
        for column in self._columns.values():
            del column[:count]
