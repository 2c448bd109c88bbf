"""G31: a contributor withdraws in the middle of a subscription's period, and the month closes."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from collective.accounts.models import User
from collective.catalog.domain.records import RecordPlace
from collective.catalog.models import Contribution
from collective.catalog.services import take_back, withdraw_records
from collective.core.models import Job
from licensing.models import LicenseVersion
from licensing.services import publish_offer
from payments.domain import chart
from payments.errors import NothingToRefundError
from payments.models import Entry, Journal, Order, SalePeriod, Settlement
from payments.services import (
    pay_simulated,
    refund_order,
    refund_removed_share,
    release_due_settlements,
    settle_all_pools,
    settle_ended_periods,
    settle_period,
)
from tests.factories import UserFactory
from tests.integration.payments.audit import violations
from tests.integration.payments.market import Market, open_market, order

pytestmark = pytest.mark.django_db
MONTHLY = {"model": "subscription", "period": "month", "grace_days": 7}
DAY = timedelta(days=1)
RunJobs = Callable[[], list[str]]


@pytest.fixture(autouse=True)
def nothing_is_false(db: None) -> Iterator[None]:
    yield
    assert violations() == []


@pytest.fixture
def market() -> Market:
    return open_market({"a": [10], "b": [10], "c": [10]})


def subscribe(market: Market, price_minor: int = 9_000, currency: str = "EUR") -> Order:
    """One month, paid now."""
    text = LicenseVersion.objects.get(template__license_id="LicenseRef-DC-LIVE-SUBSCRIPTION-1.0", language="en")
    offered = publish_offer(
        actor=market.steward,
        dataset_id=market.dataset.pk,
        license_version_id=text.pk,
        price_minor=price_minor,
        currency=currency,
        plan=MONTHLY,
    )
    placed = order(offered)
    return pay_simulated(actor=placed.buyer, order_id=placed.pk)


def leave(market: Market, name: str) -> None:
    person = market.contributors[name]
    take_back(actor=person, contribution_id=Contribution.objects.get(contributor=person).pk)


def take_back_records(market: Market, name: str, count: int) -> None:
    person = market.contributors[name]
    contribution = Contribution.objects.get(contributor=person)
    places = [RecordPlace(f"{each:032x}", f"{each:064x}", "a" * 64, each) for each in range(count)]
    withdraw_records(actor=person, contribution_id=contribution.pk, places=places)


def after(days: float) -> "time_machine.travel":
    """A moment of the period: a little later than so many days after its begin."""
    begin = SalePeriod.objects.order_by("starts_at")[0].starts_at
    return time_machine.travel(begin + days * DAY, tick=False)


def held(market: Market, currency: str = "EUR") -> dict[str, int]:
    return {name: found for name, found in market.balances(currency).items() if name.endswith(":held")}


def close(market: Market) -> Settlement | None:
    with after(30):
        return settle_period(order_id=SalePeriod.objects.get().pk)


def test_who_leaves_after_ten_days_has_ten_days(market: Market) -> None:
    """90.00 for 30 days, a third each: a has a third of ten days, the others share the rest."""
    sold = subscribe(market)
    with after(9.5):
        leave(market, "a")
    close(market)
    assert held(market) == {"a:held": 1_000, "b:held": 4_000, "c:held": 4_000}
    assert sum(held(market).values()) == sold.pool_minor


def test_a_whole_period_is_the_ordinary_split(market: Market) -> None:
    subscribe(market, 10_000)
    close(market)
    assert held(market) == {"a:held": 3_334, "b:held": 3_333, "c:held": 3_333}


def test_nothing_is_earned_before_the_month_closes(market: Market, run_all_jobs: RunJobs) -> None:
    sold = subscribe(market)
    with after(29):
        assert settle_period(order_id=sold.pk) is None
        assert settle_all_pools() == 0
        assert settle_ended_periods() == 0
    assert held(market) == {}
    assert Job.objects.get(name="payments.settle_period").due_at == SalePeriod.objects.get().ends_at
    with after(30):
        run_all_jobs()
        assert settle_ended_periods() == 0
    assert held(market) == {"a:held": 3_000, "b:held": 3_000, "c:held": 3_000}


def test_what_was_earned_stays_when_somebody_leaves_later(market: Market) -> None:
    """Must never: negative balance; nothing already earned is taken back."""
    subscribe(market)
    close(market)
    before, entries = held(market), Entry.objects.count()
    with after(31):
        leave(market, "a")
        settle_ended_periods()
    with after(45):
        release_due_settlements()
    assert before == {"a:held": 3_000, "b:held": 3_000, "c:held": 3_000}
    assert Entry.objects.count() == entries + 6
    assert {name: due for name, due in market.balances("EUR").items() if name.endswith(":due")} == {
        "a:due": 3_000,
        "b:due": 3_000,
        "c:due": 3_000,
    }


def test_closing_twice_is_once(market: Market) -> None:
    subscribe(market)
    with after(14.5):
        leave(market, "b")
    close(market)
    assert close(market) is None
    assert Journal.objects.filter(event="settlement").count() == 1


def test_half_the_records_are_half_the_weight(market: Market) -> None:
    """a takes back 5 of 10 after 15 days: 10 of 30 before, 5 of 25 after."""
    subscribe(market)
    with after(14.5):
        take_back_records(market, "a", 5)
    close(market)
    assert held(market) == {"a:held": 1_500 + 900, "b:held": 1_500 + 1_800, "c:held": 1_500 + 1_800}


def test_the_steward_keeps_the_same_part_of_the_whole() -> None:
    market = open_market({"a": [10], "b": [10]}, steward_bps=2_000)
    subscribe(market)
    with after(14.5):
        leave(market, "a")
    close(market)
    shares = Settlement.objects.get().lines.values_list("payee_id", "amount_minor")
    payees = {payee.pk: name for name, payee in market.payees.items()}
    assert {payees.get(payee, "steward"): amount for payee, amount in shares} == {
        "steward": 1_800,
        "a": 1_800,
        "b": 1_800 + 3_600,
    }


def test_when_everybody_leaves_their_days_are_the_whole(market: Market) -> None:
    subscribe(market)
    with after(4.5):
        leave(market, "a")
    with after(9.5):
        leave(market, "b")
        leave(market, "c")
    close(market)
    assert held(market) == {"a:held": 1_500, "b:held": 3_750, "c:held": 3_750}


def test_dinars_are_divided_in_tens(market: Market) -> None:
    subscribe(market, 10_010, "KWD")
    with after(6.5):
        leave(market, "c")
    close(market)
    parts = held(market, "KWD")
    assert sum(parts.values()) == 10_010
    assert [part % 10 for part in parts.values()] == [0, 0, 0]


@pytest.mark.parametrize("at", [5, 31])
def test_a_full_refund_leaves_nothing(market: Market, at: int) -> None:
    """D6, before and after the month has closed."""
    sold = subscribe(market)
    with after(2.5):
        leave(market, "a")
    if at > 30:
        close(market)
    with after(at):
        refund(sold, 3_333, "r1")
        refund(sold, 9_450 - 3_333, "r2")
    with after(32):
        settle_ended_periods()
    assert market.balances("EUR") == {}


def test_a_refund_during_the_period_is_shared_by_all_of_it(market: Market) -> None:
    sold = subscribe(market)
    with after(9.5):
        leave(market, "a")
    with after(20):
        refund(sold, 3_150, "r1")
    close(market)
    assert held(market) == {"a:held": 667, "b:held": 2_667, "c:held": 2_666}


def test_money_back_for_removed_records_is_for_the_days_that_are_left(market: Market) -> None:
    """94.50 for 30 days; a third of the records goes after ten of them, another after twenty."""
    sold = subscribe(market)
    with after(9.5):
        leave(market, "a")
        first = refund_removed_share(actor=sold.buyer, order_id=sold.pk)
    with after(19.5):
        leave(market, "b")
        second = refund_removed_share(actor=sold.buyer, order_id=sold.pk)
    assert (first.amount_minor, second.amount_minor) == (9_450 * 20 // 90, 9_450 * 10 // 90)
    assert sum(market.balances("EUR")[code] for code in (chart.LOSS, chart.FEE)) == 450 - 3_150


def test_on_the_last_day_there_is_nothing_left_to_give_back(market: Market) -> None:
    sold = subscribe(market)
    with after(29.5):
        leave(market, "a")
    for day in (29.5, 33):
        with after(day), pytest.raises(NothingToRefundError):
            refund_removed_share(actor=sold.buyer, order_id=sold.pk)
    assert not sold.refunds.exists()


def test_two_subscriptions_do_not_mix(market: Market) -> None:
    first = subscribe(market)
    with after(3):
        later = order(first.offer)
        pay_simulated(actor=later.buyer, order_id=later.pk)
    with after(9.5):
        leave(market, "a")
    with after(30):
        assert settle_ended_periods() == 1
    assert held(market) == {"a:held": 1_000, "b:held": 4_000, "c:held": 4_000}
    with after(33):
        assert settle_ended_periods() == 1
    # Seven of her days fell into the second: 30 × 7 / 30, a third of it.
    assert held(market) == {"a:held": 1_700, "b:held": 8_150, "c:held": 8_150}


def test_a_period_is_not_rewritten(market: Market) -> None:
    subscribe(market)
    for statement in ("UPDATE payments_saleperiod SET days = 1", "DELETE FROM payments_saleperiod"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert timezone.now() < SalePeriod.objects.get().ends_at


def refund(sold: Order, amount_minor: int, reference: str) -> None:
    operator: User = UserFactory.create(is_staff=True)
    refund_order(actor=operator, order_id=sold.pk, amount_minor=amount_minor, reason="asked", refund_ref=reference)
