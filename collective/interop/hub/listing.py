"""Finding datasets the Hub's way: `author`, `search`, `filter` and `sort` of a query, over what the viewer may see."""

from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast
from django.http import QueryDict

from collective.catalog.models import Dataset, DatasetVersion
from collective.catalog.selectors import Viewer, datasets_visible_to
from collective.interop.hub.errors import TooManyConditionsError
from collective.interop.hub.revisions import LARGE
from licensing.models import Offer

# Texts and tags in one search, so that nobody makes a question out of thousands of conditions.
MOST_CONDITIONS = 20
# Likes and trends are not counted here: those orders fall back to the last change.
ORDERS = {"createdAt": "-created_at"}


def find_datasets(viewer: Viewer, query: QueryDict) -> QuerySet[Dataset]:
    """Those with a version to load; `newest_id` names it. All of them need a license, so `gated=false` finds none."""
    newest = DatasetVersion.objects.filter(dataset=OuterRef("pk"), state="published").order_by(
        "-major", "-minor", "-patch"
    )
    found: QuerySet[Dataset] = (
        datasets_visible_to(viewer)
        .filter(state="listed")
        .annotate(newest_id=Subquery(newest.values("pk")[:1]), changed_at=Subquery(newest.values("published_at")[:1]))
        .exclude(newest_id=None)
    )
    if author := query.get("author"):
        found = found.filter(organization__slug=author)
    for text in _asked(query, "search"):
        found = found.filter(_mentions(text))
    for tag in _asked(query, "filter"):
        found = _tagged(found, tag)
    return found.none() if query.get("gated", "").lower() == "false" else found


def _asked(query: QueryDict, name: str) -> list[str]:
    asked = query.getlist(name)
    if len(asked) > MOST_CONDITIONS:
        raise TooManyConditionsError(name=name, most=MOST_CONDITIONS)
    return asked


def order(query: QueryDict) -> str:
    return ORDERS.get(query.get("sort", ""), "-changed_at")


def newest_of(datasets: list[Dataset]) -> dict[UUID, DatasetVersion]:
    """The version per dataset id, in one query."""
    newest_ids = [dataset.newest_id for dataset in datasets]  # type: ignore[attr-defined]  # annotated above
    return {version.dataset_id: version for version in DatasetVersion.objects.filter(pk__in=newest_ids).defer(*LARGE)}


def licenses_of(datasets: list[Dataset]) -> dict[UUID, list[str]]:
    """SPDX ids of the live offers for everybody, per dataset id, in one query."""
    found: dict[UUID, list[str]] = {dataset.pk: [] for dataset in datasets}
    for offer in _public_offers().filter(dataset__in=found).select_related("license_version__template"):
        found[offer.dataset_id].append(offer.license_version.license_id)
    return found


def _public_offers() -> QuerySet[Offer]:
    """What was made for one organization is not for a listing, its own members' neither: anybody may keep one."""
    return Offer.objects.filter(state="live", audience=None)


def _offered_under(name: str) -> QuerySet[Offer, UUID]:
    live = _public_offers().values_list("dataset_id", flat=True)
    if name == "other":
        return live.filter(license_version__template__license_id__startswith="LicenseRef-")
    return live.filter(license_version__template__license_id__iexact=name)


def _mentions(text: str) -> Q:
    name = Q(slug__icontains=text) | Q(organization__slug__icontains=text)
    return name | Q(title__icontains=text) | Q(summary__icontains=text)


def _tagged(datasets: QuerySet[Dataset], tag: str) -> QuerySet[Dataset]:
    """The tags are those of `formats.tags`; a bare word may be any of them."""
    key, _, value = tag.rpartition(":")
    by_key = {
        "language": Q(languages_text__contains=f'"{value}"'),
        "task_categories": Q(task=value),
        "modality": Q(modality=value),
        "license": Q(pk__in=_offered_under(value)),
    }
    either = by_key["language"] | by_key["task_categories"] | by_key["modality"]
    wanted = by_key.get(key, Q(pk=None)) if key else either
    return datasets.annotate(languages_text=Cast("languages", TextField())).filter(wanted)
