"""Much money takes two people: one asks, another agrees, and never the same, whatever the code does."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from pytest_django import Settings

from collective.accounts.models import User
from collective.core.models import AuditEvent
from collective.core.states import WrongStateError
from licensing.models import Offer
from payments.errors import (
    CorrectionInvalidError,
    CorrectionPoolError,
    CorrectionReusedError,
    InsufficientFundsError,
    NotFinanceError,
    ReasonMissingError,
    RefundAmountError,
    SecondPersonError,
)
from payments.models import Account, Approval, Journal, Order, Refund, RefundRequest
from payments.services import decide_approval, post_correction, refund_order, write_off_debt
from payments.services.ledger import post
from tests.factories import OrganizationFactory, UserFactory
from tests.integration.payments.audit import violations
from tests.integration.payments.market import Market, buy, legs_of, offer, open_market
from tests.services.jobs import run_all_jobs

pytestmark = pytest.mark.django_db
COST = {"platform:loss": -2500, "embedded:balance": 2500}


@pytest.fixture(autouse=True)
def limit(settings: Settings) -> None:
    settings.FINANCE_LIMIT_MINOR = {"USD": 2000}


@pytest.fixture
def first() -> User:
    made: User = UserFactory.create(is_staff=True)
    return made


@pytest.fixture
def second() -> User:
    made: User = UserFactory.create(is_staff=True)
    return made


@pytest.fixture
def market() -> Market:
    return open_market({"a": [1]})


@pytest.fixture
def offered(market: Market) -> Offer:
    return offer(market, 10_000, "USD")


@pytest.fixture
def sold(offered: Offer) -> Order:
    return buy(offered)


def give_back(actor: User, sold: Order, amount: int, ref: str = "r1") -> RefundRequest:
    return refund_order(actor=actor, order_id=sold.pk, amount_minor=amount, reason="asked", refund_ref=ref)


def test_up_to_the_limit_one_person_is_enough(first: User, sold: Order) -> None:
    assert give_back(first, sold, 2000).state == "done"
    assert not Approval.objects.exists()


def test_above_the_limit_nothing_moves_until_another_agrees(first: User, second: User, sold: Order) -> None:
    asked = give_back(first, sold, 2001)
    run_all_jobs()
    assert (asked.state, Refund.objects.count()) == ("awaiting_second", 0)
    approval = Approval.objects.get()
    assert (approval.amount_minor, approval.asked_by, approval.order) == (2001, first, sold)
    with pytest.raises(SecondPersonError):
        decide_approval(actor=first, approval_id=approval.pk, approve=True)
    with pytest.raises(NotFinanceError):
        decide_approval(actor=UserFactory.create(), approval_id=approval.pk, approve=True)
    decide_approval(actor=second, approval_id=approval.pk, approve=True)
    run_all_jobs()
    asked.refresh_from_db()
    assert (asked.state, Refund.objects.get().amount_minor, Refund.objects.get().actor) == ("done", 2001, first)
    done = AuditEvent.objects.filter(action__startswith="payments.approval").order_by("seq")
    assert [(row.action, row.actor) for row in done] == [
        ("payments.approval_asked", first),
        ("payments.approval_approved", second),
    ]
    assert violations() == []


def test_what_waits_cannot_go_back_twice(first: User, sold: Order) -> None:
    give_back(first, sold, 6000)
    with pytest.raises(RefundAmountError):
        give_back(first, sold, 6000, "r2")
    assert give_back(first, sold, 6000).state == "awaiting_second"
    assert Approval.objects.count() == 1


def test_a_refusal_says_why_and_frees_the_amount(first: User, second: User, sold: Order) -> None:
    asked = give_back(first, sold, 6000)
    approval = Approval.objects.get()
    with pytest.raises(ReasonMissingError):
        decide_approval(actor=second, approval_id=approval.pk, approve=False)
    decide_approval(actor=second, approval_id=approval.pk, approve=False, note="Twice the same wish.")
    with pytest.raises(WrongStateError):
        decide_approval(actor=second, approval_id=approval.pk, approve=True)
    run_all_jobs()
    asked.refresh_from_db()
    assert (asked.state, asked.refusal, Refund.objects.count()) == ("refused", "Twice the same wish.", 0)
    assert give_back(first, sold, 10_500, "r2").state == "awaiting_second"


@pytest.mark.parametrize(
    "changes", [{"amount_minor": 1}, {"plan": {"key": "other"}}, {"asked_by": None}, {"reason": "other"}]
)
def test_the_database_knows_that_two_are_two(first: User, sold: Order, changes: dict[str, Any]) -> None:
    give_back(first, sold, 6000)
    rows = Approval.objects.all()
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(state="approved", decided_by=first)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(state="approved")
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**changes)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.delete()
    assert Approval.objects.get().state == "waiting"


def test_the_usual_limit_is_a_thousand(first: User, market: Market, settings: Settings) -> None:
    settings.FINANCE_LIMIT_MINOR = {}
    sold = buy(offer(market, 200_000, "USD"))
    assert give_back(first, sold, 100_000).state == "done"
    assert give_back(first, sold, 100_001, "r2").state == "awaiting_second"


def test_a_correction_has_an_author_a_reason_and_above_the_limit_a_second(
    first: User, second: User, market: Market, sold: Order
) -> None:
    small = {"platform:loss": -500, "embedded:balance": 500}
    made = post_correction(actor=first, key="c1", currency="USD", legs=small, reason="A fee nobody booked.")
    assert isinstance(made, Journal)
    assert (made.key, made.meta) == ("correction:c1", {"actor": str(first.pk), "reason": "A fee nobody booked."})
    waits = post_correction(actor=first, key="c2", currency="USD", legs=COST, reason="More of them.", source="fee_1")
    assert isinstance(waits, Approval)
    again = post_correction(actor=first, key="c2", currency="USD", legs=COST, reason="More of them.", source="fee_1")
    assert again == waits
    with pytest.raises(CorrectionReusedError):
        post_correction(actor=first, key="c2", currency="USD", legs=COST, reason="More of them.", source="fee_2")
    assert legs_of(market, "correction") == [small]
    decide_approval(actor=second, approval_id=waits.pk, approve=True, note="Seen on the invoice.")
    journal = Journal.objects.get(key="correction:c2")
    assert journal.source == "fee_1"
    assert journal.meta == {"actor": str(first.pk), "second": str(second.pk), "reason": "More of them."}
    assert legs_of(market, "correction") == [small, COST]
    assert violations() == []


NOBODY = "c:018f0000-0000-7000-8000-000000000000:due"


@pytest.mark.parametrize(
    "legs",
    [
        {"fee": 5},
        {"fee": 5, "tax": -4},
        {"fee": 5, "nobody": -5},
        {},
        {NOBODY: 5, "fee": -5},
        {f"c:{'-' * 36}:due": 5, "fee": -5},
    ],
)
def test_a_correction_that_is_none(first: User, legs: dict[str, int]) -> None:
    with pytest.raises(CorrectionInvalidError):
        post_correction(actor=first, key="c1", currency="USD", legs=legs, reason="r")
    assert not Journal.objects.exists()


def test_a_pool_is_not_corrected_by_hand(first: User, market: Market, sold: Order) -> None:
    with pytest.raises(CorrectionPoolError):
        post_correction(actor=first, key="c1", currency="USD", legs={market.pool: -5, "fee": 5}, reason="r")


def test_a_large_debt_is_written_off_by_two(first: User, second: User) -> None:
    payee = OrganizationFactory.create()
    owed = f"c:{payee.pk}:owed"
    post(key="debt", event="settlement", currency="USD", legs={owed: -3000, "fee": 3000})

    def ask(amount: int, reference: str) -> Journal | Approval:
        return write_off_debt(
            actor=first, payee_id=payee.pk, currency="USD", amount_minor=amount, reason="Gone.", reference=reference
        )

    assert isinstance(ask(500, "w1"), Journal)
    waits = ask(2500, "w2")
    assert isinstance(waits, Approval)
    assert ask(2500, "w2") == waits
    assert Account.objects.get(code=owed).balance == -2500
    decide_approval(actor=second, approval_id=waits.pk, approve=True)
    assert Account.objects.get(code=owed).balance == 0
    assert Journal.objects.get(key="write-off:w2").meta["second"] == str(second.pk)


def test_a_debt_that_shrank_meanwhile_cannot_be_written_off_whole(first: User, second: User) -> None:
    payee = OrganizationFactory.create()
    owed = f"c:{payee.pk}:owed"
    post(key="debt", event="settlement", currency="USD", legs={owed: -3000, "fee": 3000})
    waits = write_off_debt(
        actor=first, payee_id=payee.pk, currency="USD", amount_minor=3000, reason="Gone.", reference="w1"
    )
    post(key="repaid", event="settlement", currency="USD", legs={owed: 1000, "fee": -1000})
    with pytest.raises(InsufficientFundsError):
        decide_approval(actor=second, approval_id=waits.pk, approve=True)
    assert Approval.objects.get().state == "waiting"
    assert Account.objects.get(code=owed).balance == -2000
