"""The records that a person is in, of what others gave: found by id, and taken back one by one."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from collective.accounts.web.people import person
from collective.core.errors import ConflictError, InvalidError
from licensing import services
from licensing.selectors.own_records import own_record_count, own_records
from licensing.web.rights import taken_back

ON_PAGE = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def records(request: HttpRequest, contribution_id: UUID, person_id: UUID | None = None) -> HttpResponse:
    """One's own; with `person_id` a minor's, for the guardian."""
    answerer = services.answerer_for(person(request), person_id)
    contribution = answerer.contribution(contribution_id)
    if request.method == "POST":
        _take_back(request, contribution_id, person_id)
        return redirect(request.path)
    page = Paginator(range(own_record_count(answerer, contribution)), ON_PAGE).get_page(request.GET.get("page"))
    first = max(page.start_index() - 1, 0)
    rows = own_records(answerer, contribution, first=first, count=len(page.object_list))
    context = {"contribution": contribution, "page": page, "rows": rows, "ward": person_id}
    return render(request, "licensing/own_records.html", context)


def _take_back(request: HttpRequest, contribution_id: UUID, ward: UUID | None) -> None:
    ticked = request.POST.getlist("records")
    try:
        count = services.withdraw_records(
            actor=person(request), contribution_id=contribution_id, record_ids=ticked, ward=ward
        )
    except (InvalidError, ConflictError) as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, taken_back(count))
