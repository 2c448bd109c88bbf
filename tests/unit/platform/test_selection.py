"""Each test belongs to at least one of the two runs of `make test`."""

from itertools import chain, combinations
from typing import Any

import pytest

from tests.services.selection import ONCE, belongs

ENGINES = ("sqlite", "postgresql")
MARKS = [*ENGINES, *ONCE, "django_db"]


@pytest.mark.parametrize("marks", list(chain.from_iterable(combinations(MARKS, count) for count in range(3))))
def test_every_test_runs_at_least_once(request: pytest.FixtureRequest, marks: tuple[str, ...]) -> None:
    item = pytest.Function.from_parent(request.node.parent, name="made", callobj=_nothing)
    for mark in marks:
        item.add_marker(getattr(pytest.mark, mark))
    runs = {vendor: belongs(item, vendor=vendor, only_database=vendor == "postgresql") for vendor in ENGINES}
    named = set(ENGINES) & set(marks)
    assert {vendor for vendor, runs_there in runs.items() if runs_there} >= (named or {"sqlite"})
    assert any(runs.values())


def _nothing(*_: Any) -> None:
    pass
