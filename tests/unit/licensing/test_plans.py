"""What one buyer pays under a plan, and plans that are written wrong."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collective.core.errors import DomainError
from licensing.domain.plans import (
    Licensee,
    amount_due,
    asks_for_evidence,
    lowest_amount,
    price_problems,
    prices_by_kind,
)
from licensing.domain.terms import Terms
from licensing.domain.vocabulary import LICENSEE_TYPES
from licensing.errors import AmountMissingError, AmountTooLowError, ChosenAmountError, NotInPlanError, QuoteOnlyError

COMMON = {"amount": "900.00", "currency": "EUR", "tax_class": "standard", "approval_required": False}
SME, PERSON = Licensee("sme", "SN"), Licensee("individual")
TIERED: dict[str, Any] = {
    "model": "tiered",
    **COMMON,
    "tiers": [
        {"licensee_types": ["sme", "nonprofit"], "country_group": ["AFRICA"], "amount": "100.00"},
        {"licensee_types": ["academic"], "country_group": ["*"], "amount": "0.00"},
        {"licensee_types": ["sme", "enterprise"], "country_group": ["*"], "amount": "900.00"},
    ],
}
CHOSEN: dict[str, Any] = {"model": "pay_what_you_want", **COMMON, "amount": "20.00", "minimum": "5.00"}


def plan(model: str, **own: Any) -> dict[str, Any]:
    return {"model": model, **COMMON, **own}


@pytest.mark.parametrize(
    ("price", "licensee", "chosen", "due"),
    [
        (plan("free", amount="0.00"), SME, None, 0),
        (plan("one_off"), SME, None, 90_000),
        (plan("one_off", amount="900", currency="JPY"), SME, None, 900),
        (plan("one_off", amount="9.990", currency="KWD"), SME, None, 9990),
        (plan("subscription", period="month", grace_days=7), SME, None, 90_000),
        (plan("cost_recovery", statement="Rent."), SME, None, 90_000),
        (TIERED, SME, None, 10_000),
        (TIERED, Licensee("sme", "DE"), None, 90_000),
        (TIERED, Licensee("sme"), None, 90_000),
        (TIERED, Licensee("academic", "SN"), None, 0),
        (CHOSEN, PERSON, 500, 500),
        (CHOSEN, PERSON, 123_456, 123_456),
        ({**CHOSEN, "minimum": "0.00"}, PERSON, 0, 0),
    ],
)
def test_what_is_due(price: dict[str, Any], licensee: Licensee, chosen: int | None, due: int) -> None:
    assert list(price_problems(price)) == []
    assert amount_due(price, licensee, chosen) == due


@pytest.mark.parametrize(
    ("price", "licensee", "chosen", "refusal"),
    [
        (plan("quote", amount="0.00"), SME, None, QuoteOnlyError),
        (plan("usage", unit="hour"), SME, None, QuoteOnlyError),
        (TIERED, Licensee("individual", "SN"), None, NotInPlanError),
        (TIERED, Licensee("nonprofit", "DE"), None, NotInPlanError),
        (plan("one_off"), SME, 1, ChosenAmountError),
        (TIERED, SME, 1, ChosenAmountError),
        (CHOSEN, PERSON, None, AmountMissingError),
        (CHOSEN, PERSON, 499, AmountTooLowError),
        ({**CHOSEN, "minimum": "0.00"}, PERSON, 49, AmountTooLowError),
        ({**CHOSEN, "minimum": "0.000", "currency": "KWD"}, PERSON, 1_001, AmountTooLowError),
    ],
)
def test_what_has_no_price(price: Any, licensee: Licensee, chosen: int | None, refusal: type[DomainError]) -> None:
    with pytest.raises(refusal):
        amount_due(price, licensee, chosen)


@given(st.integers(0, 10**9))
def test_a_chosen_amount_is_what_is_paid_or_it_is_refused(chosen: int) -> None:
    try:
        assert amount_due(CHOSEN, PERSON, chosen) == chosen >= 500
    except AmountTooLowError:
        assert chosen < 500


@given(st.sampled_from(sorted(LICENSEE_TYPES)), st.sampled_from(["SN", "DE", "BR", ""]))
def test_nobody_pays_less_than_the_lowest_amount(kind: str, country: str) -> None:
    try:
        due = amount_due(TIERED, Licensee(kind, country))
    except NotInPlanError:
        return
    assert due >= lowest_amount(TIERED) == 0


def test_a_preview_has_a_price_or_none_for_each_kind() -> None:
    prices = prices_by_kind(TIERED)
    assert set(prices) == set(LICENSEE_TYPES)
    assert {kind: each and each.minor for kind, each in prices.items()} == {
        "individual": None,
        "academic": 0,
        "nonprofit": None,
        "sme": 90_000,
        "enterprise": 90_000,
        "public": None,
    }
    assert set(prices_by_kind(plan("quote", amount="0.00")).values()) == {None}


def test_evidence_is_asked_where_a_word_changes_the_price() -> None:
    anybody, some = Terms("X", {}), Terms("X", {}, licensee_types=("sme",))
    assert asks_for_evidence(CHOSEN, anybody, SME, "sme")
    assert asks_for_evidence(TIERED, anybody, SME, "sme")
    assert not asks_for_evidence(CHOSEN, anybody, PERSON, "individual")
    assert not asks_for_evidence(plan("one_off"), anybody, SME, "sme")
    assert asks_for_evidence(plan("one_off"), some, SME, "sme")


def test_evidence_is_asked_where_a_word_differs_from_what_is_known() -> None:
    anybody, some = Terms("X", {}), Terms("X", {}, country_group=("SN",))
    assert asks_for_evidence(plan("one_off"), anybody, SME, "enterprise")
    assert asks_for_evidence(plan("one_off"), anybody, PERSON, "enterprise")
    assert asks_for_evidence(plan("one_off"), some, replace(PERSON, country="SN"), "individual")
    assert not asks_for_evidence(plan("one_off"), some, PERSON, "individual")


@pytest.mark.parametrize(
    ("price", "path"),
    [
        ({}, "price.model"),
        (plan("rent"), "price.model"),
        (plan("one_off", currency="XXX"), "price.currency"),
        (plan("one_off", amount=900), "price.amount"),
        (plan("one_off", amount="900"), "price.amount"),
        (plan("one_off", amount="0.10"), "price.amount"),
        (plan("one_off", amount="-1.00"), "price.amount"),
        (plan("one_off", amount="1.005", currency="KWD"), "price.amount"),
        (plan("free"), "price.amount"),
        (plan("one_off", minimum="1.00"), "price.minimum"),
        (plan("one_off", tax_class="none"), "price.tax_class"),
        (plan("one_off", approval_required="yes"), "price.approval_required"),
        (plan("subscription", period="week", grace_days=7), "price.period"),
        (plan("subscription", period="month", grace_days=-1), "price.grace_days"),
        (plan("subscription", period="month", grace_days=True), "price.grace_days"),
        (plan("subscription", period="month"), "price.grace_days"),
        (plan("tiered", tiers=[]), "price.tiers"),
        (plan("tiered", tiers=["sme"]), "price.tiers.0"),
        (plan("tiered", tiers=[{**TIERED["tiers"][0], "amount": "x"}]), "price.tiers.0.amount"),
        (plan("tiered", tiers=[{**TIERED["tiers"][0], "licensee_types": ["king"]}]), "price.tiers.0.licensee_types"),
        (plan("tiered", tiers=[{**TIERED["tiers"][0], "country_group": []}]), "price.tiers.0.country_group"),
        (plan("cost_recovery", statement=" "), "price.statement"),
        (plan("usage", unit="word"), "price.unit"),
    ],
)
def test_a_plan_that_is_wrong_is_refused_with_its_path(price: Any, path: str) -> None:
    assert path in dict(price_problems(price))
