"""Monthly statements: what they say is what the ledger says, once, for ever."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Sum

from payments.domain import chart
from payments.domain.months import Month
from payments.domain.movements import PARTS
from payments.models import Entry, Statement, StatementPeriod
from payments.services import issue_statements, refund_order, release_due_settlements, statements
from payments.services.ledger import post
from tests.factories import UserFactory
from tests.integration.payments.audit import violations
from tests.integration.payments.market import Market, buy, offer, open_market
from tests.integration.payments.months import at, issued_at
from tests.services.flush import guards_lifted

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Market:
    return open_market({"a": [1], "b": [1], "c": [1]})


def sold(market: Market, when: str, price_minor: int = 10_000) -> Any:
    with at(when):
        bought = buy(market.dataset.offers.first() or offer(market, price_minor, "USD"))
        market.settle("USD")
    return bought


def given_back(order: Any, when: str, amount_minor: int, market: Market) -> None:
    with at(when):
        operator = UserFactory.create(is_staff=True)
        refund_order(actor=operator, order_id=order.pk, amount_minor=amount_minor, reason="asked", refund_ref=when)
        market.settle("USD")


def moved(market: Market, when: str, event: str, **legs: int) -> None:
    """Of payee a, by part; the other side is the account that is named with `_` for the colon."""
    payee = market.payees["a"].pk
    codes = {chart.payee_code(payee, name) if name in PARTS else name: amount for name, amount in legs.items()}
    cash = -sum(codes.values())
    with at(when):
        post(
            key=f"{event}:{when}",
            event=event,
            currency="USD",
            legs=codes | ({chart.EMBEDDED_CASH: cash} if cash else {}),
        )


def of(issued: list[Statement], market: Market, name: str) -> list[Statement]:
    return [each for each in issued if each.payee == market.payees[name]]


def ledger_at(statement: Statement) -> dict[str, int]:
    """From entries alone, at the statement's cut-off."""
    entries = Entry.objects.filter(
        account__owner=statement.payee,
        account__currency=statement.period.currency,
        journal__created_at__lt=statement.content["ends_at"],
    )
    sums = dict(entries.values_list("account__code").annotate(Sum("amount")))
    parts = {part: sums.get(chart.payee_code(statement.payee_id, part), 0) for part in PARTS}
    return {**parts, "total": sum(parts.values())}


def test_a_year_in_which_everything_happens_agrees_with_the_ledger(market: Market) -> None:
    first = sold(market, "2027-01-10T10:00")
    sold(market, "2027-01-20T10:00")
    given_back(first, "2027-02-02T10:00", 3500, market)
    with at("2027-02-20T00:00"):
        release_due_settlements()
    moved(market, "2027-02-21T00:00", "transfer_reserved", due=-2000, in_transit=2000)
    moved(market, "2027-02-22T00:00", "transfer", in_transit=-2000)
    given_back(first, "2027-03-02T10:00", 7000, market)
    moved(market, "2027-03-05T00:00", "transfer_reversal", due=500)
    issued = issued_at("2027-04-01T02:00")
    assert [each.number for each in of(issued, market, "a")] == [
        "2027-01-USD-1-000001",
        "2027-02-USD-1-000001",
        "2027-03-USD-1-000001",
    ]
    for each in issued:
        body = each.content
        assert body["closing_minor"] == ledger_at(each), each
        assert (body["opening_minor"]["total"], body["closing_minor"]["total"]) == (
            each.opening_minor,
            each.closing_minor,
        )
        change = sum(row["amount_minor"] for row in body["movements"])
        assert each.opening_minor + change == each.closing_minor
    january, february, march = (each.content for each in of(issued, market, "a"))
    assert january["opening_minor"] == {"held": 0, "due": 0, "in_transit": 0, "owed": 0, "total": 0}
    assert january["closing_minor"] == february["opening_minor"]
    assert february["closing_minor"] == march["opening_minor"]
    sections = [(row["event"], row["section"]) for row in (*february["movements"], *march["movements"])]
    assert sections == [
        ("settlement", "reversed"),
        ("release", "within"),
        ("release", "within"),
        ("transfer_reserved", "within"),
        ("transfer", "paid"),
        ("settlement", "reversed"),
        ("transfer_reversal", "returned"),
    ]


def test_a_line_says_how_the_share_came_about(market: Market) -> None:
    order = sold(market, "2027-01-10T10:00")
    (statement,) = of(issued_at("2027-02-01T02:00"), market, "a")
    (row,) = statement.content["movements"]
    share = row["share"]
    assert (row["at"], row["amount_minor"], row["parts_minor"]) == ("2027-01-10T10:00:00Z", 3334, {"held": 3334})
    assert share["collected"] == [{"event": "sale", "count": 1, "amount_minor": 10_000}]
    assert {name: share[name] for name in ("net_minor", "before_net_minor", "weight", "total_weight")} == {
        "net_minor": 10_000,
        "before_net_minor": 0,
        "weight": "10000",
        "total_weight": "30000",
    }
    assert (share["dataset"], share["version"]) == (market.dataset.repo_id, "1.0.0")
    assert share["split_sha256"] == market.version.split_sha256
    assert [sale["licensee"] for sale in share["sales"]] == [""]
    assert order.buyer.name not in statement.body


def test_a_debt_is_repaid_from_the_next_earnings(market: Market) -> None:
    first = sold(market, "2027-01-02T10:00")
    sold(open_market({"z": [1]}), "2027-01-03T10:00")
    with at("2027-01-20T00:00"):
        release_due_settlements()
    moved(market, "2027-01-21T00:00", "transfer", due=-3334)
    given_back(first, "2027-01-22T10:00", 10_500, market)
    sold(market, "2027-02-10T10:00")
    january, february = (each.content for each in of(issued_at("2027-03-01T02:00"), market, "a"))
    assert january["closing_minor"] == {"held": 0, "due": 0, "in_transit": 0, "owed": -3334, "total": -3334}
    (earned,) = february["movements"]
    assert earned["section"] == "earned"
    assert earned["parts_minor"]["owed"] == 3334
    assert february["closing_minor"]["total"] == 0


def test_what_nobody_has_named_yet_appears_by_its_own_name(market: Market) -> None:
    sold(market, "2027-01-02T10:00")
    payee = market.payees["a"].pk
    with at("2027-01-03T00:00"):
        legs = {chart.payee_code(payee, "owed"): -500, chart.payee_code(payee, "due"): 500}
        post(key="advance", event="advance", currency="USD", legs=legs)
        other = chart.payee_code(market.payees["b"].pk, "due")
        post(key="gift", event="gift", currency="USD", legs={chart.payee_code(payee, "due"): -100, other: 100})
    issued = issued_at("2027-02-01T02:00")
    (mine,), (theirs,) = of(issued, market, "a"), of(issued, market, "b")
    assert [(row["event"], row["section"], row["amount_minor"]) for row in mine.content["movements"][1:]] == [
        ("advance", "within", 0),
        ("gift", "other", -100),
    ]
    assert (mine.closing_minor, theirs.closing_minor) == (3234, 3433)


def test_a_month_is_utc_and_the_cut_off_is_its_end(market: Market) -> None:
    sold(market, "2027-01-31T23:59")
    sold(market, "2027-02-01T00:00")
    first, second = of(issued_at("2027-03-01T02:00"), market, "b")
    assert [len(each.content["movements"]) for each in (first, second)] == [1, 1]
    assert (first.content["starts_at"], first.content["ends_at"]) == ("2027-01-01T00:00:00Z", "2027-02-01T00:00:00Z")
    assert first.content["movements"][0]["at"].startswith("2027-01-31T23:59")


def test_a_month_is_not_issued_before_it_is_over_nor_twice(market: Market) -> None:
    sold(market, "2027-01-10T10:00")
    assert issued_at("2027-01-31T23:59") == []
    assert issued_at("2027-02-01T00:59") == []
    first = issued_at("2027-02-01T01:00")
    assert len(first) == 3
    period = StatementPeriod.objects.get()
    assert issued_at("2027-02-02T01:00") == []
    assert StatementPeriod.objects.get().issued_at == period.issued_at
    assert (period.statement_count, period.revision) == (3, 1)


def test_who_has_nothing_gets_nothing_and_who_has_something_gets_every_month(market: Market) -> None:
    sold(market, "2027-01-10T10:00")
    with at("2027-01-25T00:00"):
        release_due_settlements()
    moved(market, "2027-02-01T00:00", "transfer", due=-3334)
    issued = issued_at("2027-04-01T02:00")
    assert [each.period.month for each in of(issued, market, "a")] == ["2027-01", "2027-02"]
    assert [each.period.month for each in of(issued, market, "b")] == ["2027-01", "2027-02", "2027-03"]
    assert of(issued, market, "b")[2].content["movements"] == []


def test_what_came_too_late_gives_another_number_and_changes_nothing(market: Market) -> None:
    sold(market, "2027-01-10T10:00")
    before = {each.number: each.body for each in issued_at("2027-02-01T02:00")}
    moved(market, "2027-01-31T23:59", "transfer_reversal", due=500)
    (corrected,) = issued_at("2027-02-03T02:00")
    assert corrected.number == "2027-01-USD-2-000001"
    assert corrected.corrects is not None
    assert corrected.corrects.number == corrected.content["corrects"] == "2027-01-USD-1-000001"
    assert (corrected.corrects.closing_minor, corrected.closing_minor) == (3334, 3834)
    assert {each.number: each.body for each in Statement.objects.filter(corrects=None)} == before
    assert issued_at("2027-02-04T02:00") == []


def test_an_interrupted_issue_goes_on_where_it_stopped(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    sold(market, "2027-01-10T10:00")
    with at("2027-02-01T02:00"):
        monkeypatch.setattr(statements, "PAYEES_AT_ONCE", 1)
        period = statements._open(Month(2027, 1), "USD", 3)
        statements._write(period, Month(2027, 1), [market.payees["a"].pk])
        assert not Statement.objects.exclude(period__issued_at=None).exists()
        assert issue_statements() == 1
    assert [each.position for each in Statement.objects.order_by("position")] == [0, 1, 2]
    assert StatementPeriod.objects.get().statement_count == 3


ATTACKS = [
    "UPDATE payments_statement SET closing_minor = 1",
    "UPDATE payments_statement SET body = '{}'",
    "DELETE FROM payments_statement",
    "UPDATE payments_statementperiod SET root_sha256 = 'x'",
    "UPDATE payments_statementperiod SET issued_at = NULL, root_sha256 = '', statement_count = NULL",
    "DELETE FROM payments_statementperiod",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_was_issued_stands(market: Market, attack: str) -> None:
    sold(market, "2027-01-10T10:00")
    issued_at("2027-02-01T02:00")
    before = list(Statement.objects.values()), list(StatementPeriod.objects.values())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)
    assert (list(Statement.objects.values()), list(StatementPeriod.objects.values())) == before


def test_the_audit_finds_a_statement_that_somebody_changed_behind_the_guards(market: Market) -> None:
    sold(market, "2027-01-10T10:00")
    first, *_ = issued_at("2027-02-01T02:00")
    assert violations() == []
    with guards_lifted():
        Statement.objects.filter(pk=first.pk).update(body=first.body.replace("3334", "9999"))
    assert violations() == [f"statement {first.number} is not the one that was issued"]
    with guards_lifted():
        Statement.objects.filter(pk=first.pk).update(body=first.body, sha256="0" * 64)
    assert violations() == [
        f"statement {first.number} is not the one that was issued",
        f"the statements of {first.period} are not under its root",
    ]


def test_nothing_is_added_to_what_was_issued(market: Market) -> None:
    sold(market, "2027-01-10T10:00")
    first, *_ = issued_at("2027-02-01T02:00")
    forged = Statement(
        period=first.period,
        payee=market.dataset.organization,
        position=3,
        number="2027-01-USD-1-000004",
        opening_minor=0,
        closing_minor=10**9,
        body="{}",
        sha256=first.sha256,
    )
    with pytest.raises(DatabaseError, match="issued already"), transaction.atomic():
        forged.save(force_insert=True)
    assert Statement.objects.count() == 3
