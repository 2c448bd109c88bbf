"""Asking for a price, and answering with an offer for one organization."""

from collections.abc import Iterable
from typing import Unpack
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from collective.accounts.models import User
from collective.accounts.policies import check_can_act_for
from collective.accounts.selectors import managers_of, organization_for
from collective.core import audit
from collective.core.db.conflicts import insert_or_none
from collective.core.jobs import enqueue
from licensing.domain.parameters import parameters_of
from licensing.errors import (
    NoQuoteNeededError,
    OfferRetiredError,
    QuoteOpenError,
    QuoteReasonError,
    QuoteUseError,
)
from licensing.models import QuoteRequest
from licensing.policies import check_can_manage_offer
from licensing.selectors import offer_for, quote_for
from licensing.services.offers import Options, publish_offer


@transaction.atomic
def ask_for_quote(*, actor: User, offer_id: UUID, licensee_id: UUID, use: str) -> QuoteRequest:
    """Raises NoQuoteNeededError (it has a price), QuoteUseError, and QuoteOpenError while one waits for its answer."""
    offer, licensee = offer_for(actor, offer_id), organization_for(actor, licensee_id)
    check_can_act_for(actor, licensee)
    if offer.state != "live":
        raise OfferRetiredError
    if offer.is_sold_here:
        raise NoQuoteNeededError
    if not use.strip():
        raise QuoteUseError(fields={"use": [QuoteUseError.text]})
    asked = QuoteRequest(offer=offer, licensee=licensee, asked_by=actor, use=use.strip(), asked_at=timezone.now())
    if insert_or_none(asked) is None:
        raise QuoteOpenError(licensee=licensee.name)
    audit.record(actor=actor, action="licensing.quote_asked", obj=asked, offer=offer.pk)
    _tell(asked, managers_of(offer.dataset.organization))
    return asked


@transaction.atomic
def answer_quote(
    *, actor: User, quote_id: UUID, price_minor: int, currency: str, **options: Unpack[Options]
) -> QuoteRequest:
    """Publish the same license at a fixed price for whoever asked, and for nobody else."""
    asked = _mine_to_decide(actor, quote_id)
    usual: Options = {
        "attribution": asked.offer.attribution,
        "duration_days": asked.offer.duration_days,
        "parameters": parameters_of(asked.offer.license_version.terms, asked.offer.terms),
    }
    wanted: Options = {**usual, **options, "audience_id": asked.licensee_id}
    offer = publish_offer(
        actor=actor,
        dataset_id=asked.offer.dataset_id,
        license_version_id=asked.offer.license_version_id,
        price_minor=price_minor,
        currency=currency,
        **wanted,
    )
    asked.transition_to("answered", answer=offer, decided_at=timezone.now())
    audit.record(actor=actor, action="licensing.quote_answered", obj=asked, offer=offer.pk)
    _tell(asked, [asked.asked_by])
    return asked


@transaction.atomic
def decline_quote(*, actor: User, quote_id: UUID, reason: str) -> QuoteRequest:
    asked = _mine_to_decide(actor, quote_id)
    if not reason.strip():
        raise QuoteReasonError(fields={"reason": [QuoteReasonError.text]})
    asked.transition_to("declined", reason=reason.strip(), decided_at=timezone.now())
    audit.record(actor=actor, action="licensing.quote_declined", obj=asked, reason=reason)
    _tell(asked, [asked.asked_by])
    return asked


def _tell(asked: QuoteRequest, people: Iterable[User]) -> None:
    for person in people:
        key = f"quote:{asked.pk}:{asked.state}:{person.pk}"
        enqueue("licensing.mail_quote", key=key, quote_id=asked.pk, kind=asked.state, user_id=person.pk)


def _mine_to_decide(actor: User, quote_id: UUID) -> QuoteRequest:
    asked = quote_for(actor, quote_id)
    check_can_manage_offer(actor, asked.offer)
    return asked
