"""What the application writes in the property tests: sets and operations, components that come, go, move and nest."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from tests.session.page_model import component
from tests.session.served import WIRE, Served
from wscb.protocol import codec
from wscb.protocol.patch import Patch
from wscb.session import Change, changes_of

WRITES = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.sampled_from(["set", "op", "op", "op", "place", "kids", "kid", "nest", "move"]),
        st.integers(1, 4),
        st.sampled_from([None, None, None, 2, 4]),
        st.lists(st.sampled_from("ccde"), max_size=2, unique=True),
        st.sampled_from([0, 0, 0, 1500]),
    ),
    min_size=1,
    max_size=3,
)


class Writing:
    """Makes changes such as are legal in the server's own document; each item in them is written once."""

    item = 0

    def items(self, n: int, size: int = 0) -> list[Any]:
        self.item += n
        return [f"{i}{'.' * size}" if size else i for i in range(self.item - n, self.item)]

    def changes(self, served: Served, what: Any) -> list[Change]:
        """Such as are legal in the server's own document."""
        doc, out = copy.deepcopy(served.doc), list[Change]()

        def put(comp: str, prop: str, value: Any) -> None:
            made = changes_of(comp, {prop: value})
            out.extend(made)
            for change in made:
                doc.apply(codec.unpack(change.packed, WIRE))

        def patched(act: Callable[[Patch], None]) -> Patch:
            patch = Patch()
            act(patch)
            return patch

        for pick, kind, n, maxlen, kids, size in what:
            comp = sorted(doc.props)[pick % len(doc.props)]
            free = [k for k in kids if k != comp and doc.owner.get(k, (comp,))[0] == comp]
            if kind == "kids":
                put(comp, "children", [self.kid(k) for k in free])
            elif kind == "kid":
                # what a set put in, and `maxlen` pushes out, the outbox does not account for
                known = (comp, "children") in served.machine._box._rows or not doc.props[comp].get("children")
                most = maxlen // 2 if maxlen and known else None
                for k in [k for k in free if k not in doc.props]:
                    put(comp, "children", patched(lambda p, k=k, m=most: p.append(self.kid(k), maxlen=m)))
                    most = None
                    put(k, "log", self.items(n)) if n > 2 else None
            elif kind == "nest":
                inner = [k for k in free[1:] if k not in doc.props]
                put(comp, "children", [self.kid(k, [self.kid(i) for i in inner]) for k in free[:1]])
            elif kind == "move":
                if doc.owner.get("c", ("",))[0] in ("P", "Q"):
                    put(doc.owner["c"][0], "children", [])
                    put("PQ"[pick % 2], "children", patched(lambda p: p.append(self.kid("c"))))
            elif kind == "set":
                put(comp, "log", self.items(n, size))
                put(comp, "value", self.items(1)[0])
                put(comp, "tree", {"a": self.items(n), "b": []})
            elif kind == "op":
                put(comp, "log", patched(lambda p, n=n, m=maxlen, z=size: p.extend(self.items(n, z), maxlen=m)))
            elif "tree" in doc.props[comp]:
                where = "ab"[n % 2]
                put(comp, "tree", patched(lambda p, w=where, m=maxlen: p[w].append(self.items(1)[0], maxlen=m)))
        return out

    def kid(self, id: str, children: Any = ()) -> Any:
        return component(id, log=self.items(1), children=list(children))
