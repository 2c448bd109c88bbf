"""Rules and questions of access requests, without a database."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensing.domain.access_rules import Condition, Facts, Rule, approving_rule, condition_problems, holds
from licensing.domain.access_words import rule_words
from licensing.domain.actions import ACTION_CODES
from licensing.domain.questions import Question, answer_problems, missing, questions_from, with_codes

KINDS = st.sampled_from(["individual", "academic", "nonprofit", "enterprise"])
WORDS = st.sampled_from(["research", "RESEARCH", "sale", "a"])
OFFERS = st.sampled_from(["offer-1", "offer-2"])
DOMAINS = st.sampled_from(["uni.example", "lab.uni.example", "other.example"])
CODES = st.sampled_from(["q1", "q2"])
SAID = st.sampled_from(["yes", "no"])
USES = st.sampled_from(ACTION_CODES[:4])


def condition(field: str, values: st.SearchStrategy[str], question: str = "") -> st.SearchStrategy[Condition]:
    some = st.lists(values, min_size=1, max_size=3).map(tuple)
    return st.builds(Condition, field=st.just(field), any_of=some, question=st.just(question))


conditions = st.one_of(
    condition("licensee_kind", KINDS),
    condition("purpose", WORDS),
    condition("actions", USES),
    condition("offer", OFFERS),
    condition("email_domain", DOMAINS),
    condition("answer", SAID, "q1"),
    condition("answer", SAID, "q2"),
)
facts = st.builds(
    Facts,
    licensee_kind=KINDS,
    purpose=st.lists(WORDS, max_size=3).map(" ".join),
    actions=st.frozensets(USES, max_size=3),
    offers=st.frozensets(OFFERS, max_size=2),
    email_domains=st.frozensets(DOMAINS, max_size=2),
    permits=st.dictionaries(OFFERS, st.frozensets(USES, max_size=3)),
    answers=st.dictionaries(CODES, SAID),
    complete=st.booleans(),
)
some_conditions = st.lists(conditions, min_size=1, max_size=4).map(tuple)


@given(some_conditions, conditions, facts)
def test_a_further_condition_never_approves_more(
    written: tuple[Condition, ...], further: Condition, asked: Facts
) -> None:
    before = approving_rule([Rule("r", written)], asked)
    after = approving_rule([Rule("r", (*written, further))], asked)
    assert after is None or before is not None
    assert (after is not None) == (before is not None and holds(further, asked))


@given(st.lists(some_conditions, max_size=4), facts)
def test_nothing_is_approved_while_a_required_answer_is_missing(
    written: list[tuple[Condition, ...]], asked: Facts
) -> None:
    rules = [Rule(str(number), each) for number, each in enumerate(written)]
    found = approving_rule(rules, asked)
    matching = [rule for rule in rules if all(holds(each, asked) for each in rule.conditions)]
    assert found == (matching[0] if asked.complete and matching else None)


@given(conditions)
def test_a_condition_can_be_written_and_is_said_in_one_sentence(written: Condition) -> None:
    assert condition_problems([written]) == []
    assert len(rule_words([written])) == 1


NOBODY: dict[str, Any] = {
    "licensee_kind": "individual",
    "purpose": "",
    "actions": frozenset(),
    "offers": frozenset(),
    "email_domains": frozenset(),
}


TRAINING = {"offer-1": frozenset({"access", "train"})}


@pytest.mark.parametrize(
    ("written", "asked", "expected"),
    [
        (Condition("purpose", ("research",)), {"purpose": "Speech RESEARCH"}, True),
        (Condition("email_domain", ("Uni.example",)), {"email_domains": frozenset({"lab.uni.example"})}, True),
        (Condition("email_domain", ("uni.example",)), {"email_domains": frozenset({"evil-uni.example"})}, False),
        (Condition("actions", ("train", "access")), {"actions": frozenset({"train"}), "permits": TRAINING}, True),
        (Condition("actions", ("train", "access")), {"actions": frozenset({"access"}), "permits": TRAINING}, False),
        (Condition("actions", ("train",)), {"actions": frozenset({"train", "redistribute"})}, False),
        (Condition("actions", ("train",)), {}, False),
        (Condition("offer", ("o1",)), {"offers": frozenset()}, False),
        (Condition("answer", ("yes",), "q1"), {"answers": {"q2": "yes"}}, False),
    ],
)
def test_single_conditions(written: Condition, asked: dict[str, Any], expected: bool) -> None:
    assert holds(written, Facts(**{**NOBODY, **asked})) is expected


def test_a_rule_without_conditions_cannot_be() -> None:
    with pytest.raises(ValueError, match="needs a condition"):
        Rule("everybody", ())


def test_rules_in_words() -> None:
    written = [
        Condition("licensee_kind", ("academic", "nonprofit")),
        Condition("purpose", ("research",)),
        Condition("answer", ("yes",), "q1"),
    ]
    assert rule_words(written, questions={"q1": "Do you publish?"}) == [
        "Whoever asks is one of: universities and schools, non-profit organizations.",
        "The purpose contains “research”.",
        "The answer to “Do you publish?” is “yes”.",
    ]


texts = st.text(alphabet="aбجक", min_size=1, max_size=5)
rows = st.lists(
    st.fixed_dictionaries(
        {"kind": st.sampled_from(["text", "yes_no", "file"]), "text": texts, "required": st.booleans()}
    ),
    max_size=5,
)


@given(rows, st.dictionaries(st.sampled_from(["q1", "q2", "q3"]), st.sampled_from(["", " ", "yes", "x"])))
def test_missing_answers_are_always_problems(written: list[dict[str, Any]], answers: dict[str, str]) -> None:
    questions = with_codes(written)
    assert questions_from([each.as_json() for each in questions]) == questions
    found = answer_problems(questions, answers)
    assert set(missing(questions, answers)) <= set(found)
    assert set(found) <= {each.code for each in questions} | set(answers)


def test_a_kept_code_is_not_given_twice() -> None:
    made = with_codes([{"kind": "text", "text": "new"}, {"kind": "text", "text": "old", "code": "q1"}])
    assert made == [Question("q2", "text", "new"), Question("q1", "text", "old")]
