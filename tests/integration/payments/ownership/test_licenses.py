"""G27: a third party claims ownership after sales. What an upheld claim stops, and what it must never do."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from collective.accounts.models import User
from collective.catalog.models import DatasetVersion
from collective.catalog.services import Seal, open_patch_version, seal_version
from licensing.errors import (
    LicenseSuspendedError,
    OwnershipDisputedError,
    OwnershipReasonMissingError,
)
from licensing.models import GrantHold, GrantStatusEvent, LicenseGrant, LicenseVersion
from licensing.selectors import sellable_offers
from licensing.services import (
    hold_grant,
    lift_hold,
    publish_offer,
    reinstate_grant,
    reject_claim,
    review_claim,
    suspend_grant,
    take_out_claimed,
    uphold_claim,
)
from payments.models import Entry, Order, PayoutFreeze
from payments.services import (
    freeze_payouts,
    pay_simulated,
)
from tests.integration.payments.market import Market, buy, order
from tests.integration.payments.ownership.claims import WORDS, RunJobs, claim_to, download, grant_of, signed_in

pytestmark = pytest.mark.django_db


def written() -> tuple[list[Any], ...]:
    """Everything that is history: a later reading begins with an earlier one."""
    events = GrantStatusEvent.objects.order_by("at", "id").values_list("id", "kind", "reason", "at")
    entries = Entry.objects.order_by("id").values_list("id", "account_id", "amount")
    tokens = LicenseGrant.objects.order_by("issued_at").values_list("id", "jws", "agreement__agreement_sha256")
    return list(events), list(entries), list(tokens)


def test_a_filed_claim_stops_nothing(market: Market, sold: Order) -> None:
    claim = claim_to(market, upheld=False)
    review_claim(actor=market.steward, claim_id=claim.pk)
    download(sold)
    assert sellable_offers(DatasetVersion.objects.get(pk=market.version.pk)) == [sold.offer]
    assert GrantHold.objects.count() == 0


def test_an_upheld_claim_bites_at_the_next_request(market: Market, sold: Order, run_all_jobs: RunJobs) -> None:
    """Must never: history rewritten."""
    download(sold)
    waiting, before = order(sold.offer), written()
    claim_to(market)
    run_all_jobs()
    with pytest.raises(LicenseSuspendedError, match="was upheld"):
        download(sold)
    assert sellable_offers(DatasetVersion.objects.get(pk=market.version.pk)) == []
    with pytest.raises(OwnershipDisputedError):
        order(sold.offer)
    with pytest.raises(OwnershipDisputedError):
        pay_simulated(actor=waiting.buyer, order_id=waiting.pk)
    waiting.refresh_from_db()
    assert waiting.state == "awaiting_payment"
    shown = Client().get(f"/datasets/{market.dataset.repo_id}/").content.decode()
    assert "Somebody else seems to own data in this dataset" in shown
    assert [secret for secret in (WORDS.name, WORDS.email, WORDS.what) if secret in shown] == []
    events, entries, tokens = written()
    assert events[: len(before[0])] == before[0]
    assert [each[1] for each in events[len(before[0]) :]] == ["suspended"]
    assert (entries, tokens) == (before[1], before[2])


def test_a_rejected_claim_lifts_everything(market: Market, sold: Order, operator: User, run_all_jobs: RunJobs) -> None:
    claim = claim_to(market)
    run_all_jobs()
    for _ in range(2):
        reject_claim(actor=operator, claim_id=claim.pk, reason="The proof was forged.")
    run_all_jobs()
    download(sold)
    assert buy(sold.offer).state == "paid"
    story = GrantStatusEvent.objects.filter(grant=grant_of(sold)).order_by("at", "id").values_list("kind", flat=True)
    assert list(story) == ["issued", "suspended", "reinstated"]
    assert PayoutFreeze.objects.get().lifted_at is not None


def test_upholding_twice_is_once(market: Market, sold: Order, operator: User, run_all_jobs: RunJobs) -> None:
    claim = claim_to(market)
    uphold_claim(actor=operator, claim_id=claim.pk, reason="again")
    run_all_jobs()
    for _ in range(2):
        freeze_payouts(claim_id=claim.pk)
    assert (GrantHold.objects.count(), PayoutFreeze.objects.count()) == (1, 1)
    assert GrantStatusEvent.objects.filter(kind="suspended").count() == 1
    told = sorted(address for message in mail.outbox for address in message.to)
    assert told == sorted([sold.buyer.email, *(each.email for each in market.contributors.values())])


def test_licensees_are_told_what_to_do_and_not_who_claims(market: Market, sold: Order, run_all_jobs: RunJobs) -> None:
    claim_to(market)
    run_all_jobs()
    told = next(message for message in mail.outbox if message.to == [sold.buyer.email])
    assert "Stop using the data" in told.body
    assert "promises no compensation" in told.body
    page = signed_in(sold.buyer).get(f"/licenses/{grant_of(sold).pk}/").content.decode()
    assert "Stop using the data" in page
    assert "promises no compensation" in page
    assert [secret for secret in (WORDS.name, WORDS.email) if secret in told.body + page] == []


def test_the_indemnity_clause_of_the_license_is_shown(market: Market, run_all_jobs: RunJobs) -> None:
    clause = "The publisher pays what a court awards, up to the price of this license."
    text = LicenseVersion.objects.get(template__license_id="LicenseRef-DC-TRAIN-COMM-1.0", language="en")
    offered = publish_offer(
        actor=market.steward,
        dataset_id=market.dataset.pk,
        license_version_id=text.pk,
        price_minor=10_000,
        currency="USD",
        parameters={"legal": {"indemnity": clause}},
    )
    sold = buy(offered)
    claim_to(market)
    run_all_jobs()
    page = signed_in(sold.buyer).get(f"/licenses/{grant_of(sold).pk}/").content.decode()
    assert clause in page
    assert clause in next(message for message in mail.outbox if message.to == [sold.buyer.email]).body
    assert "promises no compensation" not in page


def test_two_reasons_need_two_ends(market: Market, sold: Order, operator: User) -> None:
    grant = grant_of(sold)
    first, second = claim_to(market), claim_to(market, "a")
    assert hold_grant(grant_id=grant.pk, cause="dispute:du_1", reason="The payment is disputed.") is not None
    reject_claim(actor=operator, claim_id=first.pk, reason="no")
    reject_claim(actor=operator, claim_id=second.pk, reason="no")
    assert grant_of(sold).state == "suspended"
    assert lift_hold(grant_id=grant.pk, cause="dispute:du_1", reason="It was won.")
    assert not lift_hold(grant_id=grant.pk, cause="dispute:du_1", reason="It was won.")
    assert grant_of(sold).state == "active"


def test_what_a_person_suspended_only_a_person_ends(market: Market, sold: Order, operator: User) -> None:
    suspend_grant(actor=market.steward, grant_id=grant_of(sold).pk, reason="breach")
    claim = claim_to(market)
    reject_claim(actor=operator, claim_id=claim.pk, reason="no")
    assert grant_of(sold).state == "suspended"
    reinstate_grant(actor=market.steward, grant_id=grant_of(sold).pk, reason="mended")
    assert grant_of(sold).state == "active"


def test_taking_it_out_replaces_the_licenses(market: Market, sold: Order, run_all_jobs: RunJobs) -> None:
    claim, kept = claim_to(market, "a"), grant_of(sold).pk
    with pytest.raises(OwnershipReasonMissingError):
        take_out_claimed(actor=market.steward, claim_id=claim.pk, reason=" ")
    for _ in range(2):
        take_out_claimed(actor=market.steward, claim_id=claim.pk, reason="agreed with the owner")
    patch = open_patch_version(withdrawn=market.version, notes="")
    assert patch is not None
    rows = dict(patch.holdings.values_list("contribution_id", "rows"))
    seal_version(version_id=patch.pk, seal=Seal([], rows, "1" * 40, "1" * 64, "1" * 64, [], {}))
    run_all_jobs()
    grant = grant_of(sold)
    assert (grant.pk, grant.state, grant.pinned_version_id) == (kept, "active", patch.pk)
    story = grant.status_events.order_by("at", "id").values_list("kind", flat=True)
    assert list(story) == ["issued", "suspended", "repinned", "reinstated"]
    assert PayoutFreeze.objects.get().lifted_at is None
    assert buy(sold.offer).version_id == patch.pk
