"""What this person put in, and where more is welcome."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from collective.catalog.selectors import contributable_datasets, contributions_visible_to
from collective.catalog.web.cards import dataset_cards, dataset_url

PAGE_SIZE = 50
MOST_CALLS = 12


@require_safe
def contributions(request: HttpRequest) -> HttpResponse:
    """Signed out, it explains how contributing works and lists the datasets that ask for data."""
    mine = contributions_visible_to(request.user).filter(contributor_id=request.user.pk).order_by("-created_at")
    page = Paginator(mine, PAGE_SIZE).get_page(request.GET.get("page"))
    calls = contributable_datasets(request.user).order_by("-created_at")[:MOST_CALLS]
    context = {
        "page": page,
        "rows": [(each, dataset_url(each.dataset)) for each in page.object_list],
        "calls": dataset_cards(request, calls),
    }
    return render(request, "catalog/contributions.html", context)
