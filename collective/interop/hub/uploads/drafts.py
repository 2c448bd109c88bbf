"""Where a push goes: which dataset, and which draft contribution to it."""

from django.conf import settings
from django.utils import timezone

from collective.accounts.models import ApiKey, User
from collective.catalog.errors import DatasetNotFoundError
from collective.catalog.models import Contribution, Dataset
from collective.catalog.policies import can_contribute, check_can_contribute
from collective.catalog.selectors import dataset_for
from collective.catalog.services import contribution_to_fill
from collective.interop.hub.revisions import sealed_versions
from collective.interop.hub.uploads.errors import PushKeyMissingError, PushScopeMissingError

SCOPE = "upload"


def pusher(key: ApiKey | None) -> User:
    """Whose push this is. Raises PushKeyMissingError, PushScopeMissingError."""
    keys = f"{settings.SITE_URL}/account/keys/"
    if key is None:
        raise PushKeyMissingError(keys=keys)
    if SCOPE not in key.scopes:
        raise PushScopeMissingError(keys=keys)
    return key.owner


def dataset_to_fill(actor: User, organization: str, slug: str) -> Dataset:
    """Raises DatasetNotFoundError, ContributionsClosedError, NotInOrderError."""
    dataset = dataset_for(actor, organization, slug)
    check_can_contribute(actor, dataset)
    return dataset


def empty_repository(key: ApiKey | None, organization: str, slug: str) -> Dataset | None:
    """A dataset without a version, for a key that may push to it: clients read a repository before they push."""
    if key is None or SCOPE not in key.scopes:
        return None
    try:
        dataset = dataset_for(key.owner, organization, slug)
    except DatasetNotFoundError:
        return None
    return dataset if can_contribute(key.owner, dataset) and not sealed_versions(dataset).exists() else None


def draft_of(actor: User, dataset: Dataset) -> Contribution:
    today = timezone.localdate().isoformat()
    return contribution_to_fill(actor=actor, dataset_id=dataset.pk, title=f"Pushed on {today}")
