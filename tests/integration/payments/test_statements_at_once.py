"""Workers that issue the same month at the same moment, on either database."""

import pytest

from payments.models import Statement, StatementPeriod
from payments.services import issue_statements
from tests.integration.payments.audit import violations
from tests.integration.payments.market import open_market
from tests.integration.payments.months import at
from tests.integration.payments.test_at_once import at_once
from tests.integration.payments.test_statements import sold

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_month_that_is_issued_by_many_is_issued_once() -> None:
    market = open_market({"a": [1], "b": [1], "c": [1]})
    sold(market, "2027-01-10T10:00")
    with at("2027-02-01T02:00"):
        at_once(6, lambda _: issue_statements())
    period = StatementPeriod.objects.get()
    assert (period.revision, period.statement_count, period.issued_at is not None) == (1, 3, True)
    assert sorted(Statement.objects.values_list("position", flat=True)) == [0, 1, 2]
    assert violations() == []
