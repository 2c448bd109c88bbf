"""People read words: of each state, of each kind of task and difference, and of what moves money."""

import pytest

from collective.core.domain.states import StateTable
from collective.core.web.status import status_of
from payments.domain import states
from payments.models import Approval, FinanceTask, ReconDiff
from payments.web import words  # noqa: F401 - registers
from payments.web.finance.words import approval_word, difference_word, task_word

# Of these, pages show no state.
UNSEEN = {"payment attempt", "transfer reversal"}
TABLES = [each for each in vars(states).values() if isinstance(each, StateTable) and each.entity not in UNSEEN]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.entity)
def test_each_state_explains_itself(table: StateTable) -> None:
    assert [state for state in table.transitions if not status_of(table.entity, state).meaning] == []


def test_each_kind_has_words() -> None:
    for word, rows in ((task_word, FinanceTask), (difference_word, ReconDiff), (approval_word, Approval)):
        assert [kind for kind, _ in rows.KINDS if word(kind) == kind] == []
