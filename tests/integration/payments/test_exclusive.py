"""Exclusive licenses over the real checkout (G19): one buyer wins, and nobody else pays anything."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from time_machine import travel

from collective.core.errors import DomainError
from collective.core.ids import new_id
from licensing.domain.actions import ACTION_CODES
from licensing.errors import ExclusiveBlockedError, ExclusiveScopeError, ExclusiveTakenError, OfferBlockedError
from licensing.models import ExclusiveClaim, LicenseGrant, LicenseVersion, Offer
from licensing.services import publish_offer, revoke_grant
from payments.errors import HasLicenseError
from payments.models import Account, Journal, Order, Payment
from payments.services import cancel_order, expire_orders, pay_simulated, paying
from payments.services.granting import grant_license
from tests.factories import UserFactory
from tests.integration.payments.audit import violations
from tests.integration.payments.market import Market, buy, offer, open_market, order
from tests.integration.payments.test_at_once import at_once
from tests.integration.payments.test_plans import planned

EXCLUSIVE = "LicenseRef-DC-EXCLUSIVE-1.0"
TRAIN = "LicenseRef-DC-TRAIN-COMM-1.0"


def exclusive(
    market: Market, *, actions: Sequence[str] = ("train", "fineTune"), time: dict[str, str] | None = None, **scope: Any
) -> Offer:
    """ASR in the European Union for a year, where the scope does not say otherwise."""
    license_version = LicenseVersion.objects.get(template__license_id=EXCLUSIVE)
    return publish_offer(
        actor=market.steward,
        dataset_id=market.dataset.pk,
        license_version_id=license_version.pk,
        price_minor=100_000,
        currency="EUR",
        duration_days=None if time else 365,
        parameters={
            "scope": {"field": ["asr"], "territory": ["EU"], **scope},
            "legal": {"exclusivity": {"actions": list(actions)}},
            "time": time or {},
        },
    )


@pytest.fixture
def market(db: None) -> Market:
    return open_market({"a": [3], "b": [1]})


@pytest.mark.django_db(transaction=True)
def test_sixteen_buyers_race_for_one_exclusive_license() -> None:
    market = open_market({"a": [1], "b": [1]})
    offered, buyers = exclusive(market), [UserFactory.create() for _ in range(16)]

    def act(number: int) -> str:
        try:
            placed = order(offered, buyers[number])
            return pay_simulated(actor=buyers[number], order_id=placed.pk).state
        except DomainError as refusal:
            return refusal.code

    assert Counter(at_once(16, act)) == Counter(paid=1, exclusive_taken=15)
    winner = Order.objects.get()
    assert (winner.state, winner.total_minor) == ("paid", 105_000)
    assert (LicenseGrant.objects.count(), Payment.objects.count(), Journal.objects.count()) == (1, 1, 1)
    assert dict(Account.objects.exclude(balance=0).values_list("code", "balance")) == {
        "embedded:balance": -105_000,
        "fee": 5_000,
        f"pool:{market.version.pk}": 100_000,
    }
    assert set(ExclusiveClaim.objects.values_list("order_id", "held_until")) == {(winner.pk, None)}
    assert violations() == []


def test_the_scope_that_is_reserved_has_a_row_for_each_combination(market: Market) -> None:
    placed = order(exclusive(market))
    claims = ExclusiveClaim.objects.filter(order_id=placed.pk)
    assert claims.count() == 3 * 1 * 27
    covered = {("train", "asr"), ("trainGenerative", "asr"), ("fineTune", "asr")}
    assert set(claims.values_list("action", "field")) == covered
    assert {"DE", "FR"} <= set(claims.values_list("territory", flat=True))
    assert claims.filter(held_until=placed.expires_at).count() == 81
    assert placed.expires_at - placed.accepted_at == timedelta(minutes=30), "it keeps others from buying no longer"
    assert not LicenseGrant.objects.exists()


def test_everywhere_and_every_field_are_expanded_and_still_meet(market: Market) -> None:
    whole = order(exclusive(market, field=["*"], territory=["*"]))
    assert ExclusiveClaim.objects.filter(order_id=whole.pk).count() == 3 * 16 * 249
    with pytest.raises(ExclusiveTakenError):
        order(exclusive(market, territory=["SN"]))
    assert Order.objects.count() == 1


def test_a_scope_that_does_not_meet_is_sold_too(market: Market) -> None:
    scopes: tuple[dict[str, Any], ...] = ({}, {"field": ["tts"]}, {"territory": ["SN", "GB"]})
    for scope in scopes:
        assert buy(exclusive(market, **scope)).state == "paid"
    with pytest.raises(ExclusiveTakenError):
        order(exclusive(market, territory=["SN", "BR"]))
    assert LicenseGrant.objects.count() == 3
    assert violations() == []


def test_one_licensee_may_hold_it_for_two_scopes(market: Market) -> None:
    first = buy(exclusive(market))
    elsewhere = exclusive(market, territory=["SN"])
    assert buy(elsewhere, first.buyer).state == "paid"
    with pytest.raises(HasLicenseError):
        order(elsewhere, first.buyer)
    grants = LicenseGrant.objects.filter(licensee=first.licensee)
    assert grants.count() == grants.values("scope_sha256").distinct().count() == 2
    with pytest.raises(DatabaseError), transaction.atomic():
        grants.update(scope_sha256="")


def test_others_cannot_buy_what_it_covers_while_it_lasts(market: Market, time_machine: Any) -> None:
    plain = offer(market, 5_000, "EUR", license_id=TRAIN)
    buy(exclusive(market))
    with pytest.raises(ExclusiveTakenError):
        order(plain)
    assert Order.objects.count() == 1
    time_machine.move_to(timezone.now() + timedelta(days=366))
    assert buy(plain).state == "paid"


def test_what_is_a_part_of_an_exclusive_use_is_exclusive_too(market: Market) -> None:
    """Training is exclusive; neither fine-tuning alone nor training of generative models alone is sold beside it."""
    whole = exclusive(market, actions=["train"])
    narrow = dict.fromkeys(ACTION_CODES, "prohibit") | {"access": "permit"}
    parts = [
        planned(
            market, 5_000, "LicenseRef-DC-RAG-1.0", parameters={"actions": {**narrow, code: "permit"}, "scope": scope}
        )
        for code, scope in (("trainGenerative", {"field": ["asr"]}), ("fineTune", {"field": ["asr", "tts"]}))
    ]
    buy(whole)
    for part in parts:
        with pytest.raises(ExclusiveTakenError):
            order(part)
    assert Order.objects.count() == 1


def test_an_order_that_waited_while_it_was_sold_is_never_charged(market: Market) -> None:
    """The exclusive buyer comes between another's order and its payment."""
    waiting = order(offer(market, 5_000, "EUR", license_id=TRAIN))
    buy(exclusive(market))
    journals = Journal.objects.count()
    with pytest.raises(ExclusiveTakenError):
        pay_simulated(actor=waiting.buyer, order_id=waiting.pk)
    waiting.refresh_from_db()
    assert waiting.state == "awaiting_payment"
    assert Journal.objects.count() == journals
    assert Payment.objects.count() == LicenseGrant.objects.count() == 1
    assert violations() == []


def test_it_is_not_sold_where_others_hold_licenses(market: Market) -> None:
    evaluating = "CC-BY-4.0"
    held = buy(offer(market, 5_000, "EUR", license_id=evaluating))
    offered = exclusive(market)
    with pytest.raises(ExclusiveBlockedError):
        order(offered)
    assert not ExclusiveClaim.objects.exists()
    assert order(offered, held.buyer).state == "awaiting_payment", "one's own license is in nobody's way"


def test_it_is_sold_beside_a_license_that_is_over_before_it_begins(market: Market) -> None:
    day = timezone.now().replace(microsecond=0)
    later = {"from": (day + timedelta(days=31)).isoformat(), "to": (day + timedelta(days=400)).isoformat()}
    sooner = {**later, "from": (day + timedelta(days=29)).isoformat()}
    buy(planned(market, 5_000, duration_days=30))
    with pytest.raises(ExclusiveBlockedError):
        order(exclusive(market, time=sooner, territory=["FR"]))
    assert buy(exclusive(market, time=later)).state == "paid"


def test_an_order_that_fails_gives_it_back(market: Market, time_machine: Any) -> None:
    offered = exclusive(market)
    first = order(offered)
    with pytest.raises(ExclusiveTakenError):
        order(offered)
    cancel_order(actor=first.buyer, order_id=first.pk)
    assert not ExclusiveClaim.objects.exists()

    second = order(offered)
    time_machine.move_to(second.expires_at + timedelta(seconds=1))
    third = order(offered)
    assert set(ExclusiveClaim.objects.values_list("order_id", flat=True)) == {third.pk}
    expire_orders()
    assert set(ExclusiveClaim.objects.values_list("order_id", flat=True)) == {third.pk}
    time_machine.move_to(third.expires_at + timedelta(seconds=1))
    expire_orders()
    assert not ExclusiveClaim.objects.exists()


def test_paid_in_the_last_moment_it_keeps_what_it_reserved(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reservation ends between the payment and the grant."""
    offered = exclusive(market)
    placed = order(offered)
    moment, granting = timedelta(milliseconds=5), grant_license

    def late(order: Order) -> Any:
        with travel(placed.expires_at + moment, tick=False):
            return granting(order)

    monkeypatch.setattr(paying, "grant_license", late)
    with travel(placed.expires_at - moment, tick=False):
        assert pay_simulated(actor=placed.buyer, order_id=placed.pk).state == "paid"
    grant = LicenseGrant.objects.get()
    kept = ExclusiveClaim.objects.values_list("order_id", "starts_at", "ends_at", "held_until").distinct()
    assert list(kept) == [(placed.pk, grant.starts_at, grant.ends_at, None)]
    with travel(placed.expires_at + timedelta(days=1)), pytest.raises(ExclusiveTakenError):
        order(offered)


def test_nothing_exclusive_is_granted_without_its_claims(market: Market) -> None:
    placed = order(exclusive(market))
    ExclusiveClaim.objects.all().delete()
    with pytest.raises(ExclusiveTakenError):
        pay_simulated(actor=placed.buyer, order_id=placed.pk)
    assert not LicenseGrant.objects.exists()
    assert not Journal.objects.exists()


def test_a_license_that_was_taken_back_frees_it(market: Market) -> None:
    bought = buy(exclusive(market))
    grant = LicenseGrant.objects.get(order_id=bought.pk)
    assert set(ExclusiveClaim.objects.values_list("starts_at", "ends_at")) == {(grant.starts_at, grant.ends_at)}
    revoke_grant(actor=None, grant_id=grant.pk, reason="breach")
    assert order(bought.offer).state == "awaiting_payment"


def test_the_database_itself_refuses_two_that_meet(market: Market) -> None:
    placed = order(exclusive(market))
    (row,) = ExclusiveClaim.objects.filter(action="train", territory="FR")
    assert row.ends_at is not None
    moved = timedelta(days=30)

    def twin(**changes: Any) -> ExclusiveClaim:
        values = {field.attname: getattr(row, field.attname) for field in ExclusiveClaim._meta.fields}
        return ExclusiveClaim(**{**values, "id": None, "order_id": new_id(), **changes})

    for meeting in ({}, {"starts_at": row.starts_at + moved}, {"ends_at": None}, {"starts_at": row.starts_at - moved}):
        with pytest.raises(IntegrityError), transaction.atomic():
            twin(**meeting).save(force_insert=True)
    for free in ({"territory": "SN"}, {"action": "evaluate"}, {"starts_at": row.ends_at, "ends_at": None}):
        twin(**free).save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        ExclusiveClaim.objects.filter(territory="SN").update(territory="FR")
    assert ExclusiveClaim.objects.exclude(order_id=placed.pk).count() == 3


def test_an_exclusive_license_says_what_and_how_long(market: Market) -> None:
    license_version = LicenseVersion.objects.get(template__license_id=EXCLUSIVE)
    known: dict[str, Any] = {"price_minor": 0, "currency": "EUR", "license_version_id": license_version.pk}
    reserving = {"legal": {"exclusivity": {"actions": ["train"]}}}
    for options in ({"duration_days": 365}, {"parameters": reserving}):
        with pytest.raises(ExclusiveScopeError):
            publish_offer(actor=market.steward, dataset_id=market.dataset.pk, **known, **options)
    assert not Offer.objects.exists()


def test_data_of_minors_is_never_exclusive(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fact comes from the consent records; here it is set where the check reads it."""
    from licensing.domain.blockers import ContributionRights

    original = ContributionRights.__init__

    def of_minors(self: ContributionRights, *args: Any, **values: Any) -> None:
        original(self, *args, **{**values, "minors": True})

    monkeypatch.setattr(ContributionRights, "__init__", of_minors)
    with pytest.raises(OfferBlockedError) as refused:
        exclusive(market)
    assert {each.code for each in refused.value.blockers} == {"exclusive_minors"}
    assert offer(market, 5_000, "EUR", license_id=TRAIN).state == "live"
