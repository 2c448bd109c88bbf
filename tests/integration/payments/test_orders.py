"""Placing, paying, cancelling and expiring orders: what is refused, what is copied, what happens once."""

from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.utils import timezone
from pytest_django import Settings

from collective.accounts.errors import OrganizationNotFoundError
from collective.accounts.models import Membership
from collective.core.errors import DomainError
from collective.core.models import AuditEvent, Job
from collective.core.states import WrongStateError
from licensing.errors import OfferNotFoundError, OfferRetiredError
from licensing.models import AgreementEvidence, LicenseGrant
from licensing.services import delete_acceptance_evidence, retire_offer, withdraw_contribution
from payments.errors import (
    ClientRefReusedError,
    HasLicenseError,
    NotAcceptedError,
    NotYourOrderError,
    OrderExpiredError,
    OrderNotFoundError,
    PaymentMismatchError,
    SelfPurchaseError,
    StaleOfferError,
    VersionGoneError,
)
from payments.gateways.facts import Receipt
from payments.models import Journal, Order, Payment
from payments.services import Evidence, cancel_order, expire_orders, pay_simulated, place_order, settle_payment
from tests.factories import OrganizationFactory, UserFactory
from tests.integration.payments.audit import violations
from tests.integration.payments.market import Market, buy, offer, open_market, order

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Market:
    return open_market({"a": [3], "b": [1]}, steward_bps=1000)


def test_an_order_copies_what_was_seen_and_accepted(market: Market) -> None:
    offered, buyer = offer(market, 25_000, "EUR"), UserFactory.create()
    placed = place_order(
        actor=buyer,
        offer_id=offered.pk,
        offer_sha256=offered.offer_sha256,
        licensee_id=buyer.personal_organization.pk,
        client_ref="cart-1",
        accepted=True,
        evidence=Evidence("203.0.113.7", "A browser"),
    )
    assert (placed.state, placed.buyer, placed.licensee) == ("awaiting_payment", buyer, buyer.personal_organization)
    assert (placed.price_minor, placed.fee_minor, placed.tax_minor) == (25_000, 1250, 0)
    assert (placed.pool_minor, placed.total_minor, placed.currency) == (25_000, 26_250, "EUR")
    assert (placed.version, placed.split_sha256) == (market.version, market.version.split_sha256)
    assert placed.accepted_text_sha256 == offered.license_version.text_sha256
    assert (placed.dataset_title, placed.seller) == (market.dataset.title, market.dataset.organization)
    assert AuditEvent.objects.filter(action="payments.order_placed", object_id=str(placed.pk)).count() == 1
    assert not LicenseGrant.objects.exists()
    assert not Journal.objects.exists()
    with pytest.raises(DatabaseError), transaction.atomic():
        Order.objects.filter(pk=placed.pk).update(price_minor=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        Order.objects.filter(pk=placed.pk)._raw_delete(using="default")


def test_paying_grants_once_and_moves_the_evidence_to_licensing(market: Market) -> None:
    offered, buyer = offer(market, 25_000, "EUR"), UserFactory.create()
    placed = order(offered, buyer)
    Order.objects.filter(pk=placed.pk).update(accepted_ip="203.0.113.7", accepted_agent="A browser")
    for _ in range(3):
        assert pay_simulated(actor=buyer, order_id=placed.pk).state == "paid"
    grant = LicenseGrant.objects.get()
    assert (grant.order_id, grant.licensee, grant.state) == (placed.pk, buyer.personal_organization, "active")
    evidence = AgreementEvidence.objects.get()
    assert (evidence.ip, evidence.user_agent) == ("203.0.113.7", "A browser")
    placed.refresh_from_db()
    assert (placed.accepted_ip, placed.accepted_agent) == (None, "")
    assert Payment.objects.count() == 1
    assert Job.objects.filter(name="payments.settle_pool").count() == 2
    assert violations() == []


@pytest.mark.parametrize("people", [1, 40])
def test_a_sale_posts_the_same_entries_for_one_contributor_and_for_forty(people: int) -> None:
    market = open_market({f"p{number:02}": [1] for number in range(people)}, steward_bps=1000)
    buy(offer(market, 25_000, "EUR"))
    assert [(journal.key.split(":")[0], journal.n) for journal in Journal.objects.all()] == [("sale", 3)]


def test_a_free_offer_is_granted_at_once_without_a_journal(market: Market) -> None:
    placed = order(offer(market, 0, "EUR"))
    assert placed.state == "free"
    assert LicenseGrant.objects.get().order_id == placed.pk
    assert not Journal.objects.exists()
    assert not Payment.objects.exists()
    assert violations() == []


def test_the_same_reference_is_the_same_order_and_nothing_else(market: Market) -> None:
    cheap, dear = offer(market, 5_000, "EUR"), offer(market, 50_000, "EUR", license_id="CC0-1.0")
    buyer = UserFactory.create()
    first = order(cheap, buyer, client_ref="cart-1")
    assert order(cheap, buyer, client_ref="cart-1").pk == first.pk
    with pytest.raises(ClientRefReusedError):
        order(dear, buyer, client_ref="cart-1")
    assert order(cheap, client_ref="cart-1").pk != first.pk
    assert Order.objects.count() == 2


def test_a_stale_offer_is_refused_with_what_changed(market: Market) -> None:
    seen = offer(market, 5_000, "EUR")
    retire_offer(actor=market.steward, offer_id=seen.pk)
    now = offer(market, 6_000, "EUR")
    with pytest.raises(StaleOfferError) as caught:
        order(seen)
    assert caught.value.detail["difference"] == [
        {"field": "price", "seen": "50.00 EUR", "now": "60.00 EUR"},
        {"field": "fee", "seen": "2.50 EUR", "now": "3.00 EUR"},
    ]
    buyer = UserFactory.create()
    with pytest.raises(StaleOfferError):
        place_order(
            actor=buyer,
            offer_id=now.pk,
            offer_sha256=seen.offer_sha256,
            licensee_id=buyer.personal_organization.pk,
            client_ref="cart-1",
            accepted=True,
        )
    assert not Order.objects.exists()


def test_an_offer_without_successor_has_ended(market: Market) -> None:
    seen = offer(market, 5_000, "EUR")
    retire_offer(actor=market.steward, offer_id=seen.pk)
    with pytest.raises(OfferRetiredError):
        order(seen)
    assert not Order.objects.exists()


def test_who_may_not_order(market: Market) -> None:
    offered, buyer, steward = offer(market, 5_000, "EUR"), UserFactory.create(), market.steward
    publisher, strangers = market.dataset.organization, OrganizationFactory.create()
    for actor, licensee, refusal in (
        (steward, publisher, SelfPurchaseError),
        (buyer, strangers, OrganizationNotFoundError),
    ):
        with pytest.raises(refusal):
            place_order(
                actor=actor,
                offer_id=offered.pk,
                offer_sha256=offered.offer_sha256,
                licensee_id=licensee.pk,
                client_ref="cart-1",
                accepted=True,
            )
    with pytest.raises(NotAcceptedError):
        place_order(
            actor=buyer,
            offer_id=offered.pk,
            offer_sha256=offered.offer_sha256,
            licensee_id=buyer.personal_organization.pk,
            client_ref="cart-1",
            accepted=False,
        )
    with pytest.raises(OfferNotFoundError):
        place_order(
            actor=buyer,
            offer_id=buyer.pk,
            offer_sha256=offered.offer_sha256,
            licensee_id=buyer.personal_organization.pk,
            client_ref="cart-1",
            accepted=True,
        )
    assert not Order.objects.exists()


def test_a_licensee_does_not_buy_twice(market: Market) -> None:
    offered, buyer = offer(market, 5_000, "EUR"), UserFactory.create()
    buy(offered, buyer)
    with pytest.raises(HasLicenseError):
        order(offered, buyer)
    assert Order.objects.count() == 1


def test_who_may_not_pay(market: Market) -> None:
    offered, buyer, colleague = offer(market, 5_000, "EUR"), UserFactory.create(), UserFactory.create()
    placed = order(offered, buyer)
    Membership.objects.create(organization=placed.licensee, user=colleague, role=Membership.OWNER)
    with pytest.raises(OrderNotFoundError):
        pay_simulated(actor=UserFactory.create(), order_id=placed.pk)
    with pytest.raises(NotYourOrderError):
        pay_simulated(actor=colleague, order_id=placed.pk)
    placed.refresh_from_db()
    assert placed.state == "awaiting_payment"
    assert not Journal.objects.exists()


def test_a_cancelled_order_cannot_be_paid(market: Market) -> None:
    placed = order(offer(market, 5_000, "EUR"))
    assert cancel_order(actor=placed.buyer, order_id=placed.pk).state == "cancelled"
    with pytest.raises(WrongStateError):
        pay_simulated(actor=placed.buyer, order_id=placed.pk)
    assert not Journal.objects.exists()
    assert not LicenseGrant.objects.exists()


def test_an_order_that_nobody_paid_ends(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    offered = offer(market, 5_000, "EUR")
    paid, left = buy(offered), order(offered)
    tomorrow = timezone.now() + timedelta(hours=25)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    with pytest.raises(OrderExpiredError):
        pay_simulated(actor=left.buyer, order_id=left.pk)
    assert expire_orders() == 1
    with pytest.raises(OrderExpiredError):
        pay_simulated(actor=left.buyer, order_id=left.pk)
    assert dict(Order.objects.values_list("pk", "state")) == {paid.pk: "paid", left.pk: "expired"}
    assert Payment.objects.count() == 1


@pytest.mark.parametrize("change", [{"amount_minor": 5_249}, {"currency": "USD"}, {"amount_minor": 5_251}])
def test_a_payment_of_something_else_is_refused(market: Market, change: dict[str, object]) -> None:
    placed = order(offer(market, 5_000, "EUR"))
    receipt = {"rail": "embedded", "reference": "x", "order_id": placed.pk, "amount_minor": 5_250, "currency": "EUR"}
    with pytest.raises(PaymentMismatchError):
        settle_payment(receipt=Receipt(**{**receipt, **change}))  # type: ignore[arg-type] # a table of changes
    assert not Payment.objects.exists()
    placed.refresh_from_db()
    assert placed.state == "awaiting_payment"


def test_one_reference_pays_one_order(market: Market) -> None:
    offered = offer(market, 5_000, "EUR")
    first, second = order(offered), order(offered)
    settle_payment(receipt=Receipt("embedded", "x", first.pk, 5_250, "EUR"))
    with pytest.raises(PaymentMismatchError):
        settle_payment(receipt=Receipt("embedded", "x", second.pk, 5_250, "EUR"))
    with pytest.raises(WrongStateError):
        settle_payment(receipt=Receipt("embedded", "y", first.pk, 5_250, "EUR"))
    assert Payment.objects.count() == 1
    assert LicenseGrant.objects.count() == 1


def test_withdrawn_content_is_not_paid_for(market: Market) -> None:
    placed = order(offer(market, 5_000, "EUR"))
    contributor = market.contributors["a"]
    withdraw_contribution(actor=contributor, contribution_id=contributor.contributions.get().pk)
    with pytest.raises(VersionGoneError):
        pay_simulated(actor=placed.buyer, order_id=placed.pk)
    with pytest.raises(DomainError):
        order(placed.offer)
    assert not Journal.objects.exists()
    assert not LicenseGrant.objects.exists()


def test_a_license_says_how_it_was_accepted_and_the_address_is_deleted_on_schedule(
    market: Market, settings: Settings
) -> None:
    from_page, from_program = (
        place_order(
            actor=(buyer := UserFactory.create()),
            offer_id=(offered := offer(market, 0, "EUR", license_id=license_id)).pk,
            offer_sha256=offered.offer_sha256,
            licensee_id=buyer.personal_organization.pk,
            client_ref="1",
            accepted=True,
            evidence=evidence,
        )
        for license_id, evidence in (
            ("CC-BY-4.0", Evidence("203.0.113.7", "A browser")),
            ("CC0-1.0", Evidence("203.0.113.8", "A program", "api")),
        )
    )
    said = [
        LicenseGrant.objects.get(order_id=each.pk).agreement.snapshot["acceptance"]
        for each in (from_page, from_program)
    ]
    assert [each["method"] for each in said] == ["click", "api"]
    old = LicenseGrant.objects.get(order_id=from_page.pk).agreement
    kept = AgreementEvidence.objects.get(agreement__order_id=from_program.pk)
    settings.ACCEPTANCE_EVIDENCE_DAYS = 30
    with time_machine.travel(old.concluded_at + timedelta(days=29), tick=False):
        assert delete_acceptance_evidence() == 0
    past = old.concluded_at + timedelta(days=30)
    with time_machine.travel(past, tick=False):
        assert [delete_acceptance_evidence() for _ in range(2)] == [1, 0]
    assert list(AgreementEvidence.objects.all()) == [kept]
    assert AuditEvent.objects.filter(action="licensing.acceptance_evidence_deleted", object_id=str(old.pk)).count() == 1
    old.refresh_from_db()
    assert len(old.snapshot["acceptance"]["evidence_sha256"]) == 64
