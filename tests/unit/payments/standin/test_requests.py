"""What may be asked of Stripe, rule by rule, with the words for what is wrong."""

from typing import Any

import pytest

from tests.standin.contract import Op, check_request, decode, match, typed

TRANSFER = "currency=usd&destination=acct_1&amount=1000"
SESSION = (
    "mode=payment&success_url=https://a.example&line_items[0][quantity]=1"
    "&line_items[0][price_data][currency]=usd&line_items[0][price_data][unit_amount]=500"
    "&line_items[0][price_data][product_data][name]=Voices"
    "&payment_intent_data[transfer_group]=order_1&expires_at=1790000000&automatic_tax[enabled]=true"
)
RECIPIENT: dict[str, Any] = {
    "configuration": {"recipient": {"capabilities": {"stripe_balance": {"stripe_transfers": {"requested": True}}}}},
    "dashboard": "express",
    "defaults": {"responsibilities": {"fees_collector": "application", "losses_collector": "application"}},
}


def op(verb: str, path: str) -> Op:
    found = match(verb, path)
    assert found is not None, path
    return found[0]


@pytest.mark.parametrize(
    ("verb", "path", "body"),
    [
        ("POST", "/v1/transfers", TRANSFER),
        ("POST", "/v1/transfers", f"{TRANSFER}&metadata[intent]=p_1&transfer_group=g&expand[0]=destination"),
        ("POST", "/v1/transfers/tr_1/reversals", "amount=5"),
        ("POST", "/v1/transfers/tr_1/reversals", ""),
        ("POST", "/v1/checkout/sessions", SESSION),
        ("POST", "/v1/refunds", "charge=ch_1&amount=5&reason=requested_by_customer"),
        ("POST", "/v1/customers/cus_1", "metadata=&address=&email=a@b.example"),
        ("POST", "/v1/invoices", "customer=cus_1&collection_method=send_invoice&days_until_due=30&auto_advance=false"),
        ("POST", "/v1/prices", "currency=usd&unit_amount_decimal=9.99&product=p_1"),
        ("GET", "/v1/refunds", "limit=3&created[gte]=5"),
        ("GET", "/v1/refunds", "created=5"),
        ("GET", "/v1/events", "delivery_success=false&types[0]=charge.refunded"),
        ("DELETE", "/v1/coupons/c_1", ""),
        ("GET", "/v2/core/accounts", "limit=3"),
        ("GET", "/v2/core/accounts/acct_1", "include[0]=configuration.recipient"),
    ],
)
def test_what_the_client_declares_may_be_asked(verb: str, path: str, body: str) -> None:
    assert check_request(op(verb, path), decode(body)) == []


@pytest.mark.parametrize(
    ("case", "verb", "path", "body", "problems"),
    [
        (
            "an unknown key",
            "POST",
            "/v1/transfers",
            f"{TRANSFER}&nope=1",
            ["nope: is not declared by TransferCreateParams"],
        ),
        (
            "a missing key",
            "POST",
            "/v1/transfers",
            "currency=usd&amount=1000",
            ["destination: is missing, and TransferCreateParams requires it"],
        ),
        ("a wrong type", "POST", "/v1/transfers", TRANSFER.replace("1000", "ten"), ["amount: 'ten' is not int"]),
        ("a fraction", "POST", "/v1/transfers", TRANSFER.replace("1000", "9.5"), ["amount: '9.5' is not int"]),
        ("an empty number", "POST", "/v1/transfers", TRANSFER.replace("1000", ""), ["amount: '' is not int"]),
        (
            "a value outside the enum, whose type also says str",
            "POST",
            "/v1/transfers",
            f"{TRANSFER}&source_type=gold",
            ["source_type: 'gold' is not one of 'bank_account', 'card', 'fpx'"],
        ),
        (
            "an option of the client is not a parameter",
            "POST",
            "/v1/transfers",
            f"{TRANSFER}&idempotency_key=k&api_key=sk&headers[a]=b",
            [
                "idempotency_key: is not declared by TransferCreateParams",
                "api_key: is not declared by TransferCreateParams",
                "headers: is not declared by TransferCreateParams",
            ],
        ),
        (
            "a nested unknown key, and the one that was meant",
            "POST",
            "/v1/checkout/sessions",
            SESSION.replace("[currency]", "[curency]"),
            [
                "line_items[0][price_data][curency]: is not declared by SessionCreateParamsLineItemPriceData",
                "line_items[0][price_data][currency]: is missing, and SessionCreateParamsLineItemPriceData requires it",
            ],
        ),
        (
            "truth in other words",
            "POST",
            "/v1/checkout/sessions",
            SESSION.replace("true", "yes"),
            ["automatic_tax[enabled]: 'yes' is not bool"],
        ),
        (
            "a value for a list",
            "POST",
            "/v1/transfers",
            f"{TRANSFER}&expand=destination",
            ["expand: 'destination' is not a list"],
        ),
        (
            "a map for a value",
            "POST",
            "/v1/transfers",
            "currency=usd&amount=1000&destination[id]=acct_1",
            ["destination: {'id': 'acct_1'} is not str"],
        ),
        (
            "none of the alternatives",
            "GET",
            "/v1/refunds",
            "created=today",
            ["created: 'today' is not a map (RefundListParamsCreated); 'today' is not int"],
        ),
        (
            "the alternative that was meant",
            "GET",
            "/v1/refunds",
            "created[gte]=today",
            ["created[gte]: 'today' is not int"],
        ),
        (
            "an enum that may also be emptied",
            "POST",
            "/v1/customers/cus_1",
            "tax_exempt=perhaps",
            ["tax_exempt: 'perhaps' is not one of ''; 'perhaps' is not one of 'exempt', 'none', 'reverse'"],
        ),
        (
            "a query of a route without parameters",
            "DELETE",
            "/v1/coupons/c_1",
            "now=true",
            ["now: is not declared by CouponDeleteParams"],
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place(case: str, verb: str, path: str, body: str, problems: list[str]) -> None:
    assert check_request(op(verb, path), decode(body)) == problems, case


def test_v2_is_json_and_text_stands_for_nothing_else() -> None:
    create = op("POST", "/v2/core/accounts")
    assert check_request(create, RECIPIENT) == []
    said = {"recipient": {"capabilities": {"stripe_balance": {"stripe_transfers": {"requested": "true"}}}}}
    assert check_request(create, RECIPIENT | {"configuration": said}) == [
        "configuration[recipient][capabilities][stripe_balance][stripe_transfers][requested]: 'true' is not bool"
    ]
    assert typed(create, {"configuration": said}) == {"configuration": said}


def test_v2_knows_its_own_keys() -> None:
    assert check_request(op("POST", "/v2/core/accounts"), RECIPIENT | {"type": "express", "dashboard": "gold"}) == [
        "type: is not declared by AccountCreateParams",
        "dashboard: 'gold' is not one of 'express', 'full', 'none'",
    ]
    assert check_request(op("POST", "/v2/core/account_links"), {"account": "acct_1", "use_case": {}}) == [
        "use_case[type]: is missing, and AccountLinkCreateParamsUseCase requires it"
    ]


def test_keys_of_a_base_are_keys_of_its_heir() -> None:
    """`from` is a word of Python: the client declares it in a base that is written as a call."""
    assert check_request(op("POST", "/v2/money_management/outbound_payments"), {"amount": {"value": 1}})[:2] == [
        "from: is missing, and OutboundPaymentCreateParams requires it",
        "to: is missing, and OutboundPaymentCreateParams requires it",
    ]


def test_typed_turns_text_into_what_was_declared() -> None:
    assert typed(op("POST", "/v1/checkout/sessions"), decode(f"{SESSION}&metadata[intent]=12")) == {
        "mode": "payment",
        "success_url": "https://a.example",
        "line_items": [
            {
                "quantity": 1,
                "price_data": {"currency": "usd", "unit_amount": 500, "product_data": {"name": "Voices"}},
            }
        ],
        "payment_intent_data": {"transfer_group": "order_1"},
        "expires_at": 1_790_000_000,
        "automatic_tax": {"enabled": True},
        "metadata": {"intent": "12"},
    }


@pytest.mark.parametrize(
    ("verb", "path", "body", "expected"),
    [
        ("GET", "/v1/refunds", "created=5", {"created": 5}),
        ("GET", "/v1/refunds", "created[gte]=5&limit=3", {"created": {"gte": 5}, "limit": 3}),
        ("GET", "/v1/events", "delivery_success=false", {"delivery_success": False}),
        ("GET", "/v2/core/accounts", "limit=3", {"limit": 3}),
        ("POST", "/v1/prices", "unit_amount_decimal=9.99", {"unit_amount_decimal": "9.99"}),
        ("POST", "/v1/coupons", "percent_off=12.5", {"percent_off": 12.5}),
        ("POST", "/v1/subscriptions/sub_1", "trial_end=now", {"trial_end": "now"}),
        ("POST", "/v1/subscriptions/sub_1", "trial_end=99", {"trial_end": 99}),
        ("POST", "/v1/transfers", "amount=ten&nope=1", {"amount": "ten", "nope": "1"}),
    ],
)
def test_typed_leaves_what_it_cannot_read(verb: str, path: str, body: str, expected: dict[str, Any]) -> None:
    assert typed(op(verb, path), decode(body)) == expected
