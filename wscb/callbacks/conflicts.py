"""Callbacks that get in each other's way: two that write one prop, and some that trigger one another in a circle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import TypeAlias

from wscb.callbacks.declaration import Callback
from wscb.callbacks.dependencies import ALLSMALLER, MATCH, Dependency, Output
from wscb.callbacks.patterns import overlap

Graph: TypeAlias = dict[Dependency, list[Dependency]]
"""To each prop those that change it."""
Writers: TypeAlias = dict[tuple[Dependency, Dependency], Callback]
"""The callback that has this input and this output."""


class Outputs:
    """Outputs, to be found by what they can overlap with: nearly all are fixed, and are found without a search."""

    def __init__(self, outputs: Iterable[Output] = ()) -> None:
        self._fixed: dict[object, dict[Dependency, Output]] = {}
        self._patterns: dict[object, dict[Dependency, Output]] = {}
        for output in outputs:
            self.add(output)

    def add(self, output: Output) -> None:
        side = self._patterns if output.wildcards else self._fixed
        side.setdefault(_kin(output), {}).setdefault(output, output)

    def overlapping(self, dependency: Dependency) -> Iterator[Output]:
        kin = _kin(dependency)
        fixed = self._fixed.get(kin, {})
        if not dependency.wildcards:
            if dependency in fixed:
                yield fixed[dependency]
        else:
            yield from (output for output in fixed.values() if overlap(dependency, output))
        yield from (output for output in self._patterns.get(kin, {}).values() if overlap(dependency, output))


def _kin(dependency: Dependency) -> object:
    """Only of those that have this in common can two overlap."""
    id = dependency.component_id
    return dependency.component_property, None if isinstance(id, str) else frozenset(id)


def duplicates(callbacks: Sequence[Callback]) -> Iterator[str]:
    """What is wrong with outputs that are written twice."""
    first: dict[Dependency, Callback] = {}
    alone = Outputs()
    for callback in callbacks:
        own = Outputs()
        for output in callback.outputs:
            twice = next(own.overlapping(output), None)
            if twice is not None:
                yield f"{callback.where} has {_both(output, twice)}. Leave one out."
            own.add(output)
            if output.allow_duplicate:
                continue
            for other in alone.overlapping(output):
                if first[other] is not callback:
                    yield (
                        f"{first[other].where} and {callback.where} both have {_both(output, other, False)}. Make them "
                        f"one callback (ctx.triggered_id tells what changed), or declare one of the outputs with "
                        f"allow_duplicate=True."
                    )
            alone.add(output)
            first.setdefault(output, callback)


def _both(output: Output, other: Output, twice: bool = True) -> str:
    if output == other:
        return f"the output {output}{' twice' if twice else ''}"
    return f"outputs that can be the same: {other} and {output}"


def circles(callbacks: Sequence[Callback]) -> Iterator[str]:
    """The first circle that there is."""
    graph, writers = _graph(callbacks)
    while True:
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            chain: list[Dependency] = error.args[1]
            rising = _rising(chain)
            if rising is None:
                yield _circle(chain, writers)
                return
            # Each turn of it ends at larger ids, so that it ends.
            before, after = rising
            graph[after] = [one for one in graph[after] if one != before]
        else:
            return


def _graph(callbacks: Sequence[Callback]) -> tuple[Graph, Writers]:
    graph: Graph = {}
    writers: Writers = {}
    everyone = Outputs(output for callback in callbacks for output in callback.outputs)
    for callback in callbacks:
        # One that writes an input of its own does not trigger itself: so two fields can follow each other.
        own = Outputs(callback.outputs)
        others = [input for input in callback.inputs if next(own.overlapping(input), None) is None]
        for output in callback.outputs:
            graph.setdefault(output, []).extend(others)
            writers.update({(input, output): callback for input in others})
        for input in others:
            alike = [output for output in everyone.overlapping(input) if output != input]
            graph.setdefault(input, []).extend(alike)
    return graph, writers


def _rising(chain: Sequence[Dependency]) -> tuple[Dependency, Dependency] | None:
    """The step at which the ids grow, in a circle that holds on to a key of them and never lets it become smaller."""
    for key in chain[0].wildcards:
        kinds = [dependency.wildcards.get(key) for dependency in chain]
        if ALLSMALLER in kinds and set(kinds) <= {MATCH, ALLSMALLER}:
            return next((before, after) for before, after in pairwise(chain) if after.wildcards[key] is ALLSMALLER)
    return None


def _circle(chain: Sequence[Dependency], writers: Mapping[tuple[Dependency, Dependency], Callback]) -> str:
    drawn = " → ".join(map(str, chain))
    steps = [writers[step] for step in pairwise(chain) if step in writers]
    return (
        f"Callbacks trigger one another in a circle: {drawn}, by {', '.join(step.where for step in steps)}. "
        f"Make one of the inputs a State, or join the callbacks."
    )
