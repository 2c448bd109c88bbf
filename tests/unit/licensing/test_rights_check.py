"""What may be offered, who stands in the way, and what leaving them out would open."""

from itertools import combinations
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from licensing.domain.actions import ACTION_CODES
from licensing.domain.blockers import ContributionRights, blockers
from licensing.domain.library import OWN_WORK, TEMPLATES
from licensing.domain.rights_check import Part, rights_check
from licensing.domain.terms import terms_view
from licensing.web.rights_check import share_text
from tests.unit.licensing import strategies

TRAIN, RESEARCH, SA = "LicenseRef-DC-TRAIN-COMM-1.0", "LicenseRef-DC-RESEARCH-1.0", "CC-BY-SA-4.0"
TERMS = {each.license_id: terms_view(each.license_id, each.terms) for each in TEMPLATES}
LICENSES = {each: TERMS[each] for each in ("CC0-1.0", "CC-BY-4.0", SA, RESEARCH, TRAIN)}


def part(number: int, records: int, *, material: str = OWN_WORK, refuse: tuple[str, ...] = ()) -> Part:
    answers = {code: "refused" if code in refuse else "given" for code in ACTION_CODES}
    rights = ContributionRights(
        UUID(int=number), f"part {number}", material, answers, commercial=True, consented=True, attested=True
    )
    return Part(rights, records)


def test_all_is_possible_where_nobody_objects() -> None:
    check = rights_check(LICENSES, [part(1, 97), part(2, 3)])
    assert check.total == 100
    assert all(each.possible for each in check.outlooks)
    assert check.steps == ()


def test_the_steps_leave_out_as_little_as_they_can() -> None:
    parts = [part(1, 90), part(2, 3, material=SA), part(3, 7, refuse=("redistribute", "embedRag"))]
    check = rights_check(LICENSES, parts)
    by_license = {each.license_id: each for each in check.outlooks}

    assert not any(each.possible for each in check.outlooks)
    assert [each.part.id.int for each in by_license[TRAIN].obstacles] == [2]
    assert (by_license[TRAIN].blocked_records, by_license[TRAIN].left_over) == (3, 97)
    assert {reason.code for each in by_license["CC0-1.0"].obstacles for reason in each.reasons} == {
        "share_alike",
        "action_refused",
    }
    first, second = check.steps
    assert ([each.id.int for each in first.parts], first.records, first.opens) == ([2], 3, (TRAIN,))
    assert ([each.id.int for each in second.parts], second.records) == ([2, 3], 10)
    assert second.opens == ("CC0-1.0", "CC-BY-4.0", SA, RESEARCH)
    assert second.left_over == 90


def test_what_needs_everything_left_out_is_no_way() -> None:
    check = rights_check(LICENSES, [part(1, 10, material=SA)])
    assert [each.license_id for each in check.outlooks if each.possible] == [SA]
    assert check.steps == ()
    assert not any(each.can_open for each in check.outlooks)


def test_a_share_is_never_rounded_to_nothing() -> None:
    assert [share_text(part, 10_000) for part in (300, 333, 1, 10_000)] == ["3 %", "3.3 %", "less than 0.1 %", "100 %"]


counted = st.lists(st.builds(Part, strategies.rights, st.integers(1, 5)), max_size=5, unique_by=lambda each: each.id)


@given(counted)
def test_leaving_the_obstacles_out_opens_the_license_and_nothing_less_does(parts: list[Part]) -> None:
    for outlook in rights_check(LICENSES, parts).outlooks:
        terms = LICENSES[outlook.license_id]
        assert not blockers(terms, [each.rights for each in parts if each.id not in outlook.blocked])
        for kept in combinations(outlook.blocked, 1):
            rest = [each.rights for each in parts if each.id not in outlook.blocked or each.id in kept]
            assert blockers(terms, rest)


@given(counted)
def test_every_step_opens_what_it_says_and_leaves_something(parts: list[Part]) -> None:
    check = rights_check(LICENSES, parts)
    opened: list[str] = []
    for step in check.steps:
        out = {each.id for each in step.parts}
        rest = [each for each in parts if each.id not in out]
        assert step.left_over == sum(each.records for each in rest) > 0
        assert step.left_over + step.records == check.total
        assert step.opens
        assert all(not blockers(LICENSES[each], [row.rights for row in rest]) for each in step.opens)
        opened += step.opens
    assert len(opened) == len(set(opened))
    assert {each.license_id for each in check.outlooks if each.can_open} >= set(opened)
