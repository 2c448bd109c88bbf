"""State machines are data, and the data is complete."""

import pytest
from django.apps import apps
from django.conf import settings

from collective.core.domain.states import StateTable
from collective.core.management.commands.write_reference import state_tables, states_page

TABLES = state_tables()


@pytest.mark.parametrize("label", TABLES)
def test_the_column_offers_exactly_the_states_of_the_table(label: str) -> None:
    column, table = apps.get_model(label)._meta.get_field("state"), TABLES[label]
    assert list(column.choices or []) == table.choices
    assert column.get_default() == table.initial
    assert max(len(state) for state in table.transitions) <= (column.max_length or 0)


@pytest.mark.parametrize("label", TABLES)
def test_every_state_can_be_reached(label: str) -> None:
    assert _reachable(TABLES[label]) == set(TABLES[label].transitions)


def test_every_column_named_state_follows_a_table() -> None:
    ours = {"accounts", "catalog", "core", "ingestion", "licensing", "payments", "interop"}
    with_state = {
        model._meta.label
        for model in apps.get_models()
        if model._meta.app_label in ours and any(field.name == "state" for field in model._meta.get_fields())
    }
    assert with_state == set(TABLES)


def test_the_diagrams_are_up_to_date() -> None:
    assert (settings.BASE_DIR / "docs" / "reference" / "states.md").read_text() == states_page()


def _reachable(table: StateTable) -> set[str]:
    seen, ahead = {table.initial}, [table.initial]
    while ahead:
        new = table.transitions[ahead.pop()] - seen
        seen |= new
        ahead += new
    return seen
