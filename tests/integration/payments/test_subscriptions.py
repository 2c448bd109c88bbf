"""Subscriptions on the simulated rail: each period is one sale, of the version that is newest when it begins."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from collective.catalog.models import DatasetVersion
from collective.catalog.services import Seal, open_version, seal_version
from licensing.errors import NotRenewedError
from licensing.models import LicenseGrant
from licensing.services import retire_offer, suspend_grant
from payments.models import Order, Payment, Renewal, SalePeriod, Subscription, UnappliedPayment
from payments.services import cancel_subscription
from payments.services.simulating import renew_simulated
from payments.services.subscriptions import look_after_subscriptions
from tests.factories import UserFactory
from tests.integration.payments.audit import violations
from tests.integration.payments.market import Market, open_market
from tests.integration.payments.test_periods import DAY, leave, subscribe
from tests.services.jobs import run_all_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Market:
    return open_market({"a": [10], "b": [10], "c": [10]})


def later(days: float) -> "time_machine.travel":
    begin = SalePeriod.objects.order_by("starts_at")[0].starts_at
    return time_machine.travel(begin + days * DAY, tick=False)


def renew() -> None:
    renew_simulated()
    look_after_subscriptions()
    run_all_jobs()


def active() -> list[LicenseGrant]:
    return list(LicenseGrant.objects.filter(state="active").order_by("starts_at"))


def next_version(market: Market) -> DatasetVersion:
    opened = open_version(actor=market.steward, dataset_id=market.dataset.pk)
    digest = f"{opened.pk.hex:0<64}"
    rows = dict.fromkeys((each.pk for each in market.dataset.contributions.filter(state="accepted")), 10)
    return seal_version(version_id=opened.pk, seal=Seal([], rows, digest[:40], digest, digest, [], {}))


def test_the_first_payment_begins_it(market: Market) -> None:
    sold = subscribe(market)
    row, period = Subscription.objects.get(), SalePeriod.objects.get()
    assert (row.state, row.order, row.licensee) == ("active", sold, sold.licensee)
    assert (row.current_starts_at, row.current_ends_at) == (period.starts_at, period.ends_at)
    assert renew_simulated() == 0


def test_a_period_that_is_over_is_paid_again(market: Market) -> None:
    first = subscribe(market)
    with later(30.01):
        renew()
        [grant] = active()
    second = Order.objects.exclude(pk=first.pk).get()
    periods = list(SalePeriod.objects.order_by("starts_at"))
    assert (second.state, second.total_minor, second.buyer) == ("paid", first.total_minor, first.buyer)
    assert [each.order_id for each in periods] == [first.pk, second.pk]
    assert periods[1].starts_at == periods[0].ends_at
    # No gap, and never two.
    before = LicenseGrant.objects.get(order_id=first.pk)
    assert (before.state, grant.order_id) == ("expired", second.pk)
    assert before.ends_at is not None
    assert grant.starts_at <= before.ends_at
    assert grant.ends_at == periods[1].starts_at + timedelta(days=37)
    assert Subscription.objects.get().current_ends_at == periods[1].ends_at
    assert violations() == []


def test_renewed_twice_at_once_is_one_period(market: Market) -> None:
    subscribe(market)
    with later(30.01):
        renew()
        renew()
    assert (Order.objects.count(), Payment.objects.count(), Renewal.objects.count()) == (2, 2, 1)


def test_a_year_of_months(market: Market) -> None:
    subscribe(market)
    with later(121):
        for _ in range(4):
            renew()
        assert len(active()) == 1
    assert Payment.objects.count() == 5
    assert violations() == []


def test_each_period_pins_the_version_that_was_new_when_it_began(market: Market) -> None:
    first = subscribe(market)
    with later(10):
        newer = next_version(market)
    with later(31):
        newest = next_version(market)
        renew()
        [grant] = active()
    second = Order.objects.exclude(pk=first.pk).get()
    assert (first.version, second.version) == (market.version, newer)
    assert (grant.pinned_version, second.split_sha256) == (newer, newer.split_sha256)
    assert newest.pk != newer.pk
    pinned = Renewal.objects.get()
    with pytest.raises(DatabaseError), transaction.atomic():
        Renewal.objects.filter(pk=pinned.pk).update(starts_at=timezone.now())


def test_cancelled_it_runs_to_its_end(market: Market) -> None:
    sold = subscribe(market)
    row = Subscription.objects.get()
    with later(10):
        cancel_subscription(actor=sold.buyer, subscription_id=row.pk)
        cancel_subscription(actor=sold.buyer, subscription_id=row.pk)
        run_all_jobs()
        assert len(active()) == 1
    with later(30.01):
        renew()
        assert len(active()) == 1
    row.refresh_from_db()
    assert (row.state, row.end_reason, Payment.objects.count()) == ("ended", "cancelled", 1)
    assert ["as you wanted" in each.body for each in mail.outbox if "subscription" in each.subject] == [True]


def test_an_offer_that_ended_is_not_renewed(market: Market) -> None:
    sold = subscribe(market)
    retire_offer(actor=market.steward, offer_id=sold.offer_id)
    with later(30.01):
        renew()
        run_all_jobs()
    row = Subscription.objects.get()
    assert (row.state, row.end_reason) == ("ended", "offer_retired")
    assert (Payment.objects.count(), UnappliedPayment.objects.get().state) == (1, "returned")
    assert [each.order_id for each in LicenseGrant.objects.all()] == [sold.pk]
    assert "not offered in this way any more" in mail.outbox[-1].body
    assert violations() == []


def test_withdrawn_data_are_not_renewed(market: Market) -> None:
    subscribe(market)
    with later(20):
        leave(market, "a")
    with later(30.01):
        renew()
        run_all_jobs()
    assert (Subscription.objects.get().state, UnappliedPayment.objects.get().state) == ("ended", "returned")
    assert violations() == []


def test_a_suspended_license_is_not_renewed(market: Market) -> None:
    subscribe(market)
    suspend_grant(actor=None, grant_id=active()[0].pk, reason="A breach.")
    with later(30.01):
        renew()
        run_all_jobs()
    assert Subscription.objects.get().end_reason == NotRenewedError.code
    assert (active(), UnappliedPayment.objects.get().state) == ([], "returned")


def test_the_months_are_divided_by_themselves(market: Market) -> None:
    subscribe(market)
    with later(30.01):
        renew()
    with later(61):
        run_all_jobs()
    balances = market.balances("EUR")
    assert {name: amount for name, amount in balances.items() if name.endswith(":held")} == {
        "a:held": 6_000,
        "b:held": 6_000,
        "c:held": 6_000,
    }
    assert violations() == []


def test_pages_and_api(market: Market, client: Client) -> None:
    sold = subscribe(market)
    row = Subscription.objects.get()
    client.force_login(UserFactory.create())
    assert sold.dataset_title not in client.get("/subscriptions/").content.decode()
    assert client.post(f"/subscriptions/{row.pk}/cancel/").status_code == 404
    assert client.post(f"/api/v1/subscriptions/{row.pk}/cancel").status_code == 404
    client.force_login(sold.buyer)
    assert sold.dataset_title in client.get("/subscriptions/").content.decode()
    [told] = client.get("/api/v1/subscriptions").json()["results"]
    assert (told["id"], told["state"]) == (str(row.pk), "active")
    assert client.post(f"/subscriptions/{row.pk}/cancel/")["Location"] == "/subscriptions/"
    assert client.post(f"/api/v1/subscriptions/{row.pk}/cancel").json()["state"] == "ending"
