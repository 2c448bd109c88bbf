"""Statements as people read and keep them."""

import csv
import io
import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from collective.accounts.models import Membership
from payments.domain import chart
from payments.models import Statement
from payments.selectors.earnings import purses_of
from payments.services import release_due_settlements
from payments.services.ledger import post
from tests.factories import UserFactory
from tests.integration.payments.market import Market, open_market
from tests.integration.payments.months import at, issued_at
from tests.integration.payments.test_api import client_with
from tests.integration.payments.test_pages import text_of
from tests.integration.payments.test_statements import given_back, moved, of, sold

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # what pages show


@pytest.fixture
def market() -> Market:
    return open_market({"a": [1], "b": [1], "c": [1]})


@pytest.fixture
def statement(market: Market) -> Statement:
    """February of a: two sales in January, one given back, one paid out and a third of it returned."""
    first = sold(market, "2027-01-10T10:00")
    sold(market, "2027-01-20T10:00")
    given_back(first, "2027-02-02T10:00", 10_500, market)
    with at("2027-02-20T00:00"):
        release_due_settlements()
    moved(market, "2027-02-21T00:00", "transfer_reserved", due=-3000, in_transit=3000)
    moved(market, "2027-02-22T00:00", "transfer", in_transit=-2500)
    moved(market, "2027-02-23T00:00", "transfer_reversal", due=1000)
    (_, found) = of(issued_at("2027-03-01T02:00"), market, "a")
    return found


def page_of(market: Market, name: str, address: str) -> str:
    client = Client()
    client.force_login(market.contributors[name])
    return text_of(client.get(address).content.decode())


def test_a_statement_as_a_page(market: Market, statement: Statement) -> None:
    listed = page_of(market, "a", reverse("payments:statements"))
    assert "February 2027, USD" in listed
    assert "January 2027, USD" in listed
    words = page_of(market, "a", reverse("payments:statement", args=[statement.number]))
    for shown in (
        "Opening balance 66.67 USD",
        "Taken back after refunds or disputes -33.33 USD",
        "Paid out -25.00 USD",
        "Payment that came back 10.00 USD",
        "Closing balance 18.34 USD",
        "Payable 13.34 USD",
        "On the way to you 5.00 USD",
        "Paid out until then, in all 15.00 USD",
        "2 February 2027",
        "10,000 ÷ 30,000 100.00 USD 66.67 USD",
        statement.period.root_sha256,
    ):
        assert shown in words, shown
    assert market.contributors["b"].name not in words


def test_the_earnings_page_says_what_is_held_payable_on_the_way_and_paid(market: Market, statement: Statement) -> None:
    (purse,) = purses_of(market.contributors["a"])
    amounts = (purse.earned_minor, purse.held_minor, purse.payable_minor, purse.in_transit_minor, purse.paid_minor)
    assert amounts == (3334, 0, 1334, 500, 1500)
    assert (purse.owed_minor, purse.other_minor) == (0, 0)
    words = page_of(market, "a", reverse("payments:earnings"))
    for shown in ("13.34 USD payable now", "On the way to you 5.00 USD", "Paid out 15.00 USD", "Monthly statements"):
        assert shown in words, shown


def test_what_is_written_off_is_neither_earned_nor_paid(market: Market, statement: Statement) -> None:
    due = chart.payee_code(statement.payee_id, "due")
    post(key="w", event="write_off", currency="USD", legs={due: 167, chart.LOSS: -167})
    (purse,) = purses_of(market.contributors["a"])
    assert (purse.payable_minor, purse.paid_minor, purse.earned_minor, purse.other_minor) == (1501, 1500, 3334, 167)
    assert "Neither earned nor paid as the statement says 1.67 USD" in page_of(
        market, "a", reverse("payments:earnings")
    )


def test_a_statement_as_csv(market: Market, statement: Statement) -> None:
    client = Client()
    client.force_login(market.contributors["a"])
    answer = client.get(reverse("payments:statement-csv", args=[statement.number]))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == f'attachment; filename="{statement.number}.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert [row["kind"] for row in rows] == [
        *("opening", "reversed", "within", "within", "within", "paid", "returned", "closing")
    ]
    assert {row["currency"] for row in rows} == {"USD"}
    reversed_, closing = rows[1], rows[-1]
    assert (reversed_["date"], reversed_["amount_minor"], reversed_["amount"]) == ("2027-02-02", "-3333", "-33.33")
    assert (reversed_["weight"], reversed_["total_weight"]) == ("10000", "30000")
    assert (reversed_["collected_minor"], reversed_["collected_in_all_minor"]) == ("-10000", "10000")
    assert (closing["date"], closing["balance_minor"], closing["balance"]) == ("2027-03-01", "1834", "18.34")
    assert sum(int(row["amount_minor"] or 0) for row in rows) == 1834 - 6667


def test_a_name_that_is_a_formula_is_text_in_a_spreadsheet(market: Market) -> None:
    payee = market.payees["a"]
    payee.name = '=HYPERLINK("http://evil")'
    payee.save()
    sold(market, "2027-01-10T10:00")
    (found,) = of(issued_at("2027-02-01T02:00"), market, "a")
    client = Client()
    client.force_login(market.contributors["a"])
    text = client.get(reverse("payments:statement-csv", args=[found.number])).content.decode()
    assert {row["payee"] for row in csv.DictReader(io.StringIO(text))} == {'\'=HYPERLINK("http://evil")'}


def test_a_statement_as_pdf_in_any_script(market: Market) -> None:
    payee = market.payees["a"]
    payee.name = "أمينة Ọlá 張"
    payee.save()
    sold(market, "2027-01-10T10:00")
    (found,) = of(issued_at("2027-02-01T02:00"), market, "a")
    client = Client()
    client.force_login(market.contributors["a"])
    address = reverse("payments:statement-pdf", args=[found.number])
    first = client.get(address)
    assert first["Content-Type"] == "application/pdf"
    assert first.content.startswith(b"%PDF-")
    assert first.content.count(b"/Type /Page\n") == 1
    assert client.get(address).content == first.content


def test_page_and_program_get_the_same_proof(market: Market, statement: Statement) -> None:
    client = Client()
    client.force_login(market.contributors["a"])
    page = json.loads(client.get(reverse("payments:statement-json", args=[statement.number])).content)
    program = client_with("earnings:read", user=market.contributors["a"])
    assert program.get(f"/api/v1/earnings/statements/{statement.number}").json() == page
    listed: list[dict[str, Any]] = program.get("/api/v1/earnings/statements").json()["results"]
    assert {row["number"] for row in listed} == {statement.number, "2027-01-USD-1-000001"}
    newest = next(row for row in listed if row["number"] == statement.number)
    assert (newest["opening_minor"], newest["closing_minor"], newest["corrects"]) == (6667, 1834, "")
    periods = Client().get("/api/v1/statement-periods").json()["results"]
    assert page["period"]["root_sha256"] in {row["root_sha256"] for row in periods}
    assert program.get(f"/api/v1/earnings/statements/{statement.number}/csv").content.startswith(b"statement,month,")
    assert client_with("purchase", user=market.contributors["a"]).get("/api/v1/earnings/statements").status_code == 403


def test_owners_and_admins_of_the_payee_see_it_and_nobody_else(market: Market, statement: Statement) -> None:
    payee, admin, member = market.payees["a"], UserFactory.create(), UserFactory.create()
    Membership.objects.create(organization=payee, user=admin, role=Membership.ADMIN)
    Membership.objects.create(organization=payee, user=member, role=Membership.MEMBER)
    seen = {admin: 200, member: 404, market.contributors["b"]: 404, market.steward: 404}
    seen[UserFactory.create(is_staff=True)] = 404
    for person, status in seen.items():
        client, program = Client(), client_with("earnings:read", user=person)
        client.force_login(person)
        for ending in ("", "/csv", "/pdf"):
            assert program.get(f"/api/v1/earnings/statements/{statement.number}{ending}").status_code == status, (
                person,
                ending,
            )
        listed = program.get("/api/v1/earnings/statements").json()["results"]
        assert (statement.number in {row["number"] for row in listed}) == (status == 200)
        for name in ("statement", "statement-csv", "statement-json", "statement-pdf"):
            assert client.get(reverse(f"payments:{name}", args=[statement.number])).status_code == status, (
                person,
                name,
            )
        words = text_of(client.get(reverse("payments:statements")).content.decode())
        assert (statement.number in words) == (status == 200)


def test_a_corrected_statement_says_so(market: Market, statement: Statement) -> None:
    moved(market, "2027-02-28T23:59", "transfer_reversal", due=1)
    (later,) = [each for each in issued_at("2027-03-02T00:00") if each.payee == market.payees["a"]]
    old, new = (page_of(market, "a", reverse("payments:statement", args=[each.number])) for each in (statement, later))
    assert f"This statement was replaced by {later.number}" in old
    assert f"corrects {statement.number}" in new
    assert "18.34 USD" in old
    assert "18.35 USD" in new
