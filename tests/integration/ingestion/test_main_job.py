"""From a file to a sealed version, with real parts, child process and stores."""

import json

import pyarrow.parquet as pq
import pytest

from collective.catalog.models import DatasetVersion
from collective.core.models import Job
from collective.core.storage import published
from tests.factories import DatasetFactory
from tests.integration.ingestion.flow import accepted, published_version, violations

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("store")]

SWAHILI = b'{"text": "habari ya asubuhi", "lang": "sw"}\n{"text": "asante sana", "lang": "sw"}\n'
YORUBA = 'text,lang\n"Ẹ káàárọ̀, ọ̀rẹ́",yo\n'.encode()


def rows_of(version: DatasetVersion) -> list[dict[str, object]]:
    rows = []
    for file in version.files.filter(kind="data").order_by("path"):
        with published().open(file.sha256) as stored:
            rows += pq.read_table(stored).to_pylist()
    return rows


def test_two_contributions_become_one_sealed_version() -> None:
    dataset = DatasetFactory(slug="greetings", languages=["sw", "yo"], summary="Greetings.")
    first = accepted(dataset, ("a.jsonl", SWAHILI))
    second = accepted(dataset, ("b.csv", YORUBA))

    version = published_version(dataset)

    assert version.number == "1.0.0"
    rows = rows_of(version)
    assert [(row["text"], row["lang"]) for row in rows] == [
        ("habari ya asubuhi", "sw"),
        ("asante sana", "sw"),
        ("Ẹ káàárọ̀, ọ̀rẹ́", "yo"),
    ]
    assert len({row["record_id"] for row in rows}) == 3
    assert dict(version.holdings.values_list("contribution", "rows")) == {first.pk: 2, second.pk: 1}
    assert version.row_count == 3
    assert [column["name"] for column in version.columns] == ["record_id", "text", "lang"]
    assert version.statistics["columns"]["lang"]["values"] == {"sw": 2, "yo": 1}
    assert list(version.files.order_by("path").values_list("path", "kind")) == [
        ("README.md", "card"),
        ("croissant.json", "croissant"),
        ("default/train-00000-of-00001.parquet", "data"),
        ("manifest.json", "manifest"),
    ]
    assert violations() == []
    assert not Job.objects.exclude(state="done").exists()


def test_the_manifest_names_every_file_and_hashes_to_what_the_row_says() -> None:
    dataset = DatasetFactory()
    accepted(dataset, ("a.jsonl", SWAHILI))

    version = published_version(dataset)

    assert version.files.get(kind="manifest").sha256 == version.manifest_sha256
    with published().open(version.manifest_sha256) as stored:
        manifest = json.loads(stored.read())
    assert manifest["merkle_root"] == version.merkle_root
    assert manifest["commit"] == version.commit_id
    others = version.files.exclude(kind="manifest").values_list("path", "sha256", "size", "git_sha1")
    assert {(each["path"], each["sha256"], each["size"], each["git_sha1"]) for each in manifest["files"]} == set(others)
