"""The results as docs/conformance.md."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

from kosoku._kosoku import CaseResult

from tests.conformance.verdicts import KINDS, OUTCOMES, PASSED, Known, kind, known, outcome

SECTIONS = {
    "1": "Framing",
    "2": "Pings and pongs",
    "3": "Reserved bits",
    "4": "Opcodes",
    "5": "Fragmentation",
    "6": "UTF-8",
    "7": "Closing",
    "9": "Limits and performance",
    "10": "Automatic fragmentation",
    "12": "Compression: payloads",
    "13": "Compression: parameters",
}
HOW = {
    "app.run": "`app.run`, and so `wscb demo`: `--ws websockets-sansio --ws-per-message-deflate false`",
    "uvicorn": "bare `uvicorn app:server`: uvicorn's own choice, with compression",
}
PACKAGES = ("wscb", "kosoku", "uvicorn", "websockets", "uvloop", "fastapi", "starlette")

INTRO = """\
# WebSocket conformance

Autobahn's cases, which the package [kosoku](https://pypi.org/project/kosoku/) runs, against the server of the demo, on
both ways to serve. `make conformance` runs them and writes this page; it takes some minutes, and fails on anything that
is not explained here. `make conformance ARGS=--quick` takes less than one and writes nothing.

The cases are made for an echo, which wscb is not. So there are two questions.

"""
ECHO = """
## What is below wscb

The cases go to `/echo`: a WebSocket route in the app that wscb is mounted in, beside it, as you would add one of your
own. It is served by the same process with the same settings but one, and reads through the adapter that wscb's socket
is read with. The one: messages of up to 16 MiB are taken in (`ws_max_size`), as Autobahn's largest are; `app.run` by
itself closes what is longer than 2 MiB with 1009. A case of sections 12 and 13 ends at the first ping that it gets.
So where one has taken longer than uvicorn's
keepalive, 20 s, it is run again and does not heed pings.
"""
OWN = """
## wscb's own socket

The same cases against `/_wscb/ws` of the demo, once as what comes first on a connection, and once after a page's
`hello` and the server's `welcome`, while the streams of the page run. A relay says what a page says, and hands on all
that a case sends. Sections 12 and 13 are left out, since the relay compresses nothing. What has to happen:

- A malformed frame is refused by the WebSocket layer with the code that Autobahn wants, 1002 or 1007.
- A message that is well formed for a WebSocket is none of `wscb.v1`: it is refused with 4500, or 4513 beyond 1 MiB.
  Where a case sends both, either may be what is refused.
- What is left are pings and close frames; of these Autobahn's verdict holds.
- A page that comes back finds its session again, unless its close said that there is none any more; then it leaves.
- Afterwards the server answers, no session is left and nothing that ran for one, and its log has no exception.
"""


@dataclass(frozen=True)
class Echoed:
    """The echo of one way to serve."""

    stack: str
    compressed: bool
    results: Sequence[CaseResult]

    def explained(self, result: CaseResult) -> bool:
        return kind(result) == PASSED or known(result, self.compressed) is not None

    def line(self) -> str:
        return f"{self.stack}, the echo: {counted(Counter(map(kind, self.results)))}"


@dataclass(frozen=True)
class Own:
    """wscb's own socket of one way to serve; `modes`: how pages that came back were welcomed."""

    stack: str
    greeted: bool
    results: Sequence[CaseResult]
    modes: Counter[str]
    problems: list[str]
    figures: dict[str, int]

    @property
    def title(self) -> str:
        return f"{self.stack}, {'in a session' if self.greeted else 'before hello'}"

    def line(self) -> str:
        back = f"; came back: {counted(self.modes)}" if self.greeted else ""
        return f"{self.title}: {counted(Counter(map(outcome, self.results)))}{back}; left: {counted(self.figures)}"


def counted(counts: Counter[str] | dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items())


def write(echoes: Sequence[Echoed], owns: Sequence[Own], file: Path) -> None:
    parts = [INTRO, f"{date.today().isoformat()}; {versions()}.\n", ECHO]
    parts += [f"\n**{HOW[echo.stack]}**\n\n{by_section(echo.results, kind, KINDS)}" for echo in echoes]
    parts.append(f"\nWhat is not passed:\n\n{explanations(echoes)}")
    parts.append(OWN)
    parts.append(f"\n{owns_table(owns)}\n")
    parts += [f"- {own.line()}.\n" for own in owns]
    file.write_text("".join(parts))


def versions() -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return f"Python {platform.python_version()}, {packages}"


def row(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |\n"


def by_section(results: Sequence[CaseResult], name: Callable[[CaseResult], str], columns: Sequence[str]) -> str:
    """A table: how many cases of each section there are, and how many have come out as each column says."""
    counts = Counter((section(result), name(result)) for result in results)
    lines = [row("section", "", "cases", *columns), row("---", "---", *["---:"] * (len(columns) + 1))]
    for number, title in SECTIONS.items():
        figures = [counts[number, column] for column in columns]
        if sum(figures):
            lines.append(row(number, title, sum(figures), *(figure or "" for figure in figures)))
    totals = [sum(counts[number, column] for number in SECTIONS) for column in columns]
    lines.append(row("", "all", sum(totals), *totals))
    return "".join(lines)


def section(result: CaseResult) -> str:
    return result.case_id.split(".")[0]


def explanations(echoes: Sequence[Echoed]) -> str:
    found: dict[Known, dict[str, list[str]]] = {}
    for echo in echoes:
        for result in echo.results:
            why = known(result, echo.compressed)
            if why is not None:
                found.setdefault(why, {}).setdefault(echo.stack, []).append(result.case_id)
    lines = [row("cases", "verdict", "where", "why"), row("---", "---", "---", "---")]
    for why, stacks in found.items():
        cases = dict.fromkeys(case for each in stacks.values() for case in each)
        lines.append(row(listed(cases), why.kind, " and ".join(stacks), why.why))
    return "".join(lines)


def listed(cases: Iterable[str]) -> str:
    names = sorted(cases, key=lambda case: [int(part) for part in case.split(".")])
    return ", ".join(names) if len(names) < 20 else f"{len(names)}, {names[0]} to {names[-1]}"


def owns_table(owns: Sequence[Own]) -> str:
    """One table for all runs that came out the same; which ones, stands above it."""
    tables: dict[str, list[str]] = {}
    for own in owns:
        tables.setdefault(by_section(own.results, outcome, OUTCOMES), []).append(own.title)
    return "\n".join(f"**{'; '.join(titles)}**\n\n{table}" for table, titles in tables.items())
