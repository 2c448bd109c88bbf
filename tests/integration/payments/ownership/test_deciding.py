"""Who files claims of ownership, who decides them, and on which pages."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from collective.accounts.models import Membership, User
from collective.catalog.models import Contribution
from collective.core.errors import DeniedError
from collective.core.ids import new_id
from licensing.domain.ownership import MOST_BY_ONE
from licensing.errors import (
    OwnershipClaimNotFoundError,
    OwnershipClaimsLimitError,
    OwnershipClaimWordsError,
    OwnershipNotUpheldError,
    OwnershipOwnClaimError,
    OwnershipPartError,
    OwnershipReasonMissingError,
    OwnershipRejectDeniedError,
    OwnershipUpholdDeniedError,
)
from licensing.models import OwnershipClaim
from licensing.services import (
    Claimed,
    file_claim,
    reject_claim,
    review_claim,
    take_out_claimed,
    uphold_claim,
    withdraw_claim,
)
from payments.models import Order
from payments.services import freeze_payouts, release_due_settlements
from tests.factories import UserFactory
from tests.integration.payments.market import Market
from tests.integration.payments.ownership.claims import LATER, WORDS, claim_to, grant_of, signed_in

pytestmark = pytest.mark.django_db


def test_only_an_upheld_part_is_taken_out(market: Market, sold: Order) -> None:
    for claim in (claim_to(market), claim_to(market, "a", upheld=False)):
        with pytest.raises(OwnershipNotUpheldError):
            take_out_claimed(actor=market.steward, claim_id=claim.pk, reason="why not")
    assert not Contribution.objects.filter(state="withdrawn").exists()


def test_who_decides(market: Market, sold: Order, operator: User) -> None:
    claim = claim_to(market, upheld=False)
    stranger, claimant = UserFactory.create(), claim.filed_by
    assert claimant is not None
    for other in (stranger, market.contributors["a"], sold.buyer):
        with pytest.raises(OwnershipClaimNotFoundError):
            review_claim(actor=other, claim_id=claim.pk)
    with pytest.raises(DeniedError):
        review_claim(actor=claimant, claim_id=claim.pk)
    review_claim(actor=market.steward, claim_id=claim.pk)
    with pytest.raises(OwnershipRejectDeniedError):
        reject_claim(actor=market.steward, claim_id=claim.pk, reason="it is ours")
    with pytest.raises(DeniedError):
        withdraw_claim(actor=market.steward, claim_id=claim.pk)
    with pytest.raises(OwnershipReasonMissingError):
        uphold_claim(actor=operator, claim_id=claim.pk, reason=" ")
    assert withdraw_claim(actor=claimant, claim_id=claim.pk).state == "withdrawn"


def test_nobody_decides_their_own_claim(market: Market, sold: Order, operator: User) -> None:
    colleague = UserFactory.create(is_staff=True)
    Membership.objects.create(organization=market.dataset.organization, user=colleague, role="admin")
    for filer, others in ((market.steward, [market.steward, colleague]), (operator, [operator])):
        claim = file_claim(actor=filer, dataset_id=market.dataset.pk, claimed=WORDS)
        for other in others:
            with pytest.raises(OwnershipOwnClaimError):
                review_claim(actor=other, claim_id=claim.pk)
        decider = UserFactory.create(is_staff=True)
        review_claim(actor=decider, claim_id=claim.pk)
        for other in others:
            with pytest.raises(OwnershipOwnClaimError):
                uphold_claim(actor=other, claim_id=claim.pk, reason="mine")
        if filer.is_staff:
            with pytest.raises(OwnershipOwnClaimError):
                reject_claim(actor=filer, claim_id=claim.pk, reason="not mine after all")
        assert reject_claim(actor=decider, claim_id=claim.pk, reason="no proof").state == "rejected"


def test_what_holds_back_others_needs_an_operator(market: Market, sold: Order, operator: User) -> None:
    claims = [claim_to(market, name, upheld=False) for name in ("", "a")]
    for claim in claims:
        review_claim(actor=market.steward, claim_id=claim.pk)
        with pytest.raises(OwnershipUpholdDeniedError):
            uphold_claim(actor=market.steward, claim_id=claim.pk, reason="theirs")
        assert uphold_claim(actor=operator, claim_id=claim.pk, reason="theirs").state == "upheld"


def test_a_steward_upholds_what_concerns_the_publisher_alone(market: Market) -> None:
    claim = claim_to(market, "a", upheld=False)
    assert claim.contribution_id is not None
    Contribution.objects.filter(pk=claim.contribution_id).update(payee=market.dataset.organization)
    review_claim(actor=market.steward, claim_id=claim.pk)
    assert uphold_claim(actor=market.steward, claim_id=claim.pk, reason="theirs").state == "upheld"


def test_the_claimant_reads_who_decided_by_their_role(market: Market, sold: Order) -> None:
    User.objects.update(name="")
    claim = claim_to(market)
    assert claim.filed_by is not None
    page = signed_in(claim.filed_by).get(f"/ownership-claims/{claim.pk}/").content.decode()
    told = ("Filed: the claimant", "looks into it: the publisher", "deliveries stopped: an operator")
    assert [words for words in told if words not in page] == []
    others = User.objects.exclude(pk=claim.filed_by.pk).values_list("email", flat=True)
    assert [email for email in others if email in page] == []


def test_a_part_is_one_of_the_dataset(market: Market, sold: Order) -> None:
    with pytest.raises(OwnershipPartError):
        file_claim(actor=UserFactory.create(), dataset_id=market.dataset.pk, claimed=WORDS, contribution_id=new_id())
    with pytest.raises(OwnershipClaimWordsError):
        file_claim(
            actor=AnonymousUser(), dataset_id=market.dataset.pk, claimed=Claimed("A", "a@example.org", " ", "w", "e")
        )


def test_nobody_floods_the_desk(market: Market, sold: Order) -> None:
    one = UserFactory.create()
    for _ in range(MOST_BY_ONE):
        file_claim(actor=one, dataset_id=market.dataset.pk, claimed=WORDS)
    with pytest.raises(OwnershipClaimsLimitError):
        file_claim(actor=one, dataset_id=market.dataset.pk, claimed=WORDS)
    with time_machine.travel(timezone.now() + timedelta(days=1, seconds=1)):
        file_claim(actor=one, dataset_id=market.dataset.pk, claimed=WORDS)
    assert OwnershipClaim.objects.count() == MOST_BY_ONE + 1


def test_a_flood_from_elsewhere_locks_nobody_out(market: Market, sold: Order) -> None:
    """By network address, on page and API together: neither the dataset nor the address that was written counts."""
    slugs = f"{market.dataset.organization.slug}/{market.dataset.slug}"
    page, api = f"/datasets/{slugs}/claims/new/", f"/api/v1/datasets/{slugs}/ownership-claims"
    flood, owner = Client(REMOTE_ADDR="192.0.2.1"), Client(REMOTE_ADDR="192.0.2.2")
    assert flood.post(page, {**vars(WORDS), "what": ""}).status_code == 200
    assert [flood.post(page, vars(WORDS)).status_code for _ in range(4)] == [302] * 4
    assert flood.post(api, vars(WORDS), "application/json").status_code == 201
    refused = flood.post(api, vars(WORDS), "application/json")
    assert (refused.status_code, refused.json()["code"]) == (429, "ownership_claims_limit")
    assert "many claims today" in flood.post(page, vars(WORDS)).content.decode()
    for _ in range(20):
        file_claim(actor=AnonymousUser(), dataset_id=market.dataset.pk, claimed=WORDS)
    assert owner.post(page, vars(WORDS)).status_code == 302
    assert owner.post(api, vars(WORDS), "application/json").status_code == 201


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE licensing_ownershipclaim SET why = 'x'",
        "UPDATE licensing_ownershipclaim SET contribution_id = NULL",
        "DELETE FROM licensing_ownershipclaim",
        "UPDATE licensing_ownershipclaimevent SET reason = 'x'",
        "DELETE FROM licensing_granthold",
        "UPDATE licensing_granthold SET reason = 'x'",
        "DELETE FROM payments_payoutfreeze",
        "DELETE FROM payments_releasedpart",
        "UPDATE payments_releasedpart SET amount_minor = 1",
        "UPDATE payments_payoutfreeze SET payee_id = NULL",
    ],
)
def test_nobody_rewrites_a_claim(market: Market, sold: Order, statement: str) -> None:
    freeze_payouts(claim_id=claim_to(market, "a").pk)
    with time_machine.travel(timezone.now() + LATER):
        release_due_settlements()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_by_page_and_by_api(market: Market, sold: Order, operator: User) -> None:
    slugs = f"{market.dataset.organization.slug}/{market.dataset.slug}"
    assert Client().post(f"/datasets/{slugs}/claims/new/", vars(WORDS)).status_code == 302
    filed = Client().post(f"/api/v1/datasets/{slugs}/ownership-claims", vars(WORDS), "application/json")
    assert (filed.status_code, filed.json()["state"]) == (201, "filed")
    first, second = OwnershipClaim.objects.order_by("filed_at")
    desk = signed_in(market.steward)
    assert WORDS.what in desk.get(f"/ownership-claims/{first.pk}/").content.decode()
    desk.post(f"/ownership-claims/{first.pk}/review/")
    assert "the operators decide" in desk.get(f"/ownership-claims/{first.pk}/").content.decode()
    assert desk.post(f"/ownership-claims/{first.pk}/uphold/", {"reason": "theirs"}).status_code == 403
    api = signed_in(operator)
    api.post(f"/ownership-claims/{first.pk}/uphold/", {"reason": "theirs"})
    api.post(f"/api/v1/ownership-claims/{second.pk}/review", {}, "application/json")
    upheld = {"decision": "uphold", "reason": "theirs"}
    told = api.post(f"/api/v1/ownership-claims/{second.pk}/decision", upheld, "application/json").json()
    assert [event["kind"] for event in told["events"]] == ["filed", "reviewed", "upheld"]
    mine = signed_in(sold.buyer).get(f"/api/v1/grants/{grant_of(sold).pk}/ownership-claims").json()
    assert (len(mine["holds"]), mine["indemnity"], len(mine["advice"])) == (2, "", 3)
    assert len(desk.get("/api/v1/ownership-claims").json()["results"]) == 2
    assert signed_in(sold.buyer).get("/api/v1/ownership-claims").json()["results"] == []
    for claim in (first, second):
        api.post(f"/ownership-claims/{claim.pk}/reject/", {"reason": "no proof"})
    assert grant_of(sold).state == "active"
