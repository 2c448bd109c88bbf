"""What was taken back stays out of its dataset when somebody else gives it again; keyed hashes know it."""

import pytest
from django.db import DatabaseError, transaction

from collective.accounts.models import User
from collective.catalog.models import Contribution, Dataset
from collective.catalog.services import decide_contribution
from ingestion.models import BarredRecord, WithdrawnContent
from ingestion.selectors import findings_of, passed_report, taken_back_among
from ingestion.services import publish_version
from ingestion.services.barring import keep_out
from licensing.services import withdraw_contribution
from tests.factories import ContributionFactory, DatasetFactory
from tests.integration.ingestion.flow import accepted, published_version, steward_of, submitted, violations
from tests.integration.ingestion.test_left_out import texts_of
from tests.integration.ingestion.test_records_withdrawn import WORDS, lines, take_back
from tests.services.jobs import run_all_jobs

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("store")]


@pytest.fixture
def dataset() -> Dataset:
    made: Dataset = DatasetFactory.create()
    return made


@pytest.fixture
def words(dataset: Dataset) -> Contribution:
    return accepted(dataset, ("words.jsonl", lines(*WORDS)), title="Words")


def given_by(user: User, dataset: Dataset, text: bytes) -> Contribution:
    contribution: Contribution = ContributionFactory(dataset=dataset, contributor=user, title="Again")
    assert submitted(contribution, ("again.jsonl", text)).state == "passed"
    decide_contribution(actor=steward_of(dataset), contribution_id=contribution.pk, accept=True)
    return contribution


def told(contribution: Contribution) -> list[tuple[int, tuple[int, ...]]]:
    found = findings_of(passed_report(contribution), "duplicates")
    return [(each.count, each.rows) for each in found if each.code == "taken_back"]


def test_single_records_stay_out_whoever_gives_them_and_others_come_in(dataset: Dataset, words: Contribution) -> None:
    published_version(dataset)
    take_back(words, 0, 1)
    run_all_jobs()
    again = accepted(dataset, ("again.jsonl", lines(WORDS[0], "new", "newer")), title="Again")
    assert told(again) == [(1, (1,))]
    version = published_version(dataset)
    assert texts_of(version) == [*WORDS[2:], "new", "newer"]
    assert taken_back_among(version.builds.get().left_out) == 3
    assert violations() == []


def test_whoever_took_them_back_may_give_them_again(dataset: Dataset, words: Contribution) -> None:
    take_back(words, 0)
    run_all_jobs()
    again = given_by(words.contributor, dataset, lines(WORDS[0]))
    assert told(again) == []
    assert texts_of(published_version(dataset)) == [*WORDS[1:], WORDS[0]]


def test_all_of_a_contribution_stays_out_of_its_dataset_and_of_no_other(dataset: Dataset, words: Contribution) -> None:
    take_back(words, 8)
    withdraw_contribution(actor=words.contributor, contribution_id=words.pk)
    run_all_jobs()
    assert WithdrawnContent.objects.count() == len(WORDS), "each once"
    accepted(dataset, ("again.jsonl", lines(*WORDS)), title="Again")
    other = accepted(dataset, ("other.jsonl", lines("other")), title="Other")
    assert texts_of(published_version(dataset)) == ["other"]
    assert told(other) == []
    elsewhere: Dataset = DatasetFactory.create(slug="elsewhere")
    accepted(elsewhere, ("again.jsonl", lines(*WORDS)), title="Elsewhere")
    assert texts_of(published_version(elsewhere)) == WORDS


def test_what_was_checked_between_the_withdrawal_and_its_job_is_looked_at_again(
    dataset: Dataset, words: Contribution, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("ingestion.services.erasing_records.keep_out", lambda _withdrawal: None)
        take_back(words, 0)
        again = accepted(dataset, ("again.jsonl", lines(*WORDS[:2])), title="Again")
    assert not BarredRecord.objects.exists()
    keep_out(words.withdrawals.get())
    assert told(again) == [(1, (1,))]
    version = publish_version(actor=steward_of(dataset), dataset_id=dataset.pk)
    assert (version.holdings.get(contribution=again).rows, BarredRecord.objects.count()) == (1, 1)


def test_what_waits_to_be_published_stays_out_and_what_was_published_stays_in(
    dataset: Dataset, words: Contribution
) -> None:
    accepted(dataset, ("early.jsonl", lines(*WORDS[:2])), title="Published before")
    published_version(dataset)
    waiting = accepted(dataset, ("late.jsonl", lines(WORDS[0], "late")), title="Not published yet")
    take_back(words, 0)
    run_all_jobs()
    assert told(waiting) == [(1, (1,))]
    assert texts_of(published_version(dataset)) == [*WORDS[1:], *WORDS[:2], "late"]
    assert violations() == []


def test_the_hashes_are_keyed_and_kept(words: Contribution) -> None:
    take_back(words, 0)
    run_all_jobs()
    row = words.withdrawn_records.get()
    assert WithdrawnContent.objects.get().mac != row.record_sha256
    for change in (WithdrawnContent.objects.all().delete, lambda: WithdrawnContent.objects.update(mac="x")):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
