"""Which shares are frozen."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import BigIntegerField, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from collective.accounts.models import Organization
from collective.catalog.models import SplitShare, VersionContribution
from licensing.models import OwnershipClaim
from licensing.selectors.ownership import upheld_claims
from payments.models import Entry, PayoutFreeze, ReleasedPart, SettlementLine

SETTLEMENT = "journal__settlement_posting__settlement"


def standing_freezes() -> "QuerySet[PayoutFreeze]":
    return PayoutFreeze.objects.filter(lifted_at=None).order_by("pk")


def frozen_entries() -> "QuerySet[Entry]":
    """On what is held, from settlements that a claim covers, with what was not released before it was upheld as `left`.

    From the moment that a claim is upheld, whether its freeze is placed already or not, until its freeze is lifted.
    """
    parts = ReleasedPart.objects.filter(entry=OuterRef("pk")).order_by().values("entry")
    released = Subquery(parts.annotate(sum=Sum("amount_minor")).values("sum"), output_field=BigIntegerField())
    entries = _held().filter(_covered(f"{SETTLEMENT}__", "account__owner_id"))
    return entries.annotate(left=F("amount") - Coalesce(released, 0, output_field=BigIntegerField())).exclude(left=0)


def claimed_entries(claim: OwnershipClaim) -> "QuerySet[Entry]":
    """On what is held, whether released or not."""
    return _held().filter(_claimed(claim, f"{SETTLEMENT}__", "account__owner_id"))


def _held() -> "QuerySet[Entry]":
    return Entry.objects.filter(account__code__startswith="c:", account__code__endswith=":held")


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
