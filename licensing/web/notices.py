"""Withdrawn records that a licensee has copies of: what to delete by when, and the place to answer."""

import csv
import io
import json
from collections.abc import Iterator
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collective.accounts.web.people import person
from licensing import services
from licensing.domain.deletion import STATEMENT, STATEMENT_SHA256
from licensing.models import WithdrawalNotice, WithdrawalNoticeEvent
from licensing.selectors.withdrawals import files_concerned, notice_for, notices_visible_to

EVENTS = {
    "notified": gettext_lazy("The licensee was told"),
    "reminded": gettext_lazy("The licensee was reminded"),
    "acknowledged": gettext_lazy("Read"),
    "overdue": gettext_lazy("Overdue"),
    "attested": gettext_lazy("The deletion was confirmed"),
}
SHOWN = 200


class AttestForm(forms.Form):
    statement_sha256 = forms.CharField(widget=forms.HiddenInput)
    signer_name = forms.CharField(
        label=gettext_lazy("Your name, as a signature"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )


@login_required
@require_safe
def my_notices(request: HttpRequest) -> HttpResponse:
    rows = list(notices_visible_to(person(request))[:SHOWN])
    waiting = [row for row in rows if row.is_open]
    context = {"waiting": waiting, "answered": [row for row in rows if not row.is_open]}
    return render(request, "licensing/notices.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def notice_page(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """POST signs that everything is deleted."""
    actor = person(request)
    notice = notice_for(actor, notice_id)
    initial = {"statement_sha256": STATEMENT_SHA256, "signer_name": actor.name}
    form = AttestForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.attest_deletion(actor=actor, notice_id=notice.pk, **form.cleaned_data)
        messages.success(request, _("Thank you. The deletion is confirmed."))
        return _back(notice)
    context = {
        "notice": notice,
        "form": form,
        "statement": STATEMENT,
        "files": files_concerned(notice),
        "events": [_told(event) for event in notice.events.order_by("-at", "-id")],
        "snippet": f"collective sync FOLDER --dataset {notice.withdrawal.dataset.repo_id}",
    }
    return render(request, "licensing/notice.html", context)


@login_required
@require_POST
def acknowledge(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    return _back(services.acknowledge_notice(actor=person(request), notice_id=notice_id))


@login_required
@require_safe
def records_csv(request: HttpRequest, notice_id: UUID) -> StreamingHttpResponse:
    notice = notice_for(person(request), notice_id)
    return _download(_csv_lines(notice), f"withdrawal-{notice.withdrawal.number}.csv", "text/csv; charset=utf-8")


@login_required
@require_safe
def records_json(request: HttpRequest, notice_id: UUID) -> StreamingHttpResponse:
    notice = notice_for(person(request), notice_id)
    return _download(_json_pieces(notice), f"withdrawal-{notice.withdrawal.number}.json", "application/json")


def _csv_lines(notice: WithdrawalNotice) -> Iterator[str]:
    line = io.StringIO()
    writer = csv.writer(line)
    for row in _csv_rows(notice):
        writer.writerow(row)
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def _csv_rows(notice: WithdrawalNotice) -> Iterator[tuple[str, ...]]:
    yield "record_id", "sha256"
    yield from services.records_to_delete(notice)


def _json_pieces(notice: WithdrawalNotice) -> Iterator[str]:
    """One object, written as it is read: the list may be long."""
    facts = json.dumps(services.notice_facts(notice), ensure_ascii=False)
    yield f'{facts[:-1]}, "records": ['
    between = ""
    for record in services.records_to_delete(notice):
        yield between + json.dumps({"record_id": record.record_id, "sha256": record.record_sha256})
        between = ",\n"
    yield "]}\n"


def _download(pieces: Iterator[str], name: str, content_type: str) -> StreamingHttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return StreamingHttpResponse(pieces, content_type=content_type, headers=headers)


def _back(notice: WithdrawalNotice) -> HttpResponseRedirect:
    return redirect("licensing:notice", notice_id=notice.pk)


def _told(event: WithdrawalNoticeEvent) -> dict[str, object]:
    signed = _("Signed by %s.") % event.signer_name if event.signer_name else ""
    return {"title": EVENTS[event.kind], "at": event.at, "text": signed, "tone": "loss" * (event.kind == "overdue")}
