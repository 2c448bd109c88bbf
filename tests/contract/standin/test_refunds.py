"""Refunds and the balance transactions of everything, through Stripe's own client."""

from typing import Any

import pytest
from stripe import InvalidRequestError, StripeClient

from tests.contract.standin.asking import available, event_types, paid_charge, session_for
from tests.standin.money import Currencies, Rate
from tests.standin.standin import Standin


def test_a_refund_returns_all_but_the_processing_fee(stripe: StripeClient, standin: Standin) -> None:
    charge = paid_charge(stripe, standin)
    stripe.v1.refunds.create({"charge": charge, "amount": 3333, "metadata": {"order": "1"}})
    assert available(stripe) == {"usd": 9680 - 3333}
    stripe.v1.refunds.create({"charge": charge})
    whole: Any = stripe.v1.charges.retrieve(charge, {"expand": ["refunds"]})
    assert (whole.amount_refunded, whole.refunded) == (10000, True)
    assert [refund.amount for refund in whole.refunds.data] == [6667, 3333]
    assert available(stripe) == {"usd": -320}
    one_refund = ["refund.created", "charge.refunded", "refund.updated", "charge.refund.updated"]
    assert event_types(stripe)[4:] == one_refund * 2


def test_refunds_never_exceed_what_is_left(stripe: StripeClient, standin: Standin) -> None:
    charge = paid_charge(stripe, standin)
    stripe.v1.refunds.create({"charge": charge, "amount": 9999})
    with pytest.raises(InvalidRequestError, match="greater than unrefunded amount"):
        stripe.v1.refunds.create({"charge": charge, "amount": 2})
    stripe.v1.refunds.create({"charge": charge, "amount": 1})
    with pytest.raises(InvalidRequestError) as refusal:
        stripe.v1.refunds.create({"charge": charge, "amount": 1})
    assert refusal.value.code == "charge_already_refunded"


def test_only_captured_money_is_refunded(stripe: StripeClient, standin: Standin) -> None:
    session = session_for(stripe, payment_intent_data={"capture_method": "manual"})
    intent = standin.authorize(session.id)["payment_intent"]
    with pytest.raises(InvalidRequestError, match="not captured"):
        stripe.v1.refunds.create({"payment_intent": intent})
    stripe.v1.payment_intents.capture(intent, {"amount_to_capture": 6000})
    with pytest.raises(InvalidRequestError, match=r"unrefunded amount \(6000\)"):
        stripe.v1.refunds.create({"payment_intent": intent, "amount": 6001})
    assert stripe.v1.refunds.create({"payment_intent": intent}).amount == 6000


def test_a_refund_that_fails_later_brings_the_money_back(stripe: StripeClient, standin: Standin) -> None:
    charge = paid_charge(stripe, standin)
    refund = stripe.v1.refunds.create({"charge": charge, "amount": 3333}).id
    standin.fail_refund(refund)
    failed: Any = stripe.v1.refunds.retrieve(refund, {"expand": ["failure_balance_transaction"]})
    assert failed.status == "failed"
    assert failed.failure_balance_transaction.net == 3333
    assert available(stripe) == {"usd": 9680}
    assert event_types(stripe)[-3:] == ["refund.failed", "refund.updated", "charge.refund.updated"]
    assert stripe.v1.charges.retrieve(charge).amount_refunded == 0


def test_balance_transactions_are_listed_page_by_page_and_add_up(stripe: StripeClient, standin: Standin) -> None:
    for _ in range(3):
        stripe.v1.refunds.create({"charge": paid_charge(stripe, standin), "amount": 1000})
    first = stripe.v1.balance_transactions.list({"limit": 4})
    assert (len(first.data), first.has_more) == (4, True)
    rest = stripe.v1.balance_transactions.list({"limit": 4, "starting_after": first.data[-1].id})
    assert (len(rest.data), rest.has_more) == (2, False)
    everything = first.data + rest.data
    assert [booked.type for booked in everything] == ["refund", "charge"] * 3
    assert sum(booked.net for booked in everything) == available(stripe)["usd"] == 3 * (9680 - 1000)
    assert stripe.v1.balance_transactions.list({"type": "refund"}).data == everything[::2]


def test_balance_transactions_since_a_moment(stripe: StripeClient, standin: Standin) -> None:
    paid_charge(stripe, standin)
    standin.advance(3600)
    paid_charge(stripe, standin)
    old, new = [booked.created for booked in stripe.v1.balance_transactions.list().data][::-1]
    assert new - old >= 3600
    assert [b.created for b in stripe.v1.balance_transactions.list({"created": {"gt": old}}).data] == [new]
    assert [b.created for b in stripe.v1.balance_transactions.list({"created": {"lte": old}}).data] == [old]


def test_a_currency_without_a_balance_is_converted(stripe: StripeClient, standin: Standin) -> None:
    rates = {("eur", "usd"): Rate(11, 10)}
    standin.state.settings.currencies = Currencies(default="usd", settled={"usd"}, rates=rates)
    charge = paid_charge(stripe, standin, currency="eur")
    booked: Any = stripe.v1.charges.retrieve(charge, {"expand": ["balance_transaction"]}).balance_transaction
    assert (booked.currency, booked.amount, booked.fee) == ("usd", 11000, 349)
    assert booked.exchange_rate == pytest.approx(1.1)
    rates["eur", "usd"] = Rate(12, 10)
    refund: Any = stripe.v1.refunds.create({"charge": charge, "amount": 5000, "expand": ["balance_transaction"]})
    assert (refund.amount, refund.currency) == (5000, "eur")
    assert refund.balance_transaction.amount == -6000
    assert available(stripe) == {"usd": 11000 - 349 - 6000}


def test_every_currency_has_its_balance_otherwise(stripe: StripeClient, standin: Standin) -> None:
    paid_charge(stripe, standin, amount=1000, currency="jpy")
    paid_charge(stripe, standin, amount=10000, currency="kwd")
    assert available(stripe) == {"jpy": 1000 - 59, "kwd": 10000 - 320}
