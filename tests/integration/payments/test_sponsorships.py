"""Sponsored licenses: a budget pays, contributors earn in full, and nothing is spent twice."""

from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.utils import timezone

from collective.accounts.errors import NotAManagerError
from collective.accounts.models import User
from collective.core.errors import DomainError
from collective.core.models import Job
from licensing.models import LicenseGrant, Offer
from payments.errors import (
    FundingNotFoundError,
    InsufficientFundsError,
    NotSponsoredError,
    ReasonMissingError,
    SponsorshipEmptyError,
    SponsorshipLimitError,
    SponsorshipOverError,
    SponsorshipTermsError,
    SponsorshipUnfitError,
    SponsorWordsMissingError,
)
from payments.gateways.facts import Receipt, Returned
from payments.models import (
    Account,
    FinanceTask,
    Journal,
    Order,
    Payment,
    SponsorApproval,
    SponsoredOrder,
    SponsorFunding,
    SponsorReturn,
    Sponsorship,
)
from payments.selectors.sponsoring import budget_minor, spent_by_dataset, spent_by_researcher
from payments.services import (
    SponsorshipTerms,
    ask_sponsor,
    close_sponsorship,
    decide_sponsor_request,
    open_sponsorship,
    pay_funding_simulated,
    refund_order,
    start_funding,
    withdraw_sponsor_approval,
)
from payments.services.ledger import post
from payments.services.sponsor_funding import accept_funding, end_funding, look_after_funding
from payments.services.sponsor_returns import record_sponsor_return, send_sponsor_return
from payments.services.sponsorships import close_ended_sponsorships
from tests.factories import UserFactory
from tests.integration.payments.audit import violations
from tests.integration.payments.market import Market, offer, open_market
from tests.integration.payments.sponsors import MONTH, Fund, sponsored

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Market:
    return open_market({"a": [3], "b": [1]}, steward_bps=1000)


@pytest.fixture
def researcher() -> User:
    person: User = UserFactory.create(name="Rae Researcher")
    return person


def test_a_budget_pays_and_contributors_earn_in_full(market: Market, researcher: User) -> None:
    offered, fund = offer(market, 25_000, "EUR"), Fund()
    fund.pay_in(100_000)
    fund.approve(researcher)
    order = sponsored(offered, researcher, fund.row)
    assert (order.state, order.total_minor) == ("paid", 26_250)
    sale = Journal.objects.get(key=f"sale:{order.pk}")
    legs = dict(sale.entries.values_list("account__code", "amount"))
    assert legs == {fund.row.account: -26_250, "fee": 1250, market.pool: 25_000}
    grant = LicenseGrant.objects.get(order_id=order.pk)
    assert grant.licensee == researcher.personal_organization
    assert not LicenseGrant.objects.filter(licensee=fund.sponsor).exists()
    assert (fund.holds, Payment.objects.get().rail) == (73_750, "sponsorship")
    again = sponsored(offered, researcher, fund.row)
    assert (again, SponsoredOrder.objects.count(), fund.holds) == (order, 1, 73_750)
    name = researcher.personal_organization.name
    assert [(row.name, row.count, row.net.minor) for row in spent_by_researcher(fund.row)] == [(name, 1, 26_250)]
    assert [row.name for row in spent_by_dataset(fund.row)] == [market.dataset.title]
    assert violations() == []


def test_funding_is_booked_once_and_without_a_fee() -> None:
    fund = Fund()
    funding = fund.pay_in(50_000)
    again = pay_funding_simulated(actor=fund.manager, funding_id=funding.pk)
    assert again == funding
    legs = dict(Journal.objects.get().entries.values_list("account__code", "amount"))
    assert legs == {"embedded:balance": -50_000, fund.row.account: 50_000}
    with pytest.raises(FundingNotFoundError):
        pay_funding_simulated(actor=UserFactory.create(), funding_id=funding.pk)
    with pytest.raises(NotAManagerError):
        start_funding(actor=UserFactory.create(), sponsorship_id=fund.row.pk, amount_minor=100)
    assert violations() == []


def test_a_refund_goes_back_to_the_budget(market: Market, researcher: User) -> None:
    offered, fund, operator = offer(market, 25_000, "EUR"), Fund(), UserFactory.create(is_staff=True)
    fund.pay_in(30_000)
    fund.approve(researcher)
    order = sponsored(offered, researcher, fund.row)
    refund_order(actor=operator, order_id=order.pk, amount_minor=10_000, reason="Half of it.", refund_ref="r1")
    assert fund.holds == 13_750
    refund_order(actor=operator, order_id=order.pk, amount_minor=10_000, reason="Half of it.", refund_ref="r1")
    refund_order(actor=operator, order_id=order.pk, amount_minor=16_250, reason="The rest.", refund_ref="r2")
    assert (fund.holds, Order.objects.get().state) == (30_000, "refunded")
    assert LicenseGrant.objects.get().state == "revoked"
    assert [(row.count, row.net.minor) for row in spent_by_researcher(fund.row)] == [(1, 0)]
    market.settle("EUR")
    assert market.balances("EUR") == {"embedded:balance": -30_000, fund.row.account: 30_000}
    assert violations() == []


def refusal_of(offered: Offer, researcher: User, row: Sponsorship) -> type[DomainError]:
    with pytest.raises(DomainError) as refused:
        sponsored(offered, researcher, row)
    return type(refused.value)


def test_what_a_budget_does_not_pay(market: Market, researcher: User) -> None:
    offered = offer(market, 25_000, "EUR")
    elsewhere = open_market({"c": [1]})
    license_of = offered.license_version.template
    refusals = {}
    refused: dict[str, dict[str, Any]] = {
        "empty": {},
        "limit": {"most_minor": 26_249},
        "dataset": {"dataset_ids": (elsewhere.dataset.pk,)},
        "publisher": {"publisher_ids": (elsewhere.dataset.organization.pk,)},
        "currency": {"currency": "USD"},
    }
    for name, terms in refused.items():
        fund = Fund(**terms)
        fund.pay_in(26_249 if name == "empty" else 30_000)
        assert refusal_of(offered, researcher, fund.row) is NotSponsoredError
        fund.approve(researcher)
        refusals[name] = refusal_of(offered, researcher, fund.row)
    assert refusals == {
        "empty": SponsorshipEmptyError,
        "limit": SponsorshipLimitError,
        "dataset": SponsorshipUnfitError,
        "publisher": SponsorshipUnfitError,
        "currency": SponsorshipUnfitError,
    }
    assert not Order.objects.exists()
    named = Fund(
        dataset_ids=(market.dataset.pk,),
        publisher_ids=(market.dataset.organization.pk,),
        license_ids=(license_of.pk,),
        most_minor=26_250,
    )
    named.pay_in(26_250)
    named.approve(researcher)
    assert sponsored(offered, researcher, named.row).state == "paid"
    assert named.holds == 0
    assert violations() == []


def test_after_its_end_it_pays_nothing_and_the_rest_goes_back(market: Market, researcher: User) -> None:
    offered, fund = offer(market, 25_000, "EUR"), Fund()
    first, second = fund.pay_in(20_000), fund.pay_in(30_000)
    fund.approve(researcher)
    order = sponsored(offered, researcher, fund.row)
    with time_machine.travel(fund.row.until):
        assert close_ended_sponsorships() == 1
        assert close_ended_sponsorships() == 0
    fund.row.refresh_from_db()
    assert fund.row.state == "closed"
    owed = SponsorReturn.objects.order_by("created_at")
    assert [(each.funding_id, each.amount_minor) for each in owed] == [(second.pk, 23_750)]
    for each in owed:
        send_sponsor_return(return_id=each.pk)
        send_sponsor_return(return_id=each.pk)
    assert (fund.holds, Journal.objects.filter(event="sponsor_return").count()) == (0, 1)
    # A refund that comes later follows the rest, over both payments.
    operator = UserFactory.create(is_staff=True)
    refund_order(actor=operator, order_id=order.pk, amount_minor=26_250, reason="Withdrawn.", refund_ref="r")
    close_ended_sponsorships()
    close_ended_sponsorships()
    for each in SponsorReturn.objects.filter(state="reserved"):
        send_sponsor_return(return_id=each.pk)
    parts = {(each.funding_id, each.amount_minor) for each in SponsorReturn.objects.all()}
    assert parts == {(second.pk, 23_750), (second.pk, 6250), (first.pk, 20_000)}
    assert (fund.holds, Account.objects.get(code="embedded:balance").balance) == (0, 0)
    assert violations() == []


def test_closing_is_for_the_sponsor_and_ends_new_licenses(market: Market, researcher: User) -> None:
    offered, fund = offer(market, 25_000, "EUR"), Fund()
    fund.pay_in(30_000)
    fund.approve(researcher)
    with pytest.raises(NotAManagerError):
        close_sponsorship(actor=researcher, sponsorship_id=fund.row.pk)
    waiting = start_funding(actor=fund.manager, sponsorship_id=fund.row.pk, amount_minor=1000)
    fund.close()
    assert refusal_of(offered, researcher, fund.row) is SponsorshipOverError
    with pytest.raises(SponsorshipOverError):
        start_funding(actor=fund.manager, sponsorship_id=fund.row.pk, amount_minor=1000)
    with pytest.raises(SponsorshipOverError):
        pay_funding_simulated(actor=fund.manager, funding_id=waiting.pk)
    end_funding(funding_id=waiting.pk)
    waiting.refresh_from_db()
    assert waiting.state == "ended"
    # What was on its way all the same arrives, and goes back whole.
    accept_funding(receipt=Receipt("embedded", "late", waiting.pk, 1000, "EUR"))
    assert sorted(SponsorReturn.objects.values_list("amount_minor", flat=True)) == [1000, 30_000]
    assert violations() == []


def test_what_arrives_in_another_currency_goes_back_whole() -> None:
    fund = Fund()
    funding = SponsorFunding.objects.create(
        sponsorship=fund.row, state="open", amount_minor=10_000, rail="stripe", reference="cs_1", made_by=fund.manager
    )
    receipt = Receipt("stripe", "pay_1", funding.pk, 10_000, "EUR", settled_minor=11_000, settled_currency="USD")
    accept_funding(receipt=receipt)
    accept_funding(receipt=receipt)
    assert (fund.holds, budget_minor(fund.row, "USD")) == (0, 11_000)
    owed = SponsorReturn.objects.get()
    back = Returned("re_1", "pay_1", 10_000, "EUR", key=str(owed.pk), settled_minor=11_200)
    record_sponsor_return(funding=SponsorFunding.objects.get(), back=back)
    record_sponsor_return(funding=SponsorFunding.objects.get(), back=back)
    holds = dict(Account.objects.filter(currency="USD").values_list("code", "balance"))
    assert holds == {"stripe:balance": 200, fund.row.account: 0, "fx": -200}
    assert violations() == []


def test_a_return_that_failed_is_reversed_once_and_a_person_looks_at_it() -> None:
    fund = Fund()
    funding = fund.pay_in(10_000)
    fund.close()
    owed = SponsorReturn.objects.get()
    sent = send_sponsor_return(return_id=owed.pk)
    failed = Returned(sent.reference, funding.payment, 10_000, "EUR", has_failed=True, key=str(owed.pk))
    for _ in range(2):
        record_sponsor_return(funding=funding, back=failed)
    close_ended_sponsorships()
    assert (fund.holds, SponsorReturn.objects.get().state) == (10_000, "failed")
    assert FinanceTask.objects.get().kind == "refund_failed"
    assert violations() == []


def test_what_was_sent_back_at_the_rail_and_is_spent_its_sponsor_owes(market: Market, researcher: User) -> None:
    """Nobody who earned pays for it, and when the license is given back, its price is not theirs a second time."""
    offered, fund, operator = offer(market, 25_000, "EUR"), Fund(), UserFactory.create(is_staff=True)
    funding = fund.pay_in(30_000)
    fund.approve(researcher)
    order = sponsored(offered, researcher, fund.row)
    for _ in range(2):
        record_sponsor_return(funding=funding, back=Returned("re_1", funding.payment, 30_000, "EUR"))
    assert (fund.holds, fund.owes) == (0, 26_250)
    assert FinanceTask.objects.get().kind == "difference"
    assert violations() == []
    refund_order(actor=operator, order_id=order.pk, amount_minor=10_000, reason="Half of it.", refund_ref="r1")
    assert (fund.holds, fund.owes) == (0, 16_250)
    # It failed on its way: what the sponsor does not owe any more is in the budget again.
    failed = Returned("re_1", funding.payment, 30_000, "EUR", has_failed=True)
    for _ in range(2):
        record_sponsor_return(funding=funding, back=failed)
    assert (fund.holds, fund.owes) == (13_750, 0)
    assert violations() == []


def test_researchers_ask_and_the_sponsor_decides(market: Market, researcher: User) -> None:
    fund, mine = Fund(), researcher.personal_organization
    with pytest.raises(SponsorWordsMissingError):
        ask_sponsor(actor=researcher, sponsorship_id=fund.row.pk, researcher_id=mine.pk, words=" ")
    for _ in range(2):
        asked = ask_sponsor(
            actor=researcher, sponsorship_id=fund.row.pk, researcher_id=mine.pk, words="Speech for the deaf."
        )
    assert (asked.state, SponsorApproval.objects.count()) == ("requested", 1)
    with pytest.raises(NotAManagerError):
        decide_sponsor_request(actor=researcher, approval_id=asked.pk, approve=True)
    with pytest.raises(ReasonMissingError):
        decide_sponsor_request(actor=fund.manager, approval_id=asked.pk, approve=False)
    decide_sponsor_request(actor=fund.manager, approval_id=asked.pk, approve=False, reason="Too broad.")
    ask_sponsor(actor=researcher, sponsorship_id=fund.row.pk, researcher_id=mine.pk, words="Speech in Wolof.")
    decide_sponsor_request(actor=fund.manager, approval_id=asked.pk, approve=True)
    withdraw_sponsor_approval(actor=fund.manager, approval_id=asked.pk, reason="The project has ended.")
    asked.refresh_from_db()
    assert (asked.state, asked.reason) == ("withdrawn", "The project has ended.")
    assert Job.objects.filter(name="payments.mail_sponsoring").count() == 5


def test_a_withdrawn_approval_stops_new_licenses_only(market: Market, researcher: User) -> None:
    offered, other = offer(market, 25_000, "EUR"), offer(market, 1000, "EUR", license_id="CC-BY-SA-4.0")
    fund = Fund()
    fund.pay_in(100_000)
    approval = fund.approve(researcher)
    order = sponsored(offered, researcher, fund.row)
    withdraw_sponsor_approval(actor=fund.manager, approval_id=approval.pk, reason="Left.")
    with pytest.raises(NotSponsoredError):
        sponsored(other, researcher, fund.row, "second")
    assert LicenseGrant.objects.get(order_id=order.pk).state == "active"
    assert fund.holds == 73_750
    assert violations() == []


def test_the_ledger_itself_refuses_what_a_budget_does_not_hold() -> None:
    fund = Fund()
    fund.pay_in(1000)
    with pytest.raises(InsufficientFundsError):
        post(key="x", event="sale", currency="EUR", legs={fund.row.account: -1001, "fee": 1001})
    with pytest.raises(DatabaseError), transaction.atomic():
        Account.objects.filter(code=fund.row.account).update(balance=-1)
    assert fund.holds == 1000


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE payments_sponsorship SET most_minor = 1",
        "UPDATE payments_sponsorfunding SET amount_minor = 1",
        "UPDATE payments_sponsorfunding SET booked_minor = 1",
        "UPDATE payments_sponsorfunding SET state = 'ended'",
        "UPDATE payments_sponsoredorder SET sponsorship_id = approval_id",
        "DELETE FROM payments_sponsoredorder",
        "DELETE FROM payments_sponsorfunding",
        "DELETE FROM payments_sponsorapproval",
        "UPDATE payments_sponsorreturn SET amount_minor = 1",
    ],
)
def test_the_database_keeps_what_was_paid(market: Market, researcher: User, attack: str) -> None:
    offered, fund = offer(market, 25_000, "EUR"), Fund()
    fund.pay_in(30_000)
    fund.approve(researcher)
    sponsored(offered, researcher, fund.row)
    fund.close()
    with pytest.raises(DatabaseError), transaction.atomic(), transaction.get_connection().cursor() as cursor:
        cursor.execute(attack)
    assert violations() == []


def test_terms_that_make_no_sense_are_refused() -> None:
    manager = UserFactory.create()
    mine = manager.personal_organization.pk
    soon = timezone.now() + MONTH
    for terms, field in (
        (SponsorshipTerms(title=" ", currency="EUR", until=soon), "title"),
        (SponsorshipTerms(title="T", currency="XXX", until=soon), "currency"),
        (SponsorshipTerms(title="T", currency="EUR", until=timezone.now()), "until"),
        (SponsorshipTerms(title="T", currency="EUR", until=soon, most_minor=1), "most_minor"),
        (SponsorshipTerms(title="T", currency="EUR", until=soon, dataset_ids=(mine,)), "dataset_ids"),
    ):
        with pytest.raises(SponsorshipTermsError) as refused:
            open_sponsorship(actor=manager, sponsor_id=mine, terms=terms)
        assert list(refused.value.fields) == [field]
    assert not Sponsorship.objects.exists()


def test_looking_after_a_simulated_funding_ends() -> None:
    fund = Fund()
    funding = start_funding(actor=fund.manager, sponsorship_id=fund.row.pk, amount_minor=1000)
    before = Job.objects.count()
    look_after_funding(funding_id=funding.pk)
    assert (SponsorFunding.objects.get().state, Job.objects.count()) == ("open", before)
    pay_funding_simulated(actor=fund.manager, funding_id=funding.pk)
    look_after_funding(funding_id=funding.pk)
    assert fund.holds == 1000
