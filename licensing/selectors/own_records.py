"""Which records of a contribution somebody is in, in the order of the contribution or of their list."""

from dataclasses import dataclass

from django.db.models import QuerySet

from collective.catalog.domain.records import list_records
from collective.catalog.models import Contribution
from licensing.models import RecordSubject, SubjectRecord
from licensing.selectors.answerers import Answerer


@dataclass(frozen=True)
class OwnRecord:
    record_id: str
    is_gone: bool


def own_record_count(answerer: Answerer, contribution: Contribution) -> int:
    return contribution.record_count if _is_in_all(answerer, contribution) else _listed(answerer, contribution).count()


def own_records(answerer: Answerer, contribution: Contribution, *, first: int, count: int) -> list[OwnRecord]:
    """Reads from the store where somebody is in all of it. `first` counts from 0."""
    if not count:
        return []
    if _is_in_all(answerer, contribution):
        ids = [row.record_id for row in list_records(contribution.pk, first=first, count=count)]
    else:
        ids = list(_listed(answerer, contribution)[first : first + count])
    gone = set(contribution.withdrawn_records.filter(record_id__in=ids).values_list("record_id", flat=True))
    whole = contribution.state == "withdrawn"
    return [OwnRecord(each, whole or each in gone) for each in ids]


def _is_in_all(answerer: Answerer, contribution: Contribution) -> bool:
    whole = RecordSubject.objects.filter(contribution=contribution, person__in=answerer.persons, is_whole=True)
    return answerer.gave(contribution) or whole.exists()


def _listed(answerer: Answerer, contribution: Contribution) -> "QuerySet[SubjectRecord, str]":
    mine = SubjectRecord.objects.filter(subject__contribution=contribution, subject__person__in=answerer.persons)
    return mine.order_by("record_id").values_list("record_id", flat=True).distinct()
