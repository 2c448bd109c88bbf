"""A contributor's own records, so that single ones can be found and taken back. Taking back is licensing's."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from collective.catalog.models import Contribution
from collective.catalog.policies import check_can_edit_contribution
from collective.catalog.selectors import contribution_for
from ingestion.policies import RECORDS_KNOWN
from ingestion.services.listing import Listed, list_records, row_of

ON_PAGE = 50


@login_required
@require_safe
def records(request: HttpRequest, contribution_id: UUID) -> HttpResponse:
    """A page of them; or, with `?id=`, that one."""
    contribution = contribution_for(request.user, contribution_id)
    check_can_edit_contribution(request.user, contribution)
    total = contribution.record_count if contribution.state in RECORDS_KNOWN else 0
    page = Paginator(range(total), ON_PAGE).get_page(request.GET.get("page"))
    shown = range(total)[page.start_index() - 1 : page.end_index()] if total else range(0)
    wanted = request.GET.get("id", "").strip().lower()
    rows = _one(contribution, wanted) if wanted and total else _several(contribution, shown)
    context = {"contribution": contribution, "page": page, "rows": rows, "wanted": wanted, "total": total}
    return render(request, "ingestion/records.html", context)


def _several(contribution: Contribution, places: range) -> list[Listed]:
    return list_records(contribution, first=places.start + 1, count=len(places)) if places else []


def _one(contribution: Contribution, record_id: str) -> list[Listed]:
    row = row_of(contribution, record_id)
    return list_records(contribution, first=row, count=1) if row else []
