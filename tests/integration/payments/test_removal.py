"""G33: a withdrawal took more records out of a licensed version than the license bears."""

from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from collective.accounts.errors import NotAMemberError
from collective.accounts.models import Membership, User
from collective.catalog.domain.records import RecordPlace
from collective.catalog.models import Contribution
from collective.catalog.services import (
    Seal,
    open_patch_version,
    seal_version,
    take_back,
    withdraw_records,
)
from licensing.domain.removal import RemovedShare
from licensing.errors import GrantNotFoundError, RemovalTooSmallError
from licensing.models import GrantStatusEvent, LicenseGrant, LicenseVersion
from licensing.selectors.removal import removed_share
from licensing.services import end_after_removal, publish_offer, revoke_grant
from payments.domain import chart
from payments.errors import LicenseOverError, NothingToRefundError, OrderNotFoundError, RemovalPartyError
from payments.models import Account, Entry, Journal, Order, Refund, RefundRequest
from payments.services import refund_order, refund_removed_share
from tests.factories import OrganizationFactory, UserFactory
from tests.integration.payments.audit import violations
from tests.integration.payments.market import Market, buy, offer, open_market, order

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Market:
    return open_market({"a": [12], "b": [80], "c": [8]})


@pytest.fixture
def sold(market: Market) -> Order:
    """105.00: a has 12.00 of it, b 80.00, c 8.00, held."""
    made = buy(offer(market, 10_000, "USD"))
    market.settle("USD")
    return made


@pytest.fixture(autouse=True)
def nothing_is_false() -> Iterator[None]:
    yield
    assert violations() == []


def leave(market: Market, name: str) -> None:
    person = market.contributors[name]
    contribution = Contribution.objects.get(contributor=person)
    take_back(actor=person, contribution_id=contribution.pk)


def take_back_records(market: Market, name: str, *numbers: int) -> None:
    """Single records."""
    person = market.contributors[name]
    contribution = Contribution.objects.get(contributor=person)
    places = [RecordPlace(f"{each:032x}", f"{each:064x}", "a" * 64, each) for each in numbers]
    withdraw_records(actor=person, contribution_id=contribution.pk, places=places)


def grant_of(order: Order) -> LicenseGrant:
    return LicenseGrant.objects.select_related("agreement__version", "offer").get(order_id=order.pk)


def of_contributors() -> list[tuple[str, int]]:
    """Every entry that ever moved money of a payee or a pool."""
    rows = Entry.objects.filter(account__code__regex=r"^(c|pool):").order_by("pk")
    return list(rows.values_list("account__code", "amount"))


def test_twelve_percent_are_given_back_by_the_marketplace(market: Market, sold: Order) -> None:
    """Must never: contributor debited."""
    before, held = of_contributors(), market.balances("USD")
    leave(market, "a")
    asked = refund_removed_share(actor=sold.buyer, order_id=sold.pk)
    refund = asked.refund
    market.settle("USD")
    assert (refund.amount_minor, refund.fee_minor, refund.pool_minor) == (1260, 60, 1200)
    assert of_contributors() == before
    assert market.balances("USD") == {
        **held,
        chart.EMBEDDED_CASH: held[chart.EMBEDDED_CASH] + 1260,
        chart.FEE: held[chart.FEE] - 60,
        chart.LOSS: -1200,
    }
    assert held["a:held"] == 1200
    sold.refresh_from_db()
    assert (sold.state, grant_of(sold).state) == ("partly_refunded", "active")
    assert (asked.removed_records, asked.whole_records, asked.threshold_bps) == (12, 100, 1000)
    assert refund.borne_by == "loss"


def test_two_clicks_are_one_refund(market: Market, sold: Order) -> None:
    leave(market, "a")
    refunds = {refund_removed_share(actor=sold.buyer, order_id=sold.pk).pk for _ in range(3)}
    assert len(refunds) == 1
    assert Journal.objects.filter(event="removal_refund").count() == 1


def test_more_that_goes_later_is_the_difference(market: Market, sold: Order) -> None:
    leave(market, "a")
    take_back_records(market, "b", 1, 2, 3)
    first = refund_removed_share(actor=sold.buyer, order_id=sold.pk)
    take_back_records(market, "b", 4)
    second = refund_removed_share(actor=sold.buyer, order_id=sold.pk)
    assert (first.amount_minor, second.amount_minor) == (1575, 105)
    assert first.amount_minor + second.amount_minor == 10_500 * 16 // 100


@pytest.mark.parametrize("records", [8, 10])
def test_up_to_the_threshold_nothing_is_owed_and_the_license_stays(market: Market, sold: Order, records: int) -> None:
    take_back_records(market, "b", *range(records))
    with pytest.raises(RemovalTooSmallError) as refusal:
        refund_removed_share(actor=sold.buyer, order_id=sold.pk)
    assert f"{records} %" in refusal.value.message
    assert "above 10 %" in refusal.value.message
    assert refusal.value.detail["removed"] == records
    with pytest.raises(RemovalTooSmallError):
        end_after_removal(actor=sold.buyer, grant_id=grant_of(sold).pk)
    assert not Refund.objects.exists()
    assert grant_of(sold).state == "active"


def test_a_license_may_bear_more_and_says_so(market: Market) -> None:
    text = LicenseVersion.objects.get(template__license_id="LicenseRef-DC-TRAIN-COMM-1.0", language="en")
    offered = publish_offer(
        actor=market.steward,
        dataset_id=market.dataset.pk,
        license_version_id=text.pk,
        price_minor=10_000,
        currency="USD",
        parameters={"legal": {"removal_threshold_bps": 2_500}},
    )
    assert any("more than 25 % of the records are withdrawn" in str(line) for line in offered.plain_words.also)
    sold = buy(offered)
    leave(market, "a")
    with pytest.raises(RemovalTooSmallError, match=r"12 % .* above 25 %"):
        refund_removed_share(actor=sold.buyer, order_id=sold.pk)
    leave(market, "b")
    assert refund_removed_share(actor=sold.buyer, order_id=sold.pk).amount_minor == 10_500 * 92 // 100


def test_what_was_gone_before_the_license_does_not_count(market: Market, sold: Order) -> None:
    leave(market, "a")
    patch = open_patch_version(withdrawn=market.version, notes="")
    assert patch is not None
    rows = dict(patch.holdings.values_list("contribution_id", "rows"))
    seal_version(version_id=patch.pk, seal=Seal([], rows, "1" * 40, "1" * 64, "1" * 64, [], {}))
    later = buy(sold.offer)
    take_back_records(market, "b", 1)
    assert removed_share(grant_of(later)) == RemovedShare(1, 88, 1000)
    assert removed_share(grant_of(sold)) == RemovedShare(13, 100, 1000)


def test_ending_keeps_the_history_and_pays_nothing(market: Market, sold: Order) -> None:
    leave(market, "a")
    grant, journals = grant_of(sold), Journal.objects.count()
    story = list(GrantStatusEvent.objects.order_by("at", "id").values())
    for _ in range(2):
        assert end_after_removal(actor=sold.buyer, grant_id=grant.pk).state == "revoked"
    told = list(GrantStatusEvent.objects.order_by("at", "id").values())
    assert told[:-1] == story
    assert (told[-1]["kind"], told[-1]["actor_id"]) == ("revoked", sold.buyer.pk)
    assert "12 %" in told[-1]["reason"]
    assert LicenseGrant.objects.get(pk=grant.pk).jws == grant.jws
    assert Journal.objects.count() == journals
    with pytest.raises(LicenseOverError):
        refund_removed_share(actor=sold.buyer, order_id=sold.pk)


def test_a_refund_outlives_the_license_that_it_was_for(market: Market, sold: Order) -> None:
    leave(market, "a")
    first = refund_removed_share(actor=sold.buyer, order_id=sold.pk)
    end_after_removal(actor=sold.buyer, grant_id=grant_of(sold).pk)
    assert refund_removed_share(actor=sold.buyer, order_id=sold.pk) == first


def test_a_revoked_license_gets_nothing(market: Market, sold: Order) -> None:
    revoke_grant(actor=market.steward, grant_id=grant_of(sold).pk, reason="breach")
    leave(market, "a")
    with pytest.raises(LicenseOverError):
        refund_removed_share(actor=sold.buyer, order_id=sold.pk)
    assert not Refund.objects.exists()


def test_a_free_license_may_be_ended_and_nothing_is_refunded(market: Market) -> None:
    free = order(offer(market, 0, "USD"))
    leave(market, "a")
    with pytest.raises(NothingToRefundError):
        refund_removed_share(actor=free.buyer, order_id=free.pk)
    assert end_after_removal(actor=free.buyer, grant_id=grant_of(free).pk).state == "revoked"


def test_nobody_else_asks_for_it(market: Market, sold: Order) -> None:
    leave(market, "a")
    for other in (market.steward, market.contributors["a"]):
        with pytest.raises(OrderNotFoundError):
            refund_removed_share(actor=other, order_id=sold.pk)
        with pytest.raises(GrantNotFoundError):
            end_after_removal(actor=other, grant_id=grant_of(sold).pk)
    with pytest.raises(NotAMemberError):
        refund_removed_share(actor=UserFactory.create(is_staff=True), order_id=sold.pk)
    assert not Refund.objects.exists()


def test_an_ordinary_refund_of_the_rest_leaves_what_the_marketplace_bore(market: Market, sold: Order) -> None:
    """The payees give back what the refund took from the pool, and keep what the marketplace paid for them."""
    leave(market, "a")
    refund_removed_share(actor=sold.buyer, order_id=sold.pk)
    operator = UserFactory.create(is_staff=True)
    refund_order(actor=operator, order_id=sold.pk, amount_minor=9240, reason="asked", refund_ref="rest")
    market.settle("USD")
    sold.refresh_from_db()
    assert sold.state == "refunded"
    left = market.balances("USD")
    assert left.pop(chart.LOSS) == -1200
    assert (sum(left.values()), set(left)) == (1200, {"a:held", "b:held", "c:held"})
    assert min(left.values()) > 0


def test_everything_gone_is_everything_back(market: Market, sold: Order) -> None:
    before = of_contributors()
    for name in ("a", "b", "c"):
        leave(market, name)
    refund = refund_removed_share(actor=sold.buyer, order_id=sold.pk)
    sold.refresh_from_db()
    assert (refund.amount_minor, sold.state, grant_of(sold).state) == (10_500, "refunded", "active")
    assert of_contributors() == before
    assert end_after_removal(actor=sold.buyer, grant_id=grant_of(sold).pk).state == "revoked"


def test_the_share_is_one_of_what_is_still_paid(market: Market, sold: Order) -> None:
    operator = UserFactory.create(is_staff=True)
    refund_order(actor=operator, order_id=sold.pk, amount_minor=5_250, reason="late", refund_ref="half")
    leave(market, "a")
    first = refund_removed_share(actor=sold.buyer, order_id=sold.pk)
    leave(market, "b")
    second = refund_removed_share(actor=sold.buyer, order_id=sold.pk)
    market.settle("USD")
    assert (first.amount_minor, second.amount_minor) == (630, 4_200)
    sold.refresh_from_db()
    assert (sold.state, grant_of(sold).state) == ("partly_refunded", "active")


def test_dinars_go_back_in_steps_of_ten(market: Market) -> None:
    sold = buy(offer(market, 10_010, "KWD"))
    leave(market, "a")
    refund = refund_removed_share(actor=sold.buyer, order_id=sold.pk).refund
    assert refund.amount_minor == 1260
    assert [getattr(refund, f"{part}_minor") % 10 for part in ("fee", "tax", "pool")] == [0, 0, 0]


@pytest.mark.parametrize("change", ["UPDATE payments_refundrequest SET threshold_bps = 1", "DELETE FROM {}"])
def test_what_was_borne_is_not_rewritten(market: Market, sold: Order, change: str) -> None:
    leave(market, "a")
    refund_removed_share(actor=sold.buyer, order_id=sold.pk)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.format("payments_refundrequest"))
    assert RefundRequest.objects.get().threshold_bps == 1000


def test_the_loss_never_becomes_an_income(market: Market, sold: Order) -> None:
    leave(market, "a")
    refund_removed_share(actor=sold.buyer, order_id=sold.pk)
    account = Account.objects.get(code=chart.LOSS)
    assert (account.kind, account.may_go_credit) == (chart.EXPENSE, False)


def test_by_page_and_by_api(market: Market, sold: Order) -> None:
    leave(market, "a")
    client, grant = signed_in(sold.buyer), grant_of(sold)
    page = client.get(f"/licenses/{grant.pk}/").content.decode()
    assert "12 of 100 records were withdrawn: 12 %" in page
    assert "Ask for 12.60 USD" in page
    assert client.post(f"/orders/{sold.pk}/removal-refund/").status_code == 302
    told = client.post(f"/api/v1/orders/{sold.pk}/removal-refund", content_type="application/json").json()
    assert (told["amount_minor"], told["removed_records"], told["records"]) == (1260, 12, 100)
    assert Refund.objects.count() == 1
    assert "Ask for 1" not in client.get(f"/licenses/{grant.pk}/").content.decode()
    share = client.get(f"/api/v1/grants/{grant.pk}/removal").json()
    assert share == {"removed_records": 12, "records": 100, "share": "12 %", "threshold_bps": 1000, "may_leave": True}
    ended = client.post(f"/api/v1/grants/{grant.pk}/end", content_type="application/json")
    assert (ended.status_code, ended.json()["state"]) == (200, "revoked")
    assert client.post(f"/licenses/{grant.pk}/end/").status_code == 302


def test_below_the_threshold_the_api_names_both(market: Market, sold: Order) -> None:
    leave(market, "c")
    answer = signed_in(sold.buyer).post(f"/api/v1/grants/{grant_of(sold).pk}/end", content_type="application/json")
    told = answer.json()
    assert (answer.status_code, told["code"]) == (409, "removal_too_small")
    assert (told["context"]["share"], told["context"]["threshold"]) == ("8 %", "10 %")


@pytest.mark.parametrize("through", ["themselves", "a company that they belong to", "a colleague"])
def test_who_earns_from_it_or_took_it_back_asks_an_operator(market: Market, through: str) -> None:
    """Must never: the marketplace pays somebody who keeps what the withdrawn records earned."""
    person = market.contributors["a"]
    buyer, company = person, None
    if through != "themselves":
        company = OrganizationFactory.create(owner=person)
        if through == "a colleague":
            buyer = UserFactory.create()
            Membership.objects.create(organization=company, user=buyer, role="member")
    sold = buy(offer(market, 10_000, "USD"), buyer, for_organization=company)
    market.settle("USD")
    leave(market, "a")
    before = market.balances("USD")
    with pytest.raises(RemovalPartyError, match="An operator"):
        refund_removed_share(actor=buyer, order_id=sold.pk)
    assert (market.balances("USD"), Refund.objects.count()) == (before, 0)
    page = signed_in(buyer).get(f"/licenses/{grant_of(sold).pk}/").content.decode()
    assert "An operator of this marketplace decides" in page
    assert "/removal-refund/" not in page
    operator = UserFactory.create(is_staff=True)
    given = refund_order(actor=operator, order_id=sold.pk, amount_minor=1260, reason="decided", refund_ref="r1")
    assert given.refund.pool_minor == 1200
    assert end_after_removal(actor=buyer, grant_id=grant_of(sold).pk).state == "revoked"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
