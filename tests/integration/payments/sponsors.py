"""A foundation with a budget, and what a researcher orders from it."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from collective.accounts.models import Organization, User
from licensing.models import Offer
from payments.models import Account, Order, SponsorApproval, SponsorFunding, Sponsorship
from payments.selectors.sponsoring import budget_minor
from payments.services import (
    Choice,
    SponsorshipTerms,
    close_sponsorship,
    invite_researcher,
    open_sponsorship,
    pay_funding_simulated,
    place_order,
    start_funding,
)
from tests.factories import OrganizationFactory, UserFactory

MONTH = timedelta(days=30)


class Fund:
    """An open budget of a foundation, and who runs it."""

    def __init__(self, currency: str = "EUR", **terms: Any) -> None:
        self.manager = UserFactory.create(name="Fay Founder")
        self.sponsor: Organization = OrganizationFactory.create(owner=self.manager, name="Foundation")
        given = SponsorshipTerms(title="Voices", currency=currency, until=timezone.now() + MONTH, **terms)
        self.row = open_sponsorship(actor=self.manager, sponsor_id=self.sponsor.pk, terms=given)

    @property
    def holds(self) -> int:
        return budget_minor(self.row)

    @property
    def owes(self) -> int:
        debt = Account.objects.filter(code=f"{self.row.account}:owed", currency=self.row.currency).first()
        return -debt.balance if debt else 0

    def pay_in(self, amount_minor: int) -> SponsorFunding:
        funding = start_funding(actor=self.manager, sponsorship_id=self.row.pk, amount_minor=amount_minor)
        return pay_funding_simulated(actor=self.manager, funding_id=funding.pk)

    def approve(self, researcher: User) -> SponsorApproval:
        slug = researcher.personal_organization.slug
        return invite_researcher(actor=self.manager, sponsorship_id=self.row.pk, slug=slug)

    def close(self) -> Sponsorship:
        return close_sponsorship(actor=self.manager, sponsorship_id=self.row.pk)


def sponsored(offered: Offer, researcher: User, row: Sponsorship, client_ref: str = "cart", **chosen: Any) -> Order:
    return place_order(
        actor=researcher,
        offer_id=offered.pk,
        offer_sha256=offered.offer_sha256,
        licensee_id=researcher.personal_organization.pk,
        client_ref=client_ref,
        accepted=True,
        choice=Choice(sponsorship_id=row.pk, **chosen),
    )
