"""What a bank does, through Stripe's own client."""

from typing import Any

import pytest
from stripe import InvalidRequestError, StripeClient

from tests.contract.standin.asking import available, event_types, paid_charge
from tests.standin.standin import Standin

PAID = 9680


def test_a_dispute_takes_the_money_and_a_fee_and_gives_back_the_money_when_won(
    stripe: StripeClient, standin: Standin
) -> None:
    charge = paid_charge(stripe, standin)
    dispute = standin.open_dispute(charge)["id"]
    assert available(stripe) == {"usd": PAID - 10000 - 1500}
    opened = stripe.v1.disputes.retrieve(dispute)
    assert (opened.amount, opened.status, opened.balance_transactions[0].net) == (10000, "needs_response", -11500)
    assert stripe.v1.charges.retrieve(charge).disputed

    standin.win_dispute(dispute)

    assert available(stripe) == {"usd": PAID - 1500}
    assert [booked.type for booked in stripe.v1.disputes.retrieve(dispute).balance_transactions] == ["adjustment"] * 2
    assert event_types(stripe)[4:] == [
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.funds_reinstated",
        "charge.dispute.closed",
    ]


def test_a_lost_dispute_gives_nothing_back(stripe: StripeClient, standin: Standin) -> None:
    charge = paid_charge(stripe, standin)
    dispute = standin.open_dispute(charge, 4000)["id"]
    standin.lose_dispute(dispute)
    assert stripe.v1.disputes.retrieve(dispute).status == "lost"
    assert available(stripe) == {"usd": PAID - 4000 - 1500}
    with pytest.raises(Exception, match="is lost"):
        standin.win_dispute(dispute)


def test_a_disputed_charge_is_not_refunded_as_well(stripe: StripeClient, standin: Standin) -> None:
    charge = paid_charge(stripe, standin)
    dispute = standin.open_dispute(charge)["id"]
    with pytest.raises(InvalidRequestError) as refusal:
        stripe.v1.refunds.create({"charge": charge})
    assert refusal.value.code == "charge_disputed"
    standin.win_dispute(dispute)
    assert stripe.v1.refunds.create({"charge": charge}).status == "succeeded"


def test_an_inquiry_moves_no_money_until_it_becomes_a_dispute(stripe: StripeClient, standin: Standin) -> None:
    charge = paid_charge(stripe, standin)
    dispute = standin.open_dispute(charge, inquiry=True)["id"]
    assert stripe.v1.disputes.retrieve(dispute).status == "warning_needs_response"
    assert available(stripe) == {"usd": PAID}
    assert event_types(stripe)[-1] == "charge.dispute.created"
    standin.escalate_inquiry(dispute)
    assert available(stripe) == {"usd": PAID - 11500}


def test_an_inquiry_can_be_closed(stripe: StripeClient, standin: Standin) -> None:
    dispute = standin.open_dispute(paid_charge(stripe, standin), inquiry=True)["id"]
    standin.win_dispute(dispute)
    assert stripe.v1.disputes.retrieve(dispute).status == "warning_closed"
    assert available(stripe) == {"usd": PAID}


def test_no_more_is_disputed_than_was_kept(stripe: StripeClient, standin: Standin) -> None:
    charge = paid_charge(stripe, standin)
    stripe.v1.refunds.create({"charge": charge, "amount": 6000})
    with pytest.raises(Exception, match="5000 is disputed of 4000"):
        standin.open_dispute(charge, 5000)
    assert standin.open_dispute(charge)["amount"] == 4000


def test_evidence_is_submitted_once(stripe: StripeClient, standin: Standin) -> None:
    charge = paid_charge(stripe, standin)
    dispute = standin.open_dispute(charge)["id"]
    text: Any = {"uncategorized_text": "The license was used."}
    staged: Any = {"evidence": text, "submit": False}
    stripe.v1.disputes.update(dispute, staged)
    assert stripe.v1.disputes.retrieve(dispute).status == "needs_response"
    submitted: Any = {"evidence": text, "submit": True}
    answered = stripe.v1.disputes.update(dispute, submitted)
    assert (answered.status, answered.evidence.uncategorized_text) == ("under_review", text["uncategorized_text"])
    with pytest.raises(InvalidRequestError, match="under_review"):
        stripe.v1.disputes.update(dispute, submitted)
    assert [found.id for found in stripe.v1.disputes.list({"charge": charge}).data] == [dispute]
