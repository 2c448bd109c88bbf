"""`collective sync`: withdrawn records leave a downloaded copy, whatever ends the command, and the proof says so."""

import json
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pytest_django import Settings

from collective.accounts.models import User
from collective.catalog import services as catalog
from collective.catalog.domain.records import list_records
from collective.catalog.models import Contribution, Dataset
from data_collective import copies
from data_collective.errors import CollectiveError, IntegrityError, UsageError
from data_collective.sync import SyncWishes, sync
from licensing import services
from licensing.models import WithdrawalNotice
from licensing.services import keys
from tests.contract.client.command import Command, Done, finished
from tests.contract.hub.published import key_for
from tests.factories import ContributionFactory, DatasetFactory, UserFactory
from tests.integration.ingestion.flow import published_version, submitted
from tests.integration.licensing import world
from tests.integration.licensing.test_withdrawal_feed import record, take_back

pytestmark = pytest.mark.command
SCOPES = ("licenses:read", "licenses:attest", "download", "datasets:read")


@dataclass(frozen=True)
class Copy:
    """What a licensee has on disk, and the key that it asks with."""

    folder: Path
    site: str
    key: str
    contribution: Contribution
    buyer: User

    @property
    def dataset(self) -> Dataset:
        return self.contribution.dataset

    def sync(self, folder: Path | None = None, **changes: Any) -> None:
        asked = {"dataset": self.dataset.repo_id, "attest": None, "site": self.site, "key_file": None, "patience": 1.0}
        wishes = SyncWishes(folder or self.folder, **{**asked, **changes})
        sync(wishes, {"COLLECTIVE_TOKEN": self.key})

    def proof(self, name: str = "proof-1", folder: Path | None = None) -> Any:
        said = json.loads(((folder or self.folder) / ".collective" / f"{name}.json").read_text())
        said.pop("made_at")
        return said


def write_files(folder: Path) -> None:
    """Ten records in three files, the last of them with none that will be withdrawn."""
    for name, numbers in {"a": range(4), "sub/b": range(4, 8), "c": range(8, 10)}.items():
        path = folder / f"{name}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        ids = [record(number).record_id for number in numbers]
        table = pa.table({"record_id": ids, "text": [f"text {number}" for number in numbers]})
        pq.write_table(table.replace_schema_metadata({"huggingface": "{}"}), path, compression="zstd", row_group_size=3)


def ids_in(folder: Path) -> set[str]:
    tables = [pq.read_table(path, columns=["record_id"]) for path in folder.rglob("*.parquet")]
    return {each for table in tables for each in table.column("record_id").to_pylist()}


@pytest.fixture
def copy(
    transactional_db: None, live_site: str, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Copy:
    settings.STORAGE_DIR = tmp_path / "objects"
    steward, contributor, buyer = (UserFactory.create() for _ in range(3))
    dataset = DatasetFactory.create(steward=steward)
    contribution = world.accepted(dataset, contributor, steward)
    version = world.publish(dataset, steward)
    world.granted(world.offered(dataset, steward), version, buyer)
    write_files(tmp_path / "copy")
    return Copy(tmp_path / "copy", live_site, key_for(buyer, *SCOPES), contribution, buyer)


def test_withdrawn_records_leave_the_copy(copy: Copy, capsys: pytest.CaptureFixture[str]) -> None:
    take_back(copy.contribution, 0, 2, 5)
    untouched = (copy.folder / "c.parquet").read_bytes()
    before = copies.sha256_of(copy.folder / "a.parquet")
    copy.sync()
    assert ids_in(copy.folder) == {record(number).record_id for number in (1, 3, 4, 6, 7, 8, 9)}
    assert (copy.folder / "c.parquet").read_bytes() == untouched
    kept = pq.read_table(copy.folder / "a.parquet")
    assert (kept.column("text").to_pylist(), kept.schema.metadata) == (["text 1", "text 3"], {b"huggingface": b"{}"})

    proof = copy.proof()
    assert [(each["path"], each["rows_before"], each["rows_after"]) for each in proof["files"]] == [
        ("a.parquet", 4, 2),
        ("sub/b.parquet", 4, 3),
    ]
    first = proof["files"][0]
    assert first["removed"] == [record(0).record_id, record(2).record_id]
    after = copies.sha256_of(copy.folder / "a.parquet")
    assert (first["sha256_before"], first["sha256_after"]) == (before, after)
    assert proof["check"] == {"files": 3, "records": 7, "left": 0, "unchecked": []}
    assert "none of them is withdrawn" in capsys.readouterr().out


def test_a_second_run_changes_nothing_and_a_later_withdrawal_goes_on(copy: Copy) -> None:
    take_back(copy.contribution, 0)
    copy.sync()
    files = {path: path.read_bytes() for path in copy.folder.rglob("*") if path.is_file()}
    copy.sync(dataset=None)
    assert {path: path.read_bytes() for path in copy.folder.rglob("*") if path.is_file()} == files
    take_back(copy.contribution, 9)
    copy.sync()
    assert ids_in(copy.folder) == {record(number).record_id for number in range(1, 9)}
    assert [each["path"] for each in copy.proof("proof-2")["files"]] == ["c.parquet"]


@pytest.mark.parametrize("replaced", [0, 1])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_interrupted_and_run_again_gives_the_same(
    copy: Copy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, replaced: int, moment: str
) -> None:
    """It ends before or after it puts the first or the second file in its place."""
    take_back(copy.contribution, 0, 5)
    other = tmp_path / "other"
    write_files(other)
    copy.sync(other)
    left, really = [replaced], copies.replace

    def ending(path: Path, new: Path) -> None:
        if left[0] == 0 and moment == "before":
            raise KeyboardInterrupt
        really(path, new)
        if left[0] == 0:
            raise KeyboardInterrupt
        left[0] -= 1

    with monkeypatch.context() as patched:
        patched.setattr(copies, "replace", ending)
        with pytest.raises(KeyboardInterrupt):
            copy.sync()
    assert not (copy.folder / ".collective" / "proof-1.json").exists()
    copy.sync()
    assert copy.proof() == copy.proof(folder=other)
    assert {path.name for path in copy.folder.rglob("*")} == {path.name for path in other.rglob("*")}
    assert ids_in(copy.folder) == ids_in(other)


def test_a_restored_backup_is_cleaned_without_a_new_withdrawal(copy: Copy) -> None:
    take_back(copy.contribution, 0)
    copy.sync()
    write_files(copy.folder)
    copy.sync()
    assert record(0).record_id not in ids_in(copy.folder)
    assert [each["path"] for each in copy.proof("proof-1")["files"]] == ["a.parquet"]


def test_a_link_leads_to_the_bytes_that_are_the_copy(copy: Copy, tmp_path: Path) -> None:
    """As in the cache of the Hugging Face Hub, where a snapshot is links to blobs."""
    take_back(copy.contribution, 0)
    blob = tmp_path / "blobs" / "abc"
    blob.parent.mkdir()
    (copy.folder / "a.parquet").rename(blob)
    for name in ("a.parquet", "again.parquet"):
        (copy.folder / name).symlink_to(blob)
    copy.sync()
    assert (copy.folder / "a.parquet").is_symlink()
    assert pq.read_table(pa.BufferReader(blob.read_bytes())).num_rows == 3
    assert [each["path"] for each in copy.proof()["files"]] == ["a.parquet"]


def test_attesting_signs_the_statement_with_the_proof(copy: Copy, run_all_jobs: Callable[[], list[str]]) -> None:
    take_back(copy.contribution, 0)
    run_all_jobs()
    copy.sync(attest="Bela Kovacs")
    notice = WithdrawalNotice.objects.get()
    signed = notice.events.get(kind="attested")
    proof = copies.sha256_of(copy.folder / ".collective" / "proof-1.json")
    assert (notice.state, signed.signer_name, signed.proof_sha256) == ("attested", "Bela Kovacs", proof)


def test_what_cannot_be_looked_into_is_not_attested(copy: Copy, run_all_jobs: Callable[[], list[str]]) -> None:
    take_back(copy.contribution, 0)
    run_all_jobs()
    pq.write_table(pa.table({"text": ["no ids"]}), copy.folder / "other.parquet")
    with pytest.raises(IntegrityError, match=r"other\.parquet has no record ids"):
        copy.sync(attest="Bela Kovacs")
    assert WithdrawalNotice.objects.get().state == "notified"
    assert copy.proof()["check"]["unchecked"] == ["other.parquet"]


def test_a_list_that_the_site_did_not_sign_changes_nothing(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    take_back(copy.contribution, 0)
    really = keys.sign

    def forged(*args: Any, **kwargs: Any) -> str:
        head, payload, _ = really(*args, **kwargs).split(".")
        return f"{head}.{payload}.{'A' * 86}"

    monkeypatch.setattr(keys, "sign", forged)
    with pytest.raises(IntegrityError, match="not signed by this site"):
        copy.sync()
    assert len(ids_in(copy.folder)) == 10
    assert not (copy.folder / ".collective").exists()


@pytest.mark.parametrize(
    ("changes", "error"),
    [({"dataset": None}, UsageError), ({"dataset": "no/such"}, CollectiveError), ({"path": "nowhere"}, UsageError)],
)
def test_wrong_use_is_told(copy: Copy, changes: dict[str, Any], error: type[CollectiveError]) -> None:
    folder = copy.folder / changes.pop("path") if "path" in changes else None
    with pytest.raises(error):
        copy.sync(folder, **changes)


def test_half_a_file_is_named(copy: Copy) -> None:
    (copy.folder / "half.parquet").write_bytes(b"PAR1 half")
    with pytest.raises(IntegrityError, match=r"half\.parquet is not a whole Parquet file"):
        copy.sync()


@pytest.mark.slow
def test_the_command_on_a_copy_of_what_was_really_published(
    transactional_db: None, live_site: str, settings: Settings, tmp_path: Path, run_all_jobs: Callable[[], list[str]]
) -> None:
    """Two contributions, downloaded by manifest; one is taken back, and its bytes are erased at the site."""
    settings.STORAGE_DIR = tmp_path / "objects"
    steward, buyer = UserFactory.create(), UserFactory.create()
    dataset = DatasetFactory.create(steward=steward, visibility="public")
    leaving, staying = (_contributed(dataset, steward, name) for name in ("leaving", "staying"))
    version = published_version(dataset)
    world.granted(world.offered(dataset, steward), version, buyer)
    key, folder = key_for(buyer, *SCOPES), tmp_path / "copy"
    _download(f"{live_site}/api/v1/datasets/{dataset.repo_id}/manifest", key, folder)
    assert len(ids_in(folder)) == 10
    services.withdraw_contribution(actor=leaving.contributor, contribution_id=leaving.pk)
    run_all_jobs()

    facts = services.notice_facts(WithdrawalNotice.objects.get())
    named = {(each["path"], each["sha256"], each["version"]) for each in facts["files"]}
    holding = version.files.filter(shard__segments__contribution=leaving)
    assert named == {(file.path, file.sha256, version.number) for file in holding}

    gone = {each.record_id for each in list_records(leaving.pk, count=100)}
    kept = {each.record_id for each in list_records(staying.pk, count=100)}
    done = _run(Command(live_site, key), folder, "--dataset", dataset.repo_id, "--attest", "Bela Kovacs")
    assert done.status == 0, done.err
    assert (len(gone), ids_in(folder)) == (5, kept)
    assert WithdrawalNotice.objects.get().state == "attested"
    assert "We deleted all copies of these records" in done.err


def _run(command: Command, folder: Path, *options: str) -> Done:
    return finished(command.begin("sync", str(folder), *options))


def _contributed(dataset: Dataset, steward: User, word: str) -> Contribution:
    made: Contribution = ContributionFactory.create(dataset=dataset)
    lines = "".join(json.dumps({"text": f"{word} {number}"}) + "\n" for number in range(5))
    submitted(made, (f"{word}.jsonl", lines.encode()))
    return catalog.decide_contribution(actor=steward, contribution_id=made.pk, accept=True)


def _download(address: str, key: str, folder: Path) -> None:
    asked = urllib.request.Request(address, headers={"Authorization": f"Bearer {key}"})
    with urllib.request.urlopen(asked, timeout=30) as answer:
        files = json.loads(answer.read())["files"]
    for file in files:
        path = folder / file["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        with urllib.request.urlopen(file["url"], timeout=30) as answer:
            path.write_bytes(answer.read())
