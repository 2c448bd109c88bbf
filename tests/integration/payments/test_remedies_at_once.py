"""Two clicks at once, and a sale while a claim is upheld: on either database."""

import pytest

from collective.catalog.models import Contribution
from collective.catalog.services import take_back
from collective.core.errors import DomainError
from licensing.invariants import claimed_is_not_licensed
from licensing.models import GrantStatusEvent, LicenseGrant
from licensing.services import Claimed, end_after_removal, file_claim, review_claim, uphold_claim
from payments.models import Journal, Payment, Refund
from payments.services import pay_simulated, refund_removed_share
from tests.factories import UserFactory
from tests.integration.payments.audit import violations
from tests.integration.payments.market import buy, offer, open_market, order
from tests.integration.payments.test_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_many_clicks_are_one_refund_and_one_end() -> None:
    market = open_market({"a": [12], "b": [88]})
    sold = buy(offer(market, 10_000, "USD"))
    person = market.contributors["a"]
    take_back(actor=person, contribution_id=Contribution.objects.get(contributor=person).pk)
    refunds = at_once(8, lambda _: refund_removed_share(actor=sold.buyer, order_id=sold.pk))
    assert {asked.pk for asked in refunds} == {Refund.objects.get().request_id}
    assert Journal.objects.filter(event="removal_refund").count() == 1
    grant = LicenseGrant.objects.get()
    ended = at_once(8, lambda _: end_after_removal(actor=sold.buyer, grant_id=grant.pk))
    assert {each.state for each in ended} == {"revoked"}
    assert GrantStatusEvent.objects.filter(kind="revoked").count() == 1
    assert violations() == []


def test_no_sale_slips_through_while_a_claim_is_upheld() -> None:
    market = open_market({"a": [1]})
    offered = offer(market, 10_000, "USD")
    waiting = [order(offered) for _ in range(6)]
    words = Claimed("Ada", "ada@example.org", "All.", "I made it.", "A contract.")
    claim = file_claim(actor=UserFactory.create(), dataset_id=market.dataset.pk, claimed=words)
    operator = UserFactory.create(is_staff=True)
    review_claim(actor=operator, claim_id=claim.pk)

    def act(number: int) -> str:
        if number == len(waiting):
            return uphold_claim(actor=operator, claim_id=claim.pk, reason="theirs").state
        try:
            return pay_simulated(actor=waiting[number].buyer, order_id=waiting[number].pk).state
        except DomainError as error:
            return error.code

    outcomes = at_once(len(waiting) + 1, act)
    paid = outcomes.count("paid")
    assert outcomes.count("ownership_disputed") == len(waiting) - paid
    assert outcomes[-1] == "upheld"
    assert [grant.state for grant in LicenseGrant.objects.all()] == ["suspended"] * paid
    assert Payment.objects.count() == paid
    assert list(claimed_is_not_licensed()) == []
    assert violations() == []
