"""Many decide at the same moment: one decides, and it happens once."""

import pytest

from collective.core.states import WrongStateError
from payments.errors import SecondPersonError
from payments.models import Approval, Refund
from payments.services import decide_approval, refund_order
from tests.factories import UserFactory
from tests.integration.payments.audit import violations
from tests.integration.payments.market import buy, offer, open_market
from tests.integration.payments.test_at_once import at_once
from tests.services.jobs import run_all_jobs

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 8


def test_everybody_decides_at_once_and_one_does() -> None:
    first = UserFactory.create(is_staff=True)
    operators = [first, *(UserFactory.create(is_staff=True) for _ in range(THREADS - 1))]
    sold = buy(offer(open_market({"a": [1]}), 200_000, "USD"))
    refund_order(actor=first, order_id=sold.pk, amount_minor=150_000, reason="asked", refund_ref="r1")
    approval = Approval.objects.get()

    def decide(number: int) -> str:
        try:
            decide_approval(actor=operators[number], approval_id=approval.pk, approve=number % 2 == 0, note="Seen.")
        except SecondPersonError:
            return "same person"
        except WrongStateError:
            return "too late"
        return "approved" if number % 2 == 0 else "refused"

    said = at_once(THREADS, decide)
    run_all_jobs()
    approval.refresh_from_db()
    assert said.count("same person") == 1
    assert said.count("too late") == THREADS - 2
    assert said.count(approval.state) == 1
    assert Refund.objects.count() == (1 if approval.state == "approved" else 0)
    assert violations() == []
