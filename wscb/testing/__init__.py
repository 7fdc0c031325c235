"""For tests of apps, and of wscb itself: a clock moved by hand, a socket without a network, a page without a browser.

`User` opens an app's page in this process. It keeps the props that the server sets, calls the callbacks that a change
triggers, and has verbs for what goes wrong with connections:

    async with User(app) as user:
        await user.set("run", "n_clicks", 1)
        await user.wait_for("out", "children", lambda text: text == "done")
"""

from __future__ import annotations

from wscb.testing.doubles import FakeSocket, ManualClock
from wscb.testing.user import User

__all__ = ["FakeSocket", "ManualClock", "User"]
