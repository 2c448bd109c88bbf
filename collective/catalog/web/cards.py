"""Datasets as they appear in lists."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import ngettext

from collective.catalog.models import Dataset, DatasetVersion
from collective.core.web.panels import render_slot
from collective.core.web.sizes import bytes_text, count_text, duration_text


@dataclass(frozen=True)
class DatasetCard:
    title: str
    url: str
    organization: str
    summary: str
    modality: str
    modality_name: str
    languages: list[str]
    size: str
    published_at: datetime | None
    extras: list[str]


def dataset_url(dataset: Dataset) -> str:
    return reverse("catalog:dataset", args=[dataset.organization.slug, dataset.slug])


def desk_url(dataset: Dataset) -> str:
    return reverse("catalog:desk_dataset", args=[dataset.organization.slug, dataset.slug])


def dataset_cards(request: HttpRequest, datasets: Iterable[Dataset]) -> list[DatasetCard]:
    """In the given order, with the newest published version of each. The datasets need their organization."""
    datasets = list(datasets)
    newest = newest_versions(datasets)
    return [_card(request, each, newest.get(each)) for each in datasets]


def newest_versions(datasets: list[Dataset]) -> dict[Dataset, DatasetVersion]:
    """One query for all. A dataset without a servable version is not in the answer."""
    published = DatasetVersion.objects.filter(dataset__in=datasets, state="published").select_related("dataset")
    light = published.defer("preview", "columns").order_by("major", "minor", "patch")
    return {version.dataset: version for version in light}


def _card(request: HttpRequest, dataset: Dataset, version: DatasetVersion | None) -> DatasetCard:
    return DatasetCard(
        title=dataset.title,
        url=dataset_url(dataset),
        organization=dataset.organization.name,
        summary=dataset.summary,
        modality=dataset.modality,
        modality_name=dataset.get_modality_display(),
        languages=dataset.languages,
        size=size_text(dataset, version) if version else "",
        published_at=version.published_at if version else None,
        extras=render_slot("dataset.card", request, dataset=dataset),
    )


def size_text(dataset: Dataset, version: DatasetVersion) -> str:
    """What a person feels: `about 3 hours of speech, 3,000 clips, 48 MB`."""
    count = version.row_count
    records = {
        "audio": ngettext("%s clip", "%s clips", count),
        "image": ngettext("%s picture", "%s pictures", count),
        "tabular": ngettext("%s row", "%s rows", count),
    }.get(dataset.modality, ngettext("%s record", "%s records", count))
    parts = [records % count_text(count), bytes_text(version.byte_count)]
    # Ingestion measured it; a dataset without sound has none.
    if seconds := version.statistics.get("seconds"):
        parts.insert(0, duration_text(seconds))
    return ", ".join(parts)
