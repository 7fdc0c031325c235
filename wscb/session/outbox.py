"""What the page may not have yet: for each key the newest value, and the operations on it, each at its own version.

Nothing here is a queue of messages. Sending, coalescing for a slow page and catching up after a lost connection are one
operation: *what is newer than the cursor*, in the order in which it was written. The rules that keep that right:

- A set drops the earlier entries of its own key. An operation never goes into a set: it stands at its own version, so
  that it is applied exactly once whatever the page already has.
- An append with `maxlen` drops earlier appends to the same place of which nothing would be left after it. Whoever would
  get those gets it too, so no page can see the difference. A value that names components is never dropped like that.
- A value that names components drops the entries of all components that it takes away or makes anew, with their
  descendants. A component belongs to the value that named it last, so another value's set does not take it away.
- A set of a `value` carries the last `q` that its writer can have known: a call's own, for a task the `cq` as of the
  write. The page needs it to decide about what is being typed.

Every entry is in `_log`, a dict in order of writing, so all steps are O(1) for each entry that comes or goes.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from itertools import islice

from wscb.protocol import codec
from wscb.session.changes import Change, Key
from wscb.session.rows import Rows, pushed_out

CHANGE, OUTCOME, TASK = 0, 1, 2

OVERHEAD = 64
"""Bytes that an entry counts beside its packed form, so that a million empty operations do not count as nothing."""

NAMED = 16_384
"""Components whose place is known. Operations other than appends do not say which of them they take away, so a list
that is worked on with those would name more and more. Of one that is forgotten nothing is dropped when it goes."""

AnyKey = tuple[str | None, str | int]


class Entry:
    __slots__ = ("items", "key", "kind", "order", "packed", "run", "size", "version")

    def __init__(self, kind: int, key: AnyKey, packed: bytes, version: int, order: int) -> None:
        self.kind = kind
        self.key = key
        self.packed = packed
        self.size = len(packed) + OVERHEAD
        self.version = version
        self.order = order
        self.items = 0
        self.run: Run | None = None


class Run:
    """Operations on one key, oldest first, together adding `items` at one `path`."""

    __slots__ = ("entries", "items", "path")

    def __init__(self, path: tuple[str | int, ...]) -> None:
        self.path = path
        self.entries: deque[Entry] = deque()
        self.items = 0


class Runs:
    """The runs of one key. Only an `open` one is still added to: what may move its items closes it."""

    __slots__ = ("all", "open")

    def __init__(self) -> None:
        self.all: dict[Run, None] = {}
        self.open: dict[tuple[str | int, ...], Run] = {}

    def at(self, path: tuple[str | int, ...]) -> Run:
        """The open run that appends at exactly this path. An append above or below it closes it."""
        run = self.open.get(path)
        if run is None:
            if any(path[: len(other)] == other[: len(path)] for other in self.open):
                self.open.clear()
            run = self.open[path] = self._new(path)
        return run

    def apart(self) -> Run:
        """A closed run for one operation, which closes all others."""
        self.open.clear()
        return self._new(())

    def _new(self, path: tuple[str | int, ...]) -> Run:
        run = Run(path)
        self.all[run] = None
        return run

    def discard(self, run: Run) -> None:
        del self.all[run]
        if self.open.get(run.path) is run:
            del self.open[run.path]


class Outbox:
    """`version` is that of the newest write, `cq` the last `q` received; both are moved by who writes and receives."""

    __slots__ = ("_keys_of", "_log", "_order", "_owner", "_rows", "_runs", "_sets", "cq", "outcome", "size", "version")

    def __init__(self) -> None:
        self.version = 0
        self.cq = 0
        self.outcome = 0
        """The version of the newest outcome."""
        self.size = 0
        """Bytes held."""
        self._order = 0
        self._log: dict[int, Entry] = {}
        self._sets: dict[AnyKey, Entry] = {}
        self._runs: dict[AnyKey, Runs] = {}
        self._owner: dict[str, Key] = {}
        self._keys_of: dict[str, dict[str, dict[str, None]]] = {}
        self._rows: dict[Key, Rows] = {}

    def __len__(self) -> int:
        return len(self._log)

    # ------------------------------------------------------------------------------------------------ writing

    def put(self, change: Change, knows: int | None = None) -> None:
        """Add to the current version. `knows` is the last `q` that the writer can have known, None: the newest."""
        key = change.key
        if change.kids or key[0] in self._keys_of:
            self._name_kids(change)
        if change.op:
            self._put_op(change)
            return
        packed = change.packed
        if key[1] == "value":
            packed = codec.with_cq(packed, self.cq if knows is None else knows)
        self._put_set(CHANGE, key, packed)

    def put_outcome(self, id: int, packed: bytes) -> None:
        self.outcome = self.version
        self._put_set(OUTCOME, (None, id), packed)

    def put_task(self, callback: str, packed: bytes) -> None:
        self._put_set(TASK, (None, callback), packed)

    def _put_set(self, kind: int, key: AnyKey, packed: bytes) -> None:
        old = self._sets.get(key)
        if old is not None:
            del self._log[old.order]
            self.size -= old.size
        if key in self._runs:
            self._drop_runs(key)
        self._sets[key] = self._append(Entry(kind, key, packed, self.version, self._order))

    def _put_op(self, change: Change) -> None:
        runs = self._runs.get(change.key)
        if runs is None:
            runs = self._runs[change.key] = Runs()
        grows = change.items and not change.kids
        run = runs.at(change.path) if grows else runs.apart()
        entry = self._append(Entry(CHANGE, change.key, change.packed, self.version, self._order))
        entry.run = run
        entry.items = change.items
        run.entries.append(entry)
        run.items += change.items
        if grows and change.maxlen is not None:
            while run.items - run.entries[0].items >= change.maxlen and len(run.entries) > 1:
                self._remove(run.entries[0])

    def _append(self, entry: Entry) -> Entry:
        self._log[self._order] = entry
        self._order += 1
        self.size += entry.size
        return entry

    # ------------------------------------------------------------------------------------------------ reading

    def newer(self, than: int) -> tuple[list[bytes], list[bytes], list[bytes]]:
        """Changes, outcomes and task states newer than a version, each in the order written."""
        parts: tuple[list[bytes], list[bytes], list[bytes]] = ([], [], [])
        for entry in reversed(self._log.values()):
            if entry.version <= than:
                break
            parts[entry.kind].append(entry.packed)
        for part in parts:
            part.reverse()
        return parts

    def holds_outcome(self, id: int) -> bool:
        """Whether the call's outcome is written and not yet acknowledged."""
        return (None, id) in self._sets

    def largest(self) -> str:
        """Which `component.prop` takes most of the bytes, for the log."""
        sizes: Counter[AnyKey] = Counter()
        for entry in self._log.values():
            sizes[entry.key] += entry.size
        component, prop = sizes.most_common(1)[0][0]
        return f"outcome or task {prop}" if component is None else f"{component}.{prop}"

    # ------------------------------------------------------------------------------------------------ forgetting

    def forget(self, have: int) -> None:
        """The page has applied `have`."""
        for entry in list(self._up_to(have)):
            self._remove(entry)

    def clear(self) -> None:
        """Nothing is left, not even who owns whom."""
        self._log, self._sets, self._runs, self._owner, self._keys_of, self._rows = {}, {}, {}, {}, {}, {}
        self.size = 0

    def _up_to(self, have: int) -> Iterator[Entry]:
        for entry in self._log.values():
            if entry.version > have:
                return
            yield entry

    def _remove(self, entry: Entry) -> None:
        """Of an operation: the oldest of its run."""
        del self._log[entry.order]
        if not self._log:
            self._log.clear()  # or else the next look at the front walks over all that were deleted there
        self.size -= entry.size
        run = entry.run
        if run is None:
            del self._sets[entry.key]
            return
        run.entries.popleft()
        run.items -= entry.items
        if not run.entries:
            runs = self._runs[entry.key]
            runs.discard(run)
            if not runs.all:
                del self._runs[entry.key]

    def _drop_runs(self, key: AnyKey) -> None:
        for run in self._runs.pop(key).all:
            for entry in run.entries:
                del self._log[entry.order]
                self.size -= entry.size

    # ------------------------------------------------------------------------------------------------ components

    def _name_kids(self, change: Change) -> None:
        gone: set[str] = set()
        component, prop = change.key
        if not change.op:
            self._take_away(list(self._keys_of.get(component, {}).get(prop, ())), gone)
        fallen = [kid for kid in pushed_out(self._rows, change) if self._owner.get(kid) == change.key]
        self._take_away(fallen + [kid for kid, _ in change.kids], gone)
        if gone:
            self._drop_components(gone)
        for kid, (holder, of) in change.kids:
            self._owner[kid] = (holder, of)
            self._keys_of.setdefault(holder, {}).setdefault(of, {})[kid] = None
        if len(self._owner) > NAMED:
            for kid in list(islice(self._owner, NAMED // 2)):
                self._disown(kid)
            self._rows.clear()

    def _take_away(self, todo: list[str], gone: set[str]) -> None:
        """These components and their descendants belong to nobody now."""
        while todo:
            component = todo.pop()
            gone.add(component)
            self._disown(component)
            for prop in self._keys_of.get(component, ()):
                self._rows.pop((component, prop), None)
            for kids in self._keys_of.pop(component, {}).values():
                for kid in kids:
                    del self._owner[kid]
                    todo.append(kid)

    def _disown(self, component: str) -> None:
        holder, prop = self._owner.pop(component, (None, ""))
        if holder is None:
            return
        kids = self._keys_of[holder]
        del kids[prop][component]
        if not kids[prop]:
            del kids[prop]
            if not kids:
                del self._keys_of[holder]

    def _drop_components(self, gone: set[str]) -> None:
        doomed = gone.__contains__
        for key in [key for key in self._sets if doomed(key[0])]:
            self._remove(self._sets[key])
        for key in [key for key in self._runs if doomed(key[0])]:
            self._drop_runs(key)
