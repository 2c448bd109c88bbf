"""The contributor's workspace: files first, then rights, then the check."""

import json
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collective.accounts.web.people import person
from collective.catalog.models import Contribution
from collective.catalog.policies import check_can_contribute, is_own
from collective.catalog.selectors import contribution_for, dataset_for
from collective.catalog.services import start_contribution, submit_contribution
from collective.core.errors import ConflictError
from ingestion.policies import RECORDS_KNOWN, can_change_files
from ingestion.selectors import files_of, upload_for
from ingestion.services import discard_upload
from ingestion.services.scanning import scanner_is_on
from ingestion.web.report import check_context
from ingestion.web.secrets import secrets_context
from ingestion.web.similar import similar_context
from ingestion.web.telling import timeline, uploader_words

FILES_SHOWN = 100


class TitleForm(forms.Form):
    title = forms.CharField(
        max_length=200,
        label=gettext_lazy("What is it?"),
        help_text=gettext_lazy("A short name, for example “Market conversations, May 2026”."),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def contribute(request: HttpRequest, organization: str, slug: str) -> HttpResponse:
    """Begin a contribution: a name, and on to its files."""
    dataset = dataset_for(request.user, organization, slug)
    check_can_contribute(request.user, dataset)
    form = TitleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = start_contribution(actor=person(request), dataset_id=dataset.pk, title=form.cleaned_data["title"])
        return redirect("ingestion:workspace", made.pk)
    return render(request, "ingestion/contribute.html", {"form": form, "dataset": dataset})


@login_required
@require_safe
def workspace(request: HttpRequest, contribution_id: UUID) -> HttpResponse:
    contribution = contribution_for(request.user, contribution_id)
    checked = check_context(contribution)
    context = {
        **_files(request, contribution),
        **checked,
        **secrets_context(request, contribution, checked["report"]),
        **similar_context(request, contribution),
        "has_records": is_own(request.user, contribution) and contribution.state in RECORDS_KNOWN,
        "timeline": timeline(contribution),
        "small_file_bytes": settings.UPLOAD_PART_BYTES,
        "words": json.dumps(uploader_words(), ensure_ascii=False),
    }
    return render(request, "ingestion/workspace.html", context)


@login_required
@require_safe
def files(request: HttpRequest, contribution_id: UUID) -> HttpResponse:
    """The list of files and the way to submit them, as they are now."""
    contribution = contribution_for(request.user, contribution_id)
    return render(request, "ingestion/_files.html", _files(request, contribution))


@login_required
@require_safe
def check(request: HttpRequest, contribution_id: UUID) -> HttpResponse:
    """The check as it is now. When it has ended, the whole page is drawn again."""
    contribution = contribution_for(request.user, contribution_id)
    context = check_context(contribution)
    if not context["checking"]:
        return HttpResponse(headers={"HX-Refresh": "true"})
    announce = request.GET.get("said") != context["spoken"]
    return render(request, "ingestion/_progress.html", {**context, "announce": announce})


@login_required
@require_POST
def submit(request: HttpRequest, contribution_id: UUID) -> HttpResponse:
    try:
        submit_contribution(actor=person(request), contribution_id=contribution_id)
    except ConflictError as refusal:
        messages.error(request, refusal.message)
    return redirect("ingestion:workspace", contribution_id)


@login_required
@require_POST
def remove(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    upload = upload_for(request.user, upload_id)
    discard_upload(actor=person(request), upload_id=upload_id)
    messages.info(request, _("“%s” is removed.") % upload.name)
    return redirect("ingestion:workspace", upload.contribution_id)


def _files(request: HttpRequest, contribution: Contribution) -> dict[str, Any]:
    rows = list(files_of(contribution))
    shown = sorted(rows, key=lambda row: row.state == "stored")[:FILES_SHOWN]
    return {
        "contribution": contribution,
        "files": shown,
        "more_files": len(rows) - len(shown),
        "file_count": len(rows),
        "file_bytes": sum(row.size for row in rows),
        "is_own": is_own(request.user, contribution),
        "can_change": can_change_files(person(request), contribution),
        "arriving": any(row.state == "assembling" for row in rows),
        "unfinished": any(row.state != "stored" for row in rows),
        "is_scanned": scanner_is_on(),
        "stored_count": sum(row.state == "stored" for row in rows),
    }
