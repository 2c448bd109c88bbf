"""Plain words: every field of the terms is told, or is silent on purpose."""

from copy import deepcopy
from typing import Any

import pytest

from licensing.domain.library import TEMPLATES
from licensing.domain.parameters import Filling, resolve_terms
from licensing.domain.plain import SILENT, PlainWords, plain_words
from licensing.domain.sentences import Sentence, say
from licensing.domain.validation import RULES, leaves, validate_terms

BY_ID = {template.license_id: template for template in TEMPLATES}
RESEARCH, TRAIN, EXCLUSIVE = (f"LicenseRef-DC-{name}-1.0" for name in ("RESEARCH", "TRAIN-COMM", "EXCLUSIVE"))
COMMON = {"currency": "EUR", "tax_class": "standard", "approval_required": False}
PRICES: dict[str, dict[str, Any]] = {
    "free": {"amount": "0.00"},
    "one_off": {"amount": "900.00"},
    "subscription": {"amount": "50.00", "period": "month", "grace_days": 7},
    "tiered": {
        "amount": "900.00",
        "tiers": [{"licensee_types": ["sme"], "country_group": ["AFRICA"], "amount": "100.00"}],
    },
    "pay_what_you_want": {"amount": "20.00", "minimum": "0.00"},
    "cost_recovery": {"amount": "120.00", "statement": "Storage and two days of checking."},
    "usage": {"amount": "1.00", "unit": "hour"},
    "quote": {"amount": "0.00"},
}
# Another value for each field, for which the words must be other words.
CHANGED: dict[str, Any] = {
    "prohibited_uses.codes": ["reidentify", "voiceClone", "unlawful", "weapons"],
    "prohibited_uses.text": "advertise to children",
    "scope.purpose": ["education"],
    "scope.commercial": "prohibit",
    "scope.field": ["tts"],
    "scope.territory": ["SN"],
    "scope.licensee_types": ["academic"],
    "scope.country_group": ["AFRICA"],
    "scope.affiliates": True,
    "scope.contractors": False,
    "caps.seats": 5,
    "caps.service_accounts": 2,
    "caps.models": 3,
    "caps.compute_flop": "10000000000000000000000000",
    "caps.model_parameters": "7000000000",
    "caps.epochs": 4,
    "caps.downloads": 9,
    "caps.records": 1000,
    "time.from": "2026-12-01T00:00:00Z",
    "time.to": "2027-12-01T00:00:00Z",
    "time.duration": "P6M",
    "time.renewal": "automatic",
    "time.on_end.keep_trained_models": False,
    "time.on_end.delete_copies_by": "P1Y",
    "duties.attribute.text": "Others",
    "duties.attribute.where": "in the model card",
    "duties.include_text": True,
    "duties.share_alike.reach": "dataset+model",
    "duties.share_alike.targets": ["ODbL-1.0"],
    "duties.notify": True,
    "duties.report_usage": True,
    "duties.benefit_share_pct": "2.5",
    "duties.delete_on_withdrawal": "P10D",
    "duties.security_level": "enclave",
    "duties.publish_results": True,
    "outputs.ownership": "shared",
    "outputs.no_regurgitation": False,
    "outputs.share_alike": True,
    "outputs.labeling": True,
    "legal.revocability": ["breach"],
    "legal.notice": "P60D",
    "legal.warranty": [],
    "legal.indemnity": "the publisher defends you",
    "legal.law": "KE",
    "legal.exclusivity.actions": ["evaluate"],
    **{f"actions.{code}": "prohibit" for code in BY_ID[EXCLUSIVE].terms["actions"]},
    "actions.redistribute": "permit",
    "actions.synthesize": "permit",
    "price": {"model": "one_off", **COMMON, "amount": "901.00"},
    "duties.credits": [{"authors": ["Ama", "Kofi"], "license": "CC-BY-4.0", "url": ""}],
}


def rich(price: dict[str, Any] | None = None) -> dict[str, Any]:
    """An offer that fills every group."""
    template = BY_ID[EXCLUSIVE].terms
    parameters = {"legal": {"exclusivity": {"actions": ["train"]}, "law": "SN"}}
    given = price or {"model": "one_off", **COMMON, **PRICES["one_off"]}
    return resolve_terms(EXCLUSIVE, template, parameters, Filling("Baobab Voices", given, duration_days=365))


def told(words: PlainWords) -> list[str]:
    return [*words.may, "|", *words.must, "|", *words.may_not, "|", words.only_for, *words.also, "|", *words.price]


def with_value(terms: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    changed = deepcopy(terms)
    place, names = changed, path.split(".")
    for name in names[:-1]:
        place = place[name]
    place[names[-1]] = value
    return changed


def test_every_field_is_in_the_table_or_silent_on_purpose() -> None:
    assert set(CHANGED) | set(SILENT) == set(RULES) | {"price", "price.tax_class", "duties.credits"}
    assert set(CHANGED) & set(SILENT) == set()


@pytest.mark.parametrize("path", sorted(CHANGED))
def test_a_field_that_changes_changes_a_sentence(path: str) -> None:
    before = rich()
    if path == "duties.share_alike.reach":
        before = with_value(with_value(before, path, "dataset"), "duties.share_alike.targets", ["ODbL-1.0"])
    assert told(plain_words(with_value(before, path, CHANGED[path]))) != told(plain_words(before))


@pytest.mark.parametrize("model", sorted(PRICES))
def test_every_field_of_every_price_plan_is_told(model: str) -> None:
    price = {"model": model, **COMMON, **PRICES[model]}
    before = rich(price)
    other: dict[str, Any] = {
        "amount": "77.00",
        "period": "year",
        "grace_days": 3,
        "minimum": "5.00",
        "unit": "token",
        "statement": "Rent.",
        "tiers": [],
        "approval_required": True,
        "currency": "USD",
    }
    silent = {"free": {"amount", "currency"}, "quote": {"amount", "currency"}}.get(model, set())
    for name in set(price) - {"model", "tax_class"} - silent:
        changed = {**before, "price": {**price, name: other[name]}}
        assert told(plain_words(changed)) != told(plain_words(before)), name


def test_the_whole_offer_reads_like_this() -> None:
    terms = rich({"model": "subscription", **COMMON, **PRICES["subscription"]})
    validate_terms(terms)
    words = plain_words(terms)
    assert words.may[:2] == ("download and read the data", "train models on it")
    assert (
        words.must[0] == "name the source as “Baobab Voices”, wherever the data or a model trained on it is described"
    )
    assert "delete your copies of withdrawn data within 30 days" in words.must
    assert "pass the data on to others" in words.may_not
    assert "As long as it lasts, nobody else gets a license here to: train models on it." in words.also
    assert "The law of Senegal applies." in words.also
    assert words.price == (
        "It costs 50.00 EUR a month.",
        "After a period that is not paid, it lasts 7 days more.",
    )


def test_public_licenses_promise_nothing_about_an_end() -> None:
    words = plain_words(BY_ID["CC0-1.0"].terms)
    assert (words.must, words.may_not, words.only_for) == ((), (), "")
    assert "It is not taken back." in words.also
    assert not any("after the license ends" in each for each in words.may)


def test_share_alike_names_its_licenses_and_reaches_the_model() -> None:
    words = plain_words(BY_ID["CC-BY-SA-4.0"].terms)
    assert "pass changed data on under one of these licenses only: CC-BY-SA-4.0, GPL-3.0-only, LAL-1.3" in words.must
    assert "check whether a model you publish falls under the same license" in words.must


def test_what_is_not_said_is_not_permitted_and_is_told() -> None:
    quiet = with_value(with_value(rich(), "scope.commercial", "unspecified"), "scope.contractors", False)
    contracted = "let people and companies who work for you under contract use it for you"
    kept = {"use it commercially", contracted, "let the other companies of your group use it"}
    assert kept <= set(plain_words(quiet).may_not)
    wide = with_value(with_value(rich(), "scope.commercial", "permit"), "scope.affiliates", True)
    assert not kept & set(plain_words(wide).may_not)
    assert not kept & set(plain_words(BY_ID["CC-BY-4.0"].terms).may_not)


def test_research_is_not_commercial_and_for_some_only() -> None:
    words = plain_words(BY_ID[RESEARCH].terms)
    assert "use it commercially" in words.may_not
    assert "use it for research only" in words.must
    assert words.only_for == "universities and schools and non-profit organizations"


def test_words_of_others_are_never_read_as_a_template() -> None:
    terms = with_value(rich(), "duties.attribute.where", "{where.__class__}")
    terms = with_value(terms, "prohibited_uses.text", "{use}{0}")
    words = plain_words(terms)
    assert "{where.__class__}" in words.must[0]
    assert "{use}{0}" in words.may_not


def test_a_sentence_is_said_in_another_language() -> None:
    messages = {"It is for use in: {places}.": "Pour un usage : {places}.", "everybody": "tout le monde"}
    words = plain_words(with_value(rich(), "scope.territory", ["SN", "DE"]))
    (places,) = [each for each in words.also if each.startswith("It is for use in")]
    assert places == "It is for use in: Senegal, Germany."
    assert places.spoken(lambda text: messages.get(text, text), "fr") == "Pour un usage : Sénégal, Allemagne."
    nested = say("{who}: 5", who=say("everybody"))
    assert isinstance(nested, Sentence)
    assert nested.spoken(lambda text: messages.get(text, text), "fr") == "tout le monde: 5"


def test_leaves_count_price_and_credits_as_one() -> None:
    assert {path for path, _ in leaves(rich())} <= set(RULES) | {"price"}
