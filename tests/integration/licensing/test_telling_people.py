"""Who is in the data hears by mail what others did to it, never who, and when their own word is needed."""

from collections.abc import Callable, Collection
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from collective.accounts.models import User
from collective.catalog.domain import records
from collective.catalog.domain.records import RecordPlace
from collective.catalog.models import Contribution, DatasetVersion, Withdrawal
from collective.core.models import Job
from licensing import services
from licensing.services.people import keep_identity, recorded_person
from tests.integration.licensing.consents import RECORDS, answers, claimed, guarded, person_in, says

RunJobs = Callable[[], list[str]]


@pytest.fixture(autouse=True)
def finder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every contribution here holds the same ten records."""

    def find(_contribution: UUID, wanted: Collection[str]) -> list[RecordPlace]:
        return [RecordPlace(key, "a" * 64, "b" * 64, row) for row, key in enumerate(RECORDS) if key in wanted]

    monkeypatch.setattr(records, "_FINDER", [find])


def mailed() -> dict[str, str]:
    """Recipient → text. One mail each."""
    found = {message.to[0]: f"{message.subject}\n{message.body}" for message in mail.outbox}
    assert len(found) == len(mail.outbox)
    return found


def test_g03_the_other_person_is_told_and_not_by_whom(
    contribution: Contribution, version: DatasetVersion, contributor: User, run_all_jobs: RunJobs
) -> None:
    ama = person_in(contribution, "SPK-ama", RECORDS[:3])
    kofi = person_in(contribution, "SPK-kofi", RECORDS[2:6])
    esi = person_in(contribution, "SPK-esi", RECORDS[7:9])
    for each in (ama, kofi, esi):
        says(contribution, each)
    keep_identity(ama, name="Ama Mensah", contact="ama@example.org")
    hers, his, third = (claimed(contribution, each) for each in (ama, kofi, esi))

    services.withdraw_contribution(actor=hers, contribution_id=contribution.pk)
    run_all_jobs()
    told = mailed()
    assert set(told) == {his.email, contributor.email}
    assert "one record" in told[his.email]
    assert "3 records" in told[contributor.email]
    assert "go on earning" in told[his.email]
    assert third.email not in told
    for secret in (str(ama.pk), str(hers.pk), hers.email, "SPK-ama", "Ama Mensah", "ama@example.org"):
        assert all(secret not in text for text in told.values())

    services.tell_people(withdrawal_id=Withdrawal.objects.get().pk)
    run_all_jobs()
    assert len(mail.outbox) == 2


def test_who_took_all_of_it_back_is_not_told_and_the_others_are(
    contribution: Contribution, version: DatasetVersion, contributor: User, run_all_jobs: RunJobs
) -> None:
    ama = person_in(contribution, "SPK-ama", RECORDS[:3])
    says(contribution, ama)
    hers = claimed(contribution, ama)
    services.withdraw_contribution(actor=contributor, contribution_id=contribution.pk)
    run_all_jobs()
    told = mailed()
    assert set(told) == {hers.email}
    assert "gone as a whole" in told[hers.email]
    assert contributor.email not in told[hers.email]


def test_g07_who_comes_of_age_is_asked_by_mail(contribution: Contribution, run_all_jobs: RunJobs) -> None:
    today = timezone.localdate()
    child = guarded(contribution, today.replace(year=today.year - 17, day=1))
    account, birthday = claimed(contribution, child), today.replace(year=today.year + 1, day=1)
    with time_machine.travel(birthday, tick=False):
        for _ in range(2):
            services.ask_those_of_age()
            run_all_jobs()
        told = mailed()
        assert set(told) == {account.email}
        last = birthday + timedelta(days=30)
        assert f"{last:%-d %B %Y}" in told[account.email]
        mail.outbox.clear()
    with time_machine.travel(birthday + timedelta(days=31), tick=False):
        for _ in range(2):
            services.ask_those_of_age()
            run_all_jobs()
    over = [message.body for message in mail.outbox if message.to == [account.email]]
    assert [("taken out" in str(text)) for text in over] == [True]


def test_g07_who_has_no_account_is_reached_through_those_who_know_them(
    contribution: Contribution, contributor: User, run_all_jobs: RunJobs
) -> None:
    today = timezone.localdate()
    child = guarded(contribution, today.replace(year=today.year - 17, day=1))
    keep_identity(child, name="Kojo", contact="kojo@example.org")
    with time_machine.travel(today.replace(year=today.year + 1, day=1), tick=False):
        services.ask_those_of_age()
        run_all_jobs()
    told = mailed()
    assert set(told) == {contributor.email}
    assert f"/contributions/{contribution.pk}/people/" in told[contributor.email]
    assert "Kojo" not in told[contributor.email]
    assert recorded_person(contribution.payee, "CHILD") == child


def test_who_answers_before_the_mail_goes_out_is_not_asked(contribution: Contribution, run_all_jobs: RunJobs) -> None:
    today = timezone.localdate()
    child = guarded(contribution, today.replace(year=today.year - 17, day=1))
    account = claimed(contribution, child)
    with time_machine.travel(today.replace(year=today.year + 1, day=1), tick=False):
        services.ask_those_of_age()
        assert Job.objects.filter(name="licensing.mail_of_age").count() == 1
        services.change_consent(actor=account, contribution_id=contribution.pk, answers=answers())
        run_all_jobs()
    assert mail.outbox == []
