"""The errors of wscb. Each says what happened, where, why and what to do, and has a code that docs/errors.md explains.

WscbError
├── DeclarationError        a callback, layout or component is declared wrongly; raised while the app is built
│   ├── UnknownId               a dependency names an id that the layout does not have
│   ├── UnknownProp             a component does not have that prop
│   ├── DuplicateOutput         two callbacks write one prop
│   ├── CircularCallbacks       callbacks wait for one another
│   └── DuplicateId             two components of one layout have the same id
├── UsageError              an API is used where it has no meaning; raised at the call
│   ├── NoCallback              set_props, get_prop or ctx outside of a callback
│   ├── NeedsSocket             get_prop or yield in a callback that runs over HTTP
│   ├── NoPage                  get_prop, ctx.user and the like in a shared task, which has no page of its own
│   ├── NeedsHttp               headers or cookies of the answer in a callback that runs over the socket
│   ├── CallOver                set_props after the outcome of the call was written
│   ├── ReturnMismatch          a callback returned another number of values than it has outputs
│   └── InvalidPatch            a Patch operation that cannot be sent or applied
├── CannotEncode            a value that cannot travel; names component, prop and path
│   └── ValueTooLarge           a value over the limit
├── GetPropFailed           the page could not answer get_prop
│   ├── NotOnPage               no such component on the page
│   ├── GetPropTimeout          the page did not answer in time
│   └── PageGone                the page has left, nobody can answer
├── RemoteError             the page broke the protocol; its connection is closed, nothing else is disturbed
│   └── BadMessage              a frame that is not a message of wscb.v1
│       └── MessageTooBig           longer than the limit, its chunks joined
└── Refused                 an attach that is refused; carries the close code
PreventUpdate               not an error: a callback says that nothing changes
DashPropWarning             not an error: a component is given a prop of Dash's that does nothing here
"""

from __future__ import annotations


class WscbError(Exception):
    """The root. `code` is the stable name that docs/errors.md explains."""

    code = "error"


class DeclarationError(WscbError):
    code = "declaration"


class UnknownId(DeclarationError):
    code = "unknown_id"


class UnknownProp(DeclarationError):
    code = "unknown_prop"


class DuplicateOutput(DeclarationError):
    code = "duplicate_output"


class CircularCallbacks(DeclarationError):
    code = "circular_callbacks"


class DuplicateId(DeclarationError):
    code = "duplicate_id"


class UsageError(WscbError):
    code = "usage"


class NoCallback(UsageError):
    code = "no_callback"


class NeedsSocket(UsageError):
    code = "needs_socket"


class NoPage(UsageError):
    code = "no_page"


class NeedsHttp(UsageError):
    code = "needs_http"


class CallOver(UsageError):
    code = "call_over"


class ReturnMismatch(UsageError):
    code = "return_mismatch"


class InvalidPatch(UsageError):
    code = "invalid_patch"


class CannotEncode(WscbError):
    """`path` is where in the value, as in `["rows"][3].when`; component and prop are filled in by who knows them."""

    code = "cannot_encode"

    def __init__(self, message: str, *, path: str = "") -> None:
        super().__init__(message)
        self.path = path


class ValueTooLarge(CannotEncode):
    code = "value_too_large"


class GetPropFailed(WscbError):
    code = "get_prop_failed"


class NotOnPage(GetPropFailed):
    code = "not_on_page"


class GetPropTimeout(GetPropFailed):
    code = "get_prop_timeout"


class PageGone(GetPropFailed):
    code = "page_gone"


class RemoteError(WscbError):
    code = "remote"


class BadMessage(RemoteError):
    """`close_code` is what the connection is closed with."""

    code = "bad_message"
    close_code = 4500


class MessageTooBig(BadMessage):
    code = "message_too_big"
    close_code = 4513


class Refused(WscbError):
    """`close_code` is what the connection is closed with."""

    code = "refused"

    def __init__(self, close_code: int, reason: str) -> None:
        super().__init__(reason)
        self.close_code = close_code


class PreventUpdate(Exception):
    """Raise it in a callback to leave every output as it is."""


class DashPropWarning(UserWarning):
    """A prop that a component of Dash has does nothing here, and the app is the same without it but for its look."""
