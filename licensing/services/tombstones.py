"""Which records of a dataset were withdrawn, signed, in portions that a client asks for one after another."""

import rfc8785
from django.conf import settings
from django.utils import timezone

from collective.accounts.selectors import Person
from collective.catalog.models import Dataset, Withdrawal
from licensing.domain.tombstones import TYPE, Cursor, TombstoneList, Tombstones, tombstone_claims
from licensing.selectors.withdrawals import withdrawals_visible_to, withdrawn_records
from licensing.services import keys

MOST_PLACES, MOST_WITHDRAWALS = 10_000, 500


def tombstone_token(*, actor: Person, dataset: Dataset, after: Cursor, most: int = MOST_PLACES) -> str:
    """A compact JWS over what the actor may know of, from `after` on; at most `most` records."""
    listed = tombstones(actor=actor, dataset=dataset, after=after, most=most)
    claims = tombstone_claims(listed, issuer=settings.SITE_URL, issued_at=timezone.now())
    return keys.sign(keys.active_key(), rfc8785.dumps(claims), typ=TYPE)


def tombstones(*, actor: Person, dataset: Dataset, after: Cursor, most: int) -> TombstoneList:
    known = withdrawals_visible_to(actor).filter(dataset=dataset)
    begun = [] if after.places is None else list(known.filter(number=after.number))
    waiting = [*begun, *known.filter(number__gt=after.number)[: MOST_WITHDRAWALS + 1]]
    told, cursor, left = [], after, most
    for withdrawal in waiting[:MOST_WITHDRAWALS]:
        if left == 0:
            break
        each, cursor = _portion(withdrawal, cursor, left)
        told.append(each)
        left -= len(each.records)
        if cursor.places is not None:
            break
    is_last = not waiting or (cursor.places is None and cursor.number == waiting[-1].number)
    return TombstoneList(dataset.repo_id, after, cursor, is_last, told)


def _portion(withdrawal: Withdrawal, cursor: Cursor, count: int) -> tuple[Tombstones, Cursor]:
    first = cursor.places if cursor.number == withdrawal.number else None
    page = withdrawn_records(withdrawal, first=first or 0, count=count)
    told = Tombstones(withdrawal.number, withdrawal.at, withdrawal.is_whole, page.records)
    return told, Cursor(withdrawal.number, page.next_place)
