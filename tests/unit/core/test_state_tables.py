"""State tables as data."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collective.core.domain.states import StateTable, state_table
from collective.core.models import JOB_STATES

DOOR = state_table("door", "closed", closed="open locked", open="closed", locked="closed", burnt="")


def test_only_listed_transitions_are_allowed() -> None:
    allowed = {(a, b) for a in DOOR.transitions for b in DOOR.transitions if DOOR.allows(a, b)}
    assert allowed == {("closed", "open"), ("closed", "locked"), ("open", "closed"), ("locked", "closed")}


def test_a_state_without_a_row_is_a_mistake() -> None:
    with pytest.raises(ValueError, match=r"door: no row for \['ajar'\]"):
        state_table("door", "closed", closed="ajar")
    with pytest.raises(ValueError, match="no row for"):
        StateTable("door", "missing", {"closed": frozenset()})


def test_the_diagram_shows_beginning_transitions_and_ends() -> None:
    assert DOOR.diagram().splitlines() == [
        "stateDiagram-v2",
        "    [*] --> closed",
        "    closed --> locked",
        "    closed --> open",
        "    open --> closed",
        "    locked --> closed",
        "    burnt --> [*]",
    ]


@given(st.lists(st.sampled_from(sorted(JOB_STATES.transitions)), max_size=20))
def test_a_done_job_stays_done(wishes: list[str]) -> None:
    state = JOB_STATES.initial
    for wish in wishes:
        was, state = state, wish if JOB_STATES.allows(state, wish) else state
        assert not (was == "done" and state != "done")


def test_choices_cover_every_state() -> None:
    assert [name for name, _ in DOOR.choices] == ["closed", "open", "locked", "burnt"]
