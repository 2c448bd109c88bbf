"""What licensees hear of a withdrawal, and what becomes of their answers or their silence."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import DatabaseError, connection, transaction

from collective.accounts.models import User
from collective.catalog.domain.records import RecordPlace
from collective.catalog.models import Contribution, Dataset, DatasetVersion, Withdrawal
from collective.catalog.services import open_patch_version, withdraw_records
from collective.core.models import OutboxEvent
from licensing import services
from licensing.domain.deletion import STATEMENT, STATEMENT_SHA256
from licensing.errors import DeletionStatementChangedError, SignatureMissingError, WithdrawalNoticeNotFoundError
from licensing.invariants import licensees_were_told
from licensing.models import GrantStatusEvent, LicenseGrant, Offer, WithdrawalNotice, WithdrawalNoticeEvent
from licensing.selectors.withdrawals import grants_to_tell
from tests.factories import UserFactory
from tests.integration.licensing import world

RunJobs = Callable[[], list[str]]
DAY = timedelta(days=1)


def place(number: int) -> RecordPlace:
    return RecordPlace(f"{number:032x}", f"{number:064x}", "a" * 64, number)


@pytest.fixture
def withdrawal(grant: LicenseGrant, contribution: Contribution, contributor: User) -> Withdrawal:
    """Two records of ten; nobody has been told yet."""
    made = withdraw_records(actor=contributor, contribution_id=contribution.pk, places=[place(1), place(2)])
    assert made is not None
    return made


@pytest.fixture
def notice(withdrawal: Withdrawal, run_all_jobs: RunJobs) -> WithdrawalNotice:
    run_all_jobs()
    return WithdrawalNotice.objects.select_related("grant", "withdrawal").get()


def attest(notice: WithdrawalNotice, actor: User, **changes: Any) -> WithdrawalNotice:
    said = {"signer_name": "Bela Kovacs", "statement_sha256": STATEMENT_SHA256, **changes}
    return services.attest_deletion(actor=actor, notice_id=notice.pk, **said)


def after_days(notice: WithdrawalNotice, days: float, run_all_jobs: RunJobs) -> None:
    """What the hourly job does so many days after the withdrawal, and the mail that follows from it."""
    with time_machine.travel(notice.withdrawal.at + days * DAY, tick=False):
        services.follow_up_notices()
        run_all_jobs()


def kinds(notice: WithdrawalNotice) -> list[str]:
    return list(notice.events.order_by("at", "id").values_list("kind", flat=True))


def test_a_licensee_is_told_once_and_by_mail(notice: WithdrawalNotice, buyer: User, run_all_jobs: RunJobs) -> None:
    assert (notice.state, notice.due_at) == ("notified", notice.withdrawal.at + 30 * DAY)
    services.tell_licensees(withdrawal_id=notice.withdrawal_id)
    run_all_jobs()
    assert kinds(WithdrawalNotice.objects.get()) == ["notified"]
    assert [message.to for message in mail.outbox] == [[buyer.email]]


def test_a_withdrawal_from_before_there_were_notices_is_told_once(
    withdrawal: Withdrawal, run_all_jobs: RunJobs
) -> None:
    OutboxEvent.objects.all().delete()  # as if it had never been heard of
    with time_machine.travel(withdrawal.at + 40 * DAY, tick=False):
        for _ in range(2):
            services.follow_up_notices()
            run_all_jobs()
    notice = WithdrawalNotice.objects.get(withdrawal=withdrawal)
    assert kinds(notice) == ["notified"]
    assert notice.due_at == withdrawal.at + 70 * DAY
    assert len(mail.outbox) == 1


def test_the_license_goes_on_under_its_id(notice: WithdrawalNotice) -> None:
    """G01 must never: grant silently canceled."""
    grant = LicenseGrant.objects.get()
    assert (grant.pk, grant.state) == (notice.grant_id, "active")
    story = set(grant.status_events.values_list("kind", flat=True))
    assert {"issued"} <= story <= {"issued", "repinned"}


def test_the_auditor_sees_who_was_not_told(withdrawal: Withdrawal) -> None:
    assert list(licensees_were_told()) == []  # it has just happened: the job has its time
    with time_machine.travel(withdrawal.at + DAY, tick=False):
        assert len(list(licensees_were_told())) == 1
        services.tell_licensees(withdrawal_id=withdrawal.pk)
        assert list(licensees_were_told()) == []


def test_nobody_learns_who_withdrew(notice: WithdrawalNotice, contributor: User, contribution: Contribution) -> None:
    """G01 must never: her identity in the notice, the list or the mail."""
    told = [f"{message.subject} {message.body}" for message in mail.outbox]
    told += [str(services.notice_facts(notice)), str(list(services.records_to_delete(notice)))]
    secrets = (contributor.name, contributor.email, str(contributor.pk), str(contribution.pk), contribution.title)
    assert told
    assert [secret for secret in secrets for text in told if secret in text] == []


def test_a_crash_in_between_is_made_good(withdrawal: Withdrawal, monkeypatch: pytest.MonkeyPatch) -> None:
    first, *_ = grants_to_tell(withdrawal)

    def broken(*_args: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr("licensing.services.notices.mail_managers", broken)
        with pytest.raises(RuntimeError):
            services.tell_licensees(withdrawal_id=withdrawal.pk)
    assert not WithdrawalNotice.objects.exists()
    assert not WithdrawalNoticeEvent.objects.exists()
    services.tell_licensees(withdrawal_id=withdrawal.pk)
    assert WithdrawalNotice.objects.get().grant == first


@pytest.mark.parametrize("end", [services.revoke_grant, services.suspend_grant])
def test_whoever_lost_the_license_may_hold_copies(
    grant: LicenseGrant, steward: User, contribution: Contribution, contributor: User, end: Any
) -> None:
    end(actor=steward, grant_id=grant.pk, reason="breach")
    made = withdraw_records(actor=contributor, contribution_id=contribution.pk, places=[place(1)])
    assert made is not None
    assert grants_to_tell(made) == [grant]


def test_a_license_from_after_the_withdrawal_is_not_told(
    withdrawal: Withdrawal, version: DatasetVersion, offer: Offer
) -> None:
    patch = open_patch_version(withdrawn=version, notes="")
    assert patch is not None
    later = world.granted(offer, world.seal(patch), UserFactory.create())
    assert later.covers(version)
    assert later not in grants_to_tell(withdrawal)
    assert len(grants_to_tell(withdrawal)) == 1


def test_a_license_without_the_duty_has_no_due_date(
    dataset: Dataset, contributor: User, steward: User, buyer: User, run_all_jobs: RunJobs
) -> None:
    """G09 must never: recall promised."""
    contribution = world.accepted(dataset, contributor, steward, world.declaration(license_id="CC0-1.0"))
    version = world.publish(dataset, steward)
    world.granted(world.offered(dataset, steward, "CC0-1.0"), version, buyer)
    world.granted(world.offered(dataset, steward), version, UserFactory.create(name="Emre"))
    services.withdraw_contribution(actor=contributor, contribution_id=contribution.pk)
    run_all_jobs()

    open_one = WithdrawalNotice.objects.get(due_at=None)
    ours = WithdrawalNotice.objects.get(due_at__isnull=False)
    assert [open_one.open_license, ours.open_license] == ["CC0-1.0"] * 2
    to_buyer = next(message.body for message in mail.outbox if message.to == [buyer.email])
    assert "cannot be called back" in to_buyer
    assert "must be deleted" not in to_buyer
    to_other = next(message.body for message in mail.outbox if message.to != [buyer.email])
    assert "also published under CC0-1.0" in to_other
    after_days(open_one, 100, run_all_jobs)
    open_one.refresh_from_db()
    assert open_one.state == "notified"


def test_reading_then_attesting_keeps_the_exact_words(notice: WithdrawalNotice, buyer: User) -> None:
    services.acknowledge_notice(actor=buyer, notice_id=notice.pk)
    services.acknowledge_notice(actor=buyer, notice_id=notice.pk)
    attest(notice, buyer)
    attest(notice, buyer, signer_name="Somebody else")
    assert kinds(notice) == ["notified", "acknowledged", "attested"]
    signed = notice.events.get(kind="attested")
    assert (signed.actor, signed.signer_name) == (buyer, "Bela Kovacs")
    assert (signed.statement, signed.statement_sha256) == (STATEMENT, STATEMENT_SHA256)


def test_an_attestation_needs_a_name_and_the_present_words(notice: WithdrawalNotice, buyer: User) -> None:
    with pytest.raises(SignatureMissingError):
        attest(notice, buyer, signer_name=" ")
    with pytest.raises(DeletionStatementChangedError):
        attest(notice, buyer, statement_sha256="0" * 64)
    assert kinds(notice) == ["notified"]


def test_nobody_else_answers_for_a_licensee(notice: WithdrawalNotice, steward: User, contributor: User) -> None:
    for other in (steward, contributor, UserFactory.create(is_staff=True)):
        with pytest.raises(WithdrawalNoticeNotFoundError):
            attest(notice, other)
    assert kinds(notice) == ["notified"]


def test_silence_is_reminded_twice_then_told_to_the_steward(
    notice: WithdrawalNotice, buyer: User, steward: User, run_all_jobs: RunJobs
) -> None:
    mail.outbox.clear()
    for days in (22.9, 23, 23.5, 29.5, 29.9):
        after_days(notice, days, run_all_jobs)
    assert kinds(notice) == ["notified", "reminded", "reminded"]
    assert [message.to for message in mail.outbox] == [[buyer.email]] * 2
    mail.outbox.clear()
    after_days(notice, 30, run_all_jobs)
    after_days(notice, 31, run_all_jobs)
    assert sorted(message.to for message in mail.outbox) == sorted([[buyer.email], [steward.email]])
    assert kinds(notice)[-1] == "overdue"


def test_an_overdue_license_is_suspended_until_it_is_attested(
    notice: WithdrawalNotice, buyer: User, run_all_jobs: RunJobs
) -> None:
    after_days(notice, 30, run_all_jobs)
    suspended = GrantStatusEvent.objects.get(kind="suspended")
    assert "not attested in time" in suspended.reason
    assert LicenseGrant.objects.get().state == "suspended"
    with time_machine.travel(notice.withdrawal.at + 40 * DAY, tick=False):
        attest(notice, buyer)
    assert LicenseGrant.objects.get().state == "active"
    story = GrantStatusEvent.objects.order_by("at", "id").values_list("kind", flat=True)
    assert [kind for kind in story if kind != "repinned"] == ["issued", "suspended", "reinstated"]


def test_a_suspension_for_another_reason_stays(
    notice: WithdrawalNotice, buyer: User, steward: User, run_all_jobs: RunJobs
) -> None:
    services.suspend_grant(actor=steward, grant_id=notice.grant_id, reason="A payment is disputed.")
    after_days(notice, 30, run_all_jobs)
    attest(notice, buyer)
    assert LicenseGrant.objects.get().state == "suspended"
    assert GrantStatusEvent.objects.filter(kind="reinstated").count() == 0


def test_a_dispute_during_our_suspension_outlives_it(
    notice: WithdrawalNotice, buyer: User, steward: User, run_all_jobs: RunJobs
) -> None:
    after_days(notice, 30, run_all_jobs)
    with time_machine.travel(notice.withdrawal.at + 31 * DAY, tick=True):
        for _ in range(2):
            services.suspend_grant(actor=steward, grant_id=notice.grant_id, reason="A payment is disputed.")
        attest(notice, buyer)
    assert LicenseGrant.objects.get().state == "suspended"
    story = GrantStatusEvent.objects.order_by("at", "id").values_list("kind", flat=True)
    assert [kind for kind in story if kind != "repinned"] == ["issued", "suspended", "suspended"]


def test_two_overdue_notices_need_two_attestations(
    notice: WithdrawalNotice, buyer: User, contribution: Contribution, contributor: User, run_all_jobs: RunJobs
) -> None:
    withdraw_records(actor=contributor, contribution_id=contribution.pk, places=[place(3)])
    run_all_jobs()
    second = WithdrawalNotice.objects.exclude(pk=notice.pk).get()
    after_days(second, 30, run_all_jobs)
    attest(notice, buyer)
    assert LicenseGrant.objects.get().state == "suspended"
    attest(second, buyer)
    assert LicenseGrant.objects.get().state == "active"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE licensing_withdrawalnotice SET due_at = NULL",
        "UPDATE licensing_withdrawalnotice SET open_license = 'x'",
        "DELETE FROM licensing_withdrawalnotice",
        "UPDATE licensing_withdrawalnoticeevent SET signer_name = 'x'",
        "DELETE FROM licensing_withdrawalnoticeevent",
    ],
)
def test_nobody_changes_what_was_told(notice: WithdrawalNotice, statement: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
