"""Coupons: what they take off, for whom, how often, and what is refused."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from collective.accounts.models import User
from collective.catalog.errors import NotStewardError
from collective.core.errors import DomainError
from licensing.models import LicenseGrant, Offer
from payments.errors import (
    CouponAudienceError,
    CouponCodeError,
    CouponCodeTakenError,
    CouponEarlyError,
    CouponNotFoundError,
    CouponOverError,
    CouponTermsError,
    CouponUnfitError,
    CouponUnknownError,
    CouponUsedUpError,
    StaleOfferError,
    TotalUnseenError,
)
from payments.gateways.facts import Receipt
from payments.models import Coupon, Journal, Order, UnappliedPayment
from payments.services import (
    Choice,
    CouponTerms,
    accept_payment,
    cancel_order,
    end_coupon,
    expire_orders,
    make_coupon,
    pay_simulated,
    place_order,
)
from tests.factories import UserFactory
from tests.integration.payments.audit import violations
from tests.integration.payments.market import Market, offer, open_market
from tests.integration.payments.test_at_once import at_once
from tests.integration.payments.test_pages import filled, hidden, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Market:
    return open_market({"a": [3], "b": [1]}, steward_bps=1000)


def coupon(market: Market, **terms: Any) -> Coupon:
    given = {"percent": 20, "max_uses": 1, "valid_until": timezone.now() + timedelta(days=30), **terms}
    return make_coupon(actor=market.steward, dataset_id=market.dataset.pk, terms=CouponTerms(**given))


def order_with(offered: Offer, code: str, seen: int | None, buyer: User | None = None) -> Order:
    actor = buyer or UserFactory.create()
    return place_order(
        actor=actor,
        offer_id=offered.pk,
        offer_sha256=offered.offer_sha256,
        licensee_id=actor.personal_organization.pk,
        client_ref="cart",
        accepted=True,
        choice=Choice(coupon=code, seen_total_minor=seen),
    )


def test_fee_and_shares_follow_from_the_reduced_price(market: Market) -> None:
    offered, made = offer(market, 25_000, "EUR"), coupon(market, percent=20)
    placed = order_with(offered, f" {made.code.lower()} ", 21_000)
    assert (placed.list_price.minor, placed.discount_minor, placed.price_minor) == (25_000, 5000, 20_000)
    assert (placed.fee_minor, placed.pool_minor, placed.total_minor) == (1000, 20_000, 21_000)
    assert placed.coupon == made
    pay_simulated(actor=placed.buyer, order_id=placed.pk)
    legs = dict(Journal.objects.get(key=f"sale:{placed.pk}").entries.values_list("account__code", "amount"))
    assert legs == {"embedded:balance": -21_000, "fee": 1000, market.pool: 20_000}
    assert Coupon.objects.get().uses == 1
    assert violations() == []


def test_with_the_whole_price_off_the_license_is_free_and_nothing_is_posted(market: Market) -> None:
    offered, made = offer(market, 25_000, "EUR"), coupon(market, percent=100)
    placed = order_with(offered, made.code, 0)
    assert (placed.state, placed.total_minor, placed.discount_minor) == ("free", 0, 25_000)
    assert LicenseGrant.objects.filter(order_id=placed.pk, state="active").count() == 1
    assert not Journal.objects.exists()
    assert violations() == []


def test_the_reduced_total_must_have_been_seen(market: Market) -> None:
    offered, made = offer(market, 25_000, "EUR"), coupon(market)
    with pytest.raises(TotalUnseenError) as unseen:
        order_with(offered, made.code, None)
    assert unseen.value.detail["total_minor"] == 21_000
    with pytest.raises(StaleOfferError):
        order_with(offered, made.code, 26_250)
    assert Coupon.objects.get().uses == 0
    assert not Order.objects.exists()


def test_what_cannot_be_used_says_why(market: Market) -> None:
    offered, other = offer(market, 25_000, "EUR"), offer(market, 30_000, "EUR", license_id="CC-BY-SA-4.0")
    now = timezone.now()
    coupon(market, code="later", valid_from=now + timedelta(days=1))
    coupon(market, code="usd", percent=0, amount_minor=100, currency="USD")
    coupon(market, code="other", offer_id=other.pk)
    coupon(market, code="theirs", audience_id=UserFactory.create().personal_organization.pk)
    ended = coupon(market, code="ended")
    end_coupon(actor=market.steward, coupon_id=ended.pk)
    refusals: dict[str, type[DomainError]] = {
        "nobody-knows": CouponUnknownError,
        "later": CouponEarlyError,
        "usd": CouponUnfitError,
        "other": CouponUnfitError,
        "theirs": CouponAudienceError,
        "ended": CouponOverError,
    }
    for code, refusal in refusals.items():
        with pytest.raises(refusal):
            order_with(offered, code, 21_000)
    made = coupon(market, code="short")
    with time_machine.travel(made.valid_until), pytest.raises(CouponOverError):
        order_with(offered, "short", 21_000)
    assert not Order.objects.exists()
    assert set(Coupon.objects.values_list("uses", flat=True)) == {0}


def test_a_coupon_of_another_dataset_is_unknown(market: Market) -> None:
    elsewhere = open_market({"c": [1]})
    made = coupon(elsewhere)
    with pytest.raises(CouponUnknownError):
        order_with(offer(market, 25_000, "EUR"), made.code, 21_000)


def test_who_does_not_buy_gives_the_use_back(market: Market) -> None:
    offered, made = offer(market, 25_000, "EUR"), coupon(market)
    first = order_with(offered, made.code, 21_000)
    with pytest.raises(CouponUsedUpError):
        order_with(offered, made.code, 21_000)
    cancel_order(actor=first.buyer, order_id=first.pk)
    assert Coupon.objects.get().uses == 0
    second = order_with(offered, made.code, 21_000)
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert expire_orders() == 1
        assert expire_orders() == 0
    assert Coupon.objects.get().uses == 0
    third = order_with(offered, made.code, 21_000)
    assert violations() == []
    # What was paid late for the expired order cannot have the price any more, and goes back.
    accept_payment(receipt=Receipt("embedded", f"sim_{second.pk.hex}", second.pk, 21_000, "EUR"))
    assert UnappliedPayment.objects.get().why == "coupon_used_up"
    assert [Order.objects.get(pk=each.pk).state for each in (second, third)] == ["expired", "awaiting_payment"]
    assert Coupon.objects.get().uses == 1


def test_money_that_comes_late_takes_the_use_again(market: Market) -> None:
    offered, made = offer(market, 25_000, "EUR"), coupon(market)
    placed = order_with(offered, made.code, 21_000)
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        expire_orders()
        accept_payment(receipt=Receipt("embedded", "sim_late", placed.pk, 21_000, "EUR"))
    assert Order.objects.get().state == "paid"
    assert Coupon.objects.get().uses == 1
    assert violations() == []


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_as_many_get_it_as_it_has_uses(market: Market) -> None:
    offered, made = offer(market, 25_000, "EUR"), coupon(market, max_uses=3)
    buyers = [UserFactory.create() for _ in range(16)]

    def act(number: int) -> str:
        try:
            return order_with(offered, made.code, 21_000, buyers[number]).state
        except CouponUsedUpError as refusal:
            return refusal.code

    outcomes = at_once(16, act)
    assert sorted(outcomes) == ["awaiting_payment"] * 3 + ["coupon_used_up"] * 13
    assert (Coupon.objects.get().uses, Order.objects.count()) == (3, 3)
    assert violations() == []


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"percent": 101}, "percent"),
        ({"percent": 0}, "percent"),
        ({"percent": 10, "amount_minor": 100, "currency": "EUR"}, "percent"),
        ({"percent": 0, "amount_minor": 105, "currency": "ISK"}, "amount_minor"),
        ({"percent": 0, "amount_minor": 100}, "amount_minor"),
        ({"max_uses": 0}, "max_uses"),
        ({"valid_until": timezone.now() - timedelta(days=1)}, "valid_until"),
    ],
)
def test_a_coupon_that_makes_no_sense_is_refused(market: Market, terms: dict[str, Any], field: str) -> None:
    with pytest.raises(CouponTermsError) as refused:
        coupon(market, **terms)
    assert field in refused.value.fields
    assert not Coupon.objects.exists()


def test_codes_are_written_in_plain_letters_and_once_per_dataset(market: Market) -> None:
    coupon(market, code="Spring 26")
    assert Coupon.objects.get().code == "SPRING26"
    with pytest.raises(CouponCodeTakenError):
        coupon(market, code="spring26")
    with pytest.raises(CouponCodeError):
        coupon(market, code="<b>")
    with pytest.raises(NotStewardError):
        make_coupon(
            actor=UserFactory.create(),
            dataset_id=market.dataset.pk,
            terms=CouponTerms(percent=100, max_uses=1, valid_until=timezone.now() + timedelta(days=1)),
        )
    with pytest.raises(CouponNotFoundError):
        end_coupon(actor=UserFactory.create(), coupon_id=Coupon.objects.get().pk)


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE payments_coupon SET percent = 100",
        "UPDATE payments_coupon SET max_uses = 100",
        "UPDATE payments_coupon SET uses = 2",
        "DELETE FROM payments_coupon",
        "UPDATE payments_order SET discount_minor = 1",
        "UPDATE payments_order SET discount_minor = NULL",
        "UPDATE payments_order SET coupon_id = NULL",
    ],
)
def test_the_database_keeps_what_was_promised(market: Market, attack: str) -> None:
    made = coupon(market)
    order_with(offer(market, 25_000, "EUR"), made.code, 21_000)
    with pytest.raises(DatabaseError), transaction.atomic(), transaction.get_connection().cursor() as cursor:
        cursor.execute(attack)
    assert violations() == []


def test_a_buyer_sees_the_reduced_total_before_accepting(market: Market) -> None:
    offered, made, client = offer(market, 25_000, "EUR"), coupon(market), Client()
    client.force_login(UserFactory.create())
    address = reverse("payments:checkout", args=[offered.pk])
    page = client.get(address, {"coupon": made.code.lower()}).content.decode()
    words = text_of(page)
    for shown in ("Before the coupon 250.00 EUR", "-50.00 EUR", "Price 200.00 EUR", "You pay 210.00 EUR"):
        assert shown in words, shown
    assert "counted from the smaller price" in words
    assert hidden(page, "seen_total_minor") == "21000"
    client.post(address, filled(page))
    placed = Order.objects.get()
    assert (placed.total_minor, placed.coupon) == (21_000, made)
    receipt = text_of(client.get(reverse("payments:order", args=[placed.pk])).content.decode())
    assert "Before the coupon 250.00 EUR" in receipt
    assert made.code in receipt


def test_a_wrong_code_is_said_and_the_full_price_stays(market: Market) -> None:
    offered, client = offer(market, 25_000, "EUR"), Client()
    client.force_login(UserFactory.create())
    address = reverse("payments:checkout", args=[offered.pk])
    page = client.get(address, {"coupon": "wrong"}).content.decode()
    assert "This dataset has no coupon with this code." in text_of(page)
    assert hidden(page, "seen_total_minor") == "26250"
    answer = client.post(address, filled(page))
    assert "no coupon with this code" in text_of(answer.content.decode())
    assert not Order.objects.exists()


def test_a_steward_makes_and_ends_a_coupon_on_its_page(market: Market) -> None:
    offer(market, 25_000, "EUR")
    client = Client()
    client.force_login(market.steward)
    address = reverse("payments:coupons", args=[market.dataset.organization.slug, market.dataset.slug])
    page = text_of(client.get(address).content.decode())
    assert "you decide this for all of them" in page
    given = {"percent": "10", "currency": "EUR", "max_uses": "5", "valid_until": "2099-01-01"}
    assert client.post(address, given).status_code == 302
    made = Coupon.objects.get()
    assert (made.percent, made.currency, made.max_uses) == (10, "", 5)
    refused = client.post(address, {**given, "amount": "5.00"})
    assert "and not both" in text_of(refused.content.decode())
    assert Coupon.objects.count() == 1
    client.post(reverse("payments:coupon_end", args=[made.pk]))
    assert "ended" in text_of(client.get(address).content.decode())
