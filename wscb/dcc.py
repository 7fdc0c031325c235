"""The name that Dash has for the module of its components, so that `from wscb.dcc import Dropdown` works."""

from __future__ import annotations

import sys

from wscb.components import dcc
from wscb.components.dcc import *  # noqa: F403 - for type checkers

sys.modules[__name__] = dcc  # one module under both names: what it has not is said as there
