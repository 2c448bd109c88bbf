"""Buttons on an organization's page. Each does one thing, says what it did or why not, and returns to the page."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from collective.accounts import selectors, services
from collective.accounts.models import Organization
from collective.accounts.web.forms import InvitationForm
from collective.accounts.web.people import person
from collective.core.errors import ConflictError, DeniedError, InvalidError


@require_POST
@login_required
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    organization = _mine(request, slug)
    form = InvitationForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This is not an e-mail address. The invitation was not sent."))
        return redirect("accounts:organization", slug)
    with _told(request, _("The invitation is on its way. It waits here until the person answers.")):
        services.invite_member(actor=person(request), organization_id=organization.pk, **form.cleaned_data)
    return redirect("accounts:organization", slug)


@require_POST
@login_required
def withdraw(request: HttpRequest, slug: str, invitation_id: UUID) -> HttpResponse:
    organization = _mine(request, slug)
    with _told(request, _("The invitation is taken back.")):
        services.withdraw_invitation(
            actor=person(request), organization_id=organization.pk, invitation_id=invitation_id
        )
    return redirect("accounts:organization", slug)


@require_POST
@login_required
def change_role(request: HttpRequest, slug: str, user_id: UUID) -> HttpResponse:
    organization = _mine(request, slug)
    with _told(request, _("The role is changed.")):
        services.change_role(
            actor=person(request),
            organization_id=organization.pk,
            user_id=user_id,
            role=request.POST.get("role", ""),
        )
    return redirect("accounts:organization", slug)


@require_POST
@login_required
def remove(request: HttpRequest, slug: str, user_id: UUID) -> HttpResponse:
    organization, me = _mine(request, slug), person(request)
    with _told(request, _("The member is removed.")):
        services.remove_member(actor=me, organization_id=organization.pk, user_id=user_id)
    if not selectors.is_member(me, organization):
        return redirect("accounts:organizations")
    return redirect("accounts:organization", slug)


@require_POST
@login_required
def accept(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    membership = services.accept_invitation(actor=person(request), invitation_id=invitation_id)
    return redirect("accounts:organization", membership.organization.slug)


@require_POST
@login_required
def decline(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    services.decline_invitation(actor=person(request), invitation_id=invitation_id)
    messages.info(request, _("You declined the invitation."))
    return redirect("accounts:organizations")


@contextmanager
def _told(request: HttpRequest, done: str) -> Iterator[None]:
    try:
        yield
    except (ConflictError, DeniedError, InvalidError) as error:
        messages.error(request, error.message)
    else:
        messages.success(request, done)


def _mine(request: HttpRequest, slug: str) -> Organization:
    return selectors.organization_of(person(request), slug)
