"""merge(): the table of governance reference 5, and the properties that it promises."""

from dataclasses import replace
from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensing.domain.compatibility import Decision, Duty, merge, possible_targets
from licensing.domain.library import MATERIAL_NAMES, OWN_WORK, TEMPLATES, material_terms
from licensing.domain.terms import Terms, terms_json, terms_view
from tests.unit.licensing import strategies

# Those of the reference table below: the most open ones, research and commercial training.
OURS = {template.license_id: terms_view(template.license_id, template.terms) for template in TEMPLATES[:5]}
BY, SA, ZERO = "CC-BY-4.0", "CC-BY-SA-4.0", "CC0-1.0"
RESEARCH, TRAIN = "LicenseRef-DC-RESEARCH-1.0", "LicenseRef-DC-TRAIN-COMM-1.0"


def source(license_id: str) -> Terms:
    found = material_terms(license_id)
    assert found is not None
    return found


# Which of the five a source may be offered under, in the order CC0, BY, BY-SA, research, commercial training.
TABLE = [
    ("CC0-1.0", "allow", "yyyyy"),
    ("PDDL-1.0", "allow", "yyyyy"),
    ("CC-BY-4.0", "allow_with_obligations", "yyyyy"),
    ("ODC-By-1.0", "allow_with_obligations", "yyyyy"),
    ("OGL-UK-3.0", "allow_with_obligations", "yyyyy"),
    ("CDLA-Permissive-2.0", "allow_with_obligations", "yyyyy"),
    ("CC-BY-SA-4.0", "deny", "nnynn"),
    ("ODbL-1.0", "deny", "nnnnn"),
    ("CC-BY-NC-4.0", "deny", "nnnyn"),
    ("CC-BY-NC-SA-4.0", "deny", "nnnnn"),
    ("CC-BY-ND-4.0", "deny", "nnnnn"),
    ("CC-BY-NC-ND-4.0", "deny", "nnnnn"),
    ("LicenseRef-NOODL-1.0", "deny", "nnnnn"),
    ("LicenseRef-Esethu-1.0", "needs_review", "nnnnn"),
    ("NOASSERTION", "needs_review", "nnnnn"),
]


@pytest.mark.parametrize(("license_id", "_result", "row"), TABLE)
def test_where_a_source_may_go(license_id: str, _result: str, row: str) -> None:
    found = "".join("y" if merge([source(license_id)], target).publishable else "n" for target in OURS.values())
    assert found == row


@pytest.mark.parametrize(("license_id", "result", "_row"), TABLE)
def test_the_result_for_commercial_training(license_id: str, result: str, _row: str) -> None:
    assert merge([source(license_id)], OURS[TRAIN]).result == result


def test_attribution_and_open_database_only_into_the_open_database_license() -> None:
    both = [source(BY), source("ODbL-1.0")]
    odbl = source("ODbL-1.0")
    decision = merge(both, odbl)
    assert decision.result == "allow_with_obligations"
    assert {Duty(BY, "attribute"), Duty("ODbL-1.0", "attribute")} <= decision.duties
    assert not any(merge(both, target).publishable for target in OURS.values())


def test_share_alike_is_one_way() -> None:
    gpl = Terms("GPL-3.0-only", terms_json()["actions"], "permit")
    assert merge([source(SA)], gpl).publishable
    assert not merge([replace(gpl, share_alike=frozenset({"GPL-3.0-only"}))], OURS[SA]).publishable


def test_the_reason_names_source_and_targets() -> None:
    (reason,) = merge([source(SA)], OURS[TRAIN]).reasons
    assert (reason.source, reason.code) == (SA, "share_alike")
    assert reason.text == "CC-BY-SA-4.0 may be offered only under: CC-BY-SA-4.0, GPL-3.0-only, LAL-1.3."


def test_what_is_absent_is_never_permission() -> None:
    silent = Terms("LicenseRef-A", {})
    assert silent.permitted == ()
    assert merge([silent], OURS[ZERO]).result == "needs_review"


def test_internal_only_when_the_source_may_not_be_passed_on() -> None:
    assert merge([OURS[RESEARCH]], OURS[RESEARCH]).result == "internal_only"


def test_two_datasets_under_one_license_are_two_duties() -> None:
    named = [replace(source(BY), dataset=name) for name in ("a/one 1.0.0", "b/two 1.0.0")]
    assert merge(named, OURS[BY]).duties == {Duty("a/one 1.0.0", "attribute"), Duty("b/two 1.0.0", "attribute")}


def test_attribution_stays_even_where_the_target_does_not_ask_for_it() -> None:
    assert merge([source(BY)], OURS[ZERO]).duties == {Duty(BY, "attribute")}


def test_the_license_text_goes_along() -> None:
    assert merge([source("CDLA-Permissive-2.0")], OURS[ZERO]).duties == {Duty("CDLA-Permissive-2.0", "include_text")}


def test_a_target_that_forbids_changes_is_said_beside_each_source() -> None:
    decision = merge([source(ZERO), source(BY)], source("CC-BY-ND-4.0"))
    assert decision.result == "allow_with_obligations"
    assert {duty.source for duty in decision.duties if duty.code == "note_no_changes"} == {ZERO, BY}
    assert merge([source(ZERO)], OURS[ZERO]).result == "allow"


def test_a_tiered_target_is_not_strictly_non_commercial() -> None:
    tiered = source("LicenseRef-NOODL-1.0")
    assert merge([source("CC-BY-NC-4.0")], tiered).result == "deny"
    assert merge([tiered], tiered).result == "needs_review"


def test_a_condition_is_a_duty() -> None:
    tied = Terms("LicenseRef-A", {**terms_json()["actions"], "redistribute": "duty"}, "permit")
    assert merge([tied], OURS[ZERO]).duties == {Duty("LicenseRef-A", "condition")}


STEPS = [
    (["CC-BY-ND-4.0", RESEARCH, SA], TRAIN, "deny", {"no_derivatives"}),
    ([RESEARCH, SA, "CC-BY-NC-4.0"], TRAIN, "internal_only", {"no_redistribution"}),
    ([SA, "CC-BY-NC-4.0", "NOASSERTION"], TRAIN, "deny", {"share_alike"}),
    (["CC-BY-NC-4.0", "NOASSERTION"], TRAIN, "deny", {"non_commercial"}),
    (["NOASSERTION", BY], TRAIN, "needs_review", {"needs_review"}),
]


@pytest.mark.parametrize(("sources", "target", "result", "codes"), STEPS)
def test_each_step_comes_before_the_next(sources: list[str], target: str, result: str, codes: set[str]) -> None:
    decision = merge([OURS.get(each) or source(each) for each in sources], OURS[target])
    assert (decision.result, {reason.code for reason in decision.reasons}) == (result, codes)
    assert {reason.result for reason in decision.reasons} == {result}


# Every pair of licenses that material may carry: row into column, in this order.
# y allowed, d with duties, n no, ? a person must read it.
PAIRS = {
    "CC0-1.0": "yyyyyyyyyyddyy",
    "PDDL-1.0": "yyyyyyyyyyddyy",
    "CC-BY-4.0": "dddddddddddddd",
    "ODC-By-1.0": "dddddddddddddd",
    "OGL-UK-3.0": "dddddddddddddd",
    "CDLA-Permissive-2.0": "dddddddddddddd",
    "CC-BY-SA-4.0": "nnnnnndnnnnnnn",
    "ODbL-1.0": "nnnnnnndnnnnnn",
    "CC-BY-NC-4.0": "nnnnnnnnddndnn",
    "CC-BY-NC-SA-4.0": "nnnnnnnnndnnnn",
    "CC-BY-ND-4.0": "nnnnnnnnnnnnnn",
    "CC-BY-NC-ND-4.0": "nnnnnnnnnnnnnn",
    "LicenseRef-NOODL-1.0": "nnnnnnnnnnnn?n",
    "LicenseRef-Esethu-1.0": "??????????????",
}
LETTERS = {"allow": "y", "allow_with_obligations": "d", "needs_review": "?", "deny": "n", "internal_only": "i"}


@pytest.mark.parametrize("license_id", PAIRS)
def test_every_pair_of_licenses(license_id: str) -> None:
    found = "".join(LETTERS[merge([source(license_id)], source(other)).result] for other in PAIRS)
    assert found == PAIRS[license_id]


def test_two_sources_together_allow_no_more_than_each_alone() -> None:
    """For every pair in the library: ours and those of material."""
    every = [*OURS.values(), *(source(each) for each in MATERIAL_NAMES if each not in {*OURS, OWN_WORK})]
    alone = {one.license_id: set(possible_targets([one], every)) for one in every}
    for one, other in combinations(every, 2):
        both = set(possible_targets([one, other], every))
        assert both == alone[one.license_id] & alone[other.license_id]


sources = st.lists(strategies.terms, max_size=5)


@given(sources, strategies.terms, st.randoms(use_true_random=False))
def test_order_does_not_matter(many: list[Terms], target: Terms, random: Random) -> None:
    shuffled = list(many)
    random.shuffle(shuffled)
    assert merge(shuffled, target) == merge(many, target)


@given(sources, strategies.terms)
def test_repeating_changes_nothing(many: list[Terms], target: Terms) -> None:
    assert merge([*many, *many], target) == merge(many, target)


@given(sources, strategies.terms, strategies.terms)
def test_adding_never_makes_it_publishable(many: list[Terms], more: Terms, target: Terms) -> None:
    if not merge(many, target).publishable:
        assert not merge([*many, more], target).publishable


@given(strategies.terms, sources, strategies.terms, st.sampled_from(["derive", "redistribute"]))
def test_restricting_never_widens(one: Terms, rest: list[Terms], target: Terms, code: str) -> None:
    stricter = replace(one, actions={**one.actions, code: "prohibit"})
    if not merge([one, *rest], target).publishable:
        assert not merge([stricter, *rest], target).publishable
    assert not merge([stricter, *rest], target).publishable


@given(sources, sources, strategies.terms)
def test_duties_of_the_whole_contain_those_of_the_parts(left: list[Terms], right: list[Terms], target: Terms) -> None:
    assert merge([*left, *right], target).duties >= merge(left, target).duties | merge(right, target).duties


@given(strategies.terms, strategies.terms, st.sampled_from(["derive", "redistribute"]))
def test_unspecified_never_allows(one: Terms, target: Terms, code: str) -> None:
    silent = replace(one, actions={name: value for name, value in one.actions.items() if name != code})
    assert not merge([silent], target).publishable


@given(sources, strategies.terms)
def test_only_two_results_are_publishable(many: list[Terms], target: Terms) -> None:
    decision: Decision = merge(many, target)
    assert decision.publishable == (decision.result in {"allow", "allow_with_obligations"})
    assert decision.publishable == (not decision.reasons)
