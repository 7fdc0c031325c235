"""Which components an append with `maxlen` pushes out of a prop, so that what a log of rows takes has an end."""

from __future__ import annotations

from collections import deque

from wscb.session.changes import Change, Key


class Rows:
    """What was appended to one prop since its last set, oldest first: how many items, and the components among them."""

    __slots__ = ("_added", "_first", "_groups", "_named")

    def __init__(self) -> None:
        self._groups: deque[tuple[int, tuple[str, ...]]] = deque()
        self._first = 0
        self._added = 0
        self._named: dict[str, int] = {}
        """The group that named a component last."""

    def append(self, change: Change) -> list[str]:
        """The components of the items of which none can be left after this append."""
        number = self._first + len(self._groups)
        kids = tuple(kid for kid, owner in change.kids if owner == change.key)
        self._named.update(dict.fromkeys(kids, number))
        self._groups.append((change.items, kids))
        self._added += change.items
        out: list[str] = []
        while change.maxlen is not None and self._added - self._groups[0][0] >= change.maxlen and len(self._groups) > 1:
            items, old = self._groups.popleft()
            self._added -= items
            for kid in old:
                if self._named[kid] == self._first:
                    del self._named[kid]
                    out.append(kid)
            self._first += 1
        return out


def pushed_out(rows: dict[Key, Rows], change: Change) -> list[str]:
    """Keeps account of the change in `rows`. All but appends to the prop itself may move or remove what is in it."""
    key = change.key
    if not change.op or (not change.items and len(change.path) < 2):
        rows.pop(key, None)
        return []
    if not change.items or change.path:
        return []
    if key not in rows:
        if change.maxlen is None or not change.kids:
            return []
        rows[key] = Rows()
    return rows[key].append(change)
