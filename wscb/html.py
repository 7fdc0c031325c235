"""The name that Dash has for the module of its elements, so that `from wscb.html import Div` works."""

from __future__ import annotations

import sys

from wscb.components import html
from wscb.components.html import *  # noqa: F403 - for type checkers

sys.modules[__name__] = html  # one module under both names: what it has not is said as there
