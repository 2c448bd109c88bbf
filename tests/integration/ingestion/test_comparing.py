"""How records come to be compared: object after object, whatever happens in between; never by what is read aloud."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from collective.catalog.models import Contribution
from collective.core.jobs import enqueue, run
from collective.core.jobs.queue import due_jobs
from collective.core.models import Job
from ingestion.models import ComparedObject, MinHashBand, PreparedObject, SimilarRecords, ValidationReport
from ingestion.pipeline import comparable
from ingestion.selectors import prepared_objects, similar_summary
from ingestion.services import compare_forgotten, comparing
from licensing.services import withdraw_contribution
from tests.factories import ContributionFactory
from tests.integration.ingestion.flow import submitted
from tests.integration.ingestion.test_duplicates import EDITED, MARKET, given, lines, unrelated
from tests.services.jobs import run_all_jobs
from tests.unit.ingestion.makers import wav, zipped

pytestmark = pytest.mark.django_db(transaction=True)

FILES = [("a.jsonl", lines(MARKET)), ("b.jsonl", lines(EDITED)), ("c.jsonl", lines(*unrelated(2), MARKET))]
Pair = tuple[int, int, int, int, int]


@pytest.fixture(autouse=True)
def _one_object_in_each_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, "JOB_BYTES", 1)


def three_files() -> tuple[Contribution, list[PreparedObject]]:
    contribution = ContributionFactory.create()
    submitted(contribution, *FILES)
    return contribution, list(prepared_objects(contribution))


def pairs() -> list[Pair]:
    rows = SimilarRecords.objects.order_by("later_prepared", "later_row", "earlier_prepared")
    return list(rows.values_list("earlier_prepared", "earlier_row", "later_prepared", "later_row", "per_mille"))


def bands() -> set[tuple[int, int, int]]:
    return set(MinHashBand.objects.values_list("key", "prepared", "row"))


def forget() -> None:
    for model in (SimilarRecords, ComparedObject, MinHashBand):
        model.objects.all().delete()


def begin_again(contribution: Contribution, name: str) -> None:
    comparing.comparison_due(contribution_id=contribution.pk, run=name)


def next_job() -> Job:
    found: Job = due_jobs().order_by("created_at").first()
    return found


def test_each_object_is_a_job_and_others_get_in_between() -> None:
    contribution, prepared = three_files()
    found, keys = pairs(), bands()
    assert [pair[:4] for pair in found] == [
        (prepared[0].pk, 0, prepared[1].pk, 0),
        (prepared[0].pk, 0, prepared[2].pk, 2),
        (prepared[1].pk, 0, prepared[2].pk, 2),
    ]
    forget()
    begin_again(contribution, "again")
    assert run(next_job().pk)
    done = []
    for number in range(3):
        enqueue("ingestion.sweep_uploads", key=f"somebody else {number}")
        waiting = list(due_jobs().order_by("created_at").values_list("id", "name"))
        done += [name for _, name in waiting]
        assert [run(each) for each, _ in waiting] == [True, True]
        assert ComparedObject.objects.count() == number + 1
    assert done == ["ingestion.compare_object", "ingestion.sweep_uploads"] * 3
    assert not due_jobs().exists()
    assert (pairs(), bands()) == (found, keys)


def test_small_objects_share_a_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, "JOB_BYTES", 1_000_000)
    three_files()
    assert ComparedObject.objects.count() == 3
    assert Job.objects.filter(name="ingestion.compare_object").count() == 1


@pytest.mark.parametrize("after", ["index", "neighbors", "pair_up"])
def test_a_worker_that_dies_anywhere_leaves_the_same_in_the_end(monkeypatch: pytest.MonkeyPatch, after: str) -> None:
    """Everything before the death is committed, as after kill -9; the lease runs out, and the job is run again."""
    contribution, _ = three_files()
    found, keys = pairs(), bands()
    forget()
    begin_again(contribution, "again")
    assert run(next_job().pk)

    real = getattr(comparing, after)

    def dies(*args: object) -> None:
        real(*args)
        raise SystemExit

    monkeypatch.setattr(comparing, after, dies)
    job = next_job()
    with pytest.raises(SystemExit):
        run(job.pk)
    monkeypatch.setattr(comparing, after, real)
    assert ComparedObject.objects.count() == 0
    assert not due_jobs().exists()
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    run_all_jobs()
    assert (pairs(), bands(), ComparedObject.objects.count()) == (found, keys, 3)


def test_an_object_that_nobody_can_read_keeps_no_other_from_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    contribution, prepared = three_files()
    forget()
    real = comparable.text_batches

    def breaks(sha256: str) -> object:
        if sha256 == prepared[0].sha256:
            raise MemoryError
        return real(sha256)

    monkeypatch.setattr(comparing, "text_batches", breaks)
    begin_again(contribution, "again")
    for _ in range(4):
        run_all_jobs()
        Job.objects.filter(state="queued").update(due_at=timezone.now())
    assert Job.objects.get(state="dead").arguments["prepared_id"] == str(prepared[0].pk)
    assert set(ComparedObject.objects.values_list("prepared", flat=True)) == {each.pk for each in prepared[1:]}
    assert [pair[:4] for pair in pairs()] == [(prepared[1].pk, 0, prepared[2].pk, 2)]
    assert not similar_summary(contribution).is_compared


def test_a_withdrawal_in_between_ends_it() -> None:
    contribution, _ = three_files()
    forget()
    begin_again(contribution, "again")
    assert run(next_job().pk)
    assert run(next_job().pk)
    withdraw_contribution(actor=contribution.contributor, contribution_id=contribution.pk)
    run_all_jobs()
    assert (MinHashBand.objects.count(), ComparedObject.objects.count()) == (0, 0)


def checked_long_ago(contribution: Contribution) -> UUID:
    long_ago = timezone.now() - timedelta(days=1)
    ValidationReport.objects.filter(contribution=contribution).update(finished_at=long_ago)
    found: UUID = contribution.pk
    return found


def test_what_was_never_compared_is_found_again() -> None:
    earlier, later, recent, withdrawn = given(MARKET), given(EDITED), given(*unrelated(2)), given("gone " + MARKET)
    withdraw_contribution(actor=withdrawn.contributor, contribution_id=withdrawn.pk)
    run_all_jobs()
    forget()
    forgotten = {checked_long_ago(each) for each in (earlier, later, withdrawn)} - {withdrawn.pk}
    compare_forgotten()
    assert {UUID(each.arguments["contribution_id"]) for each in due_jobs()} == forgotten
    compare_forgotten()  # nobody is asked for twice
    assert due_jobs().count() == 2
    run_all_jobs()
    pair = SimilarRecords.objects.get()
    assert (pair.earlier, pair.later) == (earlier, later)
    assert not similar_summary(recent).is_compared
    compare_forgotten()
    assert not due_jobs().exists()


def test_only_so_many_are_found_in_one_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, "MOST_FORGOTTEN", 1)
    for each in (given(MARKET), given(EDITED)):
        checked_long_ago(each)
    forget()
    compare_forgotten()
    assert due_jobs().count() == 1


def test_people_who_read_the_same_sentence_aloud_are_no_copies_of_each_other() -> None:
    given(MARKET)
    clips = {f"cv-corpus/sw/clips/{number}.wav": wav(pitch=300 + 40 * number) for number in range(4)}
    rows = "".join(f"speaker {number}\t{number}.wav\t{MARKET}\t2\n" for number in range(4))
    table = f"client_id\tpath\tsentence\tup_votes\n{rows}".encode()
    contribution = ContributionFactory.create()
    report = submitted(contribution, ("corpus.zip", zipped({**clips, "cv-corpus/sw/validated.tsv": table})))
    assert (report.state, report.rows_done) == ("passed", 4)
    assert (SimilarRecords.objects.count(), similar_summary(contribution).is_compared) == (0, True)
    assert not MinHashBand.objects.filter(prepared__contribution=contribution).exists()
    client = Client()
    client.force_login(contribution.contributor)
    page = client.get(reverse("ingestion:workspace", args=[contribution.pk])).content.decode()
    assert "are not compared by their texts" in page
    assert "reads almost like" not in page
    texts_only = given(MARKET)
    assert SimilarRecords.objects.get().later == texts_only
