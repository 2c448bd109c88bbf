"""Giving bytes, and writing down that they were given. Who may have them is decided in `entitling.py`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils import timezone

from collective.accounts.models import ApiKey
from collective.accounts.selectors import Person
from collective.catalog.models import DatasetVersion, VersionFile
from collective.catalog.selectors import preview_sample
from collective.core.storage import published
from collective.core.storage.errors import ObjectNotFoundError
from licensing.errors import FileNotFoundInVersionError
from licensing.models import AccessRecord
from licensing.services.entitling import (
    Access,
    authorize,
    check_part,
    check_preview,
    check_servable,
    check_whole,
    file_at,
    seated_access,
)
from licensing.services.seats import check_seat, ensure_seat

# First and last byte, both included.
Span = tuple[int, int]


@dataclass(frozen=True)
class Delivery:
    """A file on this machine (`local_path`), or else where to fetch it until `expires_at` (`url`).

    In the manifest of a difference, what the caller has already is named with neither.
    """

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
class Table:
    """Data files of a version, each with a URL of its own. `rows` per path."""

    version: DatasetVersion
    access: Access
    deliveries: list[Delivery]
    rows: dict[str, int]


def deliver_file(
    *, actor: Person, key: ApiKey | None, version: DatasetVersion, path: str, span: Span | None = None
) -> Delivery:
    """One file. Data needs a license and leaves an AccessRecord; card, Croissant and manifest are public.

    `span`: which bytes of a local file the caller is about to send; without one, all of them. A URL is for the whole.
    Raises ObjectNotFoundError when the store of this machine has lost them.
    """
    check_servable(actor=actor, version=version)
    file = file_at(version, path)
    if file.kind != "data":
        return _delivery(file)
    access = seated_access(actor=actor, key=key, file=file)
    if _is_elsewhere():
        (given,) = record(access, key, version, [file])
        return signed(file, given)
    if local_file(file) is None:
        raise ObjectNotFoundError  # nothing is given, and so nothing is written down
    whole = (0, file.size - 1) if file.size else None
    record(access, key, version, [file], span or whole)
    return _delivery(file)


def stream_file(*, actor: Person, key: ApiKey | None, version: DatasetVersion, path: str, span: Span) -> None:
    """The same for bytes of a data file that are about to be sent to who follows a link."""
    check_servable(actor=actor, version=version)
    file = file_at(version, path)
    record(seated_access(actor=actor, key=key, file=file), key, version, [file], span)


def local_file(file: VersionFile) -> Path | None:
    """The file if this host name sends it itself; None where clients are sent to another one."""
    return None if _is_elsewhere() else published().local_path(file.sha256)


def deliver_table(
    *, actor: Person, key: ApiKey | None, version: DatasetVersion, config: str, split: str, rows: int | None = None
) -> Table:
    """The data files of one config and split, each with a signed URL; with `rows` as many as hold so many rows.

    Raises what `deliver_file` raises for a file among them.
    """
    access = authorize(actor=actor, key=key, version=version, seat=check_seat)
    files = list(version.files.filter(kind="data", config=config, split=split).select_related("shard").order_by("path"))
    if not files:
        raise FileNotFoundInVersionError
    check_part(access, files[0])
    if access.grant is not None:
        ensure_seat(grant=access.grant, user=access.user, key=key)
    counts = {file.path: file.shard.rows for file in files if file.shard is not None}
    given = files if rows is None else _first_with(files, counts, rows)
    records = record(access, key, version, given)
    return Table(version, access, [signed(file, each) for file, each in zip(given, records, strict=True)], counts)


def deliver_derivative(
    *, actor: Person, key: ApiKey | None, version: DatasetVersion, derivative: Derivative
) -> tuple[Delivery, AccessRecord]:
    """One file made from all data of the version: asked, recorded and signed as the data files themselves are."""
    access = check_whole(actor=actor, key=key, version=version, seat=ensure_seat)
    (given,) = record(access, key, version, [derivative])
    return signed(derivative, given), given


def stream_derivative(
    *, actor: Person, key: ApiKey | None, version: DatasetVersion, derivative: Derivative, span: Span
) -> None:
    """The same for bytes of it that are about to be sent to who follows a link."""
    access = check_whole(actor=actor, key=key, version=version, seat=ensure_seat)
    record(access, key, version, [derivative], span)


def deliver_public_derivative(*, actor: Person, version: DatasetVersion, derivative: Derivative) -> Delivery:
    """One file made from the public preview: for everybody who may see that."""
    check_preview(actor=actor, version=version)
    return signed(derivative, None)


def deliver_sample(*, actor: Person, version: DatasetVersion, sha256: str) -> Sample:
    """A clip or thumbnail of the public preview: it needs no license, and leaves no AccessRecord."""
    check_preview(actor=actor, version=version)
    sample = preview_sample(version, sha256)
    if sample is None:
        raise FileNotFoundInVersionError
    return Sample(published().open(sha256), sha256, sample["media_type"])


def signed(file: VersionFile | Derivative, given: AccessRecord | None) -> Delivery:
    """A link to data names its record, so that its use can be asked about where we serve it ourselves."""
    ticket = str(given.pk) if given else ""
    request = published().sign_get(file.sha256, filename=file.path, seconds=_lasts(given), ticket=ticket)
    return Delivery(file.path, file.sha256, file.size, url=request.url, expires_at=request.expires_at)


def record(
    access: Access,
    key: ApiKey | None,
    version: DatasetVersion,
    files: Iterable[VersionFile | Derivative],
    span: Span | None = None,
) -> list[AccessRecord]:
    now, (first, last) = timezone.now(), span or (None, None)
    records = [
        AccessRecord(
            user=access.user,
            key_id=key.pk if key else "",
            role=access.role,
            grant=access.grant,
            version=version,
            path=file.path,
            sha256=file.sha256,
            size=file.size,
            first_byte=first,
            last_byte=last,
            at=now,
        )
        for file in files
    ]
    if len(records) == 1:
        records[0].save(force_insert=True)  # one statement; several need a transaction around them
    else:
        AccessRecord.objects.bulk_create(records)
    return records


def _is_elsewhere() -> bool:
    """Whether clients are sent to another host name for data."""
    return bool(settings.DATA_ORIGIN) or not published().is_local


def _lasts(given: AccessRecord | None) -> int:
    """In seconds: no link outlives its license, for a store of others asks nobody when it is followed."""
    longest = settings.DOWNLOAD_URL_SECONDS
    ends_at = given.grant.ends_at if given and given.grant else None
    if ends_at is None:
        return longest
    return max(1, min(longest, int((ends_at - timezone.now()).total_seconds())))


def _delivery(file: VersionFile) -> Delivery:
    local = published().local_path(file.sha256)
    return signed(file, None) if local is None else Delivery(file.path, file.sha256, file.size, local_path=local)


def _first_with(files: Sequence[VersionFile], counts: Mapping[str, int], rows: int) -> list[VersionFile]:
    """The first of `files` that hold `rows` rows together, or all of them."""
    given, held = list[VersionFile](), 0
    for file in files:
        if held >= rows:
            break
        given.append(file)
        held += counts[file.path]
    return given
