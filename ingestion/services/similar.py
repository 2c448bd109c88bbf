"""The steward's word on records that resemble earlier ones."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from collective.accounts.models import User
from collective.catalog.policies import check_can_steward
from collective.catalog.selectors import contribution_for
from collective.core import audit
from ingestion.models import SimilarRecords
from ingestion.selectors import similar_pairs


@transaction.atomic
def decide_similar(*, actor: User, contribution_id: UUID, pair_ids: Sequence[int], keep: bool) -> int:
    """Leave the later record out of versions to come, or keep both. Only the later one's steward may.

    Returns how many pairs that was: one that is gone since, with a withdrawal, is passed over.
    """
    contribution = contribution_for(actor, contribution_id)
    check_can_steward(actor, contribution.dataset)
    decision = SimilarRecords.BOTH if keep else SimilarRecords.LEFT_OUT
    meant = list(similar_pairs(contribution).filter(pk__in=pair_ids).values_list("pk", flat=True))
    SimilarRecords.objects.filter(pk__in=meant).update(decision=decision, decided_by=actor, decided_at=timezone.now())
    audit.record(actor=actor, action="ingestion.similar_decided", obj=contribution, decision=decision, pairs=len(meant))
    return len(meant)
