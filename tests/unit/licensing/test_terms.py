"""The five licenses: their terms by the table, their texts, their plain words, their hashes."""

import json

import pytest
import rfc8785

from licensing.domain.actions import ACTION_CODES
from licensing.domain.hashing import canonical_sha256
from licensing.domain.library import TEMPLATES, Template
from licensing.domain.plain import plain_words
from licensing.domain.terms import resolve_terms, terms_json, terms_view

BY_ID = {template.license_id: template for template in TEMPLATES}
PROHIBITED = {
    "CC0-1.0": set(),
    "CC-BY-4.0": set(),
    "CC-BY-SA-4.0": set(),
    "LicenseRef-DC-RESEARCH-1.0": {"redistribute", "synthesize"},
    "LicenseRef-DC-TRAIN-COMM-1.0": {"redistribute", "embedRag", "synthesize", "releaseWeights"},
}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.license_id)
def test_every_action_that_is_not_prohibited_is_permitted(template: Template) -> None:
    terms = terms_view(template.license_id, template.terms)
    assert set(terms.prohibited) == PROHIBITED[template.license_id]
    assert set(terms.permitted) | set(terms.prohibited) == set(ACTION_CODES)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.license_id)
def test_the_text_names_its_license(template: Template) -> None:
    text = template.text.decode()
    assert f"SPDX-License-Identifier: {template.license_id}\n" in text
    assert template.canonical_url in text
    assert all(len(line) <= 90 for line in text.splitlines())


def test_research_is_not_commercial_and_for_some_only() -> None:
    words = plain_words(terms_view("x", BY_ID["LicenseRef-DC-RESEARCH-1.0"].terms))
    assert "use it commercially" in words.may_not
    assert "use it for research only" in words.must
    assert words.only_for == "universities and schools and non-profit organizations"


def test_plain_words_of_commercial_training() -> None:
    words = plain_words(terms_view("x", BY_ID["LicenseRef-DC-TRAIN-COMM-1.0"].terms))
    assert words.may[:2] == ("download and read the data", "train models on it")
    assert words.may[-1] == "use it commercially"
    assert words.must == ("name the source", "delete your copies of withdrawn data within 30 days")
    assert "break the law" in words.may_not
    assert "publish the weights of models trained on it" in words.may_not


def test_share_alike_reaches_the_model() -> None:
    words = plain_words(terms_view("CC-BY-SA-4.0", BY_ID["CC-BY-SA-4.0"].terms))
    assert "pass changed data on under the same license" in words.must
    assert words.may_not == ()


def test_the_hash_is_of_the_canonical_form() -> None:
    """RFC 8785, Appendix B's number form and key order by UTF-16, and not `sort_keys`."""
    assert rfc8785.dumps({"b": 4500.00, "a": "€"}) == '{"a":"€","b":4500}'.encode()
    assert canonical_sha256({"b": 1, "a": 2}) == canonical_sha256(json.loads('{"a": 2, "b": 1}'))
    with pytest.raises(rfc8785.IntegerDomainError):
        canonical_sha256({"amount": 2**53})


def test_resolving_fills_parameters_and_leaves_the_template_alone() -> None:
    template = terms_json(attribute=True)
    before = canonical_sha256(template)
    terms = resolve_terms(template, attribution="Baobab Voices", duration_days=365, price={"amount": "900.00"})
    assert terms["duties"]["attribute"]["text"] == "Baobab Voices"
    assert terms["time"]["duration"] == "P365D"
    assert terms["price"] == {"amount": "900.00"}
    assert canonical_sha256(template) == before


def test_an_unknown_action_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="unknown actions"):
        terms_json(prohibit=["fly"])
