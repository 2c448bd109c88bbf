"""The certificate of a grant: what the signed claims say, in words for people."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from collective.accounts.models import User
from licensing.domain.plain import PlainWords
from licensing.domain.tokens import strict_json, unpadded
from licensing.gateways.certificate_pdf import Page, render
from licensing.models import LicenseGrant
from licensing.selectors import grant_for


def certificate(*, actor: User, grant_id: UUID, words: PlainWords | None = None) -> bytes:
    """A PDF of one page. `words` are the terms in the reader's language; default: in English."""
    grant = grant_for(actor, grant_id)
    return render(certificate_page(grant, words or grant.offer.plain_words))


def certificate_page(grant: LicenseGrant, words: PlainWords) -> Page:
    now = timezone.now()
    return Page(
        title=_("License certificate"),
        subtitle=grant.license.name,
        rows=_rows(grant, strict_json(unpadded(grant.jws.split(".")[1])), now),
        lists=[
            (heading, sentences)
            for heading, sentences in (
                (_("The licensee may"), words.may),
                (_("The licensee must"), words.must),
                (_("The licensee may not"), words.may_not),
            )
            if sentences
        ],
        url=f"{settings.SITE_URL}/verify/{grant.pk}/",
        note=_(
            "This page is for people. The proof is the signed license (a .jws file), which can be verified without "
            "this site. The code leads to the present state of the license."
        ),
        made_at=now,
    )


def _rows(grant: LicenseGrant, claims: dict[str, Any], now: datetime) -> list[tuple[str, list[str]]]:
    """Facts from the claims; only the names that go with their addresses are looked up."""
    own, licensee = claims["dc"], grant.agreement.snapshot["licensee"]
    end = _day(claims["exp"]) if "exp" in claims else _("without an end")
    rows = [
        (_("Licensee"), [licensee["name"], claims["sub"]]),
        (_("Licensor"), [grant.agreement.snapshot["licensor"]["name"]]),
        (_("Dataset"), [grant.dataset.title, own["dataset"]]),
        (_("Version"), [f"{own['versions']['pinned']}  ({own['versions']['range']})"]),
        (_("Valid"), [_("from %(start)s, %(end)s") % {"start": _day(claims["nbf"]), "end": end}]),
        (_("State"), [_state(grant, now)]),
        (_("Name the source as"), [own["attribution"] or ""]),
        (_("Seats"), [str(own["seats"]) if own["seats"] is not None else ""]),
        (_("License text"), ["SHA-256", own["license"]["text_sha256"]]),
        (_("Manifest of the data"), ["SHA-256", own["manifest_sha256"]]),
        (_("Number"), [claims["jti"]]),
        (_("Check it at"), [f"{settings.SITE_URL}/verify/{grant.pk}/"]),
    ]
    return [(label, lines) for label, lines in rows if any(lines)]


def _state(grant: LicenseGrant, now: datetime) -> str:
    state = "expired" if grant.state == "active" and grant.is_over(now) else grant.state
    names = {
        "active": _("active"),
        "suspended": _("suspended"),
        "expired": _("ended"),
        "revoked": _("revoked"),
    }
    return _("%(state)s on %(moment)s") % {"state": names[state], "moment": date_format(now, "j F Y, H:i e")}


def _day(seconds: int) -> str:
    return date_format(datetime.fromtimestamp(seconds, tz=UTC), "j F Y")
