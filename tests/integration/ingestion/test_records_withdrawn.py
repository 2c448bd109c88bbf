"""Single records are taken back: no version holds them any more, their bytes go, all else stays as it was."""

import json
from datetime import timedelta
from typing import Any

import pyarrow.parquet as pq
import pytest
from pytest_django import Settings

from collective.catalog.errors import WithdrawnMeanwhileError
from collective.catalog.models import Contribution, Dataset, DatasetVersion, Withdrawal
from collective.core.storage import incoming, published
from collective.core.storage.errors import ObjectNotFoundError
from ingestion.domain.splitting import Layout, SplitRule
from ingestion.errors import RecordNotFoundError
from ingestion.invariants import withdrawn_records_are_erased, withdrawn_records_are_unservable
from ingestion.models import Excerpt, PreparedObject, ShardBuild, SimilarRecords, ValidationReport
from ingestion.selectors import findings_of, passed_report
from ingestion.services import locate_record, open_patch, publish_version, retry_version, set_layout
from ingestion.services.erasing_records import erase_records
from ingestion.services.listing import list_records
from ingestion.services.planning import fail_build
from licensing.services import withdraw_contribution, withdraw_records
from tests.factories import DatasetFactory
from tests.integration.ingestion.flow import accepted, published_version, steward_of, violations
from tests.integration.ingestion.test_duplicates import EDITED, MARKET, unrelated
from tests.integration.ingestion.test_excerpts import wav, zipped
from tests.integration.ingestion.test_left_out import lines as long_lines
from tests.integration.ingestion.test_left_out import shards_of, texts_of
from tests.integration.ingestion.test_locating import ids_of
from tests.services.jobs import run_all_jobs

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("store")]
WORDS = [f"word{number}" for number in range(9)]


def lines(*texts: str) -> bytes:
    rows = ({"text": text, "half": str(number % 2), "length": 100 + number} for number, text in enumerate(texts))
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def take_back(contribution: Contribution, *rows: int) -> int:
    """These, counted from 0 through the contribution."""
    ids = ids_of(contribution)
    chosen = [ids[row] for row in rows]
    return withdraw_records(actor=contribution.contributor, contribution_id=contribution.pk, record_ids=chosen)


def newest(dataset: Dataset) -> DatasetVersion:
    found = dataset.versions.order_by("-major", "-minor", "-patch").first()
    assert found is not None
    return found


def is_there(sha256: str) -> bool:
    try:
        published().info(sha256)
    except ObjectNotFoundError:
        return False
    return True


def told_anywhere(dataset: Dataset) -> str:
    """Everything that was counted or shown of the dataset's records and is still kept."""
    rows: list[Any] = [
        *DatasetVersion.objects.filter(dataset=dataset).values_list("statistics", "preview"),
        *ShardBuild.objects.filter(build__version__dataset=dataset).values_list("statistics", "preview"),
        *PreparedObject.objects.filter(contribution__dataset=dataset).values_list("statistics", "preview"),
        *ValidationReport.objects.filter(contribution__dataset=dataset).values_list("statistics", "warnings"),
    ]
    return json.dumps(rows)


@pytest.fixture(autouse=True)
def small_shards(settings: Settings) -> None:
    settings.SHARD_TARGET_ROWS = 3


@pytest.fixture
def dataset() -> Dataset:
    made: Dataset = DatasetFactory.create()
    return made


@pytest.fixture
def words(dataset: Dataset) -> Contribution:
    return accepted(dataset, ("words.jsonl", lines(*WORDS)), title="Words")


def test_nothing_serves_them_and_the_patch_rewrites_only_their_shard(dataset: Dataset, words: Contribution) -> None:
    other = accepted(dataset, ("other.jsonl", lines("other")), title="Other")
    first = published_version(dataset)
    before, staged = shards_of(first), words.uploads.get().key
    assert (len(before), take_back(words, 4, 5)) == (4, 2)

    first.refresh_from_db()
    assert (first.state, first.preview, first.statistics) == ("withdrawn_content", [], {})
    run_all_jobs()

    patch = newest(dataset)
    assert (patch.number, patch.state, patch.replaces) == ("1.0.1", "published", first)
    assert texts_of(patch) == [*WORDS[:4], *WORDS[6:], "other"]
    after = shards_of(patch)
    assert [sha256 for sha256 in before if sha256 not in after] == [before[1]]
    assert (patch.row_count, patch.holdings.get(contribution=words).rows) == (8, 7)
    assert {share.payee_id: share.records for share in patch.split.exclude(records=0)} == {
        words.payee_id: 7,
        other.payee_id: 1,
    }
    prepared = words.prepared.get()
    assert not any(map(is_there, [before[1], prepared.sha256]))
    assert is_there(prepared.stored_sha256)
    with pytest.raises(ObjectNotFoundError):
        incoming().open(staged)
    assert all(text not in told_anywhere(dataset) for text in ('"word4"', '"word5"'))
    assert '"word3"' in told_anywhere(dataset)
    assert violations() == []


def test_later_versions_do_not_hold_them_either(dataset: Dataset, words: Contribution) -> None:
    published_version(dataset)
    take_back(words, 0)
    run_all_jobs()
    patch = shards_of(newest(dataset))
    accepted(dataset, ("more.jsonl", lines("more", "most")), title="More")
    later = published_version(dataset)
    assert (later.number, texts_of(later)) == ("1.1.0", [*WORDS[1:], "more", "most"])
    assert shards_of(later)[: len(patch)] == patch
    set_layout(actor=steward_of(dataset), dataset_id=dataset.pk, layout=Layout(SplitRule("column", "half")))
    spread = published_version(dataset)
    assert sorted(texts_of(spread)) == sorted([*WORDS[1:], "more", "most"])
    assert violations() == []


def test_where_a_layout_goes_by_values_that_are_erased(dataset: Dataset, words: Contribution) -> None:
    """The erasing comes first, so that only record lists know in which split each of them was."""
    set_layout(actor=steward_of(dataset), dataset_id=dataset.pk, layout=Layout(SplitRule("column", "half")))
    first = published_version(dataset)
    held = {file.split: file.sha256 for file in first.files.filter(kind="data")}
    take_back(words, 1)
    erase_records(withdrawal_id=Withdrawal.objects.get().pk)
    run_all_jobs()
    patch = newest(dataset)
    kept = {file.split: file.sha256 for file in patch.files.filter(kind="data")}
    assert (sorted(texts_of(patch)), kept["0"]) == (sorted({*WORDS} - {"word1"}), held["0"])
    assert kept["1"] != held["1"]

    take_back(words, 0)
    run_all_jobs()
    assert sorted(texts_of(newest(dataset))) == sorted({*WORDS} - {"word0", "word1"})
    assert violations() == []


def test_all_of_it_is_taken_back_afterwards(dataset: Dataset, words: Contribution) -> None:
    accepted(dataset, ("other.jsonl", lines("other")), title="Other")
    published_version(dataset)
    take_back(words, 3)
    run_all_jobs()
    stored = words.prepared.get().stored_sha256
    withdraw_contribution(actor=words.contributor, contribution_id=words.pk)
    run_all_jobs()
    assert texts_of(newest(dataset)) == ["other"]
    assert not is_there(stored)
    assert list(Withdrawal.objects.order_by("number").values_list("is_whole", "record_count")) == [
        (False, 1),
        (True, 8),
    ]
    assert violations() == []


def test_a_second_one_while_the_patch_is_built(dataset: Dataset, words: Contribution) -> None:
    first = published_version(dataset)
    take_back(words, 1)
    open_patch(withdrawn_id=first.pk)
    take_back(words, 8)
    assert newest(dataset).state == "withdrawn_content"
    run_all_jobs()
    patch = newest(dataset)
    assert (patch.number, patch.state) == ("1.0.2", "published")
    assert texts_of(patch) == [text for text in WORDS if text not in ("word1", "word8")]
    assert [version.state for version in dataset.versions.order_by("patch")][:2] == ["withdrawn_content"] * 2
    assert violations() == []


def test_one_while_a_version_is_built_for_the_first_time(dataset: Dataset, words: Contribution) -> None:
    version = publish_version(actor=steward_of(dataset), dataset_id=dataset.pk)
    take_back(words, 0)
    run_all_jobs()
    version.refresh_from_db()
    assert (version.state, version.published_at) == ("withdrawn_content", None)
    assert texts_of(newest(dataset)) == WORDS[1:]
    assert violations() == []


def test_a_version_that_failed_before_is_not_tried_again(dataset: Dataset, words: Contribution) -> None:
    version = publish_version(actor=steward_of(dataset), dataset_id=dataset.pk)
    fail_build(build_id=version.builds.get().pk, reason="A test.")
    take_back(words, 0)
    with pytest.raises(WithdrawnMeanwhileError):
        retry_version(actor=steward_of(dataset), version_id=version.pk)
    version.refresh_from_db()
    assert version.state == "failed"
    assert texts_of(published_version(dataset)) == WORDS[1:]


def test_a_record_like_one_that_was_taken_back_returns_with_the_next_version(dataset: Dataset) -> None:
    rest = unrelated(3)
    earlier = accepted(dataset, ("first.jsonl", long_lines([MARKET, *rest])), title="Earlier")
    accepted(dataset, ("second.jsonl", long_lines([EDITED])), title="Later")
    assert texts_of(published_version(dataset)) == [MARKET, *rest]
    take_back(earlier, 0)
    assert SimilarRecords.objects.exists()
    run_all_jobs()
    assert not SimilarRecords.objects.exists()
    assert texts_of(newest(dataset)) == rest, "a patch only takes away"
    assert texts_of(published_version(dataset)) == [*rest, EDITED]
    assert violations() == []


def test_it_is_found_no_more_and_twice_changes_nothing(dataset: Dataset, words: Contribution) -> None:
    published_version(dataset)
    record_id = ids_of(words)[2]
    assert take_back(words, 2) == 1
    assert take_back(words, 2) == 0
    with pytest.raises(RecordNotFoundError):
        locate_record(words, record_id)
    assert (Withdrawal.objects.count(), words.consent_events.filter(kind="withdrawn").count()) == (1, 1)
    run_all_jobs()
    erase_records(withdrawal_id=Withdrawal.objects.get().pk)
    assert words.prepared.get().erased_rows == 1
    assert violations() == []


def test_whoever_gives_the_same_again_repeats_nothing(dataset: Dataset, words: Contribution) -> None:
    take_back(words, 0)
    run_all_jobs()
    again = accepted(dataset, ("again.jsonl", lines(*WORDS[:2])), title="Again")
    (found,) = [each for each in findings_of(passed_report(again), "duplicates") if each.code == "same_in_dataset"]
    assert (found.count, found.rows) == (1, (2,))


def test_clips_of_a_record_go_and_those_of_others_stay() -> None:
    dataset: Dataset = DatasetFactory.create(modality="audio", slug="clips")
    clips = zipped([(f"{level}.wav", wav(1, level)) for level in range(100, 104)])
    contribution = accepted(dataset, ("clips.zip", clips))
    first = published_version(dataset)
    record_id = ids_of(contribution)[1]
    gone = list(Excerpt.objects.filter(record_id=record_id).values_list("sha256", flat=True))
    kept = list(Excerpt.objects.exclude(record_id=record_id).values_list("sha256", flat=True))
    assert (len(gone), all(map(is_there, [*gone, *kept]))) == (1, True)
    take_back(contribution, 1)
    run_all_jobs()
    patch = newest(dataset)
    assert (first.row_count, patch.row_count, is_there(gone[0]), all(map(is_there, kept))) == (4, 3, False, True)
    assert record_id not in json.dumps(patch.preview)
    assert patch.statistics["columns"]["audio"]["count"] == 3
    listed = list_records(contribution, first=1, count=4)
    assert [each.values.get("audio") for each in listed] == ["100.wav", None, "102.wav", "103.wav"]
    assert violations() == []


def test_the_auditor_sees_what_was_not_erased(dataset: Dataset, words: Contribution) -> None:
    published_version(dataset)
    take_back(words, 0)
    assert list(withdrawn_records_are_erased()) == [], "it has just happened: the job has its time"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("ingestion.invariants.TIME_TO_ERASE", timedelta(hours=-1))
        assert len(list(withdrawn_records_are_erased())) == 2, "the shard and the prepared object"
    run_all_jobs()
    with published().open(words.prepared.get().stored_sha256) as stored:
        rows = pq.ParquetFile(stored).read().to_pylist()
    assert (set(rows[0].values()), rows[1]["text"]) == ({None}, "word1")
    assert list(withdrawn_records_are_unservable()) == []
