"""blockers(): what was consented to must contain what an offer permits."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensing.domain.actions import ACTION_CODES, PURPOSE_CODES
from licensing.domain.blockers import ContributionRights, blockers
from licensing.domain.library import OWN_WORK, TEMPLATES
from licensing.domain.terms import Terms, terms_view
from tests.unit.licensing import strategies

OURS = [terms_view(template.license_id, template.terms) for template in TEMPLATES]
TRAIN = next(terms for terms in OURS if terms.license_id == "LicenseRef-DC-TRAIN-COMM-1.0")
WILLING = ContributionRights(
    UUID(int=1), "Mine", OWN_WORK, dict.fromkeys(ACTION_CODES, "given"), commercial=True, consented=True, attested=True
)


@pytest.mark.parametrize("terms", OURS)
def test_own_work_given_for_everything_blocks_nothing(terms: Terms) -> None:
    assert blockers(terms, [WILLING]) == []


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({"withdrawn": True, "attested": False}, ["consent_withdrawn"]),
        ({"consented": False}, ["consent_missing"]),
        ({"attested": False}, ["attestation_missing"]),
        ({"commercial": False}, ["commercial_refused"]),
        ({"answers": {}}, ["action_refused"]),
        ({"asked": True}, ["renewal_pending"]),
        ({"assurance": "D"}, ["assurance_unknown"]),
        ({"territory": ("SN",)}, ["territory_refused"]),
        ({"material_license": "CC-BY-SA-4.0"}, ["share_alike"]),
        ({"material_license": "CC-BY-NC-4.0"}, ["non_commercial"]),
        ({"material_license": "CC-BY-ND-4.0"}, ["no_derivatives"]),
        ({"material_license": "LicenseRef-Esethu-1.0"}, ["needs_review"]),
        ({"material_license": "BSL-1.1"}, ["material_license_unknown"]),
        ({"material_license": ""}, ["material_license_unknown"]),
        ({"commercial": False, "material_license": "CC-BY-NC-4.0"}, ["commercial_refused", "non_commercial"]),
    ],
)
def test_each_reason(change: dict[str, Any], codes: list[str]) -> None:
    found = blockers(TRAIN, [replace(WILLING, **change)])
    assert [each.code for each in found] == codes
    assert {each.title for each in found} == {"Mine"}


def test_the_sentence_says_what_was_refused() -> None:
    refused = replace(WILLING, answers={**WILLING.answers, "trainGenerative": "refused"})
    (blocker,) = blockers(TRAIN, [refused])
    assert blocker.sentence == (
        "The contributor did not agree that others may: train models that generate text, sound or images."
    )


def test_a_refused_use_that_the_license_forbids_anyway_does_not_block() -> None:
    refused = replace(WILLING, answers={**WILLING.answers, "redistribute": "refused", "embedRag": "refused"})
    assert blockers(TRAIN, [refused]) == []


def test_a_use_that_was_refused_blocks_where_the_license_leaves_it_open() -> None:
    """The Commercial Training License forbids imitating voices, and says nothing of profiling people."""
    refused = replace(WILLING, answers={**WILLING.answers, "voiceClone": "refused", "surveillance": "refused"})
    (blocker,) = blockers(TRAIN, [refused])
    assert (blocker.code, blocker.sentence) == (
        "use_refused",
        "The contributor said no to this, and the license does not forbid it: watch or profile people.",
    )
    narrowed = replace(TRAIN, prohibited_uses=(*TRAIN.prohibited_uses, "surveillance"))
    assert blockers(narrowed, [refused]) == []
    agreed = replace(WILLING, answers={**WILLING.answers, "surveillance": "given"})
    assert blockers(TRAIN, [agreed]) == []


@given(strategies.terms, st.lists(strategies.rights, max_size=4), strategies.rights)
def test_more_contributions_never_unblock(
    terms: Terms, many: list[ContributionRights], more: ContributionRights
) -> None:
    assert blockers(terms, [*many, more])[: len(blockers(terms, many))] == blockers(terms, many)


@given(strategies.terms, strategies.rights)
def test_unblocked_means_everything_permitted_was_given(terms: Terms, rights: ContributionRights) -> None:
    if not blockers(terms, [rights]):
        assert rights.consented
        assert rights.attested
        assert not rights.withdrawn
        assert {code for code, answer in rights.answers.items() if answer == "given"} >= set(terms.permitted)
        assert rights.commercial or terms.commercial == "prohibit"


@given(strategies.terms, strategies.rights, st.sampled_from(PURPOSE_CODES))
def test_taking_an_answer_back_never_unblocks(terms: Terms, rights: ContributionRights, code: str) -> None:
    fewer = replace(rights, answers={**rights.answers, code: "refused"})
    assert {each.code for each in blockers(terms, [rights])} <= {each.code for each in blockers(terms, [fewer])}
