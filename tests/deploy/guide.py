"""What docs/deploy.md shows, for the tests that run it."""

from __future__ import annotations

import re
from pathlib import Path

GUIDE = Path(__file__).parent.parent.parent / "docs" / "deploy.md"


def blocks(language: str = "") -> list[str]:
    """The fenced blocks of that language, as they stand there."""
    return re.findall(rf"^```{language}\n(.*?)^```$", _prose(language), re.MULTILINE | re.DOTALL)


def _prose(language: str) -> str:
    """The guide; of blocks without a language only those, since the end of one looks as such a block begins."""
    text = GUIDE.read_text("utf-8")
    return text if language else re.sub(r"^```\w+\n.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
