"""What the page must show, computed by the app as it writes: random changes, and a digest that goes with each.

The digest of a version travels in that version. So a page can check after any delta that what it shows is exactly
one state that the server's writes were in: sent in part, twice, or out of order, it would not match.
"""

from __future__ import annotations

import hashlib
import json
import random
from typing import Any

from tests.session.page_model import Document, component
from wscb import Patch

ROOTS = ("r0", "r1")
KIDS = ("k0", "k1", "k2", "k3", "k4")
DIGEST = "digest"
DIGESTED = frozenset({DIGEST, *ROOTS, *KIDS})
"""A version that changes one of these brings the digest of its state."""


def digest(doc: Document) -> str:
    """Of the roots and of the kids that are on the page."""
    shown = {id: doc.props[id] for id in (*ROOTS, *KIDS) if id in doc.props}
    return hashlib.md5(json.dumps(shown, sort_keys=True).encode(), usedforsecurity=False).hexdigest()


class Writer:
    """Random sets and operations, legal on its own document. Roots hold items and kids, kids hold items."""

    def __init__(self, seed: object) -> None:
        self.doc = Document()
        self.doc.props = {root: {} for root in ROOTS}
        self._random = random.Random(repr(seed))
        self._item = 0

    def begin(self) -> dict[str, Any]:
        """The first write: whatever a page showed before, now it shows this."""
        return {root: self._set(root, [self._new_item()]) for root in ROOTS}

    def step(self) -> dict[str, Any]:
        """The values of one version, by component, in the order in which they are to be written."""
        values: dict[str, Any] = {}
        for id in (*ROOTS, *KIDS):
            if id in self.doc.props and self._random.random() < 0.4:
                values[id] = self._change(id)
        return values

    def _change(self, id: str) -> Any:
        if self._random.random() < 0.3:
            return self._set(id, self._new_list(id))
        patch = Patch()
        held = len(self.doc.props[id]["children"])
        name = self._random.choice(["append", "append", "append", "extend", "prepend", "insert", "reverse", "assign"])
        if name == "append":
            maxlen = self._random.choice([None, 3, 6]) if held < 40 else 6
            patch.append(self._new_child(id), maxlen=maxlen)
        elif name == "extend":
            patch.extend([self._new_item() for _ in range(self._random.randint(1, 3))], maxlen=20)
        elif name == "prepend":
            patch.prepend(self._new_item())
        elif name == "insert":
            patch.insert(self._random.randint(0, held), self._new_item())
        elif name == "reverse" or not held:
            patch.reverse()
        else:
            patch[self._random.randrange(held)] = self._new_item()
        for operation in patch.operations:
            assert self.doc.apply(("op", id, "children", operation.wire()))
        return patch

    def _set(self, id: str, value: list[Any]) -> list[Any]:
        assert self.doc.apply(("set", id, "children", value))
        return value

    def _new_list(self, id: str) -> list[Any]:
        free = self._free(id) if id in ROOTS else []
        kids = self._random.sample(free, min(len(free), self._random.randint(0, 3)))
        return [self._new_item(), *(component(kid, children=[self._new_item()]) for kid in kids)]

    def _new_child(self, id: str) -> Any:
        free = self._free(None)
        if id in ROOTS and free and self._random.random() < 0.6:
            return component(self._random.choice(free), children=[self._new_item()])
        return self._new_item()

    def _free(self, root: str | None) -> list[str]:
        """The kids that are not on the page, and those of this root: an id stands only once on a page."""
        owner = self.doc.owner
        return [kid for kid in KIDS if kid not in owner or owner[kid][0] == root]

    def _new_item(self) -> int:
        self._item += 1
        return self._item
