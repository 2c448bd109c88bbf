"""Consent as a fold of events, and what several people allow together."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensing.domain.blockers import ContributionRights, blockers
from licensing.domain.consent import ConsentState, fold, together
from licensing.domain.majority import age_of_majority, is_minor, of_age_on
from licensing.domain.notices import best_language
from licensing.domain.terms import Terms
from tests.unit.licensing import strategies


@dataclass(frozen=True)
class Step:
    kind: str
    answers: dict[str, str] = field(default_factory=dict)
    limits: dict[str, Any] = field(default_factory=dict)
    record_count: int | None = None
    is_guarded: bool = False
    assurance: str = "A"


GIVEN = Step("given", {"train": "given"}, {"commercial": True})
LATER = Step("given", {"train": "refused"}, {"commercial": False})
CODES = ("access", "train", "embedRag")
TERRITORY = st.sampled_from([("*",), ("FR",), ("FR", "SN"), ()])

states = st.builds(
    ConsentState,
    given=st.booleans(),
    withdrawn=st.booleans(),
    answers=st.dictionaries(st.sampled_from(CODES), st.sampled_from(["given", "refused"])),
    commercial=st.booleans(),
    territory=TERRITORY,
    exclusive=st.booleans(),
    asked=st.booleans(),
    guarded=st.booleans(),
    assurance=st.sampled_from("ABCD"),
)
steps = st.builds(
    Step,
    kind=st.sampled_from(["requested", "given", "renewed", "refused", "withdrawn", "expired", "invalidated"]),
    answers=st.dictionaries(st.sampled_from(CODES), st.sampled_from(["given", "refused"])),
    limits=st.fixed_dictionaries({"commercial": st.booleans(), "exclusive": st.booleans()}),
    record_count=st.sampled_from([None, None, 2]),
    is_guarded=st.booleans(),
    assurance=st.sampled_from("ABC"),
)


def rights_of(state: ConsentState) -> ContributionRights:
    return ContributionRights(
        UUID(int=1),
        "Mine",
        "CC0-1.0",
        state.answers,
        commercial=state.commercial,
        consented=state.given,
        withdrawn=state.withdrawn,
        attested=True,
        territory=state.territory,
        exclusive=state.exclusive,
        asked=state.asked,
        assurance=state.assurance,
    )


def test_the_last_answer_counts() -> None:
    assert fold([]) == ConsentState()
    assert fold([GIVEN]) == ConsentState(
        given=True, answers={"train": "given"}, commercial=True, territory=("*",), assurance="A"
    )
    assert fold([GIVEN, LATER]).answers == {"train": "refused"}
    assert not fold([GIVEN, LATER]).commercial
    assert not fold([GIVEN, Step("expired")]).given
    assert not fold([GIVEN, Step("refused")]).given
    assert fold([GIVEN, Step("expired"), Step("renewed", {"train": "given"})]).given
    assert fold([Step("requested"), Step("refused")]) == ConsentState()
    assert fold([GIVEN, Step("withdrawn", record_count=2)]) == fold([GIVEN])


def test_who_comes_of_age_is_asked_until_there_is_an_answer() -> None:
    guarded = replace(GIVEN, is_guarded=True, limits={"exclusive": True})
    asked = fold([guarded, Step("requested")])
    assert (asked.given, asked.asked, asked.guarded, asked.exclusive) == (True, True, True, False)
    own = fold([guarded, Step("requested"), Step("renewed", {"train": "given"})])
    assert (own.given, own.asked, own.guarded) == (True, False, False)


@given(st.lists(steps), st.lists(steps))
def test_a_withdrawal_is_for_good(before: list[Step], after: list[Step]) -> None:
    state = fold([*before, Step("withdrawn"), *after])
    assert state.withdrawn
    assert not state.given
    assert state.answers == {}


@given(st.lists(steps), steps, strategies.terms)
def test_a_refusal_or_a_word_on_single_records_never_widens(before: list[Step], last: Step, terms: Terms) -> None:
    for less in (replace(last, kind="refused"), replace(last, record_count=2), replace(last, kind="requested")):
        if not blockers(terms, [rights_of(fold([*before, less]))]):
            assert not blockers(terms, [rights_of(fold(before))])


@given(st.lists(states, max_size=4), states, strategies.terms)
def test_one_more_person_never_widens(people: list[ConsentState], more: ConsentState, terms: Terms) -> None:
    """permits(offer) ⊆ ⋂ over persons: what is offered with everybody is offered with each of them alone."""
    everybody = [*people, more]
    if not blockers(terms, [rights_of(together(everybody))]):
        assert [blockers(terms, [rights_of(each)]) for each in everybody] == [[] for _ in everybody]


@given(st.lists(states, min_size=1, max_size=4), st.sampled_from(CODES))
def test_together_is_the_intersection(people: list[ConsentState], code: str) -> None:
    assert together(people).allows(code) == all(each.given and each.answers.get(code) == "given" for each in people)
    assert together(people[:1]) == replace(people[0], territory=together(people[:1]).territory)
    assert not together([]).given


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [(["wo-SN"], "wo"), (["fr-CA"], "fr-CA"), (["fr"], "en"), (["de"], "en"), (["pt", "wo"], "wo"), ([], "en")],
)
def test_the_nearest_language(wanted: list[str], shown: str) -> None:
    available = ["en", "fr-CA", "wo"]
    assert best_language(wanted, available) == shown


@given(st.dates(date(1950, 1, 1), date(2020, 1, 1)), st.sampled_from(["SN", "KR", "SG", ""]))
def test_of_age_from_the_birthday_on(born: date, country: str) -> None:
    birthday = of_age_on(born, country)
    assert birthday.year - born.year == age_of_majority(country)
    assert is_minor(born, country, birthday - timedelta(days=1))
    assert not is_minor(born, country, birthday)
