"""The seats of a license: who has one, giving and releasing them."""

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
from django.views.decorators.http import require_http_methods, require_POST

from collective.accounts.models import Organization
from collective.accounts.selectors import members_of
from collective.accounts.web.people import person
from collective.core.errors import DeniedError, InvalidError
from licensing import services
from licensing.models import LicenseGrant, Seat
from licensing.policies import can_assign_seat
from licensing.selectors import grant_for, seat_cap, seats_of


class SeatForm(forms.Form):
    user = forms.TypedChoiceField(label=gettext_lazy("Person"), coerce=UUID)

    def __init__(self, *args: Any, licensee: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(str(each.user_id), f"{each.user} ({each.user.email})") for each in members_of(licensee)]
        self.fields["user"].choices = people  # type: ignore[attr-defined]  # a ChoiceField


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def seats(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    actor = person(request)
    grant = grant_for(actor, grant_id)
    may_assign = can_assign_seat(actor, grant)
    if request.method == "POST" and not may_assign:
        raise DeniedError
    form = SeatForm(request.POST or None, licensee=grant.licensee)
    if request.method == "POST" and form.is_valid() and _assigned(request, form, grant):
        return redirect("licensing:seats", grant_id=grant.pk)
    rows = list(seats_of(grant))
    context = {
        "grant": grant,
        "form": form if may_assign and seat_cap(grant, Seat.PERSON) is not None else None,
        "facts": _facts(grant, rows),
        "held": [row for row in rows if row.released_at is None],
        "past": [row for row in rows if row.released_at is not None],
        "may_assign": may_assign,
        "cooling_days": settings.SEAT_COOLING_DAYS,
    }
    return render(request, "licensing/seats.html", context)


@login_required
@require_POST
def release(request: HttpRequest, grant_id: UUID, seat_id: UUID) -> HttpResponse:
    seat = services.release_seat(actor=person(request), grant_id=grant_id, seat_id=seat_id)
    messages.success(request, _("The seat of %(name)s is released.") % {"name": seat.user})
    return redirect("licensing:seats", grant_id=grant_id)


def _assigned(request: HttpRequest, form: SeatForm, grant: LicenseGrant) -> bool:
    try:
        seat = services.assign_seat(actor=person(request), grant_id=grant.pk, user_id=form.cleaned_data["user"])
    except (DeniedError, InvalidError) as refusal:
        form.add_error("user", refusal.message)
        return False
    messages.success(request, _("%(name)s has a seat.") % {"name": seat.user})
    return True


def _facts(grant: LicenseGrant, rows: list[Seat]) -> list[tuple[str, str]]:
    labels = [(Seat.PERSON, _("Seats for people")), (Seat.SERVICE, _("Service keys"))]
    return [(label, _used(grant, rows, kind)) for kind, label in labels]


def _used(grant: LicenseGrant, rows: list[Seat], kind: str) -> str:
    cap = seat_cap(grant, kind)
    if cap is None and kind == Seat.SERVICE and seat_cap(grant, Seat.PERSON) is not None:
        return _("each counts as its owner")
    if cap is None:
        return _("as many as you like")
    used = sum(row.kind == kind and row.released_at is None for row in rows)
    return _("%(used)s of %(cap)s taken") % {"used": used, "cap": cap}
