"""Tests of statements live in months that are over."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import time_machine

from payments.models import Statement
from payments.services import issue_statements


@contextmanager
def at(text: str) -> Iterator[None]:
    """`2027-01-31T23:00`, in UTC; the clock stands still."""
    with time_machine.travel(datetime.fromisoformat(text).replace(tzinfo=UTC), tick=False):
        yield


def issued_at(text: str) -> list[Statement]:
    """What the job issues at that time, in order."""
    known = set(Statement.objects.values_list("pk", flat=True))
    with at(text):
        issue_statements()
    rows = Statement.objects.exclude(pk__in=known).select_related("period", "payee", "corrects")
    return list(rows.order_by("period__month", "period__currency", "period__revision", "position"))
