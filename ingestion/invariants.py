"""What must never be false of published data (domain.md §4, D1 and D2)."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Q, Sum
from django.utils import timezone

from collective.catalog.models import Contribution, DatasetVersion, Shard, ShardSegment, VersionFile
from collective.core.invariants import invariant
from collective.core.storage import published
from collective.core.storage.errors import ObjectNotFoundError
from ingestion.models import Excerpt, MinHashBand, SimilarRecords, StorageQuota, Upload
from ingestion.services import erasable_objects, shards_holding

BLOCK = 1024 * 1024
TIME_TO_ERASE = timedelta(minutes=5)


@invariant("D1", "every file of a sealed version exists with the size and SHA-256 that its row names")
def files_match_their_objects() -> Iterable[str]:
    kept = VersionFile.objects.exclude(shard__segments__contribution__state="withdrawn")
    named = kept.order_by("sha256").values_list("sha256", "size").distinct()
    erased = {shard for taken in _taken_back() for shard in taken.shards}
    for sha256, size in named.iterator():
        if sha256 not in erased:
            yield from _object_problem(sha256, size)


@invariant("D1", "every excerpt of a servable version exists as named, from a contribution that the version holds")
def excerpts_match_their_objects() -> Iterable[str]:
    shown = Excerpt.objects.filter(version__state="published")
    for sha256, size in shown.order_by("sha256").values_list("sha256", "size").distinct().iterator():
        yield from _object_problem(sha256, size)
    for excerpt in shown.exclude(version__holdings__contribution=F("contribution")):
        yield f"excerpt {excerpt.pk} is of a contribution that version {excerpt.version_id} does not hold"


@invariant("D3", "no object still holds records of a contribution that was withdrawn")
def withdrawn_bytes_are_gone() -> Iterable[str]:
    settled = timezone.now() - TIME_TO_ERASE
    for contribution in Contribution.objects.filter(state="withdrawn", withdrawn_at__lt=settled):
        for sha256 in sorted(erasable_objects(contribution)):
            if _exists(sha256):
                yield f"object {sha256[:12]} still holds records of contribution {contribution.pk}"


@invariant("D3", "no servable version has a shard with a record that was taken back")
def withdrawn_records_are_unservable() -> Iterable[str]:
    servable = VersionFile.objects.filter(version__state="published")
    for taken in _taken_back():
        for file in servable.filter(shard__in=taken.shards):
            yield f"{file.path} of version {file.version_id} holds a withdrawn record of {taken.contribution.pk}"


@invariant("D3", "no object still holds a record that was taken back by itself")
def withdrawn_records_are_erased() -> Iterable[str]:
    for taken in _taken_back(before=timezone.now() - TIME_TO_ERASE):
        if taken.contribution.state == "withdrawn":
            continue
        prepared = taken.contribution.prepared.filter(sha256__in=taken.rows)
        late = [each.sha256 for each in prepared if each.erased_rows < len(taken.rows[each.sha256])]
        excerpts = taken.contribution.excerpts.filter(record_id__in=taken.record_ids).values_list("sha256", flat=True)
        held = {*taken.rows, *taken.shards, *excerpts}
        for sha256 in sorted({*late, *filter(_exists, held)}):
            yield f"object {sha256[:12]} still holds a withdrawn record of contribution {taken.contribution.pk}"


@invariant("D3", "nobody is compared with a record that was taken back by itself")
def single_withdrawn_records_are_not_compared() -> Iterable[str]:
    for taken in _taken_back(before=timezone.now() - TIME_TO_ERASE):
        one, ids = taken.contribution, taken.record_ids
        pairs = SimilarRecords.objects.filter(
            Q(earlier=one, earlier_record_id__in=ids) | Q(later=one, later_record_id__in=ids)
        )
        bands = (
            MinHashBand.objects.filter(prepared__in=list(one.prepared.filter(sha256=sha256)), row__in=rows)
            for sha256, rows in taken.rows.items()
        )
        if pairs.exists() or any(each.exists() for each in bands):
            yield f"withdrawn records of contribution {one.pk} are still compared with others"


@invariant("D3", "nobody is compared with records of a contribution that was withdrawn")
def withdrawn_records_are_not_compared() -> Iterable[str]:
    settled = timezone.now() - TIME_TO_ERASE
    for contribution in Contribution.objects.filter(state="withdrawn", withdrawn_at__lt=settled):
        prepared = list(contribution.prepared.values_list("pk", flat=True))
        pairs = SimilarRecords.objects.filter(Q(earlier=contribution) | Q(later=contribution))
        if MinHashBand.objects.filter(prepared__in=prepared).exists() or pairs.exists():
            yield f"records of contribution {contribution.pk} are still compared with others"


@invariant("D11", "an organization's quota counts exactly the uploads whose bytes are not gone")
def quotas_count_what_is_held() -> Iterable[str]:
    held: Counter[UUID] = Counter()
    rows = Upload.objects.filter(dropped_at=None).values_list(
        "contribution__dataset__organization_id", "contribution__payee_id"
    )
    for steward, payee, size in rows.annotate(Sum("size")):
        held.update(dict.fromkeys({steward, payee}, size))
    counted = dict(StorageQuota.objects.values_list("organization_id", "held_bytes"))
    for organization in sorted(held.keys() | counted.keys()):
        found = counted.get(organization, 0)
        if held[organization] != found:
            yield f"the quota of organization {organization} counts {found}, not {held[organization]}"


@invariant("D1", "a sealed version's rows and bytes are those of its shards")
def counts_match_shards() -> Iterable[str]:
    for version in DatasetVersion.objects.exclude(published_at=None):
        shards = version.files.filter(kind="data").aggregate(rows=Sum("shard__rows"), size=Sum("size"))
        if (shards["rows"], shards["size"]) != (version.row_count, version.byte_count):
            yield f"version {version.pk} counts {version.row_count} rows, its shards {shards['rows']}"


@invariant("D2", "a shard's segments are exactly its rows")
def segments_fill_shards() -> Iterable[str]:
    counted = Shard.objects.annotate(counted=Sum("segments__rows")).exclude(counted=F("rows"))
    yield from (f"shard {shard.sha256[:12]} has {shard.rows} rows in segments of {shard.counted}" for shard in counted)


@invariant("D2", "every contribution in a sealed version's shards is among its holdings, with its rows")
def segments_are_held() -> Iterable[str]:
    for version in DatasetVersion.objects.exclude(published_at=None):
        segments = ShardSegment.objects.filter(shard__files__version=version)
        in_shards = dict(segments.values_list("contribution").annotate(Sum("rows")))
        held = dict(version.holdings.values_list("contribution", "rows"))
        if in_shards != held:
            yield f"version {version.pk} holds other records than its shards"


@dataclass(frozen=True)
class _TakenBack:
    """Single records of one contribution: their rows by prepared object, and the shards that list any of them."""

    contribution: Contribution
    record_ids: set[str]
    rows: dict[str, set[int]]
    shards: set[str]


def _taken_back(before: datetime | None = None) -> Iterable[_TakenBack]:
    """All, or those that were withdrawn before a time."""
    for contribution in Contribution.objects.filter(withdrawn_records__isnull=False).distinct():
        records = contribution.withdrawn_records.all()
        if before is not None:
            records = records.filter(withdrawal__at__lt=before)
        ids, rows = set[str](), defaultdict[str, set[int]](set)
        for record_id, sha256, row in records.values_list("record_id", "prepared_sha256", "row"):
            ids.add(record_id)
            rows[sha256].add(row)
        if ids:
            yield _TakenBack(contribution, ids, dict(rows), shards_holding(rows, ids))


def _exists(sha256: str) -> bool:
    try:
        published().info(sha256)
    except ObjectNotFoundError:
        return False
    return True


def _object_problem(sha256: str, size: int) -> Iterable[str]:
    digest, count = hashlib.sha256(), 0
    try:
        with published().open(sha256) as stored:
            while block := stored.read(BLOCK):
                digest.update(block)
                count += len(block)
    except ObjectNotFoundError:
        yield f"object {sha256[:12]} is missing"
        return
    if (digest.hexdigest(), count) != (sha256, size):
        yield f"object {sha256[:12]} does not match its name or size"
