"""What README.md says of sizes is what the bundle weighs."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
STATIC = ROOT / "wscb" / "static"
SENTENCE = re.compile(
    r"A page loads (\d+) kB of JavaScript \(gzip\) and (\d+) kB more beside the connection; "
    r"controls such as `?Dropdown`? and `?Checklist`? take (\d+) kB, a chart (\d+) kB\."
)


@pytest.mark.parametrize(("number", "file"), list(enumerate(["wscb.js", "late.js", "extra.js", "chart.js"], 1)))
def test_a_page_loads_what_the_readme_says(number: int, file: str) -> None:
    said = SENTENCE.search(" ".join((ROOT / "README.md").read_text("utf-8").split()))
    assert said, "README.md tells the sizes in a sentence that this test does not find"
    weighs = len(gzip.compress((STATIC / file).read_bytes(), 9)) / 1000
    assert weighs <= int(said[number]) < weighs + 1, f"{file} weighs {weighs:.2f} kB"


MODULES = re.compile(
    r"A page loads the module of a component when it has one: up to (\d+) kB each, `Markdown` (\d+) kB\."
)
NOT_OF_DCC = {
    *("wscb.js", "late.js", "extra.js", "chart.js", "connect.js"),
    *("patterns.js", "clientside.js", "arrivals.js", "patch.js", "problems.js", "debug.js"),
}


def test_a_component_loads_what_the_readme_says() -> None:
    said = MODULES.search(" ".join((ROOT / "README.md").read_text("utf-8").split()))
    assert said, "README.md tells the sizes in a sentence that this test does not find"
    weights = {
        file.name: len(gzip.compress(file.read_bytes(), 9)) / 1000
        for file in STATIC.glob("*.js")
        if file.name not in NOT_OF_DCC
    }
    markdown = weights.pop("markdown.js")
    assert markdown <= int(said[2]) < markdown + 1
    heaviest = max(weights.values())
    assert heaviest <= int(said[1]) < heaviest + 1, weights
