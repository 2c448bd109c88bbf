"""The catalog: terms by the table of the governance reference, texts, hashes, and what an offer may change."""

import json
from typing import Any

import pytest
import rfc8785

from licensing.domain.actions import ACTION_CODES
from licensing.domain.hashing import bytes_sha256, canonical_sha256
from licensing.domain.library import MATERIAL_NAMES, TEMPLATES, Template
from licensing.domain.parameters import Filling, parameters_of, resolve_terms
from licensing.domain.terms import terms_json, terms_view
from licensing.domain.validation import terms_problems
from licensing.errors import ParametersError, TermsInvalidError

BY_ID = {template.license_id: template for template in TEMPLATES}
OURS = "LicenseRef-DC-{}-1.0"
STAYS = {"redistribute", "embedRag", "synthesize", "releaseWeights"}
PROHIBITED = {
    "CC-BY-ND-4.0": {"derive"},
    OURS.format("RESEARCH"): {"redistribute", "synthesize"},
    OURS.format("TRAIN-COMM"): STAYS,
    OURS.format("EVAL-ONLY"): set(ACTION_CODES) - {"access", "evaluate"},
    OURS.format("OPENWEIGHTS"): {"redistribute"},
    OURS.format("RAG"): {"train", "trainGenerative", "fineTune", "synthesize", "redistribute", "releaseWeights"},
    OURS.format("LIVE-SUBSCRIPTION"): STAYS,
    OURS.format("EXCLUSIVE"): {"redistribute", "synthesize"},
    OURS.format("STEWARDED"): STAYS,
}
NOT_COMMERCIAL = {"CC-BY-NC-4.0", "CC-BY-NC-SA-4.0", OURS.format("RESEARCH"), OURS.format("STEWARDED")}
# The hashes that grants out there name: whoever changes one of these texts or terms breaks them.
PUBLISHED = {
    "CC0-1.0": "69edb4bb",
    "CC-BY-4.0": "3606a605",
    "CC-BY-SA-4.0": "1424d0bf",
    OURS.format("RESEARCH"): "74128321",
    OURS.format("TRAIN-COMM"): "ee3eb8c7",
}
FREE = {"model": "free", "amount": "0.00", "currency": "EUR", "tax_class": "standard", "approval_required": False}


def filling(**changes: Any) -> Filling:
    return Filling(**{"attribution": "Baobab Voices", "price": FREE, **changes})


def resolved(license_id: str = OURS.format("TRAIN-COMM"), **parameters: Any) -> dict[str, Any]:
    return resolve_terms(license_id, BY_ID[license_id].terms, parameters, filling())


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.license_id)
def test_every_action_that_is_not_prohibited_is_permitted(template: Template) -> None:
    terms = terms_view(template.license_id, template.terms)
    assert set(terms.prohibited) == PROHIBITED.get(template.license_id, set())
    assert (terms.commercial == "prohibit") == (template.license_id in NOT_COMMERCIAL)
    assert list(terms_problems(template.terms)) == []
    assert set(terms.permitted) | set(terms.prohibited) == set(ACTION_CODES)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.license_id)
def test_the_text_names_its_license(template: Template) -> None:
    text = template.text.decode()
    assert f"SPDX-License-Identifier: {template.license_id}\n" in text
    assert template.canonical_url in text
    assert all(len(line) <= 90 for line in text.splitlines())


def test_every_offerable_license_of_the_reference_is_here_and_two_are_for_material_only() -> None:
    assert len(TEMPLATES) == len(BY_ID) == 23
    assert {"CC-BY-NC-ND-4.0", "LicenseRef-Esethu-1.0", "NOASSERTION"} & set(BY_ID) == set()
    assert {"CC-BY-NC-ND-4.0", "MIT", "GPL-3.0-only", "ODbL-1.0"} <= set(MATERIAL_NAMES)


@pytest.mark.parametrize(("license_id", "sha256"), PUBLISHED.items())
def test_published_texts_never_change(license_id: str, sha256: str) -> None:
    assert bytes_sha256(BY_ID[license_id].text).startswith(sha256)


def test_variants_are_other_texts_with_hashes_of_their_own() -> None:
    for template in TEMPLATES:
        for text in template.other_texts.values():
            assert f"SPDX-License-Identifier: {template.license_id}\n" in text.decode()
            assert bytes_sha256(text) != bytes_sha256(template.text)
    assert set(BY_ID["CC-BY-NC-4.0"].other_texts) == {"fr"}


def test_the_hash_is_of_the_canonical_form() -> None:
    """RFC 8785, Appendix B's number form and key order by UTF-16, and not `sort_keys`."""
    assert rfc8785.dumps({"b": 4500.00, "a": "€"}) == '{"a":"€","b":4500}'.encode()
    assert canonical_sha256({"b": 1, "a": 2}) == canonical_sha256(json.loads('{"a": 2, "b": 1}'))
    with pytest.raises(rfc8785.IntegerDomainError):
        canonical_sha256({"amount": 2**53})


def test_resolving_fills_parameters_and_leaves_the_template_alone() -> None:
    template = terms_json(attribute=True)
    before = canonical_sha256(template)
    given = filling(duration_days=365, credits=[{"authors": ["Ama"], "license": "CC-BY-4.0", "url": ""}])
    terms = resolve_terms("CC-BY-4.0", template, {}, given)
    assert terms["duties"]["attribute"]["text"] == "Baobab Voices"
    assert terms["duties"]["credits"][0]["authors"] == ["Ama"]
    assert terms["time"]["duration"] == "P365D"
    assert terms["price"] == FREE
    assert canonical_sha256(template) == before


def test_parameters_can_be_read_back() -> None:
    parameters: dict[str, Any] = {"scope": {"field": ["asr"], "territory": ["EU"]}, "caps": {"seats": 5}}
    terms = resolved(**parameters)
    assert parameters_of(BY_ID[OURS.format("TRAIN-COMM")].terms, terms) == parameters


@pytest.mark.parametrize(
    ("license_id", "parameters", "path"),
    [
        ("CC-BY-4.0", {"scope": {"territory": ["EU"]}}, "scope.territory"),
        ("CC0-1.0", {"caps": {"seats": 1}}, "caps.seats"),
        (OURS.format("TRAIN-COMM"), {"actions": {"redistribute": "permit"}}, "actions.redistribute"),
        (OURS.format("TRAIN-COMM"), {"price": {}}, "price"),
        (OURS.format("TRAIN-COMM"), {"prohibited_uses": {"codes": []}}, "prohibited_uses.codes"),
        (OURS.format("TRAIN-COMM"), {"legal": {"revocability": ["none"]}}, "legal.revocability"),
        (OURS.format("TRAIN-COMM"), {"duties": {"delete_on_withdrawal": None}}, "duties.delete_on_withdrawal"),
        (OURS.format("TRAIN-COMM"), {"duties": {"delete_on_withdrawal": "P9999Y"}}, "duties.delete_on_withdrawal"),
        (OURS.format("TRAIN-COMM"), {"duties": {"attribute": None}}, "duties.attribute"),
        (OURS.format("TRAIN-COMM"), {"duties": None}, "duties"),
        (OURS.format("TRAIN-COMM"), {"outputs": {"no_regurgitation": False}}, "outputs.no_regurgitation"),
        (
            OURS.format("TRAIN-COMM"),
            {"time": {"on_end": {"delete_copies_by": "P31D"}}},
            "time.on_end.delete_copies_by",
        ),
        (OURS.format("TRAIN-COMM"), {"time": {"on_end": {"delete_copies_by": None}}}, "time.on_end.delete_copies_by"),
        (OURS.format("TRAIN-COMM"), {"legal": {"exclusivity": {"actions": ["train"]}}}, "legal.exclusivity.actions"),
        (OURS.format("RESEARCH"), {"scope": {"commercial": "permit"}}, "scope.commercial"),
        (OURS.format("RESEARCH"), {"scope": {"licensee_types": ["enterprise"]}}, "scope.licensee_types"),
        (OURS.format("EVAL-ONLY"), {"actions": {"train": "permit"}}, "actions.train"),
        (OURS.format("TRAIN-COMM"), {"scope": "wide"}, "scope"),
        (OURS.format("TRAIN-COMM"), {"caps": {"downloads": 9}}, "caps.downloads"),
        (OURS.format("TRAIN-COMM"), {"caps": {"records": 9}}, "caps.records"),
    ],
)
def test_an_offer_may_only_be_narrower_than_the_text(license_id: str, parameters: Any, path: str) -> None:
    with pytest.raises(ParametersError) as refused:
        resolved(license_id, **parameters)
    assert list(refused.value.fields) == [path]


@pytest.mark.parametrize(
    ("license_id", "parameters", "path"),
    [
        (OURS.format("TRAIN-COMM"), {"legal": {"revocability": [{}]}}, "legal.revocability"),
        (OURS.format("TRAIN-COMM"), {"prohibited_uses": {"codes": [[]]}}, "prohibited_uses.codes"),
        (OURS.format("RESEARCH"), {"scope": {"purpose": [{}]}}, "scope.purpose"),
        (OURS.format("RESEARCH"), {"scope": {"licensee_types": [[]]}}, "scope.licensee_types"),
        (OURS.format("EXCLUSIVE"), {"legal": {"exclusivity": {"actions": [{}]}}}, "legal.exclusivity.actions"),
    ],
)
def test_what_is_no_code_at_all_is_refused_by_its_path(license_id: str, parameters: Any, path: str) -> None:
    with pytest.raises((ParametersError, TermsInvalidError)) as refused:
        resolved(license_id, **parameters)
    assert path in refused.value.fields


def test_an_offer_may_ask_for_more_than_the_text() -> None:
    more = {"notify": True, "security_level": "enclave", "delete_on_withdrawal": "P7D", "benefit_share_pct": "2.5"}
    made = resolved(duties=more, outputs={"labeling": True, "ownership": "shared"})
    assert {name: made["duties"][name] for name in more} == more
    assert (made["outputs"]["labeling"], made["outputs"]["ownership"]) == (True, "shared")


def test_what_a_license_leaves_to_the_offer_is_the_offers() -> None:
    opened = resolved(OURS.format("RAG"), actions={"fineTune": "permit"}, scope={"field": ["nlp"]})
    assert opened["actions"]["fineTune"] == "permit"
    assert resolved(OURS.format("STEWARDED"), scope={"commercial": "permit"})["scope"]["commercial"] == "permit"
    assert resolved(duties={"attribute": {"where": "in the model card"}})["duties"]["attribute"] == {
        "text": "Baobab Voices",
        "where": "in the model card",
    }


@pytest.mark.parametrize(
    ("parameters", "path"),
    [
        ({"scope": {"field": ["flying"]}}, "scope.field"),
        ({"scope": {"field": []}}, "scope.field"),
        ({"scope": {"territory": ["XX"]}}, "scope.territory"),
        ({"scope": {"territory": ["FR", "FR"]}}, "scope.territory"),
        ({"scope": {"color": "red"}}, "scope.color"),
        ({"caps": {"seats": 0}}, "caps.seats"),
        ({"caps": {"seats": True}}, "caps.seats"),
        ({"caps": {"compute_flop": 10**25}}, "caps.compute_flop"),
        ({"time": {"from": "2026-12-01"}}, "time.from"),
        ({"time": {"from": "2026-12-02T00:00:00Z", "to": "2026-12-01T00:00:00Z"}}, "time.to"),
        ({"time": {"on_end": {"delete_copies_by": "30 days"}}}, "time.on_end.delete_copies_by"),
        ({"duties": {"benefit_share_pct": "0"}}, "duties.benefit_share_pct"),
        ({"duties": {"security_level": "vault"}}, "duties.security_level"),
        ({"outputs": {"ownership": "nobody"}}, "outputs.ownership"),
        ({"legal": {"law": "EU"}}, "legal.law"),
        ({"legal": {"warranty": ["love"]}}, "legal.warranty"),
        ({"legal": {"revocability": 5}}, "legal.revocability"),
        ({"scope": {"purpose": [["x"]]}}, "scope.purpose"),
        ({"scope": {"commercial": ["x"]}}, "scope.commercial"),
    ],
)
def test_terms_are_refused_with_the_path_of_what_is_wrong(parameters: Any, path: str) -> None:
    with pytest.raises(TermsInvalidError) as refused:
        resolved(**parameters)
    assert path in refused.value.fields


def test_an_unknown_action_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="unknown actions"):
        terms_json(prohibit=["fly"])
