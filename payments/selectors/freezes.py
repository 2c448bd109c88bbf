"""Which shares are frozen."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from collective.accounts.models import Organization
from collective.catalog.models import SplitShare, VersionContribution
from licensing.models import OwnershipClaim
from licensing.selectors.ownership import upheld_claims
from payments.models import PayoutFreeze, SettlementLine

SETTLEMENT = "journal__settlement_posting__settlement"


def standing_freezes() -> "QuerySet[PayoutFreeze]":
    return PayoutFreeze.objects.filter(lifted_at=None).order_by("pk")


def frozen_entries() -> Q:
    """Entries from settlements that a claim covers and that were not released before it was upheld.

    A settlement is marked as released with its release, and never while something of it is frozen. From the moment
    that a claim is upheld, whether its freeze is placed already or not, until its freeze is lifted.
    """
    unreleased = Q(**{f"{SETTLEMENT}__released_at": None})
    return _covered(f"{SETTLEMENT}__", "account__owner_id") & unreleased


def frozen_lines() -> "QuerySet[SettlementLine]":
    return SettlementLine.objects.filter(_covered("settlement__", "payee_id"), settlement__released_at=None)


def claimed_shares(payees: Collection[UUID], currency: str) -> dict[UUID, int]:
    """What upheld claims cover of settlements that were released, in minor units, whether it has left or not."""
    lines = SettlementLine.objects.filter(_covered("settlement__", "payee_id"), payee__in=payees)
    released = lines.filter(settlement__currency=currency, settlement__released_at__isnull=False)
    return dict(released.values_list("payee_id").annotate(Sum("amount_minor")))


def claimed_lines(claim: OwnershipClaim) -> "QuerySet[SettlementLine]":
    return SettlementLine.objects.filter(_claimed(claim, "settlement__", "payee_id"))


def _covered(settlement: str, payee: str) -> Q:
    causes = {freeze.cause for freeze in standing_freezes()}
    stopping = {claim.cause: claim for claim in upheld_claims()}
    named = [UUID(cause.partition(":")[2]) for cause in causes.difference(stopping)]
    stopping |= OwnershipClaim.objects.select_related("contribution").in_bulk(named)
    found = Q(pk__in=())  # which the database is not even asked
    for claim in stopping.values():
        found |= _claimed(claim, settlement, payee)
    return found


def _claimed(claim: OwnershipClaim, settlement: str, payee: str) -> Q:
    """Of the whole dataset, or what the payee of the claimed part has from versions that held it."""
    if claim.contribution is None:
        return Q(**{f"{settlement}version__dataset_id": claim.dataset_id})
    held_it = VersionContribution.objects.filter(contribution=claim.contribution).values("version")
    return Q(**{f"{settlement}version__in": held_it, payee: claim.contribution.payee_id})


def payees_concerned(freeze: PayoutFreeze) -> "QuerySet[Organization]":
    """The payee of the part; of a whole dataset all that share in a version of it."""
    if freeze.payee_id:
        return Organization.objects.filter(pk=freeze.payee_id)
    shares = SplitShare.objects.filter(version__dataset=freeze.dataset_id)
    return Organization.objects.filter(pk__in=shares.values("payee")).order_by("pk")


def is_anything_frozen(payees: Iterable[UUID]) -> bool:
    """A share of one of these payees may wait for a decision."""
    mine = list(payees)
    whole = Q(payee=None, dataset__versions__settlements__lines__payee__in=mine)
    return standing_freezes().filter(Q(payee__in=mine) | whole).exists()
