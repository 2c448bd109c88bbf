"""A layout puts records into configs and splits; who trains and who tests does not change by adding more."""

import json
from pathlib import Path

import datasets
import pyarrow.parquet as pq
import pytest

from collective.catalog.models import Dataset, DatasetVersion, ShardSegment
from collective.catalog.services import take_back
from collective.core.models import Job
from collective.core.storage import published
from ingestion.domain.splitting import ConfigRule, Layout, SplitRule
from ingestion.errors import LayoutColumnMissingError
from ingestion.services import publish_version, set_layout
from tests.factories import DatasetFactory
from tests.integration.ingestion.flow import accepted, published_version, steward_of, violations
from tests.integration.ingestion.test_inputs import exported
from tests.services.jobs import run_all_jobs

pytestmark = pytest.mark.django_db(transaction=True)
GROUPED = Layout(SplitRule("group", "speaker", (60, 20, 20)))
BY_LANGUAGE = Layout(SplitRule("column", "part"), ConfigRule("column", "lang"))


@pytest.fixture
def dataset() -> Dataset:
    found: Dataset = DatasetFactory()
    return found


def spoken(*speakers: int) -> bytes:
    rows = [{"speaker": f"speaker {who}", "text": f"{who} says {what}"} for who in speakers for what in range(5)]
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def places(version: DatasetVersion) -> dict[str, list[dict[str, object]]]:
    """Rows by config and split."""
    found: dict[str, list[dict[str, object]]] = {}
    for file in version.files.filter(kind="data").order_by("path"):
        with published().open(file.sha256) as stored:
            found.setdefault(f"{file.config}/{file.split}", []).extend(pq.read_table(stored).to_pylist())
    return found


def speakers(rows: list[dict[str, object]]) -> set[object]:
    return {row["speaker"] for row in rows}


def test_no_speaker_is_on_both_sides_and_none_moves(dataset: Dataset) -> None:
    set_layout(actor=steward_of(dataset), dataset_id=dataset.pk, layout=GROUPED)
    accepted(dataset, ("a.jsonl", spoken(*range(20))))
    first = places(published_version(dataset))
    assert set(first) == {"default/train", "default/validation", "default/test"}
    assert sum(map(len, first.values())) == 100
    sides = [speakers(rows) for rows in first.values()]
    assert len(set.union(*sides)) == sum(map(len, sides)) == 20

    accepted(dataset, ("b.jsonl", spoken(*range(10, 30))))
    second = places(published_version(dataset))
    assert sum(map(len, second.values())) == 200
    assert all(speakers(first[place]) <= speakers(second[place]) for place in first)
    assert violations() == []


def test_datasets_reads_each_config_and_split(dataset: Dataset, tmp_path: Path) -> None:
    rows = [{"lang": lang, "part": part, "text": f"{lang} {part} {n}"} for lang in ("sw", "ar") for part, n in PARTS]
    set_layout(actor=steward_of(dataset), dataset_id=dataset.pk, layout=BY_LANGUAGE)
    accepted(dataset, ("a.jsonl", b"".join(json.dumps(row).encode() + b"\n" for row in rows)))
    version = published_version(dataset)
    folder = str(exported(version, tmp_path / "version"))
    assert set(datasets.get_dataset_config_names(folder)) == {"ar", "sw"}
    loaded = datasets.load_dataset(folder, "sw", cache_dir=str(tmp_path / "cache"))
    assert {split: part["text"][:] for split, part in loaded.items()} == {
        "train": ["sw train 1", "sw train 2"],
        "validation": ["sw dev 1"],
        "test": ["sw test 1"],
    }
    assert violations() == []


PARTS = [("train", 1), ("dev", 1), ("train", 2), ("test", 1)]


def test_a_patch_keeps_the_places(dataset: Dataset) -> None:
    set_layout(actor=steward_of(dataset), dataset_id=dataset.pk, layout=GROUPED)
    leaving = accepted(dataset, ("a.jsonl", spoken(*range(20))))
    accepted(dataset, ("b.jsonl", spoken(*range(20, 40))))
    before = places(published_version(dataset))

    take_back(actor=leaving.contributor, contribution_id=leaving.pk)
    run_all_jobs()
    patch = DatasetVersion.objects.get(dataset=dataset, state="published")
    after = places(patch)
    gone = {f"speaker {who}" for who in range(20)}
    assert {place: speakers(rows) for place, rows in after.items()} == {
        place: speakers(rows) - gone for place, rows in before.items()
    }
    assert violations() == []


def test_a_contribution_that_lies_in_one_place_is_published_as_it_is(dataset: Dataset) -> None:
    set_layout(actor=steward_of(dataset), dataset_id=dataset.pk, layout=Layout(config=ConfigRule("column", "lang")))
    for lang in ("sw", "ar"):
        rows = [{"lang": lang, "text": str(number)} for number in range(200)]
        accepted(dataset, ("a.jsonl", b"".join(json.dumps(row).encode() + b"\n" for row in rows)))
    version = published_version(dataset)
    assert {place: len(rows) for place, rows in places(version).items()} == {"ar/train": 200, "sw/train": 200}
    segments = ShardSegment.objects.filter(shard__files__version=version)
    assert list(segments.values_list("rows", flat=True)) == [200, 200]


def test_a_split_without_records_fails_with_the_reason(dataset: Dataset) -> None:
    set_layout(actor=steward_of(dataset), dataset_id=dataset.pk, layout=GROUPED)
    accepted(dataset, ("a.jsonl", spoken(1)))
    version = publish_version(actor=steward_of(dataset), dataset_id=dataset.pk)
    run_all_jobs()
    version.refresh_from_db()
    assert version.state == "failed"
    assert "test" in version.failure or "validation" in version.failure or "train" in version.failure
    assert not Job.objects.filter(name="ingestion.build_shard").exists()


def test_a_column_that_is_not_there_is_refused_at_once(dataset: Dataset) -> None:
    set_layout(actor=steward_of(dataset), dataset_id=dataset.pk, layout=GROUPED)
    accepted(dataset, ("a.jsonl", b'{"text": "nobody says this"}\n'))
    with pytest.raises(LayoutColumnMissingError):
        publish_version(actor=steward_of(dataset), dataset_id=dataset.pk)
