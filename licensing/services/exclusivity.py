"""Keeping a scope for one licensee: reserved before money moves, kept with the grant, released when nothing came of it.

Whoever sells or reserves on a dataset holds the dataset's row first, so that an exclusive and another sale see each
other. Below that stands the database: an exclusion constraint on PostgreSQL, a trigger on SQLite.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from collective.accounts.models import Organization
from collective.catalog.models import Dataset
from licensing.domain.exclusivity import Reach, permitted, reserved
from licensing.errors import ExclusiveBlockedError, ExclusiveTakenError
from licensing.models import ExclusiveClaim, LicenseGrant, Offer

ROWS_AT_ONCE = 1000
Period = TypeVar("Period", ExclusiveClaim, LicenseGrant)


def lock_for_sale(dataset_id: UUID) -> None:
    """Until the caller's transaction ends, nobody else reserves or concludes a license for this dataset."""
    Dataset.objects.select_for_update(no_key=True).get(pk=dataset_id)


def reserve_scope(*, offer: Offer, order_id: UUID, licensee: Organization, held_until: datetime) -> None:
    """Before payment. Does nothing for an offer that is not exclusive, but to ask whether another one is in its way.

    Raises ExclusiveTakenError, and ExclusiveBlockedError when others hold licenses that it would overlap with. The
    caller holds the dataset (`lock_for_sale`).
    """
    starts_at, ends_at = offer.period_from(timezone.now())
    check_not_taken(offer=offer, order_id=order_id, licensee=licensee, starts_at=starts_at, ends_at=ends_at)
    wanted = reserved(offer.terms)
    if wanted is None:
        return
    # Paid at the last moment it still lasts its whole time.
    last = offer.period_from(held_until)[1]
    held = LicenseGrant.objects.filter(dataset=offer.dataset_id, state__in=["active", "suspended"])
    if _meets(_in_time(held, starts_at, last).exclude(licensee=licensee), wanted):
        raise ExclusiveBlockedError
    rows = [
        ExclusiveClaim(
            dataset_id=offer.dataset_id,
            offer=offer,
            order_id=order_id,
            licensee_id=licensee.pk,
            action=action,
            field=field,
            territory=territory,
            starts_at=starts_at,
            ends_at=last,
            held_until=held_until,
        )
        for action, field, territory in wanted.combinations()
    ]
    try:
        with transaction.atomic():
            ExclusiveClaim.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)
    except IntegrityError:
        raise ExclusiveTakenError from None


def check_not_taken(
    *, offer: Offer, order_id: UUID, licensee: Organization, starts_at: datetime, ends_at: datetime | None
) -> None:
    """Nobody else holds or reserves anything exclusive that this license would touch. Raises ExclusiveTakenError."""
    now = timezone.now()
    # What was reserved and never paid counts no more; the sweeper has only not come by yet. This order's own claims
    # stay: it may have been paid in their last moment.
    stale = ExclusiveClaim.objects.filter(dataset=offer.dataset_id, held_until__lte=now).exclude(order_id=order_id)
    if stale.exists():
        stale.delete()
    reach = permitted(offer.terms)
    others = _in_time(ExclusiveClaim.objects.filter(dataset=offer.dataset_id), starts_at, ends_at)
    others = others.exclude(licensee_id=licensee.pk)
    if others.filter(action__in=reach.actions, field__in=reach.fields, territory__in=reach.territory).exists():
        raise ExclusiveTakenError


def keep_scope(*, offer: Offer, order_id: UUID, starts_at: datetime, ends_at: datetime | None) -> None:
    """The license is granted: its claims last exactly as long as it does.

    Raises ExclusiveTakenError when an exclusive license would be granted without them.
    """
    claims = ExclusiveClaim.objects.filter(order_id=order_id)
    kept = claims.update(starts_at=starts_at, ends_at=ends_at, held_until=None)
    if not kept and reserved(offer.terms) is not None:
        raise ExclusiveTakenError


def release_scope(order_ids: Iterable[UUID]) -> int:
    """The orders failed, expired or were taken back: others may have it. Returns how many rows there were."""
    return ExclusiveClaim.objects.filter(order_id__in=list(order_ids)).delete()[0]


def _in_time(rows: "QuerySet[Period]", starts_at: datetime, ends_at: datetime | None) -> "QuerySet[Period]":
    """Those whose period meets this one; ends are not part of a period."""
    later = rows.filter(Q(ends_at=None) | Q(ends_at__gt=starts_at))
    return later.filter(starts_at__lt=ends_at) if ends_at else later


def _meets(held: "QuerySet[LicenseGrant]", wanted: Reach) -> bool:
    offers = Offer.objects.filter(pk__in=held.values("offer")).only("terms")
    return any(permitted(each.terms).meets(wanted) for each in offers)
