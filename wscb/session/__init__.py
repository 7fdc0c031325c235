"""Floor 3: the state machine of one page's session. Pure: no I/O, no clock, no threads."""

from wscb.session import effects
from wscb.session.changes import Change, changes_of
from wscb.session.machine import Session
from wscb.session.runs import Rule
from wscb.session.tasks import Told

__all__ = ["Change", "Rule", "Session", "Told", "changes_of", "effects"]
