"""Pages of the console."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from collective.core.errors import ConflictError, InvalidError, NotFoundError
from collective.core.models import AuditEvent
from collective.core.operator import jobs, mailbox
from collective.core.operator.access import operators_only

PAGE = 50


@require_safe
@operators_only
def console(request: HttpRequest) -> HttpResponse:
    context = {"queue": jobs.queue_state(), "dead": jobs.dead_jobs(), "mail_is_here": mailbox.is_embedded()}
    return render(request, "operator/console.html", context)


@require_POST
@operators_only
def retry(request: HttpRequest, job_id: UUID) -> HttpResponse:
    if isinstance(request.user, AnonymousUser):  # the decorator has answered already; this tells the type checker
        raise NotFoundError
    try:
        job = jobs.retry_job(actor=request.user, job_id=job_id, reason=request.POST.get("reason", ""))
    except (ConflictError, InvalidError) as error:
        messages.error(request, error.message)
    else:
        messages.info(request, _("The job %(name)s is queued again.") % {"name": job.name})
    return redirect("operator:console")


@require_safe
@operators_only
def mail_list(request: HttpRequest) -> HttpResponse:
    letters = mailbox.letters() if mailbox.is_embedded() else []
    return render(request, "operator/mail.html", {"letters": letters, "mail_is_here": mailbox.is_embedded()})


@require_safe
@operators_only
def mail_letter(request: HttpRequest, letter_id: str) -> HttpResponse:
    found = mailbox.letter(letter_id) if mailbox.is_embedded() else None
    if found is None:
        raise NotFoundError
    return render(request, "operator/letter.html", {"letter": found})


@require_safe
@operators_only
def audit_search(request: HttpRequest) -> HttpResponse:
    """By the id of an object or of a person, by a part of the action's name, or everything; newest first."""
    wanted = request.GET.get("q", "").strip()
    events = AuditEvent.objects.select_related("actor").order_by("-at", "-id")
    if wanted:
        events = events.filter(_matches(wanted))
    page = Paginator(events, PAGE).get_page(request.GET.get("page"))
    return render(request, "operator/audit.html", {"page": page, "q": wanted, "query": urlencode({"q": wanted})})


def _matches(wanted: str) -> Q:
    about = Q(object_id=wanted) | Q(object_type=wanted) | Q(action__icontains=wanted)
    try:
        return about | Q(actor_id=UUID(wanted))
    except ValueError:
        return about
