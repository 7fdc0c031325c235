"""The backend that docs/backends.md shows, as it stands there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

TEXT = (Path(__file__).parent.parent.parent / "docs" / "backends.md").read_text()
CODE = next(code for code in re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL) if "class StarletteBackend" in code)

_names: dict[str, Any] = {"__name__": __name__}
exec(compile(CODE, "docs/backends.md", "exec"), _names)
StarletteBackend: Any = _names["StarletteBackend"]
