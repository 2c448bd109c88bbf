"""Claims of ownership: filed by anybody, decided by stewards and operators, and what an upheld one stops.

Nothing that was is rewritten: licenses keep their story, and money that was booked stays booked.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from collective.accounts.models import User
from collective.accounts.selectors import Person, managers_of
from collective.catalog import services as catalog
from collective.catalog.errors import DatasetNotFoundError
from collective.catalog.models import Contribution, Dataset, DatasetVersion
from collective.catalog.selectors import datasets_visible_to
from collective.core import audit
from collective.core.events import publish
from collective.core.jobs import enqueue
from licensing.domain.ownership import MOST_BY_ONE
from licensing.errors import (
    OwnershipClaimsLimitError,
    OwnershipClaimWordsError,
    OwnershipNotUpheldError,
    OwnershipPartError,
    OwnershipReasonMissingError,
)
from licensing.events import OwnershipCleared, OwnershipUpheld
from licensing.gateways.mail import send_ownership_mail
from licensing.models import GrantHold, LicenseGrant, OwnershipClaim, OwnershipClaimEvent
from licensing.policies import (
    check_can_reject_claim,
    check_can_review_claim,
    check_can_uphold_claim,
    check_can_withdraw_claim,
)
from licensing.selectors.ownership import claim_for, grants_concerned
from licensing.services.holds import hold_grant, lift_hold

DAY = timedelta(days=1)
TAKEN_OUT = "The publisher took out what somebody else owns."


@dataclass(frozen=True)
class Claimed:
    """Who claims what, why, and where it can be checked."""

    name: str
    email: str
    what: str
    why: str
    evidence: str


@transaction.atomic
def file_claim(
    *, actor: Person, dataset_id: UUID, claimed: Claimed, contribution_id: UUID | None = None
) -> OwnershipClaim:
    """Anybody who sees the dataset may, also without an account. It changes nothing until it is decided.

    Raises OwnershipClaimWordsError, OwnershipPartError, and OwnershipClaimsLimitError for too many in a day by one
    person. Claims without an account are counted by network address, where they come in.
    """
    dataset = datasets_visible_to(actor).filter(pk=dataset_id).first()
    if dataset is None:
        raise DatasetNotFoundError
    words = {name: value.strip() for name, value in vars(claimed).items()}
    if missing := [name for name, value in words.items() if not value]:
        raise OwnershipClaimWordsError(fields={name: [OwnershipClaimWordsError.text] for name in missing})
    part = _part(dataset, contribution_id)
    filed_by = actor if isinstance(actor, User) else None
    if filed_by is not None:
        _check_limit(filed_by)
    claim = OwnershipClaim.objects.create(
        dataset=dataset, contribution=part, filed_by=filed_by, filed_at=timezone.now(), **words
    )
    _note(claim, "filed", actor=filed_by)
    audit.record(actor=filed_by, action="licensing.ownership_claimed", obj=claim, dataset=dataset.pk)
    return claim


@transaction.atomic
def review_claim(*, actor: User, claim_id: UUID, contribution_id: UUID | None = None) -> OwnershipClaim:
    """A steward or operator looks into it, and may say which contribution it is about. Reviewing twice is once."""
    claim = _locked(actor, claim_id)
    check_can_review_claim(actor, claim)
    if claim.state == "under_review":
        return claim
    part = _part(claim.dataset, contribution_id) or claim.contribution
    claim.transition_to("under_review", contribution=part)
    _note(claim, "reviewed", actor=actor)
    audit.record(actor=actor, action="licensing.ownership_reviewed", obj=claim)
    return claim


@transaction.atomic
def uphold_claim(*, actor: User, claim_id: UUID, reason: str) -> OwnershipClaim:
    """From the commit on nothing of it is sold or delivered: licenses are suspended, unreleased shares wait.

    Upholding twice changes nothing. Raises OwnershipReasonMissingError.
    """
    claim = _locked(actor, claim_id)
    check_can_uphold_claim(actor, claim)
    if claim.state == "upheld":
        return claim
    _decide(claim, "upheld", actor, reason)
    # A sale locks its version: one at this very moment comes before, and is seen, or after, and is refused.
    versions = DatasetVersion.objects.filter(dataset=claim.dataset_id).order_by("pk")
    list(versions.select_for_update(no_key=True))
    words = f"Somebody else claims to own data in it, and the claim {claim.number} was upheld."
    grants = _all_locked(grants_concerned(claim))
    held = [hold_grant(grant_id=grant.pk, cause=claim.cause, reason=words) for grant in grants]
    for hold in filter(None, held):
        _tell(hold, "held")
    audit.record(actor=actor, action="licensing.ownership_upheld", obj=claim, reason=reason, licenses=len(held))
    publish(OwnershipUpheld(claim.pk))
    return claim


@transaction.atomic
def reject_claim(*, actor: User, claim_id: UUID, reason: str) -> OwnershipClaim:
    """Operators only. Also an upheld one: then everything that it stopped goes on. Rejecting twice changes nothing."""
    claim = _locked(actor, claim_id)
    check_can_reject_claim(actor, claim)
    if claim.state != "rejected":
        _end(claim, "rejected", actor, reason)
    return claim


@transaction.atomic
def withdraw_claim(*, actor: User, claim_id: UUID, reason: str = "") -> OwnershipClaim:
    """The claimant thinks better of it; an operator writes it down for one without an account."""
    claim = _locked(actor, claim_id)
    check_can_withdraw_claim(actor, claim)
    if claim.state != "withdrawn":
        _end(claim, "withdrawn", actor, reason.strip() or "The claimant took it back.")
    return claim


@transaction.atomic
def take_out_claimed(*, actor: User, claim_id: UUID, reason: str) -> OwnershipClaim:
    """The contribution leaves for good: a patch version follows, and licenses that move to it go on. Twice is once.

    Licensees are told what to delete, as after any withdrawal. Raises OwnershipNotUpheldError.
    """
    claim = _locked(actor, claim_id)
    check_can_review_claim(actor, claim)
    if claim.contribution_id is None or claim.state != "upheld":
        raise OwnershipNotUpheldError
    if claim.events.filter(kind="taken_out").exists():
        return claim
    _note(claim, "taken_out", actor=actor, reason=_reason(reason))
    catalog.take_back(actor=actor, contribution_id=claim.contribution_id, why=TAKEN_OUT)
    audit.record(actor=actor, action="licensing.ownership_taken_out", obj=claim, reason=reason)
    return claim


@transaction.atomic
def lift_replaced(*, version_id: UUID) -> int:
    """A version is out: licenses pinned to it go on if it holds nothing of what they were held for."""
    version = DatasetVersion.objects.get(pk=version_id)
    claims = OwnershipClaim.objects.filter(dataset=version.dataset_id, state="upheld", contribution__isnull=False)
    held = claims.filter(contribution__holdings__version=version).values("pk")
    lifted = 0
    for claim in claims.exclude(pk__in=held):
        standing = GrantHold.objects.filter(cause=claim.cause, lifted_at=None, grant__pinned_version=version)
        lifted += _lift(claim, list(standing))
    return lifted


def tell_of_ownership(*, hold_id: UUID, kind: str) -> None:
    """Job: a mail is owed to each owner and admin of the licensee, `kind` held or lifted."""
    hold = GrantHold.objects.select_related("grant__licensee").get(pk=hold_id)
    for manager in managers_of(hold.grant.licensee):
        key = f"ownership-mail:{hold_id}:{kind}:{manager.pk}"
        enqueue("licensing.mail_ownership", key=key, hold_id=hold_id, kind=kind, user_id=manager.pk)


def mail_ownership(*, hold_id: UUID, kind: str, user_id: UUID) -> None:
    """Job."""
    rows = GrantHold.objects.select_related("grant__dataset", "grant__licensee", "grant__license", "grant__offer")
    send_ownership_mail(rows.get(pk=hold_id), kind, user_id)


def _end(claim: OwnershipClaim, state: str, actor: User, reason: str) -> None:
    was_upheld = claim.state == "upheld"
    _decide(claim, state, actor, reason)
    if was_upheld:
        _lift(claim, list(GrantHold.objects.filter(cause=claim.cause, lifted_at=None).order_by("grant_id")))
        publish(OwnershipCleared(claim.pk))
    audit.record(actor=actor, action=f"licensing.ownership_{state}", obj=claim, reason=reason)


def _all_locked(grants: "QuerySet[LicenseGrant]") -> list[LicenseGrant]:
    """In one order, and before the first entry in the audit trail: who holds that waits for no license."""
    return list(grants.select_for_update(of=("self",), no_key=True).order_by("pk"))


def _lift(claim: OwnershipClaim, holds: list[GrantHold]) -> int:
    _all_locked(LicenseGrant.objects.filter(pk__in=[hold.grant_id for hold in holds]))
    reason = f"The claim {claim.number} stands in its way no more."
    lifted = [hold for hold in holds if lift_hold(grant_id=hold.grant_id, cause=claim.cause, reason=reason)]
    for hold in lifted:
        _tell(hold, "lifted")
    return len(lifted)


def _decide(claim: OwnershipClaim, state: str, actor: User, reason: str) -> None:
    words = _reason(reason)
    claim.transition_to(state)
    _note(claim, state, actor=actor, reason=words)


def _reason(reason: str) -> str:
    if not reason.strip():
        raise OwnershipReasonMissingError(fields={"reason": [OwnershipReasonMissingError.text]})
    return reason.strip()


def _note(claim: OwnershipClaim, kind: str, *, actor: User | None, reason: str = "") -> None:
    OwnershipClaimEvent.objects.create(claim=claim, kind=kind, actor=actor, reason=reason, at=timezone.now())


def _tell(hold: GrantHold, kind: str) -> None:
    enqueue("licensing.tell_of_ownership", key=f"ownership-mail:{hold.pk}:{kind}", hold_id=hold.pk, kind=kind)


def _part(dataset: Dataset, contribution_id: UUID | None) -> Contribution | None:
    """Raises OwnershipPartError for what no published version of the dataset ever held."""
    if contribution_id is None:
        return None
    held = Contribution.objects.filter(dataset=dataset, holdings__version__published_at__isnull=False)
    found = held.filter(pk=contribution_id).first()
    if found is None:
        raise OwnershipPartError(fields={"contribution_id": [OwnershipPartError.text]})
    return found


def _check_limit(actor: User) -> None:
    filed = OwnershipClaim.objects.filter(filed_by=actor, filed_at__gt=timezone.now() - DAY)
    if filed.count() >= MOST_BY_ONE:
        raise OwnershipClaimsLimitError


def _locked(actor: User, claim_id: UUID) -> OwnershipClaim:
    """Seen, then locked: two decisions come one after the other."""
    seen = claim_for(actor, claim_id)
    rows = OwnershipClaim.objects.select_related("dataset__organization", "contribution")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=seen.pk)
