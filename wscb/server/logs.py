"""The log of an app that serves itself."""

from __future__ import annotations

import logging

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def with_times() -> None:
    """Gives lines of wscb's log a time where nobody has configured logging; Python would print warnings bare."""
    logger = logging.getLogger("wscb")
    if not logger.hasHandlers():
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter(FORMAT))
        handler.addFilter(lambda _: not logging.getLogger().handlers)  # who configures it later has the lines there
        logger.addHandler(handler)
