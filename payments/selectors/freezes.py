"""Which shares are frozen."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from payments.models import PayoutFreeze

SETTLEMENT = "journal__settlement_posting__settlement"


def standing_freezes() -> "QuerySet[PayoutFreeze]":
    return PayoutFreeze.objects.filter(lifted_at=None).order_by("pk")


def frozen_entries() -> Q:
    """Entries from settlements of a frozen dataset that were not released before it was frozen."""
    found = Q(pk=None)
    for freeze in standing_freezes():
        unreleased = Q(**{f"{SETTLEMENT}__released_at": None}) | Q(
            **{f"{SETTLEMENT}__released_at__gte": freeze.placed_at}
        )
        mine = Q(**{f"{SETTLEMENT}__version__dataset_id": freeze.dataset_id}) & unreleased
        found |= mine & Q(account__owner_id=freeze.payee_id) if freeze.payee_id else mine
    return found


def is_anything_frozen(payees: Iterable[UUID]) -> bool:
    """A share of one of these payees may wait for a decision."""
    mine = list(payees)
    whole = Q(payee=None, dataset__versions__settlements__lines__payee__in=mine)
    return standing_freezes().filter(Q(payee__in=mine) | whole).exists()
