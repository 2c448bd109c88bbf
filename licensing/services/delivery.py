"""The one place that decides who gets which bytes, and writes down that they did.

The questions are asked in this order, so that nobody learns of a license problem about data that is not there:
is the dataset visible, is it free of quarantine, may the version be served, who is asking, do they hold a license
that is active, in time and covers the version, and does nobody else own what is in it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils import timezone

from collective.accounts.models import ApiKey, User
from collective.accounts.selectors import Person, is_member
from collective.catalog.errors import DatasetNotFoundError, VersionNotFoundError
from collective.catalog.models import DatasetVersion, VersionFile
from collective.catalog.selectors import datasets_visible_to, preview_sample, version_file
from collective.core.storage import published
from licensing.domain.actions import ACTION_CODES
from licensing.errors import (
    ActionUnknownError,
    DatasetWithdrawnError,
    FileNotFoundInVersionError,
    NoFreeSeatError,
    OwnershipDisputedError,
    QuarantinedError,
    ScopeMissingError,
    SignInToDownloadError,
    VersionRetractedError,
)
from licensing.models import AccessRecord, LicenseGrant
from licensing.selectors import (
    EVALUATION_SPLITS,
    evaluation_files,
    grants_for_dataset,
    version_blockers,
)
from licensing.selectors.ownership import is_disputed, is_withheld
from licensing.services.refusals import not_granted, page_of, refusal, withdrawn
from licensing.services.seats import check_seat, ensure_seat

SCOPE = "download"


class SeatRule(Protocol):
    def __call__(self, *, grant: LicenseGrant, user: User, key: ApiKey | None) -> object: ...


@dataclass(frozen=True)
class Access:
    """To whom and under what the bytes are given: a `licensee` with a grant, or a `steward` without one."""

    user: User
    role: str
    grant: LicenseGrant | None = None


@dataclass(frozen=True)
class Delivery:
    """A file on this machine (`local_path`), or else where to fetch it until `expires_at` (`url`)."""

    path: str
    sha256: str
    size: int
    local_path: Path | None = None
    url: str = ""
    expires_at: datetime | None = None


@dataclass(frozen=True)
class Derivative:
    """Something that was made from all data files of a version, or from its public preview, in the published store."""

    path: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Sample:
    """A clip or thumbnail, open for reading."""

    content: BinaryIO
    sha256: str
    media_type: str


@dataclass(frozen=True)
class Manifest:
    """Every data file of a version with a URL of its own. `rows` per path."""

    version: DatasetVersion
    access: Access
    deliveries: list[Delivery]
    rows: dict[str, int]


def authorize(
    *, actor: Person, key: ApiKey | None, version: DatasetVersion, action: str = "", seat: SeatRule = ensure_seat
) -> Access:
    """May this person (through this key) have the data of this version now? Raises the named reason if not.

    `action` is what they want it for; then the license must permit that, or ActionNotGrantedError. Bytes follow, so a
    seat is taken; with `seat=check_seat` nothing is given, and none is.
    """
    if action and action not in ACTION_CODES:
        raise ActionUnknownError(action=action, actions=", ".join(ACTION_CODES))
    check_servable(actor=actor, version=version)
    if isinstance(actor, AnonymousUser) or not actor.is_active:
        raise SignInToDownloadError(url=page_of(version))
    if key is not None and SCOPE not in key.scopes:
        raise ScopeMissingError
    if is_member(actor, version.dataset.organization):
        return Access(actor, "steward")
    return Access(actor, "licensee", _grant_for(actor, key, version, action, seat))


def check_file(*, actor: Person, key: ApiKey | None, file: VersionFile) -> Access:
    """Would `deliver_file` give this data file? Raises what it would raise; gives, records and takes nothing."""
    access = authorize(actor=actor, key=key, version=file.version, seat=check_seat)
    _check_part(access, file)
    return access


def check_servable(*, actor: Person, version: DatasetVersion) -> None:
    """The dataset is visible to this person and in order, and the version may be served at all: cards and all else."""
    dataset = version.dataset
    if not _may_see(actor, version):
        raise DatasetNotFoundError
    if dataset.state == "quarantined":
        raise QuarantinedError
    if dataset.state == "withdrawn":
        raise DatasetWithdrawnError
    # Read again: the row in hand may be older than a withdrawal.
    state = DatasetVersion.objects.values_list("state", flat=True).get(pk=version.pk)
    if state == "withdrawn_content":
        raise withdrawn(version)
    if state == "retracted":
        raise VersionRetractedError(number=version.number)
    if state != "published":
        raise VersionNotFoundError


def deliver_file(*, actor: Person, key: ApiKey | None, version: DatasetVersion, path: str) -> Delivery:
    """One file. Data needs a license and leaves an AccessRecord; card, Croissant and manifest are public."""
    check_servable(actor=actor, version=version)
    file = version_file(version, path)
    if file is None:
        raise FileNotFoundInVersionError
    if file.kind == "data":
        file.version = version  # the row that is already here
        access = check_file(actor=actor, key=key, file=file)
        if access.grant is not None:
            ensure_seat(grant=access.grant, user=access.user, key=key)
        _record(access, key, version, [file])
    return _delivery(file)


def deliver_manifest(*, actor: Person, key: ApiKey | None, version: DatasetVersion, action: str = "") -> Manifest:
    """All data files at once, each with a signed URL; the evaluation split alone where the license or `action` says so.

    `action` is what the files are for. A version without an evaluation split is given whole to those whose license is
    wider. Raises ActionNotGrantedError when the license does not permit it.
    """
    access = authorize(actor=actor, key=key, version=version, action=action)
    parts = _parts(version, access, action)
    files = list(parts.select_related("shard").order_by("path"))
    _record(access, key, version, files)
    rows = {file.path: file.shard.rows for file in files if file.shard is not None}
    return Manifest(version, access, [_signed(file) for file in files], rows)


def deliver_table(
    *, actor: Person, key: ApiKey | None, version: DatasetVersion, config: str, split: str, rows: int | None = None
) -> Manifest:
    """The data files of one config and split, each with a signed URL; with `rows` as many as hold so many rows.

    Raises what `deliver_file` raises for a file among them.
    """
    access = authorize(actor=actor, key=key, version=version, seat=check_seat)
    files = list(version.files.filter(kind="data", config=config, split=split).select_related("shard").order_by("path"))
    if not files:
        raise FileNotFoundInVersionError
    _check_part(access, files[0])
    if access.grant is not None:
        ensure_seat(grant=access.grant, user=access.user, key=key)
    counts = {file.path: file.shard.rows for file in files if file.shard is not None}
    given = files if rows is None else _first_with(files, counts, rows)
    _record(access, key, version, given)
    return Manifest(version, access, [_signed(file) for file in given], counts)


def check_whole(*, actor: Person, key: ApiKey | None, version: DatasetVersion, seat: SeatRule = check_seat) -> Access:
    """May all data of the version be given, in whatever form? An evaluation license gives a part, so it is refused."""
    access = authorize(actor=actor, key=key, version=version, seat=seat)
    if _evaluates(access):
        raise not_granted("train", access.grant)
    return access


def deliver_derivative(
    *, actor: Person, key: ApiKey | None, version: DatasetVersion, derivative: Derivative
) -> tuple[Delivery, AccessRecord]:
    """One file made from all data of the version: asked, recorded and signed as the data files themselves are."""
    access = check_whole(actor=actor, key=key, version=version, seat=ensure_seat)
    (record,) = _record(access, key, version, [derivative])
    return _signed(derivative), record


def deliver_public_derivative(*, actor: Person, version: DatasetVersion, derivative: Derivative) -> Delivery:
    """One file made from the public preview: for everybody who may see that."""
    check_preview(actor=actor, version=version)
    return _signed(derivative)


def check_preview(*, actor: Person, version: DatasetVersion) -> None:
    """May this person see the public preview? Nobody but the publisher may while somebody's claim to it is upheld."""
    check_servable(actor=actor, version=version)
    if is_withheld(actor, version):
        raise OwnershipDisputedError


def deliver_sample(*, actor: Person, version: DatasetVersion, sha256: str) -> Sample:
    """A clip or thumbnail of the public preview: it needs no license, and leaves no AccessRecord."""
    check_preview(actor=actor, version=version)
    sample = preview_sample(version, sha256)
    if sample is None:
        raise FileNotFoundInVersionError
    return Sample(published().open(sha256), sha256, sample["media_type"])


def _may_see(actor: Person, version: DatasetVersion) -> bool:
    """A licensee still sees what they licensed when the dataset is made private."""
    if datasets_visible_to(actor).filter(pk=version.dataset_id).exists():
        return True
    return grants_for_dataset(actor, version.dataset).exists()


def _first_with(files: Sequence[VersionFile], counts: Mapping[str, int], rows: int) -> list[VersionFile]:
    """The first of `files` that hold `rows` rows together, or all of them."""
    given, held = list[VersionFile](), 0
    for file in files:
        if held >= rows:
            break
        given.append(file)
        held += counts[file.path]
    return given


def _evaluates(access: Access) -> bool:
    return access.grant is not None and access.grant.offer.terms_view.only_evaluates


def _parts(version: DatasetVersion, access: Access, action: str) -> QuerySet[VersionFile]:
    evaluation = evaluation_files(version)
    if _evaluates(access) or (action == "evaluate" and evaluation.exists()):
        return evaluation
    return version.files.filter(kind="data")


def _check_part(access: Access, file: VersionFile) -> None:
    """An evaluation license gives the evaluation split, file by file too. Raises ActionNotGrantedError."""
    if _evaluates(access) and file.split not in EVALUATION_SPLITS:
        raise not_granted("train", access.grant)


def _grant_for(actor: User, key: ApiKey | None, version: DatasetVersion, action: str, seat: SeatRule) -> LicenseGrant:
    """The widest grant that covers it, or the reason that is nearest to what the person can do about it."""
    now, grants = timezone.now(), list(grants_for_dataset(actor, version.dataset))
    in_time = [each for each in grants if each.state == "active" and each.starts_at <= now and not each.is_over(now)]
    usable = [grant for grant in in_time if grant.covers(version) and _cleared(grant, version)]
    usable.sort(key=lambda grant: len(grant.offer.terms_view.permitted), reverse=True)
    fitting = [grant for grant in usable if not action or action in grant.offer.terms_view.permitted]
    if fitting and is_disputed(version):
        raise OwnershipDisputedError
    if fitting:
        return _seated(actor, key, fitting, seat)
    if usable:
        raise not_granted(action, usable[0])
    raise refusal(version, grants, in_time, now)


def _seated(actor: User, key: ApiKey | None, grants: list[LicenseGrant], seat: SeatRule) -> LicenseGrant:
    """The first grant in which this person or key has, or can take, a seat. Raises what the last one said."""
    for grant in grants[:-1]:
        try:
            seat(grant=grant, user=actor, key=key)
        except NoFreeSeatError:
            continue
        return grant
    seat(grant=grants[-1], user=actor, key=key)
    return grants[-1]


def _cleared(grant: LicenseGrant, version: DatasetVersion) -> bool:
    """The pinned version was judged when it was granted; a later one in range is judged by its own contributions."""
    return grant.pinned_version_id == version.pk or not version_blockers(version, grant.offer.terms_view)


def _delivery(file: VersionFile) -> Delivery:
    local = published().local_path(file.sha256)
    return _signed(file) if local is None else Delivery(file.path, file.sha256, file.size, local_path=local)


def _signed(file: VersionFile | Derivative) -> Delivery:
    request = published().sign_get(file.sha256, filename=file.path, seconds=settings.DOWNLOAD_URL_SECONDS)
    return Delivery(file.path, file.sha256, file.size, url=request.url, expires_at=request.expires_at)


def _record(
    access: Access, key: ApiKey | None, version: DatasetVersion, files: Iterable[VersionFile | Derivative]
) -> list[AccessRecord]:
    now = timezone.now()
    return AccessRecord.objects.bulk_create(
        AccessRecord(
            user=access.user,
            key_id=key.pk if key else "",
            role=access.role,
            grant=access.grant,
            version=version,
            path=file.path,
            sha256=file.sha256,
            size=file.size,
            at=now,
        )
        for file in files
    )
