"""The queue of record: nothing lost, nothing stuck, nothing done by two at once, nothing written by the late (D9)."""

import time
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from celery import current_app  # noqa: TID251 - the broker itself is away in one test
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django import Settings

from collective.core.errors import InvalidError
from collective.core.jobs import bell, enqueue, run
from collective.core.jobs.periodic import _periods, every, start_due_periods
from collective.core.jobs.queue import due_jobs
from collective.core.jobs.sweeper import Rung, sweep
from collective.core.models import Heartbeat, Job
from collective.core.supervision.commands import worker_command
from tests.integration.core.at_once import at_once
from tests.integration.core.toy_jobs import behaving

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bells(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Rings are noted instead of sent: there is no worker in these tests."""
    rung: list[str] = []

    def ring(job_id: Any, queue: str) -> bool:
        rung.append(str(job_id))
        return True

    monkeypatch.setattr(bell, "ring", ring)
    return rung


def owe(key: str = "toy:1", **arguments: Any) -> Job:
    return enqueue("toy.work", key=key, **arguments)


def lose_the_worker(job: Job) -> None:
    """As after kill -9: the row is running and its lease has run out."""
    past = timezone.now() - timedelta(seconds=1)
    Job.objects.filter(pk=job.pk).update(
        state="running", lease_until=past, attempts=job.attempts + 1, fence=job.fence + 1
    )
    job.refresh_from_db()


def test_work_is_done_once_with_its_arguments(bells: list[str]) -> None:
    seen: list[dict[str, str]] = []
    job = owe(record=7)
    with behaving(work=lambda **arguments: seen.append(arguments)):
        assert (run(job.pk), run(job.pk)) == (True, False)
    job.refresh_from_db()
    assert seen == [{"record": "7"}]
    assert (job.state, job.attempts, job.lease_until, job.reason) == ("done", 1, None, "")
    assert job.finished_at is not None


def test_the_same_key_is_the_same_work(bells: list[str]) -> None:
    assert owe() == owe()
    assert bells == [str(Job.objects.get().pk)]


def test_work_of_a_transaction_that_failed_is_not_owed(bells: list[str]) -> None:
    with transaction.atomic():
        owe()
        transaction.set_rollback(True)
    assert (list(Job.objects.all()), bells) == ([], [])


def test_the_bell_rings_after_the_commit(bells: list[str]) -> None:
    with transaction.atomic():
        job = owe()
        assert bells == []
    assert bells == [str(job.pk)]


def test_a_silent_broker_fails_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise OSError("no broker")

    monkeypatch.setattr(current_app, "send_task", away)
    job = owe()
    assert job.state == "queued"
    assert sweep() == 0


def test_a_job_may_take_as_long_as_its_queue_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[str, float, float]] = []

    def take(_name: str, *, queue: str, time_limit: float, soft_time_limit: float, **_: Any) -> None:
        sent.append((queue, time_limit, soft_time_limit))

    monkeypatch.setattr(current_app, "send_task", take)
    for name in ("core.deliver_event", "ingestion.check_piece", "ingestion.store_upload"):
        enqueue(name, key=f"{name}:limits")
    assert sent == [("light", 60, 54), ("heavy", 900, 810), ("long", 21_600, 19_440)]
    assert ",".join(queue for queue, *_ in sent) in worker_command()


def test_eight_workers_do_it_once(bells: list[str]) -> None:
    job, done = owe(), []

    def slow(**_: str) -> None:
        done.append(1)
        time.sleep(0.2)

    with behaving(work=slow):
        outcomes = at_once(8, lambda: run(job.pk))
    assert sorted(outcomes, key=str) == [False] * 7 + [True]
    assert done == [1]


def test_failing_work_waits_longer_and_then_is_dead_with_its_reason(bells: list[str]) -> None:
    job, told = owe(contribution_id="c"), []

    def fail(**_: str) -> None:
        raise InvalidError("Row 7 has no text.")

    with behaving(work=fail, on_dead=lambda **arguments: told.append(arguments)):
        for attempt in (1, 2):
            before = timezone.now()
            assert run(job.pk)
            job.refresh_from_db()
            assert (job.state, job.attempts, job.reason) == ("queued", attempt, "Row 7 has no text.")
            wait = (job.due_at - before).total_seconds()
            assert 0.5 * 2**attempt <= wait <= 1.5 * 2**attempt + 1
            assert not run(job.pk), "it is not due yet"
            Job.objects.update(due_at=timezone.now())
        assert told == []
        assert run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.reason) == ("dead", 3, "Row 7 has no text.")
    assert told == [{"contribution_id": "c", "reason": "Row 7 has no text."}]


def test_the_reason_quotes_no_foreign_error(bells: list[str]) -> None:
    job = owe()

    def fail(**_: str) -> None:
        raise ValueError("canary@example.org https://store/x?X-Amz-Signature=secret")

    with behaving(work=fail):
        run(job.pk)
    job.refresh_from_db()
    assert job.reason == "An unexpected error: ValueError."


def test_what_a_lost_worker_held_is_done_by_another(bells: list[str]) -> None:
    job, done = owe(), []
    lose_the_worker(job)
    with behaving(work=lambda **_: done.append(1)):
        assert run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.fence, done) == ("done", 2, 2, [1])


def test_a_living_lease_is_left_alone(bells: list[str]) -> None:
    job = owe()
    Job.objects.update(state="running", lease_until=timezone.now() + timedelta(seconds=30))
    assert not run(job.pk)
    assert list(due_jobs()) == []


def test_a_job_that_kills_its_worker_every_time_is_dead_in_the_end(bells: list[str]) -> None:
    job, told = owe(), []
    with behaving(work=lambda **_: pytest.fail("it must not run again"), on_dead=lambda **got: told.append(got)):
        Job.objects.update(attempts=2)
        job.refresh_from_db()
        lose_the_worker(job)
        assert not run(job.pk)
        assert not run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.lease_until) == ("dead", None)
    assert told == [{"reason": job.reason}]
    assert job.reason.startswith("The worker was lost on every attempt")


def test_a_worker_that_comes_back_late_writes_nothing(bells: list[str]) -> None:
    """It stalled, its lease ran out, another finished or buried the job: the fence or the state refuses."""
    job = owe()

    def stall(**_: str) -> None:
        Job.objects.filter(pk=job.pk).update(state="dead", reason="buried meanwhile", lease_until=None)

    with behaving(work=stall):
        assert run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.reason) == ("dead", "buried meanwhile")


def test_a_worker_that_was_overtaken_writes_nothing(bells: list[str]) -> None:
    job = owe()
    later = timezone.now() + timedelta(minutes=1)

    def stall(**_: str) -> None:
        Job.objects.filter(pk=job.pk).update(fence=9, lease_until=later)

    with behaving(work=stall):
        assert run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.fence, job.lease_until) == ("running", 9, later)


def test_long_work_keeps_its_lease(bells: list[str], settings: Settings) -> None:
    settings.JOB_LEASE_SECONDS = 1
    job, seen = owe(), []

    def slow(**_: str) -> None:
        time.sleep(1.5)
        seen.append(list(due_jobs()))

    with behaving(work=slow):
        assert run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts, seen) == ("done", 1, [[]])


def test_the_sweeper_rings_for_all_that_is_due(bells: list[str]) -> None:
    waiting, lost, later, done = owe("a"), owe("b"), owe("c"), owe("d")
    lose_the_worker(lost)
    Job.objects.filter(pk=later.pk).update(due_at=timezone.now() + timedelta(minutes=1))
    Job.objects.filter(pk=done.pk).update(state="done")
    bells.clear()
    sweep()
    assert {str(waiting.pk), str(lost.pk)} <= set(bells)
    assert not {str(later.pk), str(done.pk)} & set(bells)
    assert Heartbeat.objects.get(name="sweeper").at > timezone.now() - timedelta(seconds=5)


def test_a_waiting_job_is_not_rung_for_at_every_sweep(bells: list[str]) -> None:
    job, rung = owe(), Rung()
    bells.clear()
    sweep(rung)
    sweep(rung)
    assert bells.count(str(job.pk)) == 1
    lose_the_worker(job)
    sweep(rung)
    assert bells.count(str(job.pk)) == 2


def test_a_period_is_owed_once_however_many_notice(bells: list[str]) -> None:
    every(3600, "toy.work")
    try:
        outcomes = at_once(4, start_due_periods)
        assert [each for each in outcomes if each is not None] == []
        assert Job.objects.filter(name="toy.work").count() == 1
    finally:
        _periods.pop()


def test_periodic_work_can_be_asked_for_before_its_time(bells: list[str]) -> None:
    for _ in range(2):
        call_command("run_now", "licensing.expire_grants", stdout=StringIO())
    assert Job.objects.filter(name="licensing.expire_grants").count() == 2
    with pytest.raises(CommandError, match="no such periodic work"):
        call_command("run_now", "licensing.tell_licensees")
    assert Job.objects.count() == 2


def test_the_database_refuses_a_dead_job_without_a_reason() -> None:
    job = owe()
    with pytest.raises(IntegrityError):
        Job.objects.filter(pk=job.pk).update(state="dead", reason="")


def test_the_database_refuses_a_lease_on_a_job_that_does_not_run() -> None:
    job = owe()
    with pytest.raises(IntegrityError):
        Job.objects.filter(pk=job.pk).update(lease_until=timezone.now())
