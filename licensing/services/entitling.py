"""The one place that decides who gets which bytes; `delivery.py` gives them, and writes down that it did.

The questions are asked in this order, so that nobody learns of a license problem about data that is not there:
is the dataset visible, is it free of quarantine, may the version be served, who is asking, do they hold a license
that is active, in time and covers the version, and does nobody else own what is in it.
"""

from dataclasses import dataclass
from typing import Protocol

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils import timezone

from collective.accounts.models import ApiKey, User
from collective.accounts.selectors import Person, is_member
from collective.catalog.errors import DatasetNotFoundError, VersionNotFoundError
from collective.catalog.models import DatasetVersion, VersionFile
from collective.catalog.selectors import datasets_visible_to, version_file
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
from licensing.models import LicenseGrant
from licensing.selectors import EVALUATION_SPLITS, evaluation_files, grants_for_dataset, version_blockers
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


def authorize(
    *,
    actor: Person,
    key: ApiKey | None,
    version: DatasetVersion,
    action: str = "",
    seat: SeatRule = ensure_seat,
    under: LicenseGrant | None = None,
) -> Access:
    """May this person (through this key) have the data of this version now? Raises the named reason if not.

    `action` is what they want it for; then the license must permit that, or ActionNotGrantedError. Bytes follow, so a
    seat is taken; with `seat=check_seat` nothing is given, and none is. With `under` no other license counts.
    """
    if action and action not in ACTION_CODES:
        raise ActionUnknownError(action=action, actions=", ".join(ACTION_CODES))
    check_servable(actor=actor, version=version)
    return _entitled(actor, key, version, action, seat, under)


def check_file(*, actor: Person, key: ApiKey | None, file: VersionFile) -> Access:
    """Would `deliver_file` give this data file? Raises what it would raise; gives, records and takes nothing."""
    check_servable(actor=actor, version=file.version)
    return _entitled_to_file(actor, key, file)


def check_file_of(*, actor: Person, key: ApiKey | None, version: DatasetVersion, path: str) -> None:
    """`check_file` by path. Raises FileNotFoundInVersionError too."""
    check_servable(actor=actor, version=version)
    _entitled_to_file(actor, key, file_at(version, path))


def check_whole(*, actor: Person, key: ApiKey | None, version: DatasetVersion, seat: SeatRule = check_seat) -> Access:
    """May all data of the version be given, in whatever form? An evaluation license gives a part, so it is refused."""
    access = authorize(actor=actor, key=key, version=version, seat=seat)
    if _evaluates(access):
        raise not_granted("train", access.grant)
    return access


def check_preview(*, actor: Person, version: DatasetVersion) -> None:
    """May this person see the public preview? Nobody but the publisher may while somebody's claim to it is upheld."""
    check_servable(actor=actor, version=version)
    if is_withheld(actor, version):
        raise OwnershipDisputedError


def check_servable(*, actor: Person, version: DatasetVersion) -> None:
    """The dataset is visible to this person and in order, and the version may be served at all: cards and all else."""
    if not _may_see(actor, version):
        raise DatasetNotFoundError
    # Read again: the rows in hand may be older than a withdrawal, or than an operator's hold.
    now = DatasetVersion.objects.values_list("dataset__state", "state").get(pk=version.pk)
    _check_states(version, *now)


def check_listed(*, version: DatasetVersion) -> None:
    """`check_servable` for what describes a version, without a query.

    Precondition: this very request has read the version and its dataset, and found the dataset visible.
    """
    _check_states(version, version.dataset.state, version.state)


def parts_for(version: DatasetVersion, access: Access, action: str) -> QuerySet[VersionFile]:
    """The data files that go with this access.

    `action` is what they are for. A version without an evaluation split is given whole to those whose license is wider.
    """
    evaluation = evaluation_files(version)
    if _evaluates(access) or (action == "evaluate" and evaluation.exists()):
        return evaluation
    return version.files.filter(kind="data")


def check_part(access: Access, file: VersionFile) -> None:
    """An evaluation license gives the evaluation split, file by file too. Raises ActionNotGrantedError."""
    if _evaluates(access) and file.split not in EVALUATION_SPLITS:
        raise not_granted("train", access.grant)


def seated_access(*, actor: Person, key: ApiKey | None, file: VersionFile) -> Access:
    """`check_file` for a version that was found servable, and a seat is taken: bytes follow."""
    access = _entitled_to_file(actor, key, file)
    if access.grant is not None:
        ensure_seat(grant=access.grant, user=access.user, key=key)
    return access


def file_at(version: DatasetVersion, path: str) -> VersionFile:
    """Raises FileNotFoundInVersionError."""
    file = version_file(version, path)
    if file is None:
        raise FileNotFoundInVersionError
    file.version = version  # the row that is already here
    return file


def _check_states(version: DatasetVersion, dataset_state: str, state: str) -> None:
    if dataset_state == "quarantined":
        raise QuarantinedError
    if dataset_state == "withdrawn":
        raise DatasetWithdrawnError
    if state == "withdrawn_content":
        raise withdrawn(version)
    if state == "retracted":
        raise VersionRetractedError(number=version.number)
    if state != "published":
        raise VersionNotFoundError


def _may_see(actor: Person, version: DatasetVersion) -> bool:
    """A licensee still sees what they licensed when the dataset is made private."""
    if version.dataset.is_public or datasets_visible_to(actor).filter(pk=version.dataset_id).exists():
        return True
    return grants_for_dataset(actor, version.dataset).exists()


def _entitled(
    actor: Person,
    key: ApiKey | None,
    version: DatasetVersion,
    action: str,
    seat: SeatRule,
    under: LicenseGrant | None = None,
) -> Access:
    """What `authorize` asks once the version is known to be servable."""
    if isinstance(actor, AnonymousUser) or not actor.is_active:
        raise SignInToDownloadError(url=page_of(version))
    if key is not None and SCOPE not in key.scopes:
        raise ScopeMissingError
    if is_member(actor, version.dataset.organization):
        return Access(actor, "steward")
    # Only what is asked below: it is asked often.
    held = grants_for_dataset(actor, version.dataset).select_related(None)
    grants = [each for each in held.select_related("offer__license_version__template") if under in (None, each)]
    return Access(actor, "licensee", _grant_for(actor, key, version, action, seat, grants))


def _entitled_to_file(actor: Person, key: ApiKey | None, file: VersionFile) -> Access:
    access = _entitled(actor, key, file.version, "", check_seat)
    check_part(access, file)
    return access


def _evaluates(access: Access) -> bool:
    return access.grant is not None and access.grant.offer.terms_view.only_evaluates


def _grant_for(
    actor: User,
    key: ApiKey | None,
    version: DatasetVersion,
    action: str,
    seat: SeatRule,
    grants: list[LicenseGrant],
) -> LicenseGrant:
    """The widest of `grants` that covers it, or the reason that is nearest to what the person can do about it."""
    now = timezone.now()
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
