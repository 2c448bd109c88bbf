"""The steward's sales: by dataset and version, with who shares them; never who bought as a private person."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from collective.accounts.web.people import person
from collective.catalog.models import Dataset, DatasetVersion
from collective.catalog.policies import check_can_steward
from collective.catalog.selectors import dataset_for
from payments.domain.percent import percent
from payments.domain.sheets import Cell, csv_text
from payments.selectors.sales import VersionSales, public_licensee, sales_listed, sales_of, sold_datasets, split_of

PAGE_SIZE = 50
MOST_PAYEES = 100
MONEY = ("paid", "sales", "refunds", "disputes", "other", "steward", "contributors", "waiting")
HEADER = (
    *("dataset", "title", "version", "split_sha256", "sold", "currency"),
    *(f"{name}_minor" for name in MONEY),
    *MONEY,
)


@require_safe
@never_cache
@login_required
def sales(request: HttpRequest) -> HttpResponse:
    datasets = sold_datasets(person(request))
    rows = sales_of(datasets)
    context = {"datasets": [(each, _page_url(each), _shown(rows, each)) for each in datasets]}
    return render(request, "payments/sales.html", context)


@require_safe
@never_cache
@login_required
def sales_csv(request: HttpRequest) -> HttpResponse:
    text = csv_text(HEADER, map(_cells, sales_of(sold_datasets(person(request)))))
    name = 'attachment; filename="sales.csv"'
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": name})


@require_safe
@never_cache
@login_required
def sales_dataset(request: HttpRequest, organization: str, slug: str) -> HttpResponse:
    dataset = dataset_for(person(request), organization, slug)
    check_can_steward(person(request), dataset)
    rows = sales_of([dataset])
    page = Paginator(sales_listed(dataset), PAGE_SIZE).get_page(request.GET.get("page"))
    versions = sorted({each.version.pk: each.version for each in rows}.values(), key=_number, reverse=True)
    context = {
        "dataset": dataset,
        "rows": _shown(rows, dataset),
        "splits": [_split(version) for version in versions],
        "page": page,
        "orders": [(order, public_licensee(order)) for order in page.object_list],
    }
    return render(request, "payments/sales_dataset.html", context)


def _shown(rows: list[VersionSales], dataset: Dataset) -> list[tuple[VersionSales, dict[str, Any]]]:
    mine = [row for row in rows if row.version.dataset_id == dataset.pk]
    return [(row, {name: row.money(name) for name in MONEY}) for row in mine]


def _split(version: DatasetVersion) -> dict[str, Any]:
    rows, count = split_of(version, MOST_PAYEES)
    shown = [(row, percent(row.weight, row.total_weight)) for row in rows]
    return {"version": version, "rows": shown, "more": count - len(rows)}


def _cells(row: VersionSales) -> list[Cell]:
    amounts = [row.money(name) for name in MONEY]
    version = row.version
    names = (version.dataset.repo_id, version.dataset.title, version.number, version.split_sha256)
    return [*names, row.sold, row.currency, *(amount.minor for amount in amounts), *amounts]


def _number(version: DatasetVersion) -> tuple[int, int, int]:
    return version.major, version.minor, version.patch


def _page_url(dataset: Dataset) -> str:
    return reverse("payments:sales-dataset", args=[dataset.organization.slug, dataset.slug])
