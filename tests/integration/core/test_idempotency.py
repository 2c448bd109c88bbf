"""One key, one effect, one answer (D7; reliability D1, D2), also when fifty come at once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from collective.accounts.models import Organization, User
from collective.core.idempotency import (
    ABANDONED_AFTER,
    KEPT,
    Answer,
    InvalidKeyError,
    KeyReusedError,
    StillRunningError,
    answer_once,
    fingerprint,
    forget_answers,
)
from collective.core.models import IdempotencyKey
from tests.factories import OrganizationFactory, UserFactory
from tests.integration.core.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)
BODY = fingerprint("POST", "/orders", b'{"a": 1}')


@pytest.fixture
def user() -> User:
    made: User = UserFactory.create()
    return made


def effect() -> Answer:
    organization = OrganizationFactory.create()
    return Answer(201, {"id": str(organization.pk)})


def effects() -> int:
    return Organization.objects.filter(personal_of=None).count()


def test_the_second_call_repeats_the_answer(user: User) -> None:
    first = answer_once(actor=user, key="k", request_sha256=BODY, perform=effect)
    second = answer_once(actor=user, key="k", request_sha256=BODY, perform=effect)
    assert (first.replayed, second.replayed) == (False, True)
    assert (second.status, second.body) == (201, first.body)
    assert effects() == 1


def test_an_answer_without_a_body_is_repeated_too(user: User) -> None:
    for replayed in (False, True):
        answer = answer_once(actor=user, key="k", request_sha256=BODY, perform=lambda: Answer(204, None))
        assert answer == Answer(204, None, replayed=replayed)


def test_another_request_may_not_use_the_key(user: User) -> None:
    answer_once(actor=user, key="k", request_sha256=BODY, perform=effect)
    with pytest.raises(KeyReusedError):
        answer_once(actor=user, key="k", request_sha256=fingerprint("POST", "/orders", b"{}"), perform=effect)
    assert effects() == 1


def test_another_person_may(user: User) -> None:
    other = UserFactory.create()
    answers = [answer_once(actor=who, key="k", request_sha256=BODY, perform=effect) for who in (user, other)]
    assert [answer.replayed for answer in answers] == [False, False]
    assert effects() == 2


def test_a_failed_effect_frees_the_key_and_is_undone(user: User) -> None:
    def fail() -> Answer:
        effect()
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011 - exactly the one raised above
        answer_once(actor=user, key="k", request_sha256=BODY, perform=fail)
    assert effects() == 0
    assert not answer_once(actor=user, key="k", request_sha256=BODY, perform=effect).replayed
    assert effects() == 1


def test_twelve_at_once_have_one_effect(user: User) -> None:
    outcomes = at_once(12, lambda: answer_once(actor=user, key="k", request_sha256=BODY, perform=effect))
    answers = [each for each in outcomes if isinstance(each, Answer)]
    refusals = [each for each in outcomes if not isinstance(each, Answer)]
    assert effects() == 1
    assert len([answer for answer in answers if not answer.replayed]) == 1
    assert len({answer.body["id"] for answer in answers}) == 1
    assert {type(refusal) for refusal in refusals} <= {StillRunningError}


def test_the_second_is_refused_while_the_first_runs(user: User) -> None:
    IdempotencyKey.objects.create(actor=user, key="k", fingerprint=BODY)
    with pytest.raises(StillRunningError):
        answer_once(actor=user, key="k", request_sha256=BODY, perform=effect)
    assert effects() == 0


def test_a_request_whose_process_died_is_taken_over_by_one(user: User) -> None:
    row = IdempotencyKey.objects.create(actor=user, key="k", fingerprint=BODY)
    long_ago = timezone.now() - ABANDONED_AFTER - timedelta(seconds=1)
    IdempotencyKey.objects.filter(pk=row.pk).update(created_at=long_ago)
    at_once(6, lambda: answer_once(actor=user, key="k", request_sha256=BODY, perform=effect))
    assert effects() == 1


@pytest.mark.parametrize("key", ["", "k" * 256, "käse", "a\nb"])
def test_a_bad_key_is_refused(user: User, key: str) -> None:
    with pytest.raises(InvalidKeyError):
        answer_once(actor=user, key=key, request_sha256=BODY, perform=effect)
    assert effects() == 0


def test_answers_are_forgotten_after_a_week(user: User) -> None:
    for key in ("old", "new"):
        answer_once(actor=user, key=key, request_sha256=BODY, perform=lambda: Answer(200, {}))
    IdempotencyKey.objects.filter(key="old").update(created_at=timezone.now() - KEPT - timedelta(seconds=1))
    forget_answers()
    assert [row.key for row in IdempotencyKey.objects.all()] == ["new"]
