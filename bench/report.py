"""Figures into a table, and the table into README.md."""

from __future__ import annotations

import argparse
import platform
import statistics
from collections.abc import Mapping
from datetime import date
from importlib.metadata import version
from pathlib import Path

# what was measured -> by whom -> one figure a round
Figures = dict[str, dict[str, list[dict[str, float]]]]

BEGIN, END = "<!-- made by make bench -->\n", "<!-- end -->\n"
SHAPE_TITLES = {
    "deep": "one connection, 64 calls in flight",
    "wide": "64 connections, one call in flight on each",
    "one": "one connection, one call in flight",
}


def median(rounds: list[dict[str, float]], key: str) -> float:
    return statistics.median(figure[key] for figure in rounds)


def line(figure: Mapping[str, float]) -> str:
    return "  ".join(f"{key} {value:,.4g}" if value < 1000 else f"{key} {value:,.0f}" for key, value in figure.items())


def table(figures: Figures, titles: Mapping[str, str], options: argparse.Namespace) -> str:
    """Markdown: the machine, one table of each kind, medians over the rounds."""
    parts = [f"{date.today().isoformat()}; {machine()}. Medians of {options.rounds} interleaved rounds.\n"]
    calls = {shape: figures[shape] for shape in SHAPE_TITLES if shape in figures}
    if calls:
        parts.append(calls_table(calls, titles))
    if "loop" in figures:
        parts.append(loop_table(figures["loop"], titles, options.updates))
    return "\n".join(parts)


def calls_table(calls: Figures, titles: Mapping[str, str]) -> str:
    rows = [
        "| a call | server CPU, µs | calls a second | p50, µs | CPU beside Dash | CPU beside the echo |",
        "|" + "---|" * 6,
    ]
    for shape, peers in calls.items():
        rows.append(f"| **{SHAPE_TITLES[shape]}** | | | | | |")
        for name, rounds in peers.items():
            beside = [ratio(rounds, peers.get(other), "cpu") if name != other else "" for other in ("dash", "echo")]
            figures = [
                f"{median(rounds, 'cpu'):.1f}",
                f"{median(rounds, 'rate'):,.0f}",
                f"{median(rounds, 'p50'):,.0f}",
            ]
            rows.append(f"| {' | '.join([titles[name], *figures, *beside])} |")
    return "\n".join(rows) + "\n"


def loop_table(peers: dict[str, list[dict[str, float]]], titles: Mapping[str, str], updates: int) -> str:
    rows = [
        f"| {updates:,} `set_props` in a loop | to the last, s | to the first, ms | server CPU, s | values | frames "
        "| kB | time beside Dash |",
        "|" + "---|" * 8,
    ]
    for name, rounds in peers.items():
        figures = [
            f"{median(rounds, 'seconds'):.3f}",
            f"{median(rounds, 'first') * 1000:.1f}",
            f"{median(rounds, 'cpu'):.2f}",
            f"{median(rounds, 'updates'):,.0f}",
            f"{median(rounds, 'frames'):,.0f}",
            f"{median(rounds, 'bytes') / 1000:,.0f}",
            ratio(rounds, peers.get("dash"), "seconds") if name != "dash" else "",
        ]
        rows.append(f"| {' | '.join([titles[name], *figures])} |")
    return "\n".join(rows) + "\n"


def ratio(rounds: list[dict[str, float]], others: list[dict[str, float]] | None, key: str) -> str:
    if not others:
        return ""
    value = median(rounds, key) / median(others, key)
    return f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"


def machine() -> str:
    names = ("uvicorn", "uvloop", "websockets", "starlette", "fastapi", "dash")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    return f"{processor()}, Linux {platform.release().split('-')[0]}, Python {platform.python_version()}, {versions}"


def processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    found = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return f"{len(found)} x {found[0]}" if found else platform.machine()


def write(text: str, file: Path) -> None:
    """Puts the text between the marks."""
    before, _, rest = file.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    file.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}")
