"""Orders under every plan: who pays what, what was said is kept, and what was seen is what is paid."""

import json
from base64 import urlsafe_b64decode
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from collective.accounts.models import User
from collective.core.errors import InvalidError
from collective.core.ids import new_id
from licensing.domain.hashing import canonical_sha256
from licensing.errors import (
    AmountMissingError,
    AmountTooLowError,
    ChosenAmountError,
    EvidenceMissingError,
    LicenseeCountryError,
    LicenseeDeclaredError,
    LicenseeNotPersonError,
    NotInPlanError,
    OfferNotFoundError,
    QuoteOnlyError,
)
from licensing.models import LicenseGrant, LicenseVersion, Offer
from licensing.services import publish_offer
from payments.errors import StaleOfferError, TextChangedError
from payments.models import Journal, Order
from payments.services import Choice, pay_simulated, place_order
from tests.factories import OrganizationFactory, UserFactory
from tests.integration.payments.audit import violations
from tests.integration.payments.market import Market, open_market
from tests.integration.payments.test_pages import filled, text_of

pytestmark = pytest.mark.django_db
TRAIN = "LicenseRef-DC-TRAIN-COMM-1.0"
LIVE = "LicenseRef-DC-LIVE-SUBSCRIPTION-1.0"
TIERS = [
    {"licensee_types": ["nonprofit"], "country_group": ["AFRICA"], "amount": "0.00"},
    {"licensee_types": ["nonprofit", "sme"], "country_group": ["*"], "amount": "100.00"},
    {"licensee_types": ["enterprise"], "country_group": ["*"], "amount": "900.00"},
]
PAY = {"model": "pay_what_you_want", "minimum": "0.00"}


@pytest.fixture
def market() -> Market:
    return open_market({"a": [3], "b": [1]})


def planned(market: Market, price_minor: int, license_id: str = TRAIN, **options: Any) -> Offer:
    license_version = LicenseVersion.objects.get(template__license_id=license_id, language="en")
    return publish_offer(
        actor=market.steward,
        dataset_id=market.dataset.pk,
        license_version_id=license_version.pk,
        price_minor=price_minor,
        currency="EUR",
        **options,
    )


def take(offered: Offer, kind: str = "nonprofit", buyer: User | None = None, **choice: Any) -> Order:
    buyer = buyer or UserFactory.create()
    licensee = OrganizationFactory.create(owner=buyer, kind=kind)
    return place_order(
        actor=buyer,
        offer_id=offered.pk,
        offer_sha256=offered.offer_sha256,
        licensee_id=licensee.pk,
        client_ref=str(new_id()),
        accepted=True,
        choice=Choice(**choice),
    )


def claims_of(order: Order) -> dict[str, Any]:
    payload = LicenseGrant.objects.get(order_id=order.pk).jws.split(".")[1]
    decoded: dict[str, Any] = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return decoded["dc"]  # type: ignore[no-any-return] # JSON


def test_g35_nothing_paid_is_a_full_license_with_all_duties(market: Market) -> None:
    offered = planned(market, 2_000, plan=PAY)
    with pytest.raises(EvidenceMissingError):
        take(offered, amount_minor=0)
    assert not Order.objects.exists()
    placed = take(offered, amount_minor=0, licensee_evidence="NGO register 4711")

    assert (placed.state, placed.total_minor, placed.licensee_type) == ("free", 0, "nonprofit")
    claims = claims_of(placed)
    said = {"licensee": placed.licensee_name, "type": "nonprofit", "country": "", "evidence": "NGO register 4711"}
    assert claims["licensee_evidence_sha256"] != canonical_sha256(said), "whoever guesses the words must not find them"
    assert len(placed.licensee_salt) == 32
    said["salt"] = placed.licensee_salt
    assert claims["licensee_evidence_sha256"] == canonical_sha256(said)
    assert claims["licensee_type"] == "nonprofit"
    assert claims["price"] == {
        "model": "pay_what_you_want",
        "amount": "0.00",
        "currency": "EUR",
        "order": str(placed.pk),
    }
    assert {"attribute", "delete_on_withdrawal_P30D", "no_redistribution"} <= set(claims["obligations"])
    agreement = LicenseGrant.objects.get(order_id=placed.pk).agreement
    assert agreement.snapshot["licensee"]["evidence_sha256"] == canonical_sha256(said)
    assert not Journal.objects.exists()
    assert violations() == []


def test_a_chosen_amount_is_what_is_charged(market: Market) -> None:
    offered = planned(market, 2_000, plan={**PAY, "minimum": "5.00"})
    for wrong, refusal in ((None, AmountMissingError), (499, AmountTooLowError)):
        with pytest.raises(refusal):
            take(offered, amount_minor=wrong, licensee_evidence="x")
    placed = take(offered, amount_minor=1_000, licensee_evidence="x")
    assert (placed.price_minor, placed.fee_minor, placed.total_minor) == (1_000, 50, 1_050)
    pay_simulated(actor=placed.buyer, order_id=placed.pk)
    assert claims_of(placed)["price"]["amount"] == "10.00"
    with pytest.raises(ChosenAmountError):
        take(planned(market, 2_000, "CC-BY-4.0"), amount_minor=100)
    assert violations() == []


@pytest.mark.parametrize(
    ("kind", "country", "price"),
    [("nonprofit", "SN", 0), ("nonprofit", "DE", 10_000), ("sme", "", 10_000), ("enterprise", "SN", 90_000)],
)
def test_a_tier_is_by_kind_and_country(market: Market, kind: str, country: str, price: int) -> None:
    offered = planned(market, 90_000, plan={"model": "tiered", "tiers": TIERS})
    total = price + price // 20
    placed = take(offered, kind, licensee_country=country, licensee_evidence="register 1", seen_total_minor=total)
    assert (placed.price_minor, placed.total_minor) == (price, total)
    assert (placed.licensee_type, placed.licensee_country) == (kind, country)


def test_nobody_is_another_kind_by_their_word_alone(market: Market) -> None:
    people = {"licensee_types": ["individual"], "country_group": ["*"], "amount": "0.00"}
    offered = planned(market, 90_000, plan={"model": "tiered", "tiers": [people, *TIERS[2:]]})
    for kind, said in (("enterprise", "individual"), ("individual", "")):
        with pytest.raises(LicenseeNotPersonError):
            take(offered, kind, licensee_type=said, licensee_evidence="x")
    research = planned(market, 0, "LicenseRef-DC-RESEARCH-1.0")
    for kind in ("enterprise", "academic"):
        with pytest.raises(EvidenceMissingError):
            take(research, kind, licensee_type="academic")
    assert not Order.objects.exists()
    assert take(research, "academic", licensee_evidence="ror.org/1").state == "free"


def test_the_checkout_asks_what_a_license_for_some_depends_on(market: Market) -> None:
    buyer, client = UserFactory.create(), Client()
    OrganizationFactory.create(owner=buyer, kind="academic")
    offered = planned(market, 0, "LicenseRef-DC-RESEARCH-1.0")
    client.force_login(buyer)
    address = reverse("payments:checkout", args=[offered.pk])
    said = {**filled(client.get(address).text), "licensee_type": "academic"}
    assert "Say how your kind of organization can be checked" in client.post(address, said).text
    assert client.post(address, {**said, "licensee_evidence": "ror.org/1"}).status_code == 302


def test_who_has_no_tier_and_who_says_nonsense(market: Market) -> None:
    offered = planned(market, 90_000, plan={"model": "tiered", "tiers": TIERS})
    with pytest.raises(NotInPlanError):
        take(offered, "academic", licensee_evidence="x")
    nonsense: tuple[dict[str, Any], ...] = ({"licensee_type": "king"}, {"licensee_country": "XX"})
    for wrong in nonsense:
        with pytest.raises(LicenseeDeclaredError):
            take(offered, **wrong, licensee_evidence="x")
    with pytest.raises(QuoteOnlyError):
        take(planned(market, 0, "CC-BY-4.0", plan={"model": "quote"}))
    assert not Order.objects.exists()


def test_another_total_than_the_one_seen_is_a_difference(market: Market) -> None:
    offered = planned(market, 90_000, plan={"model": "tiered", "tiers": TIERS})
    with pytest.raises(StaleOfferError) as stale:
        take(offered, "enterprise", licensee_evidence="x", seen_total_minor=10_500)
    assert stale.value.detail["difference"] == [{"field": "price", "seen": "105.00 EUR", "now": "945.00 EUR"}]
    assert not Order.objects.exists()
    assert take(offered, "enterprise", licensee_evidence="x", seen_total_minor=94_500).price_minor == 90_000


def test_a_price_that_follows_from_the_licensee_is_named_by_the_buyer(market: Market) -> None:
    offered, buyer = planned(market, 90_000, plan={"model": "tiered", "tiers": TIERS}), UserFactory.create()
    licensee, client = OrganizationFactory.create(owner=buyer, kind="enterprise"), APIClient()
    client.force_authenticate(buyer)
    prices = client.get(f"/api/v1/offers/{offered.pk}").json()["prices"]
    assert (prices["nonprofit"], prices["enterprise"], prices["academic"]) == ("100.00", "900.00", None)
    body: dict[str, Any] = {
        "offer_id": str(offered.pk),
        "offer_sha256": offered.offer_sha256,
        "licensee_id": str(licensee.pk),
    }
    body |= {"client_ref": "1", "accepted": True, "licensee_evidence": "HRB 1"}

    def placed(**more: Any) -> Any:
        return client.post("/api/v1/orders", {**body, **more}, format="json", HTTP_IDEMPOTENCY_KEY=str(new_id()))

    refused = placed()
    assert (refused.status_code, refused.json()["code"], Order.objects.count()) == (409, "total_unseen", 0)
    named = refused.json()["context"]
    assert (named["total_minor"], named["currency"]) == (94_500, "EUR")
    assert placed(seen_total_minor=named["total_minor"]).status_code == 201


def test_every_duty_that_was_accepted_is_in_the_license(market: Market) -> None:
    duties = {"notify": True, "report_usage": True, "benefit_share_pct": "2.5", "publish_results": True}
    parameters = {
        "duties": {**duties, "security_level": "enclave"},
        "outputs": {"labeling": True, "share_alike": True},
        "caps": {"models": 1, "seats": 5, "compute_flop": "1000"},
        "prohibited_uses": {"text": "Not for gambling."},
    }
    claims = claims_of(take(planned(market, 0, parameters=parameters)))
    more = {"notify", "report_usage", "benefit_share_2.5_pct", "publish_results", "security_enclave"}
    assert more | {"outputs_labeling", "outputs_share_alike"} <= set(claims["obligations"])
    assert claims["caps"] == {"models": 1, "seats": 5, "compute_flop": "1000"}
    assert claims["prohibited_text"] == "Not for gambling."
    plain = claims_of(take(planned(market, 0, "LicenseRef-DC-OPENWEIGHTS-1.0")))
    assert (plain["caps"], plain["prohibited_text"]) == ({}, None)
    assert not more & set(plain["obligations"])


def test_a_subscription_lasts_one_period_and_its_grace(market: Market) -> None:
    plan = {"model": "subscription", "period": "month", "grace_days": 7}
    placed = take(planned(market, 5_000, LIVE, plan=plan))
    pay_simulated(actor=placed.buyer, order_id=placed.pk)
    grant = LicenseGrant.objects.get()
    assert grant.ends_at is not None
    assert grant.ends_at - grant.starts_at == timedelta(days=37)
    assert violations() == []


def test_a_subscription_lasts_as_it_says_and_nothing_else_says_how_long(market: Market) -> None:
    plan = {"model": "subscription", "period": "month", "grace_days": 7}
    with pytest.raises(InvalidError) as refused:
        planned(market, 5_000, plan=plan, duration_days=365)
    assert list(refused.value.fields) == ["duration_days"]
    offered = planned(market, 5_000, plan=plan, parameters={"time": {"to": "2099-01-01T00:00:00Z"}})
    assert "With one payment it lasts 37 days; the days of grace are in them." in offered.plain_words.also
    assert "It has no end of its own." not in planned(market, 5_000, LIVE, plan=plan).plain_words.also
    placed = take(offered)
    pay_simulated(actor=placed.buyer, order_id=placed.pk)
    grant = LicenseGrant.objects.get()
    assert grant.ends_at == grant.starts_at + timedelta(days=37), "not until 2099"


def test_costs_are_shown_and_charged(market: Market) -> None:
    offered = planned(market, 12_000, plan={"model": "cost_recovery", "statement": "Storage and two days of checking."})
    assert "Storage and two days of checking." in offered.plain_words.price[0]
    assert take(offered).price_minor == 12_000


@pytest.mark.parametrize("own", [{"currency": "USD"}, {"amount": "1.00"}])
def test_a_plan_changes_neither_the_price_nor_its_currency(market: Market, own: dict[str, str]) -> None:
    with pytest.raises(InvalidError) as refused:
        planned(market, 1_000, plan={"model": "one_off", **own})
    assert list(refused.value.fields) == [f"plan.{name}" for name in own]
    kept = planned(market, 1_000, plan={"tax_class": "reduced", "approval_required": True}).plan
    assert (kept["tax_class"], kept["approval_required"]) == ("reduced", True)


def test_a_private_offer_and_a_foreign_text_are_refused(market: Market) -> None:
    holder = OrganizationFactory.create()
    with pytest.raises(OfferNotFoundError):
        take(planned(market, 5_000, audience_id=holder.pk))
    with pytest.raises(TextChangedError):
        take(planned(market, 5_000), text_sha256="0" * 64)
    assert not Order.objects.exists()


def test_a_license_for_some_countries_asks_where_the_licensee_is(market: Market) -> None:
    offered = planned(market, 5_000, parameters={"scope": {"country_group": ["AFRICA", "FR"]}})
    for country in ("", "DE"):
        with pytest.raises(LicenseeCountryError) as refusal:
            take(offered, licensee_country=country)
        assert refusal.value.detail["countries"] == "AFRICA, FR"
    assert not Order.objects.exists()
    with pytest.raises(EvidenceMissingError):
        take(offered, licensee_country="SN")
    placed = take(offered, licensee_country="SN", licensee_evidence="NGO register 4711")
    pay_simulated(actor=placed.buyer, order_id=placed.pk)
    assert LicenseGrant.objects.get(order_id=placed.pk).state == "active"
    assert violations() == []


def test_what_was_said_of_the_licensee_is_frozen(market: Market) -> None:
    from django.db import DatabaseError, transaction

    placed = take(planned(market, 5_000))
    for column in ("licensee_type", "licensee_country", "licensee_evidence", "licensee_salt", "accepted_method"):
        with pytest.raises(DatabaseError), transaction.atomic():
            Order.objects.filter(pk=placed.pk).update(**{column: "x"})


def test_the_checkout_asks_shows_the_difference_and_takes_it(market: Market) -> None:
    offered, client, buyer = planned(market, 90_000, plan={"model": "tiered", "tiers": TIERS}), Client(), UserFactory()
    OrganizationFactory.create(owner=buyer, kind="enterprise")
    client.force_login(buyer)
    address = reverse("payments:checkout", args=[offered.pk])
    page = client.get(address).text
    assert "large companies: 900.00 EUR" in text_of(page)
    said = {"licensee_type": "sme", "licensee_country": "de", "licensee_evidence": "HRB 1", "seen_total_minor": "1"}
    shown = client.post(address, {**filled(page), **said})
    assert (shown.status_code, Order.objects.count()) == (409, 0)
    assert "105.00 EUR" in text_of(shown.text)
    again = {**filled(shown.text), **said, "seen_total_minor": "10500"}
    assert 'name="seen_total_minor" value="10500"' in shown.text
    assert client.post(address, again).status_code == 302
    assert (Order.objects.get().total_minor, Order.objects.get().licensee_country) == (10_500, "DE")


def test_nobody_buys_at_a_price_that_was_not_on_the_screen(market: Market) -> None:
    offered, client = planned(market, 90_000, plan={"model": "tiered", "tiers": TIERS}), Client()
    client.force_login(UserFactory())
    address = reverse("payments:checkout", args=[offered.pk])
    page = client.get(address).text
    assert "See the price" in page
    assert "Free of charge" not in page
    said = {"licensee_type": "enterprise", "licensee_evidence": "HRB 1"}
    shown = client.post(address, {**filled(page), **said})
    assert (shown.status_code, Order.objects.count()) == (200, 0)
    assert "945.00 EUR" in text_of(shown.text)
    nobody = client.post(address, {**filled(page), **said, "licensee_type": "academic"})
    assert "This offer has no price for your kind of organization" in nobody.text
    assert client.post(address, {**filled(shown.text), **said}).status_code == 302
    assert Order.objects.get().total_minor == 94_500


def test_who_chooses_the_price_does_so_on_the_page(market: Market) -> None:
    offered, client = planned(market, 2_000, plan={**PAY, "minimum": "5.00"}), Client()
    client.force_login(UserFactory())
    address = reverse("payments:checkout", args=[offered.pk])
    page = client.get(address).text
    assert "You choose the price: at least 5.00 EUR. We suggest 20.00 EUR." in text_of(page)
    low = client.post(address, {**filled(page), "amount": "1", "licensee_type": "individual"})
    assert "The amount must be at least 5.00 EUR" in low.text
    assert client.post(address, {**filled(page), "amount": "7.50", "licensee_type": "individual"}).status_code == 302
    assert Order.objects.get().price_minor == 750
