"""The page of one dataset."""

import json
from functools import partial
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from collective.catalog.models import Dataset, DatasetVersion
from collective.catalog.policies import can_contribute, can_steward
from collective.catalog.selectors import dataset_for, latest_version, versions_visible_to
from collective.catalog.web.cards import dataset_url, size_text
from collective.catalog.web.figures import charts_of, statistics_rows
from collective.core.storage import published
from collective.core.web.jsonld import jsonld_script
from collective.core.web.panels import render_slot
from collective.core.web.preview import preview_table

LARGEST_CROISSANT = 200_000
PREVIEW_ROWS = 20
PANELS = ("license", "use")


@require_safe
def dataset(request: HttpRequest, organization: str, slug: str) -> HttpResponse:
    row = dataset_for(request.user, organization, slug)
    # On hold or withdrawn: no record, statistic or file name leaves this page, whatever a version still holds.
    version = latest_version(row) if row.is_in_order else None
    slots = {name: render_slot(f"dataset.{name}", request, dataset=row, version=version) for name in PANELS}
    context = {
        "dataset": row,
        "version": version,
        "panels": slots,
        "size": size_text(row, version) if version else "",
        "versions": _timeline(request, row),
        "can_steward": can_steward(request.user, row),
        "can_contribute": row.is_in_order and can_contribute(request.user, row),
    }
    return render(request, "catalog/dataset.html", context | (_content(request, row, version) if version else {}))


def _content(request: HttpRequest, row: Dataset, version: DatasetVersion) -> dict[str, Any]:
    withheld = render_slot("dataset.withheld", request, dataset=row, version=version)
    shown = [] if withheld else version.preview[:PREVIEW_ROWS]
    return {
        "withheld": withheld,
        "preview": preview_table(version.columns, shown, partial(_sample_url, row, version)),
        "statistics": statistics_rows(version),
        "charts": charts_of(version),
        "files": version.files.order_by("path"),
        "contributor_count": version.holdings.values("contribution__contributor").distinct().count(),
        "croissant": _croissant(version),
    }


def _sample_url(row: Dataset, version: DatasetVersion, sha256: str) -> str:
    return f"{dataset_url(row)}previews/{version.number}/{sha256}"


def _timeline(request: HttpRequest, row: Dataset) -> list[dict[str, Any]]:
    visible = versions_visible_to(request.user).filter(dataset=row).order_by("-major", "-minor", "-patch")
    return [
        {"title": _("Version %s") % each.number, "at": each.published_at or each.created_at, "text": each.notes}
        | {
            "state": each.state,
            "tone": "" if each.state == "published" else "attention",
            "rows": each.row_count if _is_served(row, each) else 0,
        }
        for each in visible.defer("preview", "statistics", "columns")
    ]


def _is_served(row: Dataset, version: DatasetVersion) -> bool:
    return row.is_in_order and version.state == "published"


def _croissant(version: DatasetVersion) -> SafeString | str:
    """The version's Croissant description as JSON-LD for crawlers; empty when there is none, or too much of it."""
    file = version.files.filter(kind="croissant", size__lte=LARGEST_CROISSANT).first()
    if file is None:
        return ""
    # Named by its hash, it never changes.
    key = f"croissant:{file.sha256}"
    text = cache.get(key)
    if text is None:
        text = _read(file.sha256)
        cache.set(key, text, timeout=None)
    return jsonld_script(json.loads(text))


def _read(sha256: str) -> str:
    with published().open(sha256) as content:
        return content.read().decode()
