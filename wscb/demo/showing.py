"""From samples and rows to props: what the page shows of them. Nothing here waits or reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wscb import Component, Patch, html
from wscb.demo.figures import amount, amount_text, duration
from wscb.demo.history import Columns
from wscb.demo.layout import named, wide_row
from wscb.demo.processes import Process, busiest, matching
from wscb.demo.sampler import Rates, Vitals

Props = Mapping[str, Any]
SHOWN = 12


def extended(columns: Columns, keep: int) -> Patch:
    """The patch of a chart's data that adds rows at the end."""
    patch = Patch()
    for key, values in columns.items():
        patch[key].extend(values, maxlen=keep)
    return patch


def tiles(rates: Rates, vitals: Vitals, peak_cpu: float, peak_net: float) -> dict[str, Props]:
    """The props of all that the tiles consist of, by component id. The peaks are those of the last minute."""
    cores = len(rates.cores)
    one, five, fifteen = vitals.load
    used = _share(vitals.memory_used, vitals.memory_total)
    return {
        **_figure("cpu", f"{rates.all:.1f}", "%"),
        "cpu-more": {"children": f"{_count(cores, 'core')} · peak {peak_cpu:.0f} %"},
        "cpu-meter": {"value": _share(rates.all, 100)},
        "cores": {"children": [html.I(style={"--busy": f"{core / 100:.2f}"}) for core in rates.cores]},
        **_figure("memory", *amount(vitals.memory_used)),
        "memory-more": {"children": f"of {amount_text(vitals.memory_total)} · {100 * used:.0f} % used"},
        "memory-meter": {"value": used},
        **_figure("load", f"{one:.2f}", "1 min"),
        "load-more": {"children": f"5 min {five:.2f} · 15 min {fifteen:.2f}"},
        "load-meter": {"value": _share(one, cores)},
        **_speed("network", rates.down, "down"),
        "network-more": {"children": f"{amount_text(rates.up)}/s sent · peak {amount_text(peak_net)}/s"},
        # Its peak is no alarm: it stands below where the meter warns.
        "network-meter": {"value": _share(rates.down + rates.up, peak_net / 0.8)},
    }


def _figure(tile: str, value: str, unit: str) -> dict[str, Props]:
    return {f"{tile}-now": {"children": value}, f"{tile}-unit": {"children": unit}}


def _speed(tile: str, rate: float, way: str) -> dict[str, Props]:
    value, unit = amount(rate)
    return _figure(tile, value, f"{unit}/s {way}")


def _share(part: float, whole: float) -> float:
    return round(min(part / whole, 1.0), 3) if whole else 0.0


def _count(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def uptime(seconds: float) -> str:
    return f"up {duration(seconds)}"


def process_rows(processes: Sequence[Process], text: str, error: str | None) -> tuple[list[Component], str]:
    """The rows of the table for a filter's `text`, and the words beside its title."""
    if error:
        return [wide_row(f"The process table cannot be read: {error}")], ""
    found = matching(processes, text)
    if not found and processes:
        return [wide_row(f"No process matches “{text.strip()}”")], f"0 of {len(processes)}"
    rows = [_row(process) for process in busiest(found, SHOWN)]
    return rows, f"{len(rows)} of {len(found)}" + (", busiest first" if len(found) > len(rows) else "")


def _row(process: Process) -> Component:
    """It is known by the PID, so that a process which moves up takes its row along."""
    cpu = [html.Meter(min=0, max=100, value=process.cpu, **named("CPU")), html.Span(f"{process.cpu:.1f} %")]
    return html.Tr(
        [
            html.Td(process.pid, className="figure"),
            html.Th(process.name, scope="row", title=process.name),
            html.Td(process.user, title=process.user),
            html.Td(html.Div(cpu), className="share"),
            html.Td(amount_text(process.memory), className="figure"),
            html.Td(process.threads, className="figure"),
        ],
        id=f"process-{process.pid}",
    )
