"""What goes over the wire: messages, their bytes, what operations on a prop mean. PROTOCOL.md is the contract."""

from wscb.protocol.closing import CloseCode, comes_back
from wscb.protocol.limits import Limits, WireLimits
from wscb.protocol.operations import Operation, apply
from wscb.protocol.patch import Patch

__all__ = ["CloseCode", "Limits", "Operation", "Patch", "WireLimits", "apply", "comes_back"]
