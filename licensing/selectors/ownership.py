"""Reads about claims of ownership. Who claims is seen by the claimant, the stewards and the operators alone."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from collective.accounts.selectors import Person, administered_by, is_member
from collective.catalog.models import DatasetVersion
from licensing.errors import OwnershipClaimNotFoundError
from licensing.models import GrantHold, LicenseGrant, OwnershipClaim


def claims_visible_to(user: Person) -> "QuerySet[OwnershipClaim]":
    """One's own, those about datasets one stewards, and all for operators; the newest first."""
    claims = OwnershipClaim.objects.select_related("dataset__organization", "contribution").order_by("-filed_at", "-id")
    if not user.is_authenticated:
        return claims.none()
    if user.is_staff:
        return claims
    return claims.filter(Q(filed_by=user.pk) | Q(dataset__organization__in=administered_by(user).order_by()))


def claim_for(user: Person, claim_id: UUID) -> OwnershipClaim:
    found = claims_visible_to(user).filter(pk=claim_id).first()
    if found is None:
        raise OwnershipClaimNotFoundError
    return found


def is_disputed(version: DatasetVersion) -> bool:
    """Somebody else's claim to the dataset, or to something that this version holds, was upheld."""
    upheld = OwnershipClaim.objects.filter(dataset=version.dataset_id, state="upheld")
    return upheld.filter(Q(contribution=None) | Q(contribution__holdings__version=version)).exists()


def is_withheld(actor: Person, version: DatasetVersion) -> bool:
    """Its records are shown to nobody but its publisher, not even as a preview."""
    return is_disputed(version) and not is_member(actor, version.dataset.organization_id)


def grants_concerned(claim: OwnershipClaim) -> "QuerySet[LicenseGrant]":
    """Licenses that go on, of a version that holds what is claimed."""
    grants = LicenseGrant.objects.filter(dataset=claim.dataset_id, state__in=["active", "suspended"]).order_by("pk")
    if claim.contribution_id is None:
        return grants
    return grants.filter(pinned_version__holdings__contribution=claim.contribution_id)


def ownership_holds(grant: LicenseGrant) -> "QuerySet[GrantHold]":
    return grant.holds.filter(cause__startswith="ownership:").order_by("-placed_at", "-id")


def upheld_claims() -> "QuerySet[OwnershipClaim]":
    return OwnershipClaim.objects.filter(state="upheld").select_related("contribution").order_by("pk")


def lock_undecided(dataset_ids: Iterable[UUID]) -> None:
    """Whoever upholds one of their claims comes before, and is seen, or waits for this transaction.

    Precondition: a transaction, and no other lock that somebody who decides may wait for.
    """
    open_ones = OwnershipClaim.objects.filter(dataset__in=dataset_ids, state__in=["filed", "under_review"])
    list(open_ones.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
