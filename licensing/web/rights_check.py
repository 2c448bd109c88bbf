"""The rights check: what may be offered, who stands in the way, and a picture of what leaving them out would open."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from collective.accounts.web.people import person
from collective.catalog.models import Dataset
from collective.catalog.selectors import dataset_for
from licensing import services
from licensing.domain.rights_check import Outlook, Part
from licensing.models import LicenseVersion
from licensing.services.rights_check import DatasetRights

LEAST = 0.5
SMALLEST_SHARE = 0.1


@dataclass(frozen=True)
class Bar:
    """One license: `kept` percent of the records could be offered under it, the rest stands in the way."""

    license: LicenseVersion
    outlook: Outlook
    kept: float
    words: str


@dataclass(frozen=True)
class StepRow:
    parts: tuple[Part, ...]
    share: str
    left_over: int
    opens: list[LicenseVersion]


@login_required
@require_safe
def rights_page(request: HttpRequest, organization: str, slug: str) -> HttpResponse:
    actor = person(request)
    dataset = dataset_for(actor, organization, slug)
    rights = services.check_dataset_rights(actor=actor, dataset=dataset)
    context = {
        "dataset": dataset,
        "desk_url": _url("catalog:desk_dataset", dataset),
        "offer_url": _url("licensing:offer_new", dataset),
        "version": rights.version,
        "total": rights.check.total,
        "bars": [_bar(rights, each) for each in rights.check.outlooks],
        "steps": _steps(rights),
    }
    return render(request, "licensing/rights_check.html", context)


def _bar(rights: DatasetRights, outlook: Outlook) -> Bar:
    total = rights.check.total
    kept = 100 * outlook.left_over / total if total else 0.0
    # A sliver of either color stays visible.
    drawn = min(max(kept, LEAST), 100 - LEAST) if 0 < kept < 100 else kept
    words = _("possible") if outlook.possible else _("not possible")
    return Bar(rights.licenses[outlook.license_id], outlook, round(drawn, 2), words)


def _steps(rights: DatasetRights) -> list[StepRow]:
    return [
        StepRow(
            step.parts,
            share_text(step.records, rights.check.total),
            step.left_over,
            [rights.licenses[license_id] for license_id in step.opens],
        )
        for step in rights.check.steps
    ]


def share_text(part: int, total: int) -> str:
    """3 of 100 → `3 %`; what is more than nothing is never 0 %."""
    percent = 100 * part / total
    if 0 < percent < SMALLEST_SHARE:
        return _("less than 0.1 %")
    return f"{percent:.1f}".removesuffix(".0") + " %"


def _url(name: str, dataset: Dataset) -> str:
    return reverse(name, args=[dataset.organization.slug, dataset.slug])
