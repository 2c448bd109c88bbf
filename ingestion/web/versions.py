"""Publishing a version, and watching it being built."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from collective.accounts.web.people import person
from collective.catalog.models import DatasetVersion
from collective.catalog.policies import can_steward
from collective.catalog.selectors import dataset_for, version_for
from collective.core.errors import ConflictError
from ingestion.models import VersionBuild
from ingestion.selectors import latest_build, taken_back_among
from ingestion.services import publish_version, retry_version
from ingestion.web.telling import build_steps

NOTES_MAX = 2000


@login_required
@require_POST
def publish(request: HttpRequest, organization: str, slug: str) -> HttpResponse:
    dataset = dataset_for(request.user, organization, slug)
    notes = request.POST.get("notes", "")[:NOTES_MAX]
    try:
        opened = publish_version(actor=person(request), dataset_id=dataset.pk, notes=notes)
    except ConflictError as refusal:
        messages.error(request, refusal.message)
        return redirect("catalog:desk_dataset", organization, slug)
    return redirect("ingestion:version", opened.pk)


@require_safe
def version(request: HttpRequest, version_id: UUID) -> HttpResponse:
    row = version_for(request.user, version_id)
    files = row.files.order_by("path").select_related("shard") if row.published_at else []
    return render(request, "ingestion/version.html", {**_build(request, row), "files": files})


@require_safe
def build(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """The progress of the build as it is now. When it has ended, the whole page is drawn again."""
    row = version_for(request.user, version_id)
    response = render(request, "ingestion/_build.html", _build(request, row))
    if row.state != "building":
        response["HX-Refresh"] = "true"
    return response


@login_required
@require_POST
def retry(request: HttpRequest, version_id: UUID) -> HttpResponse:
    try:
        retry_version(actor=person(request), version_id=version_id)
    except ConflictError as refusal:
        messages.error(request, refusal.message)
    return redirect("ingestion:version", version_id)


def _left_out(built: VersionBuild) -> dict[str, int]:
    taken_back = taken_back_among(built.left_out)
    return {"taken_back": taken_back, "left_out": sum(map(len, built.left_out.values())) - taken_back}


def _build(request: HttpRequest, row: DatasetVersion) -> dict[str, object]:
    built = latest_build(row)
    return {
        "version": row,
        "steps": build_steps(row, built),
        **(_left_out(built) if built and can_steward(request.user, row.dataset) else {}),
        "can_retry": row.state == "failed" and can_steward(request.user, row.dataset),
    }
