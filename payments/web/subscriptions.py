"""Subscriptions: what runs until when, and the way out."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from collective.accounts.web.people import person
from payments.selectors.subscriptions import subscriptions_visible_to
from payments.services import cancel_subscription

PAGE_SIZE = 50


@require_safe
@never_cache
@login_required
def subscription_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(subscriptions_visible_to(person(request)), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "payments/subscriptions.html", {"page": page})


@login_required
@require_POST
def cancel(request: HttpRequest, subscription_id: UUID) -> HttpResponse:
    cancel_subscription(actor=person(request), subscription_id=subscription_id)
    messages.info(request, _("The subscription is cancelled. What is paid stays yours until its time is over."))
    return redirect("payments:subscriptions")
