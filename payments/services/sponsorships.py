"""Budgets for the licenses of researchers: opened and closed by an organization."""

from collections.abc import Sized
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from collective.accounts.models import Organization, User
from collective.accounts.policies import check_can_manage
from collective.accounts.selectors import organization_for, organizations_visible_to
from collective.catalog.models import Dataset
from collective.catalog.selectors import datasets_visible_to
from collective.core import audit
from collective.core.domain.money import CURRENCIES, currency_of
from collective.core.jobs import enqueue
from licensing.models import LicenseTemplate
from payments.errors import SponsorshipTermsError
from payments.models import Sponsorship
from payments.selectors.sponsoring import budget_minor, sponsorship_for
from payments.services.sponsor_mail import tell_researchers
from payments.services.sponsor_returns import owe_returns


@dataclass(frozen=True)
class SponsorshipTerms:
    """`most_minor` per license, all included; None: no limit. Nothing named under the last three: any."""

    title: str
    currency: str
    until: datetime
    about: str = ""
    most_minor: int | None = None
    dataset_ids: tuple[UUID, ...] = ()
    publisher_ids: tuple[UUID, ...] = ()
    license_ids: tuple[UUID, ...] = ()


@transaction.atomic
def open_sponsorship(*, actor: User, sponsor_id: UUID, terms: SponsorshipTerms) -> Sponsorship:
    """It holds nothing before it is funded. Raises SponsorshipTermsError."""
    sponsor = organization_for(actor, sponsor_id)
    check_can_manage(actor, sponsor)
    _check_terms(terms)
    datasets, publishers, licenses = _scope(actor, terms)
    opened = Sponsorship.objects.create(
        sponsor=sponsor,
        title=terms.title.strip(),
        about=terms.about.strip(),
        currency=terms.currency,
        most_minor=terms.most_minor,
        until=terms.until,
        opened_by=actor,
    )
    opened.datasets.set(datasets)
    opened.publishers.set(publishers)
    opened.licenses.set(licenses)
    audit.record(actor=actor, action="payments.sponsorship_opened", obj=opened, sponsor=sponsor.pk)
    return opened


@transaction.atomic
def close_sponsorship(*, actor: User, sponsorship_id: UUID) -> Sponsorship:
    """No new licenses; what is left goes back the way it came. Those that were given stay. Twice is once."""
    sponsorship = sponsorship_for(actor, sponsorship_id)
    check_can_manage(actor, sponsorship.sponsor)
    return _close(sponsorship.pk, actor)


def close_ended_sponsorships() -> int:
    """Job: those whose time is over, and what came back to closed ones since. Returns how many were closed."""
    ended = Sponsorship.objects.filter(state="open", until__lte=timezone.now()).order_by("until", "pk")
    closing = list(ended.values_list("pk", flat=True))
    for sponsorship_id in closing:
        _close(sponsorship_id, None)
    for sponsorship in Sponsorship.objects.filter(state="closed"):
        if budget_minor(sponsorship):
            _return_rest(sponsorship.pk)
    return len(closing)


@transaction.atomic
def _close(sponsorship_id: UUID, actor: User | None) -> Sponsorship:
    sponsorship = Sponsorship.objects.select_for_update(no_key=True).get(pk=sponsorship_id)
    if sponsorship.state == "closed":
        return sponsorship
    sponsorship.transition_to("closed", closed_at=timezone.now())
    for funding in sponsorship.fundings.filter(state__in=["reserved", "open"]):
        enqueue("payments.end_funding", key=f"end-funding:{funding.pk}", funding_id=funding.pk)
    owe_returns(sponsorship)
    tell_researchers(sponsorship)
    audit.record(actor=actor, action="payments.sponsorship_closed", obj=sponsorship)
    return sponsorship


@transaction.atomic
def _return_rest(sponsorship_id: UUID) -> None:
    owe_returns(Sponsorship.objects.select_for_update(no_key=True).get(pk=sponsorship_id))


def _check_terms(terms: SponsorshipTerms) -> None:
    wrong: dict[str, list[str]] = {}
    if not terms.title.strip():
        wrong["title"] = ["Give it a name that researchers understand."]
    if terms.currency not in list(CURRENCIES):
        wrong["currency"] = ["This currency is not handled here."]
    elif terms.most_minor is not None and terms.most_minor < currency_of(terms.currency).minimum_price:
        wrong["most_minor"] = ["Nothing costs as little as that."]
    if terms.until <= timezone.now():
        wrong["until"] = ["It must end in the future."]
    if wrong:
        raise SponsorshipTermsError(fields=wrong)


def _scope(actor: User, terms: SponsorshipTerms) -> tuple[list[Dataset], list[Organization], list[LicenseTemplate]]:
    """What is named must be there, for this person to see. Raises SponsorshipTermsError."""
    datasets = list(datasets_visible_to(actor).filter(pk__in=terms.dataset_ids))
    publishers = list(organizations_visible_to(actor).filter(pk__in=terms.publisher_ids))
    licenses = list(LicenseTemplate.objects.filter(pk__in=terms.license_ids))
    found: dict[str, Sized] = {"dataset_ids": datasets, "publisher_ids": publishers, "license_ids": licenses}
    missing = [name for name, rows in found.items() if len(rows) != len(set(getattr(terms, name)))]
    if missing:
        raise SponsorshipTermsError(fields={name: ["Something here does not exist."] for name in missing})
    return datasets, publishers, licenses
