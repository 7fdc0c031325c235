"""What the server knows of an app."""

from __future__ import annotations

import pytest

from tests.server.apps import app_with
from wscb import Patch, dcc, html
from wscb.errors import DuplicateId, UnknownProp
from wscb.server.definition import Definition, did_you_mean


@pytest.fixture
def definition() -> Definition:
    return app_with(dcc.Input(id="name")).build()


def test_a_prop_that_the_component_has_is_fine(definition: Definition) -> None:
    definition.check_props("name", ["value", "data-mine", "aria-label"])


def test_one_that_it_has_not_is_an_error_with_those_near(definition: Definition) -> None:
    with pytest.raises(UnknownProp, match=r"'name' has no prop 'valeu': did you mean 'value'\?") as raised:
        definition.check_props("name", ["value", "valeu"])
    assert "placeholder" in str(raised.value)


def test_of_a_component_that_came_later_anything_is_believed(definition: Definition) -> None:
    definition.check_props("later", ["whatever"])


def test_several_names_may_be_near() -> None:
    assert did_you_mean("ab", ["abc", "abd", "xyz"]) in (
        ": did you mean 'abd' or 'abc'?",
        ": did you mean 'abc' or 'abd'?",
    )


def test_a_value_whose_components_have_one_id_twice(definition: Definition) -> None:
    twice = [html.Div(id="x"), html.P(html.B(id="x"))]
    with pytest.raises(DuplicateId, match=r"out.children gets two components with the id 'x'"):
        definition.encode("out", {"children": twice})
    assert definition.encode("out", {"children": [html.Div(id="x"), html.Div(id="y")]})


def test_a_component_that_would_be_within_itself(definition: Definition) -> None:
    with pytest.raises(DuplicateId, match=r"out.children gets a component with the id 'out', and so would be within"):
        definition.encode("out", {"children": [html.P(html.B(id="out"))]})
    patch = Patch()
    patch.append(html.B(id="out"))
    with pytest.raises(DuplicateId, match="within itself"):
        definition.encode("out", {"children": patch})
