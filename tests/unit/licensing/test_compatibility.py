"""merge(): the table of governance reference 5, and the properties that it promises."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensing.domain.compatibility import Decision, Duty, merge
from licensing.domain.library import TEMPLATES, material_terms
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
