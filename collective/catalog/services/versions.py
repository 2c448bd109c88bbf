"""Opening a version, and sealing it for good."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from collective.accounts.models import User
from collective.catalog.domain.splits import split_by_records, split_hash
from collective.catalog.errors import BuildRunningError, NothingToPublishError, WithdrawnMeanwhileError
from collective.catalog.events import VersionPublished
from collective.catalog.models import (
    Contribution,
    Dataset,
    DatasetVersion,
    SplitShare,
    VersionContribution,
    VersionFile,
)
from collective.catalog.policies import check_can_steward
from collective.catalog.selectors import acceptable_contributions
from collective.core import audit
from collective.core.db.conflicts import insert_or_none
from collective.core.events import publish

Bump = Literal["major", "minor"]
# How many records of which contributions are missing; asked once these are locked.
LeftOut = Callable[[], Mapping[UUID, int]]


@dataclass(frozen=True)
class SealedFile:
    """A file that lies in the object store. `shard_sha256` is set for data files and equals `sha256`."""

    path: str
    kind: Literal["data", "card", "croissant", "manifest"]
    sha256: str
    git_sha1: str
    size: int
    config: str = ""
    split: str = ""


@dataclass(frozen=True)
class Seal:
    """Everything that becomes immutable. `rows` counts records per contribution id.

    `commit_id`: SHA-1 over the sorted `path:sha256` pairs without manifest.json, 40 hex.
    `manifest_sha256`: SHA-256 over the RFC 8785 canonical form of manifest.json's object.
    """

    files: Sequence[SealedFile]
    rows: dict[UUID, int]
    commit_id: str
    manifest_sha256: str
    merkle_root: str
    columns: list[dict[str, Any]]
    statistics: dict[str, Any]
    preview: list[dict[str, Any]] = field(default_factory=list)


@transaction.atomic
def open_version(
    *,
    actor: User,
    dataset_id: UUID,
    notes: str = "",
    bump: Bump | None = None,
    left_out: LeftOut = dict,
) -> DatasetVersion:
    """A version in `building` that holds every accepted contribution. `bump` defaults to minor (major for the first).

    Of each contribution as many records as `left_out` says are missing; one without a record left is not held.
    Holdings are written now, so that a withdrawal during the build finds the version; the contributions are locked, so
    that one at this very moment waits and finds it too. One build at a time per dataset, by constraint. Raises
    NothingToPublishError, BuildRunningError.
    """
    datasets = Dataset.objects.select_related("organization").select_for_update(of=("self",), no_key=True)
    dataset = datasets.get(pk=dataset_id)
    check_can_steward(actor, dataset)
    contributions = acceptable_contributions(dataset).select_for_update(no_key=True)
    rows = _rows(contributions, left_out)
    if not any(rows.values()):
        raise NothingToPublishError
    version = _open(dataset, rows, notes=notes, bump=bump or "minor", actor=actor)
    audit.record(actor=actor, action="catalog.version_opened", obj=version, number=version.number)
    return version


@transaction.atomic
def open_patch_version(*, withdrawn: DatasetVersion, notes: str, left_out: LeftOut = dict) -> DatasetVersion | None:
    """The version that replaces one with withdrawn content: the same contributions without those that were withdrawn.

    Opened by the system. Of the others as many records as `left_out` says are missing: what was left out before, and
    single records that were taken back. None when nothing is left. Raises BuildRunningError (try again later).
    """
    left = Contribution.objects.filter(holdings__version=withdrawn).exclude(state="withdrawn")
    left = left.order_by("decided_at", "id").select_for_update(of=("self",), no_key=True)
    rows = _rows(left, left_out)
    if not any(rows.values()):
        return None
    version = _open(withdrawn.dataset, rows, notes=notes, actor=None, replaces=withdrawn)
    audit.record(actor=None, action="catalog.version_opened", obj=version, number=version.number)
    return version


def _rows(contributions: Iterable[Contribution], left_out: LeftOut) -> dict[UUID, int]:
    """Asked for the contributions first, which locks them."""
    locked = list(contributions)
    missing = left_out()
    return {each.pk: each.record_count - missing.get(each.pk, 0) for each in locked}


def _open(
    dataset: Dataset,
    rows: Mapping[UUID, int],
    *,
    notes: str,
    actor: User | None,
    bump: Bump = "minor",
    replaces: DatasetVersion | None = None,
) -> DatasetVersion:
    major, minor, patch = _next_number(dataset, bump) if replaces is None else _next_patch(replaces)
    version = DatasetVersion(
        dataset=dataset, major=major, minor=minor, patch=patch, notes=notes, created_by=actor, replaces=replaces
    )
    if insert_or_none(version) is None:
        raise BuildRunningError
    VersionContribution.objects.bulk_create(
        VersionContribution(version=version, contribution_id=key, rows=count) for key, count in rows.items() if count
    )
    return version


def _next_patch(version: DatasetVersion) -> tuple[int, int, int]:
    """In the version's own line, so that a license for that line covers it."""
    line = version.dataset.versions.filter(major=version.major, minor=version.minor).order_by("-patch")
    return version.major, version.minor, line[0].patch + 1


def _next_number(dataset: Dataset, bump: Bump) -> tuple[int, int, int]:
    last = dataset.versions.order_by("-major", "-minor", "-patch").first()
    if last is None:
        return 1, 0, 0
    return (last.major + 1, 0, 0) if bump == "major" else (last.major, last.minor + 1, 0)


@transaction.atomic
def seal_version(*, version_id: UUID, seal: Seal) -> DatasetVersion:
    """Publish: write files and split, freeze the row. Sealing a sealed version changes nothing.

    Raises WrongStateError if the version was withdrawn while it was built: its bytes must not become servable.
    """
    version = DatasetVersion.objects.select_related("dataset__organization").get(pk=version_id)
    if version.published_at is not None:
        return version
    shares = _write_split(version, seal.rows)
    VersionFile.objects.bulk_create(_file(version, each) for each in seal.files)
    version.transition_to(
        "published",
        commit_id=seal.commit_id,
        manifest_sha256=seal.manifest_sha256,
        merkle_root=seal.merkle_root,
        split_sha256=shares,
        row_count=sum(seal.rows.values()),
        byte_count=sum(each.size for each in seal.files if each.kind == "data"),
        columns=seal.columns,
        statistics=seal.statistics,
        preview=seal.preview,
        published_at=timezone.now(),
    )
    audit.record(actor=None, action="catalog.version_published", obj=version, manifest_sha256=seal.manifest_sha256)
    publish(VersionPublished(version.pk))
    return version


@transaction.atomic
def fail_version(*, version_id: UUID, reason: str) -> None:
    """The build ended without a version; the steward reads why. A version that is no longer building stays as it is."""
    version = DatasetVersion.objects.get(pk=version_id)
    if version.state == "building":
        version.transition_to("failed", failure=reason)
        audit.record(actor=None, action="catalog.version_failed", obj=version)


@transaction.atomic
def reopen_version(*, actor: User, version_id: UUID) -> DatasetVersion:
    """A failed version is built again, with the holdings it was opened with.

    Raises BuildRunningError, and WithdrawnMeanwhileError since a withdrawal passes failed versions by.
    """
    version = DatasetVersion.objects.select_related("dataset__organization").get(pk=version_id)
    check_can_steward(actor, version.dataset)
    if version.dataset.versions.filter(state="building").exists():
        raise BuildRunningError
    held = Contribution.objects.filter(holdings__version=version).select_for_update(of=("self",), no_key=True)
    if any(contribution.state == "withdrawn" for contribution in held):
        raise WithdrawnMeanwhileError(number=version.number)
    version.transition_to("building", failure="")
    audit.record(actor=actor, action="catalog.version_reopened", obj=version, number=version.number)
    return version


def _write_split(version: DatasetVersion, rows: dict[UUID, int]) -> str:
    """Freeze who shares the revenue; returns the split's hash."""
    dataset = version.dataset
    payees = dict(Contribution.objects.filter(pk__in=rows).values_list("pk", "payee_id"))
    records: Counter[UUID] = Counter()
    for contribution_id, count in rows.items():
        records[payees[contribution_id]] += count
    shares = split_by_records(records, steward_id=dataset.organization_id, steward_bps=dataset.steward_bps)
    SplitShare.objects.bulk_create(
        SplitShare(version=version, payee_id=share.payee_id, weight=share.weight, records=records[share.payee_id])
        for share in shares
    )
    return split_hash(shares)


def _file(version: DatasetVersion, sealed: SealedFile) -> VersionFile:
    return VersionFile(
        version=version,
        path=sealed.path,
        kind=sealed.kind,
        sha256=sealed.sha256,
        git_sha1=sealed.git_sha1,
        size=sealed.size,
        config=sealed.config,
        split=sealed.split,
        shard_id=sealed.sha256 if sealed.kind == "data" else None,
    )
