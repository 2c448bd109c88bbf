"""Who gets in. Licensing decides and says why; here its words are completed for somebody with a training script."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from collective.catalog.errors import DatasetNotFoundError
from collective.catalog.models import Dataset, DatasetVersion
from collective.catalog.selectors import Viewer, dataset_for
from collective.core.errors import DeniedError, GoneError, UnauthenticatedError
from collective.interop.hub.errors import DisabledError
from licensing.errors import LicenseRequiredError, SignInToDownloadError
from licensing.selectors import grants_visible_to, live_offers
from licensing.services.entitling import check_listed


def dataset_named(viewer: Viewer, organization: str, slug: str) -> Dataset:
    """A visible dataset, or one that the viewer licensed before it was hidden. Raises DatasetNotFoundError."""
    try:
        return dataset_for(viewer, organization, slug)
    except DatasetNotFoundError:
        licensed = grants_visible_to(viewer).filter(dataset__organization__slug=organization, dataset__slug=slug)
        grant = licensed.first()
        if grant is None:
            raise
        return grant.dataset


def check_described(version: DatasetVersion) -> None:
    """For listings, which end with the version that they list. Raises DisabledError with the reason."""
    try:
        check_listed(version=version)
    except (GoneError, DeniedError) as error:
        raise DisabledError(error.message) from error


@contextmanager
def explained(version: DatasetVersion) -> Iterator[None]:
    """Around a question to licensing: how to send a key, and which licenses there are."""
    try:
        yield
    except SignInToDownloadError as error:
        keys = f"{settings.SITE_URL}/account/keys/"
        raise UnauthenticatedError(f"{error.message} Set HF_TOKEN to an API key from {keys} and try again.") from error
    except LicenseRequiredError as error:
        names = ", ".join(str(offer.license_version) for offer in live_offers(version.dataset))
        raise DeniedError(f"{error.message} Licenses offered: {names or 'none at this time'}.") from error
