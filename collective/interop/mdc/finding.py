"""Which dataset the SDK means, and what it may hear of it."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib.auth.models import AnonymousUser

from collective.catalog.errors import DatasetNotFoundError
from collective.catalog.models import Dataset, DatasetVersion
from collective.catalog.selectors import datasets_visible_to, version_by_revision
from collective.interop.mdc.formats import Shown
from collective.interop.mdc.names import parsed_id, parsed_slug
from collective.interop.mdc.newest import LONG
from collective.interop.mdc.pricing import offers_shown, pricing_of
from collective.interop.models import MdcArchive
from licensing.models import Offer
from licensing.services.entitling import check_servable


def dataset_named(name: str) -> Dataset:
    """By id, by the SDK's slug, or as `organization/dataset`. Raises DatasetNotFoundError.

    An id finds hidden datasets as well: it cannot be guessed, the SDK asks without a key, and what follows is gated.
    """
    everything = Dataset.objects.select_related("organization")
    dataset_id = parsed_id(name)
    found = everything.filter(pk=dataset_id).first() if dataset_id else _by_slug(name)
    if found is None:
        raise DatasetNotFoundError
    return found


def is_listed(dataset: Dataset) -> bool:
    """Whether everybody may read about it."""
    return datasets_visible_to(AnonymousUser()).filter(pk=dataset.pk).exists()


def newest_version(dataset: Dataset) -> DatasetVersion:
    """The only one that the SDK can have; one that was withdrawn, where there is no other. It knows its dataset."""
    version = version_by_revision(dataset, "main", without=LONG)
    version.dataset = dataset
    return version


def check_told(version: DatasetVersion) -> None:
    """Raises what `check_servable` says to a passer-by, but nothing of who may see it: withdrawn, under examination."""
    try:
        check_servable(actor=AnonymousUser(), version=version)
    except DatasetNotFoundError:
        if version.state != "published" or not version.dataset.is_in_order:
            raise


def shown(versions: Iterable[DatasetVersion]) -> list[Shown]:
    """With archive, license and price, in three queries for all of them. The versions know their datasets."""
    known = list(versions)
    archives = _ready(known)
    offers = offers_shown(version.dataset for version in known)
    return [_shown(version, archives.get(version.pk), offers) for version in known]


def _shown(version: DatasetVersion, archive: MdcArchive | None, offers: dict[UUID, Offer]) -> Shown:
    offer = offers.get(version.dataset_id)
    license_version = offer.license_version if offer else None
    return Shown(version.dataset, version, archive, license_version, pricing_of(offer))


def _ready(versions: list[DatasetVersion]) -> dict[UUID, MdcArchive]:
    rows = MdcArchive.objects.filter(version__in=versions, kind=MdcArchive.WHOLE, state="ready")
    return {row.version_id: row for row in rows}


def _by_slug(name: str) -> Dataset | None:
    public = datasets_visible_to(AnonymousUser())
    organization, slash, slug = name.partition("/")
    if slash:
        return public.filter(organization__slug=organization, slug=slug).first()
    slug, digits = parsed_slug(name)
    return next((each for each in public.filter(slug=slug) if each.pk.hex.endswith(digits)), None)
