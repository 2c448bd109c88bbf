"""Requests for access when several people act in the same moment, on either database."""

from collections import Counter

import pytest

from collective.core.errors import DomainError
from licensing import services
from licensing.models import AccessRequest, Offer
from licensing.services import Asked
from tests.factories import UserFactory
from tests.integration.payments.market import offer, open_market
from tests.integration.payments.test_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def restricted() -> Offer:
    market = open_market({"a": [1]})
    offered = offer(market, 0, "EUR")
    type(offered.dataset).objects.filter(pk=offered.dataset_id).update(visibility="restricted")
    return offered


def test_of_many_decisions_one_counts() -> None:
    offered = restricted()
    buyer, steward = UserFactory.create(), offered.published_by
    request = services.request_access(
        actor=buyer,
        dataset_id=offered.dataset_id,
        licensee_id=buyer.personal_organization.pk,
        asked=Asked("Research."),
    )

    def act(number: int) -> str:
        try:
            if number == 0:
                services.withdraw_access_request(actor=buyer, request_id=request.pk)
            elif number % 2:
                services.approve_access(actor=steward, request_id=request.pk, reason=f"Yes {number}.")
            else:
                services.decline_access(actor=steward, request_id=request.pk, reason=f"No {number}.")
        except DomainError as refusal:
            return refusal.code
        return "done"

    assert Counter(at_once(6, act)) == {"done": 1, "wrong_state": 5}
    request.refresh_from_db()
    last = request.events.exclude(kind="asked").get()
    assert (last.kind, last.text) == (request.state, request.reason)


def test_of_many_requests_one_is_made() -> None:
    offered = restricted()
    buyer = UserFactory.create()

    def act(number: int) -> str:
        try:
            services.request_access(
                actor=buyer,
                dataset_id=offered.dataset_id,
                licensee_id=buyer.personal_organization.pk,
                asked=Asked(f"Research {number}."),
            )
        except DomainError as refusal:
            return refusal.code
        return "done"

    assert Counter(at_once(5, act)) == {"done": 1, "access_asked": 4}
    assert AccessRequest.objects.get().events.count() == 1
