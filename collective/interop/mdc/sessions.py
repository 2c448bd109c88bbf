"""Opening a download: licensing decides, the archive is there or is made, and the store gets a signed address."""

from django.conf import settings

from collective.accounts.models import ApiKey
from collective.accounts.selectors import Person
from collective.catalog.models import DatasetVersion
from collective.core.errors import DomainError
from collective.interop.mdc.archives import awaited, sample_archive, wanted_archive
from collective.interop.mdc.errors import (
    ArchiveFailedError,
    ArchiveNotReadyError,
    NoSampleError,
    PurchaseRequiredError,
)
from collective.interop.mdc.names import archive_name, sample_name
from collective.interop.models import MdcArchive
from licensing.errors import LicenseRequiredError, TermsRequiredError
from licensing.models import AccessRecord
from licensing.selectors import live_offers
from licensing.services.delivery import Delivery, Derivative, deliver_derivative, deliver_public_derivative
from licensing.services.entitling import check_preview, check_whole

SHORTEST_WAIT, LONGEST_WAIT = 5, 300


def open_download(*, actor: Person, key: ApiKey | None, version: DatasetVersion) -> tuple[Delivery, AccessRecord]:
    """Nobody without a license causes an archive to be made. Raises ArchiveNotReadyError, ArchiveFailedError."""
    try:
        check_whole(actor=actor, key=key, version=version)
    except LicenseRequiredError as error:
        raise _to_buy(error, version) from error
    archive, begun = wanted_archive(version)
    # One call waits, and not the hundreds of a job's workers, which would keep the site from everybody else.
    archive = awaited(archive, seconds=settings.MDC_WAIT_SECONDS) if begun else archive
    if archive.state != "ready":
        raise _not_ready(archive, version)
    derivative = Derivative(archive_name(version), archive.sha256, archive.size)
    return deliver_derivative(actor=actor, key=key, version=version, derivative=derivative)


def open_sample(*, actor: Person, version: DatasetVersion) -> Delivery:
    """The public preview as a file. Raises NoSampleError."""
    check_preview(actor=actor, version=version)
    archive = sample_archive(version)
    if archive is None:
        raise NoSampleError
    derivative = Derivative(sample_name(version), archive.sha256, archive.size)
    return deliver_public_derivative(actor=actor, version=version, derivative=derivative)


def _to_buy(error: LicenseRequiredError, version: DatasetVersion) -> DomainError:
    """The SDK tells "not bought" from all other refusals."""
    priced = any(not offer.is_free for offer in live_offers(version.dataset))
    return error if isinstance(error, TermsRequiredError) or not priced else PurchaseRequiredError(error.message)


def _not_ready(archive: MdcArchive, version: DatasetVersion) -> DomainError:
    if archive.state != "waiting":
        return ArchiveFailedError(number=version.number, problem=archive.problem or "It was taken out of service.")
    wait = _wait(archive)
    return ArchiveNotReadyError(
        number=version.number, done=archive.rows_done, total=archive.rows_total, retry_after=wait
    )


def _wait(archive: MdcArchive) -> int:
    """By the size of what is left, at a speed that any machine reaches."""
    left = archive.rows_total - archive.rows_done
    return max(SHORTEST_WAIT, min(LONGEST_WAIT, left // 2000))
