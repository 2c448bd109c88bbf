"""train(): each row of the table of governance reference 5, and the properties that it promises."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensing.domain.decisions import RESULTS, Duty
from licensing.domain.library import TEMPLATES, material_terms
from licensing.domain.terms import Terms, terms_json, terms_view
from licensing.domain.training import Held, Job, train
from licensing.domain.vocabulary import COUNTRIES, COUNTRY_GROUPS
from tests.unit.licensing import strategies

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
JOB = Job(action="train", at=NOW, licensee_type="sme", territory=("FR",), purpose="product", field="asr")
FREE = terms_view("LicenseRef-A", terms_json())


def result(terms: Terms, job: Job = JOB, **held: Any) -> tuple[str, list[str]]:
    decision = train([Held(terms, **held)], job)
    return decision.result, [reason.code for reason in decision.reasons]


def denying(**actions: str) -> Terms:
    return replace(FREE, actions={**FREE.actions, **actions})


def test_nothing_stands_in_the_way_of_free_data() -> None:
    assert result(FREE) == ("allow", [])
    assert train([], JOB).result == "allow"


DENIED: list[tuple[str, Terms, dict[str, Any], dict[str, Any]]] = [
    ("action_not_granted", denying(train="prohibit"), {}, {}),
    ("action_not_granted", denying(train="unspecified"), {}, {}),
    ("action_not_granted", denying(embedRag="prohibit"), {"action": "embedRag"}, {}),
    ("commercial_not_granted", replace(FREE, commercial="prohibit"), {}, {}),
    ("purpose_not_granted", replace(FREE, purposes=("research",)), {}, {}),
    ("purpose_not_granted", replace(FREE, purposes=("research",)), {"purpose": ""}, {}),
    ("field_not_granted", replace(FREE, fields=("tts",)), {}, {}),
    ("licensee_type_not_granted", replace(FREE, licensee_types=("academic",)), {}, {}),
    ("territory_not_granted", replace(FREE, territory=("SN",)), {"territory": ("FR", "SN")}, {}),
    ("territory_not_granted", replace(FREE, territory=("EU",)), {"territory": ("*",)}, {}),
    ("territory_not_granted", replace(FREE, territory=("FR",)), {"territory": ("EU",)}, {}),
    ("territory_not_granted", replace(FREE, territory=()), {}, {}),
    ("not_begun", replace(FREE, starts_at=NOW + timedelta(seconds=1)), {}, {}),
    ("ended", replace(FREE, ends_at=NOW), {}, {}),
    ("license_revoked", FREE, {}, {"state": "revoked"}),
    ("license_suspended", FREE, {}, {"state": "suspended"}),
    ("license_expired", FREE, {}, {"state": "expired"}),
    ("seats_exceeded", replace(FREE, seats=4), {"seats": 5}, {}),
    ("compute_exceeded", replace(FREE, compute_flop=10**21), {"flop": 10**21 + 1}, {}),
    ("version_withdrawn", FREE, {}, {"withdrawn": True}),
    ("release_not_granted", denying(releaseWeights="prohibit"), {"release": "weights"}, {}),
    ("release_not_granted", denying(releaseWeights="unspecified"), {"release": "weights", "action": "fineTune"}, {}),
    ("release_not_granted", denying(releaseModelApi="prohibit"), {"release": "api", "action": "trainGenerative"}, {}),
    ("release_not_granted", denying(redistribute="prohibit"), {"release": "data"}, {}),
]


@pytest.mark.parametrize(("code", "terms", "job", "held"), DENIED)
def test_what_is_denied(code: str, terms: Terms, job: dict[str, Any], held: dict[str, Any]) -> None:
    assert result(terms, replace(JOB, **job), **held) == ("deny", [code])


EQUAL: list[tuple[Terms, dict[str, Any]]] = [
    (replace(FREE, seats=5), {"seats": 5}),
    (replace(FREE, compute_flop=10**21), {"flop": 10**21}),
    (replace(FREE, starts_at=NOW), {}),
    (replace(FREE, ends_at=NOW + timedelta(seconds=1)), {}),
    (replace(FREE, territory=("EU",)), {"territory": ("FR", "DE")}),
    (replace(FREE, territory=COUNTRY_GROUPS["EU"]), {"territory": ("EU",)}),
    (replace(FREE, territory=COUNTRIES), {"territory": ("*",)}),
    (denying(releaseWeights="prohibit"), {"release": "api"}),
    (denying(releaseWeights="prohibit", releaseModelApi="prohibit"), {"action": "evaluate", "release": "weights"}),
]


@pytest.mark.parametrize(("terms", "job"), EQUAL)
def test_what_just_passes(terms: Terms, job: dict[str, Any]) -> None:
    assert result(terms, replace(JOB, **job)) == ("allow", [])


SHARED = replace(FREE, share_alike=frozenset({"X"}), share_alike_reaches_model=True)
UNCLEAR: list[tuple[str, Terms, dict[str, Any]]] = [
    ("share_alike_model", SHARED, {"release": "weights"}),
    ("share_alike_model", SHARED, {"release": "api", "action": "fineTune"}),
    ("share_alike_model", SHARED, {"release": "data", "action": "synthesize"}),
    ("no_derivatives_model", denying(derive="prohibit"), {"release": "api"}),
    ("no_derivatives_model", denying(derive="unspecified"), {"release": "weights"}),
    ("commercial_unclear", replace(FREE, commercial="tiered"), {}),
    ("commercial_unclear", replace(FREE, commercial="unspecified"), {}),
]


@pytest.mark.parametrize(("code", "terms", "job"), UNCLEAR)
def test_what_a_person_must_read(code: str, terms: Terms, job: dict[str, Any]) -> None:
    assert result(terms, replace(JOB, **job)) == ("needs_review", [code])


def test_share_alike_and_no_derivatives_leave_a_model_alone_that_nobody_gets() -> None:
    assert result(SHARED)[0] == "allow_with_obligations"
    assert result(denying(derive="prohibit")) == ("allow", [])
    assert result(SHARED, replace(JOB, action="evaluate", release="api"))[0] == "allow_with_obligations"


def test_two_share_alike_licenses_cannot_both_have_the_model() -> None:
    rival = replace(SHARED, license_id="LicenseRef-B", share_alike=frozenset({"Y"}))
    decision = train([Held(SHARED), Held(rival), Held(FREE)], JOB)
    assert decision.result == "needs_review"
    assert [(each.source, each.code) for each in decision.reasons] == [
        ("LicenseRef-A", "share_alike_conflict"),
        ("LicenseRef-B", "share_alike_conflict"),
    ]
    same = replace(rival, share_alike=SHARED.share_alike)
    assert train([Held(SHARED), Held(same)], JOB).publishable
    dataset_only = replace(rival, share_alike_reaches_model=False)
    assert train([Held(SHARED), Held(dataset_only)], JOB).publishable


DUTIES: list[tuple[str, Terms, dict[str, Any]]] = [
    ("attribute", replace(FREE, attribute=True), {}),
    ("remove_on_withdrawal", replace(FREE, delete_on_withdrawal="P30D"), {}),
    ("no_redistribution", denying(redistribute="prohibit"), {}),
    ("no_redistribution", denying(redistribute="unspecified"), {}),
    ("non_commercial_model", replace(FREE, commercial="prohibit"), {"commercial": False}),
    ("share_alike_dataset", replace(FREE, share_alike=frozenset({"X"})), {}),
    ("include_text", replace(FREE, include_text=True), {"release": "data"}),
]


@pytest.mark.parametrize(("code", "terms", "job"), DUTIES)
def test_each_duty(code: str, terms: Terms, job: dict[str, Any]) -> None:
    decision = train([Held(terms)], replace(JOB, **job))
    assert decision.result == "allow_with_obligations"
    assert decision.duties == {Duty("LicenseRef-A", code)}


def test_the_license_text_is_kept_only_with_data_that_is_released() -> None:
    assert result(replace(FREE, include_text=True)) == ("allow", [])


def test_each_dataset_keeps_its_own_duty() -> None:
    by = replace(FREE, attribute=True)
    both = [Held(replace(by, dataset="a/one 1.0.0")), Held(replace(by, dataset="b/two 2.0.0"))]
    assert train(both, JOB).duties == {Duty("a/one 1.0.0", "attribute"), Duty("b/two 2.0.0", "attribute")}


def test_the_strictest_answer_counts_and_every_reason_names_its_dataset() -> None:
    unclear = replace(FREE, license_id="LicenseRef-B", commercial="tiered")
    refused = Held(replace(FREE, dataset="a/one 1.0.0"), state="revoked")
    decision = train([Held(unclear), refused, Held(FREE)], JOB)
    assert decision.result == "deny"
    assert {(each.source, each.code, each.result) for each in decision.reasons} == {
        ("LicenseRef-B", "commercial_unclear", "needs_review"),
        ("a/one 1.0.0", "license_revoked", "deny"),
    }


def test_the_research_license_is_for_research() -> None:
    (terms,) = (terms_view(each.license_id, each.terms) for each in TEMPLATES if "RESEARCH" in each.license_id)
    study = replace(JOB, commercial=False, purpose="research", licensee_type="academic")
    decision = train([Held(terms)], study)
    assert decision.result == "allow_with_obligations"
    assert {duty.code for duty in decision.duties} == {
        "attribute",
        "no_redistribution",
        "non_commercial_model",
        "remove_on_withdrawal",
    }
    assert result(terms)[0] == "deny"


# Licenses of material, for: commercial training kept, served, with open weights; training for research.
MATRIX = {
    "CC0-1.0": "yyyy",
    "PDDL-1.0": "yyyy",
    "CC-BY-4.0": "dddd",
    "ODC-By-1.0": "dddd",
    "OGL-UK-3.0": "dddd",
    "CDLA-Permissive-2.0": "yyyy",
    "CC-BY-SA-4.0": "d??d",
    "ODbL-1.0": "dddd",
    "CC-BY-NC-4.0": "nnnd",
    "CC-BY-NC-SA-4.0": "nnnd",
    "CC-BY-ND-4.0": "d??d",
    "CC-BY-NC-ND-4.0": "nnnd",
    "LicenseRef-NOODL-1.0": "???d",
    "LicenseRef-Esethu-1.0": "???d",
    "NOASSERTION": "nnnn",
}
LETTERS = {"allow": "y", "allow_with_obligations": "d", "needs_review": "?", "deny": "n"}
JOBS = [
    JOB,
    replace(JOB, release="api"),
    replace(JOB, release="weights"),
    replace(JOB, commercial=False, purpose="research"),
]


@pytest.mark.parametrize("license_id", MATRIX)
def test_every_license_that_material_may_carry(license_id: str) -> None:
    terms = material_terms(license_id)
    assert terms is not None
    assert "".join(LETTERS[train([Held(terms)], job).result] for job in JOBS) == MATRIX[license_id]


held_lists = st.lists(strategies.held, max_size=5)


@given(held_lists, strategies.jobs, st.randoms(use_true_random=False))
def test_order_does_not_matter(many: list[Held], job: Job, random: Random) -> None:
    shuffled = list(many)
    random.shuffle(shuffled)
    assert train(shuffled, job) == train(many, job)


@given(held_lists, strategies.jobs)
def test_repeating_changes_nothing(many: list[Held], job: Job) -> None:
    assert train([*many, *many], job) == train(many, job)


@given(held_lists, strategies.held, strategies.jobs)
def test_adding_never_widens(many: list[Held], more: Held, job: Job) -> None:
    assert RESULTS.index(train([*many, more], job).result) >= RESULTS.index(train(many, job).result)


@given(held_lists, held_lists, strategies.jobs)
def test_duties_of_the_whole_contain_those_of_the_parts(left: list[Held], right: list[Held], job: Job) -> None:
    assert train([*left, *right], job).duties >= train(left, job).duties | train(right, job).duties


@given(strategies.held, held_lists, strategies.jobs, strategies.restrictions)
def test_restricting_never_widens(one: Held, rest: list[Held], job: Job, restriction: strategies.Restriction) -> None:
    before, after = train([one, *rest], job), train([restriction(one), *rest], job)
    assert RESULTS.index(after.result) >= RESULTS.index(before.result)


@given(strategies.held, strategies.jobs)
def test_unspecified_never_allows(one: Held, job: Job) -> None:
    silent = {name: value for name, value in one.terms.actions.items() if name != job.action}
    assert train([replace(one, terms=replace(one.terms, actions=silent))], job).result == "deny"
    vague = replace(one, terms=replace(one.terms, commercial="unspecified"))
    assert not train([vague], replace(job, commercial=True)).publishable
    assert train([vague], job).result != "allow"


@given(held_lists, strategies.jobs)
def test_reasons_and_duties_name_a_dataset_that_was_asked_about(many: list[Held], job: Job) -> None:
    decision, named = train(many, job), {each.terms.source for each in many}
    assert {each.source for each in decision.reasons} | {each.source for each in decision.duties} <= named
    assert decision.publishable == (not decision.reasons)
