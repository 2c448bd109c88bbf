"""What Stripe may answer, rule by rule."""

from typing import Any

import pytest

from tests.standin.contract import Op, check_object, check_response, match, skeleton

CHARGE = skeleton("charge", id="ch_1", amount=500, currency="usd", status="succeeded")
CUSTOMER = skeleton("customer", id="cus_1")
TRANSFER = skeleton("transfer", id="tr_1", amount=500, currency="usd")


def op(verb: str, path: str) -> Op:
    found = match(verb, path)
    assert found is not None, path
    return found[0]


def without(answer: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != key}


RETRIEVE = op("GET", "/v1/charges/ch_1")


@pytest.mark.parametrize(
    "answer",
    [
        CHARGE,
        CHARGE | {"customer": "cus_1"},
        CHARGE | {"customer": CUSTOMER},
        CHARGE | {"customer": {"id": "cus_1", "object": "customer", "deleted": True}},
        CHARGE | {"metadata": {"intent": "p_1", "anything": "else"}},
        without(CHARGE, "customer"),
    ],
)
def test_an_answer_is_what_the_class_declares(answer: dict[str, Any]) -> None:
    assert check_response(RETRIEVE, answer) == []
    assert check_object(answer) == []


@pytest.mark.parametrize(
    ("case", "answer", "problems"),
    [
        ("an undeclared field", CHARGE | {"invoice": "in_1"}, ["invoice: is not declared by Charge"]),
        ("a missing field", without(CHARGE, "paid"), ["paid: is missing, and Charge requires it"]),
        ("a null that is not allowed", CHARGE | {"paid": None}, ["paid: None is not bool"]),
        ("text for a number", CHARGE | {"amount": "500"}, ["amount: '500' is not int"]),
        ("truth for a number", CHARGE | {"amount": True}, ["amount: True is not int"]),
        (
            "a value outside the enum",
            CHARGE | {"status": "won"},
            ["status: 'won' is not one of 'failed', 'pending', 'succeeded'"],
        ),
        ("another object", CHARGE | {"object": "refund"}, ["object: 'refund' is not one of 'charge'"]),
        ("no name", without(CHARGE, "object"), ["object: is missing, and Charge requires it"]),
        (
            "neither an id nor the object",
            CHARGE | {"customer": 5},
            ["customer: 5 is not str; 5 is not a map (Customer)"],
        ),
        (
            "an expanded object with a fault",
            CHARGE | {"customer": CUSTOMER | {"balance": "0", "age": 7}},
            ["customer[age]: is not declared by Customer", "customer[balance]: '0' is not int"],
        ),
        (
            "metadata that is not text",
            CHARGE | {"metadata": {"intent": 1}},
            ["metadata[intent]: 1 is not str"],
        ),
        (
            "a nested map",
            CHARGE | {"billing_details": {"email": 5, "mail": None}},
            ["billing_details[mail]: is not declared by BillingDetails", "billing_details[email]: 5 is not str"],
        ),
        ("no map at all", ["ch_1"], ["(all of it): ['ch_1'] is not a map (Charge)"]),
    ],
)
def test_what_is_wrong_is_said_with_its_place(case: str, answer: Any, problems: list[str]) -> None:
    assert check_response(RETRIEVE, answer) == problems, case


def test_a_list_is_checked_one_by_one() -> None:
    charges = op("GET", "/v1/charges")
    page = {"object": "list", "url": "/v1/charges", "has_more": False, "data": [CHARGE, CHARGE]}
    assert check_response(charges, page) == []
    assert check_response(charges, page | {"data": [CHARGE, TRANSFER | {"object": "charge"}]}) != []
    assert check_response(charges, page | {"data": [CHARGE, CHARGE | {"paid": 1}]}) == ["data[1][paid]: 1 is not bool"]
    assert check_response(charges, without(page, "object") | {"total": 2}) == [
        "total: is not declared by ListObject",
        "object: is missing, and ListObject requires it",
    ]


def test_a_list_inside_an_answer_is_checked_as_well() -> None:
    reversal = skeleton("transfer_reversal", id="trr_1", transfer="tr_1")
    answer = TRANSFER | {"reversals": TRANSFER["reversals"] | {"data": [reversal | {"amount": None}]}}
    assert check_response(op("GET", "/v1/transfers/tr_1"), answer) == ["reversals[data][0][amount]: None is not int"]


def test_lists_of_v2_have_no_name() -> None:
    accounts = op("GET", "/v2/core/accounts")
    account = skeleton("v2.core.account", id="acct_1")
    assert check_response(accounts, {"data": [account], "next_page_url": None}) == []
    assert check_response(accounts, {"object": "list", "data": [account | {"id": 1}], "next_page_url": None}) == [
        "object: is not declared by ListObject",
        "data[0][id]: 1 is not str",
    ]


def test_of_what_is_deleted_only_the_name_is_left() -> None:
    delete = op("DELETE", "/v1/coupons/c_1")
    assert check_response(delete, {"id": "c_1", "object": "coupon", "deleted": True}) == []
    assert check_response(delete, {"object": "coupon", "deleted": True}) == ["id: is missing, and Coupon requires it"]
    assert "duration: is missing, and Coupon requires it" in check_response(delete, {"id": "c_1", "object": "coupon"})


def test_a_route_that_declares_anything_may_answer_anything() -> None:
    assert check_response(op("GET", "/v1/quotes/qt_1/pdf"), "%PDF") == []


def test_decimals_are_text() -> None:
    price = skeleton("price", id="p_1", type="one_time", billing_scheme="per_unit", product="prod_1")
    assert check_object(price | {"unit_amount_decimal": "9.99"}) == []
    assert check_object(price | {"unit_amount_decimal": 9.99}) == ["unit_amount_decimal: 9.99 is not Decimal"]


def test_what_the_client_does_not_know_is_no_object() -> None:
    assert check_object({"object": "unicorn"}) == ["object: 'unicorn' is no object that the client knows"]
    assert check_object({}) == ["object: None is no object that the client knows"]
