"""Versions over time: growing, shrinking after a withdrawal, failing and tried again, killed in the middle."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from collective.catalog.domain.merkle import MerkleTree, shard_leaf
from collective.catalog.models import Contribution, Dataset, DatasetVersion, Shard
from collective.catalog.services import take_back
from collective.core.models import Job
from ingestion.domain.plan import Segment
from ingestion.domain.splitting import Layout, shard_paths
from ingestion.errors import BuildNotFailedError, SchemaMismatchError
from ingestion.models import ShardBuild, VersionBuild
from ingestion.pipeline import documents, shards
from ingestion.pipeline.documents import DataFile
from ingestion.pipeline.schema import from_text
from ingestion.services import plan_build, publish_version, retry_version
from ingestion.services.planning import fail_build
from ingestion.services.sealing import described
from tests.factories import ContributionFactory, DatasetFactory
from tests.integration.ingestion.flow import accepted, published_version, steward_of, violations
from tests.integration.ingestion.test_main_job import rows_of
from tests.integration.ingestion.worker import killed_in_the_middle
from tests.services.jobs import run_all_jobs
from tests.unit.ingestion.makers import wav, zipped

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("store")]


def texts(*words: str) -> bytes:
    return "".join(f'{{"text": "{word}"}}\n' for word in words).encode()


def data_files(version: DatasetVersion) -> list[str]:
    return list(version.files.filter(kind="data").order_by("path").values_list("sha256", flat=True))


def newest(dataset: Dataset) -> DatasetVersion:
    return dataset.versions.order_by("-major", "-minor", "-patch")[0]


@pytest.fixture
def dataset(settings: Settings) -> Dataset:
    """Two records per shard, so that a few records make several."""
    settings.SHARD_TARGET_ROWS = 2
    made: Dataset = DatasetFactory()
    return made


def test_a_second_version_keeps_the_shards_of_the_first(dataset: Dataset) -> None:
    accepted(dataset, ("a.jsonl", texts("a", "b", "c", "d")))
    first = published_version(dataset)
    accepted(dataset, ("b.jsonl", texts("e", "f")))
    second = published_version(dataset)

    assert (first.number, second.number) == ("1.0.0", "1.1.0")
    assert data_files(second)[:2] == data_files(first)
    assert [row["text"] for row in rows_of(second)] == ["a", "b", "c", "d", "e", "f"]
    assert Shard.objects.count() == 3
    assert violations() == []


def test_a_withdrawal_makes_a_patch_version_that_shares_the_untouched_shards(dataset: Dataset) -> None:
    accepted(dataset, ("a.jsonl", texts("a", "b")))
    leaving = accepted(dataset, ("b.jsonl", texts("c", "d")))
    accepted(dataset, ("c.jsonl", texts("e", "f")))
    first = published_version(dataset)
    before = data_files(first)

    take_back(actor=leaving.contributor, contribution_id=leaving.pk)
    run_all_jobs()

    first.refresh_from_db()
    patch = newest(dataset)
    assert (first.state, patch.number, patch.state) == ("withdrawn_content", "1.0.1", "published")
    assert [row["text"] for row in rows_of(patch)] == ["a", "b", "e", "f"]
    assert data_files(patch) == [before[0], before[2]]
    assert leaving.pk not in patch.holdings.values_list("contribution_id", flat=True)
    assert patch.merkle_root != first.merkle_root
    assert violations() == []


def test_a_shard_shared_with_what_is_withdrawn_is_written_again_without_it(dataset: Dataset) -> None:
    accepted(dataset, ("a.jsonl", texts("a")))
    leaving = accepted(dataset, ("b.jsonl", texts("b")))
    first = published_version(dataset)
    assert len(data_files(first)) == 1

    take_back(actor=leaving.contributor, contribution_id=leaving.pk)
    run_all_jobs()

    patch = newest(dataset)
    assert [row["text"] for row in rows_of(patch)] == ["a"]
    assert not set(data_files(patch)) & set(data_files(first))


def test_when_nothing_is_left_there_is_no_patch_version(dataset: Dataset) -> None:
    only = accepted(dataset, ("a.jsonl", texts("a")))
    published_version(dataset)
    take_back(actor=only.contributor, contribution_id=only.pk)
    run_all_jobs()
    assert [version.state for version in dataset.versions.all()] == ["withdrawn_content"]
    # What is left are the second looks an hour later, of the erasure and at archives.
    left = Job.objects.exclude(state="done").order_by("name").values_list("name", flat=True)
    assert list(left) == ["ingestion.erase_contribution", "interop.drop_archives"]


def test_a_withdrawal_during_the_build_keeps_that_version_unpublished(dataset: Dataset) -> None:
    accepted(dataset, ("a.jsonl", texts("a")))
    leaving = accepted(dataset, ("b.jsonl", texts("b")))
    version = publish_version(actor=steward_of(dataset), dataset_id=dataset.pk)
    take_back(actor=leaving.contributor, contribution_id=leaving.pk)
    run_all_jobs()

    version.refresh_from_db()
    assert (version.state, version.published_at, version.files.count()) == ("withdrawn_content", None, 0)
    patch = newest(dataset)
    assert (patch.number, patch.state) == ("1.0.1", "published")
    assert [row["text"] for row in rows_of(patch)] == ["a"]
    assert violations() == []


def test_columns_that_do_not_fit_are_refused_by_contribution_and_column(dataset: Dataset) -> None:
    accepted(dataset, ("a.jsonl", b'{"n": 1}\n'), title="Numbers")
    accepted(dataset, ("b.jsonl", b'{"n": "one"}\n'), title="Words")
    with pytest.raises(SchemaMismatchError) as caught:
        publish_version(actor=steward_of(dataset), dataset_id=dataset.pk)
    assert caught.value.detail == {"title": "Words", "column": "n", "found": "text", "expected": "whole numbers"}
    assert not dataset.versions.exists()


def test_recordings_do_not_mix_with_rows_that_have_none(dataset: Dataset) -> None:
    archive = zipped({"a.wav": wav(), "metadata.csv": b"file_name,text\na.wav,hello\n"})
    accepted(dataset, ("a.zip", archive), title="Voices")
    accepted(dataset, ("b.jsonl", b'{"text": "hello"}\n'), title="Texts")
    with pytest.raises(SchemaMismatchError) as caught:
        publish_version(actor=steward_of(dataset), dataset_id=dataset.pk)
    assert (caught.value.detail["title"], caught.value.detail["column"]) == ("Texts", "audio")


def test_a_column_that_some_lack_is_empty_there(dataset: Dataset) -> None:
    accepted(dataset, ("a.jsonl", b'{"text": "a", "n": 1}\n'))
    accepted(dataset, ("b.jsonl", b'{"text": "b", "by": "Ana", "n": 0.5}\n'))
    rows: list[dict[str, Any]] = rows_of(published_version(dataset))
    assert [(row["text"], row["n"], row["by"]) for row in rows] == [("a", 1.0, None), ("b", 0.5, "Ana")]


def test_a_failed_build_says_why_and_can_be_tried_again(dataset: Dataset) -> None:
    accepted(dataset, ("a.jsonl", texts("a", "b", "c")))
    steward = steward_of(dataset)
    version = publish_version(actor=steward, dataset_id=dataset.pk)
    fail_build(build_id=VersionBuild.objects.get().pk, reason="The disk was full.")
    run_all_jobs()
    version.refresh_from_db()
    assert (version.state, version.failure) == ("failed", "The disk was full.")

    retry_version(actor=steward, version_id=version.pk)
    run_all_jobs()

    version.refresh_from_db()
    assert (version.state, version.failure, version.row_count) == ("published", "", 3)
    with pytest.raises(BuildNotFailedError):
        retry_version(actor=steward, version_id=version.pk)


def expected_manifest(version: DatasetVersion, folder: Path) -> bytes:
    """What the version's files must be, computed on the side from the plan alone."""
    build = VersionBuild.objects.get(version=version)
    plan_build(build_id=build.pk)
    build.refresh_from_db()
    schema, tree, data = from_text(build.arrow_schema), MerkleTree(), []
    paths = shard_paths([("default", "train")] * build.shard_count)
    for row, path in zip(build.shards.order_by("number"), paths, strict=True):
        place = folder / str(row.number)
        place.mkdir()
        built = shards.build([Segment.from_json(each) for each in row.segments], schema, place, Layout())
        tree.add(shard_leaf(built.records_root))
        digests = built.digests
        data.append(
            DataFile(
                path, "default", "train", digests.sha256, digests.git_sha1, digests.size, built.rows, built.row_groups
            )
        )
    about = described(version, sum(file.rows for file in data))
    files = {
        "README.md": documents.readme(about, schema, data),
        "croissant.json": documents.croissant(about, schema, data),
    }
    commit = documents.commit_id_of(data, files)
    return documents.manifest(about, commit_id=commit, merkle_root=tree.root(), data=data, texts=files)


def test_killing_the_worker_in_the_middle_of_a_shard_changes_nothing(dataset: Dataset, tmp_path: Path) -> None:
    accepted(dataset, ("a.jsonl", texts("a", "b", "c")))
    accepted(dataset, ("b.jsonl", texts("d", "e")))
    version = publish_version(actor=steward_of(dataset), dataset_id=dataset.pk)
    expected = expected_manifest(version, tmp_path)
    job = Job.objects.filter(name="ingestion.build_shard").order_by("key")[1]

    killed_in_the_middle(job.pk)

    job.refresh_from_db()
    assert (job.state, ShardBuild.objects.filter(shard__isnull=False).count()) == ("running", 0)
    run_all_jobs()
    version.refresh_from_db()
    assert version.state == "published"
    assert version.manifest_sha256 == hashlib.sha256(expected).hexdigest()
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", 2)
    assert violations() == []


def test_a_draft_of_somebody_else_is_never_published(dataset: Dataset) -> None:
    accepted(dataset, ("a.jsonl", texts("a")))
    draft: Contribution = ContributionFactory(dataset=dataset)
    version = published_version(dataset)
    assert draft.pk not in version.holdings.values_list("contribution_id", flat=True)
