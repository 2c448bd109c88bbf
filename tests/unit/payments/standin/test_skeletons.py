"""A handler says what matters; the rest of the answer is there, empty, and nothing else can be."""

from typing import Any

import pytest
import stripe

from tests.standin.contract import SkeletonError, check_object, skeleton

COUPON = {"duration": "once"}
KINDS: list[tuple[str, dict[str, Any]]] = [
    ("checkout.session", {"mode": "payment", "payment_status": "unpaid"}),
    (
        "payment_intent",
        {"status": "succeeded", "capture_method": "automatic", "confirmation_method": "automatic"},
    ),
    ("charge", {"status": "succeeded"}),
    ("refund", {}),
    ("transfer", {}),
    ("transfer_reversal", {}),
    ("dispute", {"status": "needs_response", "evidence_details": {"submission_method": "not_submitted"}}),
    ("invoice", {"collection_method": "send_invoice", "issuer": {"type": "self"}}),
    ("invoiceitem", {}),
    ("invoice_payment", {"payment": {"type": "payment_intent"}}),
    ("credit_note", {"status": "issued", "type": "pre_payment"}),
    (
        "subscription",
        {
            "status": "active",
            "collection_method": "charge_automatically",
            "billing_mode": {"type": "flexible"},
            "invoice_settings": {"issuer": {"type": "self"}},
        },
    ),
    ("customer", {}),
    ("coupon", COUPON),
    ("promotion_code", {}),
    ("product", {"type": "service"}),
    ("price", {"type": "one_time", "billing_scheme": "per_unit"}),
    ("balance", {}),
    ("balance_transaction", {"type": "transfer", "balance_type": "payments"}),
    ("event", {"type": "coupon.created", "data": {"object": skeleton("coupon", duration="once")}}),
    ("payout", {"type": "bank_account", "reconciliation_status": "not_applicable"}),
    ("webhook_endpoint", {}),
    ("v2.core.account", {}),
    ("v2.core.account_link", {"use_case": {"type": "account_onboarding"}}),
]


@pytest.mark.parametrize(("kind", "known"), KINDS, ids=[kind for kind, _ in KINDS])
def test_what_we_need_passes_its_own_check(kind: str, known: dict[str, Any]) -> None:
    made = skeleton(kind, **known)
    assert check_object(made) == []
    assert made["object"] == kind


def test_everything_declared_is_there_and_empty() -> None:
    assert skeleton("transfer_reversal", id="trr_1", amount=5) == {
        "amount": 5,
        "balance_transaction": None,
        "created": 0,
        "currency": "",
        "destination_payment_refund": None,
        "id": "trr_1",
        "metadata": None,
        "object": "transfer_reversal",
        "source_refund": None,
        "transfer": "",
    }


def test_a_list_and_a_required_map_are_empty_in_their_own_way() -> None:
    assert skeleton("transfer")["reversals"] == {"object": "list", "data": [], "has_more": False, "url": ""}
    assert skeleton("balance")["available"] == []
    assert skeleton("charge", status="pending")["billing_details"] == {
        "address": None,
        "email": None,
        "name": None,
        "phone": None,
        "tax_id": None,
    }


def test_two_skeletons_share_nothing() -> None:
    first, second = skeleton("transfer"), skeleton("transfer")
    first["reversals"]["data"].append("trr_1")
    first["metadata"]["intent"] = "p_1"
    assert (second["reversals"]["data"], second["metadata"]) == ([], {})


def test_what_is_known_of_a_nested_object_is_completed() -> None:
    assert skeleton("coupon", duration="once", applies_to={"products": ["p"]})["applies_to"] == {"products": ["p"]}
    address = skeleton("charge", status="pending", billing_details={"email": "a@b.example"})["billing_details"]
    assert address == {"address": None, "email": "a@b.example", "name": None, "phone": None, "tax_id": None}


def test_a_class_may_stand_for_its_name() -> None:
    assert skeleton(stripe.Transfer, id="tr_1") == skeleton("transfer", id="tr_1")


@pytest.mark.parametrize(
    ("kind", "known", "words"),
    [
        ("charge", {"status": "pending", "invoice": "in_1"}, "Charge has no invoice"),
        (
            "charge",
            {"status": "pending", "billing_details": {"mail": "a"}},
            "BillingDetails has no billing_details.mail",
        ),
        ("charge", {}, "status must be known: one of 'failed', 'pending', 'succeeded'"),
        ("subscription_item", {}, "plan.billing_scheme must be known: one of 'per_unit', 'tiered'"),
    ],
)
def test_nothing_undeclared_and_no_enum_by_accident(kind: str, known: dict[str, Any], words: str) -> None:
    with pytest.raises(SkeletonError) as refused:
        skeleton(kind, **known)
    assert str(refused.value) == words
