"""A small market for the tests of money: a published dataset, its contributors, an offer, buyers."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from django.utils import timezone

from collective.accounts.models import Organization, User
from collective.catalog.models import Contribution, Dataset, DatasetVersion
from collective.catalog.services import Seal, open_version, seal_version
from collective.core.ids import new_id
from licensing.domain.actions import ACTION_CODES
from licensing.domain.declarations import Consent, Declaration, Source
from licensing.domain.library import OWN_WORK
from licensing.models import LicenseVersion, Offer
from licensing.selectors import current_notice, current_statement
from licensing.services import declare_rights, publish_offer
from payments.models import Account, Entry, Journal, Order
from payments.services import pay_simulated, place_order, settle_pool
from tests.factories import ContributionFactory, DatasetFactory, UserFactory


@dataclass
class Market:
    """`payees` are the contributors' organizations by their short names, in the order of their ids."""

    steward: User
    dataset: Dataset
    version: DatasetVersion
    payees: dict[str, Organization]
    contributors: dict[str, User]

    @property
    def pool(self) -> str:
        return f"pool:{self.version.pk}"

    def balances(self, currency: str) -> dict[str, int]:
        """Of every account that holds something, payees by their short names."""
        names = {str(payee.pk): name for name, payee in self.payees.items()}
        found = {}
        moved = Account.objects.filter(currency=currency).exclude(balance=0)
        for code, balance in moved.values_list("code", "balance"):
            kind, _, rest = code.partition(":")
            payee, _, part = rest.partition(":")
            found[f"{names[payee]}:{part}" if kind == "c" else "pool" if kind == "pool" else code] = balance
        return found

    def settle(self, currency: str) -> None:
        settle_pool(version_id=self.version.pk, currency=currency)


def legs_of(market: Market, *events: str) -> list[dict[str, int]]:
    """Journal by journal, payees by their short names."""
    names = {str(payee.pk): name for name, payee in market.payees.items()}
    found = []
    for journal in Journal.objects.filter(event__in=events).order_by("created_at", "id"):
        legs = {}
        for code, amount in Entry.objects.filter(journal=journal).values_list("account__code", "amount"):
            kind, _, rest = code.partition(":")
            payee, _, part = rest.partition(":")
            legs[f"{names[payee]}:{part}" if kind == "c" else "pool" if kind == "pool" else code] = amount
        found.append(legs)
    return found


def open_market(
    records: Mapping[str, list[int]], *, steward_bps: int = 0, people: Mapping[str, User] | None = None
) -> Market:
    """A dataset whose contributors gave `records`, one contribution each time; ids follow the order of the names.

    `people` are those who contribute elsewhere too.
    """
    steward = UserFactory.create()
    dataset = DatasetFactory.create(steward=steward, steward_bps=steward_bps)
    known = people or {}
    contributors = {name: known.get(name) or UserFactory.create() for name in sorted(records)}
    rows = {}
    for name, counts in records.items():
        for count in counts:
            rows[_contribution(dataset, contributors[name], count)] = count
    version = open_version(actor=steward, dataset_id=dataset.pk)
    digest = sha256(str(version.pk).encode()).hexdigest()
    seal = Seal([], rows, digest[:40], digest, digest, [], {})
    sealed = seal_version(version_id=version.pk, seal=seal)
    payees = {name: user.personal_organization for name, user in contributors.items()}
    return Market(steward, dataset, sealed, payees, contributors)


def _contribution(dataset: Dataset, contributor: User, count: int) -> UUID:
    contribution: Contribution = ContributionFactory.create(
        dataset=dataset, contributor=contributor, record_count=count, file_count=1
    )
    notice, statement = current_notice(), current_statement()
    source = Source("primary", "Written by me.", "rightsholder", OWN_WORK)
    consent = Consent(notice.text_sha256, dict.fromkeys(ACTION_CODES, True), commercial=True, exclusive=True)
    declaration = Declaration(source, consent, statement.text_sha256, contributor.name)
    declare_rights(actor=contributor, contribution_id=contribution.pk, declaration=declaration)
    for state in ("submitted", "validating", "validated"):
        contribution.transition_to(state)
    contribution.transition_to("accepted", decided_at=timezone.now())
    return contribution.pk


def offer(
    market: Market, price_minor: int, currency: str, *, fee_mode: str = "added", license_id: str = "CC-BY-4.0"
) -> Offer:
    license_version = LicenseVersion.objects.get(template__license_id=license_id)
    return publish_offer(
        actor=market.steward,
        dataset_id=market.dataset.pk,
        license_version_id=license_version.pk,
        price_minor=price_minor,
        currency=currency,
        fee_mode=fee_mode,
    )


def order(
    offered: Offer, buyer: User | None = None, *, client_ref: str = "", for_organization: Organization | None = None
) -> Order:
    actor = buyer or UserFactory.create()
    return place_order(
        actor=actor,
        offer_id=offered.pk,
        offer_sha256=offered.offer_sha256,
        licensee_id=(for_organization or actor.personal_organization).pk,
        client_ref=client_ref or str(new_id()),
        accepted=True,
    )


def buy(offered: Offer, buyer: User | None = None, *, for_organization: Organization | None = None) -> Order:
    placed = order(offered, buyer, for_organization=for_organization)
    return pay_simulated(actor=placed.buyer, order_id=placed.pk)
