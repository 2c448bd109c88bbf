"""My licenses, and one of them."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from collective.accounts.web.people import person
from licensing import services
from licensing.api.grants import jws_download, pdf_download
from licensing.domain.ownership import ADVICE, indemnity_of
from licensing.models import GrantStatusEvent, LicenseGrant, Seat
from licensing.selectors import grant_for, grant_of_agreement, grants_visible_to, seat_cap
from licensing.selectors.covered import newest_covered
from licensing.selectors.ownership import ownership_holds
from licensing.selectors.removal import removed_share
from licensing.selectors.withdrawals import open_notices
from licensing.services.compatibility import source_of
from licensing.web.snippets import verify_snippet
from licensing.web.words import translated

EVENTS = {
    "issued": gettext_lazy("The license began"),
    "repinned": gettext_lazy("Signed again for a version without withdrawn data"),
    "suspended": gettext_lazy("Suspended"),
    "reinstated": gettext_lazy("Active again"),
    "revoked": gettext_lazy("Revoked"),
    "expired": gettext_lazy("Its time is over"),
    "reissued": gettext_lazy("Signed again with another key"),
    "flagged": gettext_lazy("The kind of the licensee has changed"),
}


@login_required
@require_safe
def my_licenses(request: HttpRequest) -> HttpResponse:
    grants = list(grants_visible_to(person(request)))
    rows = [(grant, translated(grant.offer.plain_words)) for grant in grants]
    usable = dict.fromkeys(source_of(grant) for grant in grants if grant.state == "active")
    query = urlencode([("dataset", source) for source in usable])
    waiting = open_notices(person(request)).count()
    return render(request, "licensing/licenses.html", {"rows": rows, "combine_query": query, "waiting": waiting})


@login_required
@require_safe
def grant_page(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    grant = grant_for(person(request), grant_id)
    context = {
        "grant": grant,
        "words": translated(grant.offer.plain_words),
        "facts": _facts(grant),
        "version": newest_covered(grant),
        "events": [_told(event) for event in grant.status_events.order_by("-at", "-id")],
        "notices": open_notices(person(request)).filter(grant=grant),
        "counts_seats": any(seat_cap(grant, kind) is not None for kind, _label in Seat.KINDS),
        "removal": removed_share(grant),
        **_claims(grant),
        "verify": verify_snippet(grant.dataset, grant.license_version.text_sha256),
    }
    return render(request, "licensing/grant.html", context)


@login_required
@require_POST
def end(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    grant = services.end_after_removal(actor=person(request), grant_id=grant_id)
    messages.info(request, _("The license has ended. Its history stays here."))
    return redirect("licensing:grant", grant_id=grant.pk)


@login_required
@require_safe
def grant_file(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    return jws_download(grant_for(person(request), grant_id))


@login_required
@require_safe
def certificate_file(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    grant = grant_for(person(request), grant_id)
    words = translated(grant.offer.plain_words)
    return pdf_download(grant, services.certificate(actor=person(request), grant_id=grant.pk, words=words))


@login_required
@require_safe
def agreement(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """The address that a grant names: it leads to the licensee's page of that grant."""
    grant = grant_of_agreement(person(request), agreement_id)
    return redirect("licensing:grant", grant_id=grant.pk)


def _claims(grant: LicenseGrant) -> dict[str, object]:
    holds = list(ownership_holds(grant))
    held = any(hold.lifted_at is None for hold in holds)
    advice = [_(sentence) for sentence in ADVICE]
    return {"holds": holds, "held": held, "advice": advice, "indemnity": indemnity_of(grant.offer.terms)}


def _facts(grant: LicenseGrant) -> list[tuple[str, str]]:
    end = date_format(grant.ends_at, "j F Y") if grant.ends_at else _("without an end")
    facts = [
        (_("Licensee"), grant.licensee.name),
        (
            _("Versions"),
            _("%(pinned)s, and later ones in the range %(range)s")
            % {"range": grant.version_range, "pinned": grant.pinned_version.number},
        ),
        (_("From"), date_format(grant.starts_at, "j F Y")),
        (_("Until"), end),
        (_("Price"), _paid(grant)),
        (_("Name the source as"), grant.offer.attribution),
    ]
    due = grant.copies_due
    return [*facts, (_("Copies must be deleted by"), date_format(due, "j F Y"))] if due and _has_ended(grant) else facts


def _has_ended(grant: LicenseGrant) -> bool:
    return grant.is_over(timezone.now())


def _paid(grant: LicenseGrant) -> str:
    """What this licensee paid, which a plan may have made another amount than the offer's own."""
    paid = grant.agreement.snapshot.get("price", grant.offer.plan)
    return f"{paid['amount']} {paid['currency']}" if paid["amount"].strip("0.") else _("free")


def _told(event: GrantStatusEvent) -> dict[str, object]:
    tone = "loss" if event.kind in ("suspended", "revoked") else ""
    return {"title": EVENTS[event.kind], "at": event.at, "text": event.reason, "tone": tone}
