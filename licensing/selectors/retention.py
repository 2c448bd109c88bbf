"""Until when proof of consent was needed."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from collective.catalog.models import Contribution
from licensing.models import ConsentEvent, Evidence

ANSWERS = ("given", "renewed", "refused")
ENDINGS = (*ANSWERS, "withdrawn", "expired", "invalidated")


def held_since(before: datetime) -> "QuerySet[Evidence]":
    """Files that are held here and came before that time, the oldest first."""
    return Evidence.objects.filter(deleted_at=None, added_at__lte=before).exclude(storage_key="").order_by("added_at")


def needed_until(evidence: Evidence) -> datetime | None:
    """When the last consent that rests on it ended; None while one holds. Proof of nothing: when it came."""
    resting = ConsentEvent.objects.filter(evidence=evidence, kind__in=ANSWERS)
    ends = [_end(evidence, *part) for part in resting.order_by().values_list("person", "subject").distinct()]
    known = [end for end in ends if end is not None]
    return max(known, default=evidence.added_at) if len(known) == len(ends) else None


def _end(evidence: Evidence, person_id: UUID, subject_id: UUID | None) -> datetime | None:
    """A refusal proves that nothing was taken. Otherwise the next answer or withdrawal of that person ends it."""
    said = ConsentEvent.objects.filter(contribution=evidence.contribution_id, person=person_id, record_count=None)
    last = said.filter(evidence=evidence, subject=subject_id, kind__in=ANSWERS).order_by("-at", "-id")[0]
    if last.kind == "refused":
        return last.at
    later = said.filter(Q(subject=None) | Q(subject=subject_id), kind__in=ENDINGS).exclude(pk=last.pk)
    after = later.filter(Q(at__gt=last.at) | Q(at=last.at, pk__gt=last.pk)).order_by("at", "id").first()
    return after.at if after else _contribution_end(evidence.contribution)


def _contribution_end(row: Contribution) -> datetime | None:
    """What was rejected is used for nothing, and comes back as a new contribution only."""
    return row.withdrawn_at or (row.decided_at if row.state == "rejected" else None)
