"""Figures as people read them."""

from __future__ import annotations

_UNITS = ("B", "KiB", "MiB", "GiB", "TiB")


def amount(count: float) -> tuple[str, str]:
    """Bytes as a number of three digits and its unit."""
    power = 0
    while count >= 999.5 and power < len(_UNITS) - 1:
        count /= 1024
        power += 1
    places = 0 if power == 0 or count >= 99.95 else 1 if count >= 9.995 else 2
    return f"{count:.{places}f}", _UNITS[power]


def amount_text(count: float) -> str:
    return " ".join(amount(count))


def duration(seconds: float) -> str:
    """The two largest units that count: "3 d 4 h", "12 min"."""
    minutes = int(seconds // 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
