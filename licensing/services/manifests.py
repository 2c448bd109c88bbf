"""Every data file of a version with an address of its own, and fresh addresses while a job runs."""

from dataclasses import dataclass

from django.db import transaction

from collective.accounts.models import ApiKey, User
from collective.accounts.selectors import Person
from collective.catalog.models import DatasetVersion, VersionFile
from licensing.domain.changes import Changes, compare
from licensing.errors import FileNotFoundInVersionError, SessionExpiredError
from licensing.models import DownloadSession
from licensing.services.delivery import Delivery, record, signed
from licensing.services.entitling import Access, authorize, parts_for
from licensing.services.sessions import Caller, charge_file, charge_whole, find_session, open_session


@dataclass(frozen=True)
class Manifest:
    """`rows` per path. With `since`, only what it does not have is given; the rest has no address."""

    version: DatasetVersion
    access: Access
    deliveries: list[Delivery]
    rows: dict[str, int]
    session: DownloadSession
    since: DatasetVersion | None = None
    changes: Changes[VersionFile] | None = None


@dataclass(frozen=True)
class Renewal:
    session: DownloadSession
    delivery: Delivery


def deliver_manifest(
    *,
    actor: Person,
    key: ApiKey | None,
    version: DatasetVersion,
    action: str = "",
    since: DatasetVersion | None = None,
    caller: Caller | None = None,
) -> Manifest:
    """All data files at once, each with a signed URL; the evaluation split alone where the license or `action` says so.

    `since` is a version of the same dataset of which the caller has a copy. Raises ActionNotGrantedError when the
    license does not permit `action`, ByteBudgetError when the key was given the version too often today.
    """
    access = authorize(actor=actor, key=key, version=version, action=action)
    files = _files(version, access, action)
    size = sum(file.size for file in files)
    session = open_session(access=access, key=key, version=version, action=action, size=size, caller=caller or Caller())
    changes = _compared(_files(since, access, action), files) if since else None
    given = changes.added if changes else files
    with transaction.atomic():
        if given:
            charge_whole(session)
        records = record(access, key, version, given)
    recorded = {file.pk: each for file, each in zip(given, records, strict=True)}
    deliveries = [signed(file, recorded[file.pk]) if file.pk in recorded else _unsigned(file) for file in files]
    return Manifest(version, access, deliveries, _rows(files), session, since, changes)


def renew_address(*, actor: User, key: ApiKey | None, token: str, path: str) -> Renewal:
    """One fresh address within a session. Everything is asked again: license, seat, version, dataset, budget."""
    session = find_session(actor=actor, key=key, token=token)
    version = session.version
    access = authorize(actor=actor, key=key, version=version, action=session.action, under=session.grant)
    if access.grant != session.grant:
        raise SessionExpiredError  # it was opened as a steward, or has become one since
    file = parts_for(version, access, session.action).filter(path=path).first()
    if file is None:
        raise FileNotFoundInVersionError
    with transaction.atomic():
        charge_file(session, sha256=file.sha256, size=file.size)
        (given,) = record(access, key, version, [file])
    return Renewal(session, signed(file, given))


def _files(version: DatasetVersion, access: Access, action: str) -> list[VersionFile]:
    return list(parts_for(version, access, action).select_related("shard").order_by("path"))


def _compared(before: list[VersionFile], after: list[VersionFile]) -> Changes[VersionFile]:
    return compare(before, after, sha256=lambda file: file.sha256)


def _rows(files: list[VersionFile]) -> dict[str, int]:
    return {file.path: file.shard.rows for file in files if file.shard is not None}


def _unsigned(file: VersionFile) -> Delivery:
    return Delivery(file.path, file.sha256, file.size)
