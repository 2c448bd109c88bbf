"""Routes of sponsorships. The steward's organization funds a budget; the buyer asks to have licenses paid from it."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from payments.models import Sponsorship
from payments.services import SponsorshipTerms, ask_sponsor, close_sponsorship, open_sponsorship, start_funding
from tests.contract.matrix import Row, everybody, only
from tests.contract.matrix.world import World


def budget(world: World) -> Sponsorship:
    terms = SponsorshipTerms(title="Voices", currency="EUR", until=timezone.now() + timedelta(days=1))
    return open_sponsorship(actor=world.people["steward"], sponsor_id=world.organization.pk, terms=terms)


def opened(world: World) -> dict[str, Any]:
    return {"sponsorship_id": budget(world).pk}


def closed(world: World) -> dict[str, Any]:
    row = budget(world)
    close_sponsorship(actor=world.people["steward"], sponsorship_id=row.pk)
    return {"sponsorship_id": row.pk}


def asked(world: World) -> dict[str, Any]:
    buyer = world.people["buyer"]
    mine = buyer.personal_organization.pk
    row = ask_sponsor(actor=buyer, sponsorship_id=budget(world).pk, researcher_id=mine, words="Speech in Wolof.")
    return {"approval_id": row.pk}


def funded(world: World) -> dict[str, Any]:
    row = start_funding(actor=world.people["steward"], sponsorship_id=budget(world).pk, amount_minor=1000)
    return {"funding_id": row.pk}


def mine(world: World) -> dict[str, Any]:
    """For the steward's organization, which is nobody else's to act for."""
    until = (timezone.now() + timedelta(days=1)).isoformat()
    return {"sponsor_id": str(world.organization.pk), "title": "Voices", "currency": "EUR", "until": until}


def invited(world: World) -> dict[str, Any]:
    return {"slug": world.people["stranger"].personal_organization.slug}


MANAGER = only("steward", 200, others=403, anonymous=401)
MAKES = only("steward", 201, others=403, anonymous=401)
PAGE = everybody(200, anonymous=302)

ROWS = [
    Row("payments-api:sponsorships", "GET", **everybody(200, anonymous=401)),
    Row("payments-api:sponsorships", "POST", body=mine, **only("steward", 201, others=404, anonymous=401)),
    Row("payments-api:sponsorship", "GET", path=opened, **everybody(200, anonymous=401)),
    # A closed one is for those who had to do with it, and for operators.
    Row(
        "payments-api:sponsorship", "GET", path=closed, **only("steward", 200, others=404, anonymous=401, operator=200)
    ),
    Row("payments-api:sponsorship-close", "POST", path=opened, **MANAGER),
    Row("payments-api:sponsor-fund", "POST", path=opened, body={"amount_minor": 1000}, **MAKES),
    Row("payments-api:sponsor-approvals", "GET", path=opened, **everybody(200, anonymous=401)),
    Row("payments-api:sponsor-approvals", "POST", path=opened, body=invited, **MAKES),
    Row(
        "payments-api:sponsor-decide",
        "POST",
        path=asked,
        body={"decision": "approve"},
        **only("steward", 200, others=404, anonymous=401, buyer=403),
    ),
    Row("payments:sponsorships", "GET", **PAGE),
    Row("payments:sponsorship_new", "GET", **PAGE),
    Row("payments:sponsorship_new", "POST", body={}, **PAGE),
    Row("payments:sponsorship", "GET", path=opened, **PAGE),
    Row("payments:sponsorship", "GET", path=closed, **only("steward", 200, others=404, anonymous=302, operator=200)),
    Row("payments:sponsorship_close", "POST", path=opened, **only("steward", 302, others=403, anonymous=302)),
    Row("payments:sponsor_fund", "POST", path=opened, body={}, **only("steward", 200, others=403, anonymous=302)),
    Row("payments:sponsor_ask", "POST", path=opened, body={}, **PAGE),
    Row("payments:sponsor_invite", "POST", path=opened, body={}, **only("steward", 200, others=403, anonymous=302)),
    Row("payments:sponsor_decide", "POST", path=asked, **only("steward", 302, others=404, anonymous=302, buyer=403)),
    Row("payments:funding_simulated", "GET", path=funded, **only("steward", 200, others=404, anonymous=302)),
    Row("payments:funding_simulated", "POST", path=funded, **only("steward", 302, others=404, anonymous=302)),
]
