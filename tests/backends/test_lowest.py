"""What pyproject.toml says is the lowest version of a package is what `make lowest` runs these tests with."""

from __future__ import annotations

import re
import tomllib
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).parents[2]


def versions(lines: list[str], relation: str) -> dict[str, tuple[int, ...]]:
    found = [re.match(rf"([\w-]+)(?:\[\w+\])?{relation}([\d.]+)", line) for line in lines]
    numbers = {one[1]: [int(part) for part in one[2].split(".")] for one in found if one}
    return {name: tuple(version + [0] * (3 - len(version))) for name, version in numbers.items()}


def test_the_lowest_versions_are_those_that_are_tested() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    said = versions([*project["dependencies"], *chain(extras["quart"], extras["flask"])], ">=")
    tested = versions(Path(__file__).with_name("lowest.txt").read_text().splitlines(), "==")
    assert {"fastapi", "quart", "flask", "pydantic"} <= set(said)
    assert {name: tested.get(name) for name in said} == said
