"""What one callback cannot have, or not together."""

from __future__ import annotations

from typing import Any

import pytest

from wscb.callbacks.declaration import Callback
from wscb.callbacks.dependencies import ALL, ALLSMALLER, MATCH, Input, Output, State
from wscb.callbacks.registry import Registry
from wscb.errors import DeclarationError

A, S = Input("a", "value"), State("s", "data")
X = Output("x", "children")


def anything(*args: Any, **kwargs: Any) -> None: ...


WHERE = f"anything ({__file__}:{anything.__code__.co_firstlineno})"


def declared(*dependencies: Any, **options: Any) -> Callback:
    registry = Registry()
    registry.callback(*dependencies, **options)(anything)
    return next(iter(registry.callbacks.values()))


def refusal(*dependencies: Any, **options: Any) -> str:
    with pytest.raises(DeclarationError) as raised:
        declared(*dependencies, **options)
    text = str(raised.value)
    assert text.startswith(WHERE)
    return text


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"on_repeat": "later"}, "on_repeat='later' is none of parallel, cancel, queue, ignore"),
        ({"on_error": "log"}, "on_error= takes a function, and found 'log'"),
        ({"prevent_initial_call": "yes"}, "prevent_initial_call='yes' is neither"),
        ({"restart": "always"}, "restart='always' is neither None nor 'on_failure'"),
        ({"restart": "on_failure"}, "has restart= and is not persistent. A call is run once"),
        ({"timeout": 0}, "timeout=0 is not a number of seconds, more than 0"),
        ({"timeout": True}, "timeout=True is not a number"),
        ({"timeout": float("inf")}, "timeout=inf is not a number"),
        ({"timeout": "5"}, "timeout='5' is not a number"),
    ],
)
def test_a_value_that_an_option_does_not_have(options: Any, says: str) -> None:
    assert says in refusal(A, **options)


def test_options_stand_in_the_callback() -> None:
    callback = declared(A, timeout=2.5, optional=True)
    assert (callback.timeout, callback.optional, callback.restart) == (2.5, True, None)
    assert declared(persistent=True, restart="on_failure").restart == "on_failure"


# ----------------------------------------------------------------------------------------------- wildcards


def out(**keys: Any) -> Output:
    return Output({"type": "out", **keys}, "children")


def row(**keys: Any) -> Input:
    return Input({"type": "row", **keys}, "value")


def of(**keys: Any) -> State:
    return State({"type": "of", **keys}, "data")


@pytest.mark.parametrize(
    "dependencies",
    [
        (out(i=MATCH), row(i=MATCH)),
        (out(i=MATCH), A, of(i=MATCH)),
        (out(i=MATCH), row(i=ALL), of(i=ALLSMALLER)),
        (out(i=MATCH), row(j=ALL)),
        (out(i=MATCH, j=MATCH), row(i=MATCH), of(j=ALLSMALLER)),
        (out(i=MATCH, j=ALL), row(i=MATCH)),
        ([out(i=MATCH), Output({"i": MATCH, "k": 1}, "title"), out(i=MATCH, j=ALL)], row(i=MATCH)),
        (out(i=ALL), row(i=ALL)),
        (out(i=ALL), row(i=MATCH)),
        (X, row(i=MATCH), of(i=MATCH)),
        (X, row(i=MATCH), row(i=MATCH, j=ALL), A),
        (row(i=MATCH),),
        (X, row(i=ALL)),
    ],
)
def test_wildcards_that_go_together(dependencies: Any) -> None:
    assert declared(*dependencies).patterns


@pytest.mark.parametrize(
    ("dependencies", "says"),
    [
        ((out(i=ALLSMALLER), A), "ALLSMALLER}, 'children'), and ALLSMALLER is for Inputs and States"),
        (([out(i=MATCH), X], A), "has MATCH at 'i', and Output('x', 'children') at no key."),
        (([X, out(i=MATCH)], A), "has MATCH at 'i', and Output('x', 'children') at no key."),
        (([out(i=MATCH), out(j=MATCH)], A), "and Output({'type': 'out', 'j': MATCH}, 'children') at 'j'."),
        (([out(i=MATCH), out(i=MATCH, j=MATCH)], A), "at 'i', 'j'. Which outputs belong together is told by MATCH"),
        (
            (out(i=MATCH), row(j=MATCH)),
            "Input({'type': 'row', 'j': MATCH}, 'value') has MATCH at 'j', and "
            "Output({'type': 'out', 'i': MATCH}, 'children'), which tells what MATCH stands for in a call, has it at "
            "'i'. MATCH joins keys of one name: name the key the same in both ids, or use ALL here for any value.",
        ),
        (
            (out(i=MATCH), row(i=MATCH, j=MATCH)),
            "has MATCH at 'j', and Output({'type': 'out', 'i': MATCH}, 'children') does not tell what it stands for in "
            "a call. Give that one MATCH there too, or use ALL here",
        ),
        ((out(i=MATCH), A, of(j=MATCH)), "State({'type': 'of', 'j': MATCH}, 'data') has MATCH at 'j'"),
        ((out(i=MATCH), row(j=ALLSMALLER)), "has ALLSMALLER at 'j', which means smaller than what MATCH stands for"),
        ((X, row(i=MATCH), of(i=ALLSMALLER)), "has ALLSMALLER at 'i', which means smaller than"),
        ((row(i=ALLSMALLER),), "no Output has MATCH there. Use ALL"),
        (
            (X, row(i=MATCH), row(j=MATCH)),
            "and Input({'type': 'row', 'i': MATCH}, 'value'), which tells what MATCH stands for in a call, has it at "
            "'i'. MATCH joins keys of one name",
        ),
        (
            (X, A, of(i=MATCH)),
            "and no Output and no Input tells what it stands for in a call. Give an Output MATCH there too, or use ALL",
        ),
        ((X, row(i=ALL), of(i=MATCH)), "and no Output and no Input tells"),
    ],
)  # fmt: skip
def test_wildcards_that_do_not_go_together(dependencies: Any, says: str) -> None:
    assert says in refusal(*dependencies)


def test_wildcards_of_running_and_cancel_belong_to_the_call() -> None:
    running = [(Output({"i": MATCH}, "disabled"), True, False)]
    assert declared(out(i=MATCH), A, running=running, cancel=row(i=MATCH)).outputs
    assert declared(X, A, running=[(out(i=ALL), 1, 0)], cancel=row(i=ALL)).outputs
    assert "Output({'i': MATCH}, 'disabled') has MATCH at 'i', and no Output" in refusal(X, A, running=running)
    assert "has MATCH at 'i', and no Output" in refusal(X, A, cancel=row(i=MATCH))
    assert "ALLSMALLER is for Inputs" in refusal(out(i=MATCH), A, running=[(out(i=ALLSMALLER), 1, 0)])


# ------------------------------------------------------------------------------------------ persistent tasks


@pytest.mark.parametrize(
    ("dependencies", "options"),
    [
        ((), {}),
        ((X,), {}),
        ((A, S), {}),
        ((X, A), {"cancel": Input("stop", "n_clicks")}),
        ((out(i=ALL), row(i=ALL), of(i=ALL)), {}),
        ((X, A), {"running": [(Output("run", "disabled"), True, False)]}),
    ],
)
def test_what_a_task_can_have(dependencies: Any, options: Any) -> None:
    assert declared(*dependencies, persistent=True, **options).persistent


@pytest.mark.parametrize(
    ("dependencies", "options", "says"),
    [
        (
            (out(i=MATCH), row(i=MATCH)),
            {},
            "is persistent and has Output({'type': 'out', 'i': MATCH}, 'children'): a page",
        ),
        ((row(i=MATCH),), {}, "is persistent and has Input({'type': 'row', 'i': MATCH}, 'value'): a page has one run"),
        ((S,), {}, "is persistent, has State('s', 'data') and no Input"),
        ((X, S), {}, "Make it an Input, or read it with get_prop"),
        ((X, Input("x", "children")), {}, "writes its own Input('x', 'children'), so that each value would start it"),
        ((out(i=ALL), Input({"type": "out", "i": 1}, "children")), {}, "writes its own Input"),
        ((X,), {"cancel": A}, "has cancel= and no Input: it lives as long as its page"),
        ((X, A), {"on_repeat": "queue"}, 'has on_repeat="queue". A change of its inputs always ends the run'),
        ((X,), {"timeout": 5}, "is persistent and has timeout=. A task lives as long as its page"),
        ((X, A), {"retry": True}, "has retry=True. A task is always started again"),
    ],
)
def test_what_a_task_cannot_have(dependencies: Any, options: Any, says: str) -> None:
    assert says in refusal(*dependencies, persistent=True, **options)
