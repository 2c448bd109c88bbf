"""Who may push where, and what is refused."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from collective.accounts.models import User
from collective.catalog.models import Contribution, Dataset
from ingestion.models import StorageQuota, Upload
from ingestion.services import sweep_uploads
from tests.contract.hub.published import Market
from tests.factories import DatasetFactory, UserFactory
from tests.integration.push.pusher import Pusher, deleted, lfs_file, pusher_for, regular_file
from tests.services.jobs import run_all_jobs

pytestmark = pytest.mark.once  # `test_pushing.py` goes the whole way on both databases

CONTENT = b'{"text": "a"}\n'


def test_a_key_needs_the_scope_upload(contributor: User, dataset: Dataset) -> None:
    reader = pusher_for(contributor, dataset.repo_id, "datasets:read", "download")
    nobody = Pusher(dataset.repo_id)
    for who, status in ((reader, 403), (nobody, 401)):
        answers = [who.batch(CONTENT), who.create(), who.preupload("a"), who.commit(), who.verify(CONTENT)]
        assert {answer.status_code for answer in answers} == {status}
    assert "scope upload" in reader.commit()["X-Error-Message"]
    assert not Contribution.objects.exists()


@pytest.mark.once
def test_a_session_is_no_key(contributor: User, dataset: Dataset) -> None:
    browser = Client()
    browser.force_login(contributor)
    answer = browser.post(f"/api/datasets/{dataset.repo_id}/commit/main", b"", content_type="application/x-ndjson")
    assert answer.status_code == 401


def test_a_closed_dataset_takes_pushes_of_members_only(contributor: User, steward: User, dataset: Dataset) -> None:
    Dataset.objects.update(open_to_contributions=False, state="listed")
    refused = pusher_for(contributor, dataset.repo_id).batch(CONTENT)
    assert (refused.status_code, refused.get("X-Error-Code")) == (403, None)
    assert "takes contributions from members of Acme only" in refused["X-Error-Message"]
    assert pusher_for(steward, dataset.repo_id).batch(CONTENT).status_code == 200


def test_a_hidden_draft_is_not_there_for_others(contributor: User, steward: User, dataset: Dataset) -> None:
    Dataset.objects.update(open_to_contributions=False)
    stranger, own = pusher_for(contributor, dataset.repo_id), pusher_for(steward, dataset.repo_id)
    assert stranger.get("/api/datasets/acme/open").status_code == 404
    assert Pusher(dataset.repo_id).get("/api/datasets/acme/open").status_code == 401
    assert stranger.batch(CONTENT).status_code == 404
    assert own.get("/api/datasets/acme/open").status_code == 200
    hidden, absent = stranger.create(), pusher_for(contributor, "acme/absent").create()
    assert hidden.status_code == absent.status_code == 403
    assert hidden.json()["error"].replace("acme/open", "acme/absent") == absent.json()["error"]


def test_a_draft_without_a_version_is_an_empty_repository_for_who_may_push(pusher: Pusher) -> None:
    info = pusher.get("/api/datasets/acme/open").json()
    sha = info["sha"]
    assert (info["id"], info["siblings"], len(sha)) == ("acme/open", [], 40)
    assert pusher.get("/api/datasets/acme/open/refs").json()["branches"][0]["targetCommit"] == sha
    for revision in ("main", sha):
        assert pusher.get(f"/api/datasets/acme/open/revision/{revision}").json()["sha"] == sha
        assert pusher.get(f"/api/datasets/acme/open/tree/{revision}?recursive=true").json() == []
        missing = pusher.get(f"/datasets/acme/open/resolve/{revision}/README.md")
        assert (missing.status_code, missing["X-Error-Code"], missing["X-Repo-Commit"]) == (404, "EntryNotFound", sha)
    assert pusher.get(f"/api/datasets/acme/open/tree/{sha}/data")["X-Error-Code"] == "EntryNotFound"
    assert pusher.get("/api/datasets/acme/open/revision/v1.0.0")["X-Error-Code"] == "RevisionNotFound"
    assert pusher.commit(parent=sha).status_code == 200
    assert pusher.commit(parent="0" * 40).status_code == 412


@pytest.mark.once
def test_what_is_there_already_is_told_with_its_address(pusher: Pusher) -> None:
    answer = pusher.create()
    assert (answer.status_code, answer.json()["url"]) == (409, "http://testserver/datasets/acme/open")


@pytest.mark.once
@pytest.mark.parametrize("wanted", [{"type": "model"}, {"name": "a/b"}, {"name": ""}, {"name": "x" * 81}])
def test_what_cannot_be_a_dataset_is_not_created(steward: User, wanted: dict[str, str]) -> None:
    assert pusher_for(steward, "acme/new").create(**wanted).status_code == 400
    assert not Dataset.objects.exists()


@pytest.mark.once
@pytest.mark.parametrize(
    ("wanted", "visibility"),
    [
        ({}, "public"),
        ({"private": None, "visibility": "public"}, "public"),
        ({"private": True}, "private"),
        ({"private": "true"}, "private"),
        ({"visibility": "protected"}, "private"),
    ],
)
def test_what_is_not_plainly_public_is_private(steward: User, wanted: dict[str, object], visibility: str) -> None:
    assert pusher_for(steward, "acme/new").create(**wanted).status_code == 200
    assert Dataset.objects.get(slug="new").visibility == visibility


def test_a_name_alone_is_one_s_own(contributor: User) -> None:
    answer = pusher_for(contributor, "acme/mine").create(organization=None)
    assert answer.json()["url"] == f"http://testserver/datasets/{contributor.personal_organization.slug}/mine"


@pytest.mark.once
def test_only_main_and_no_pull_requests(pusher: Pusher) -> None:
    refused = pusher.preupload("a.jsonl", query="?create_pr=1")
    assert (refused.status_code, "no pull requests" in refused["X-Error-Message"]) == (403, True)
    branch = pusher.post("/api/datasets/acme/open/branch/dev", {})
    assert (branch.status_code, "Only main" in branch["X-Error-Message"]) == (403, True)
    for name in ("dev", "feature%2Fx", "refs%2Fpr%2F1"):
        refused = pusher.post(f"/api/datasets/acme/open/preupload/{name}", {"files": []})
        assert (refused.status_code, "Only main" in refused["X-Error-Message"]) == (403, True)
    assert pusher.post("/api/datasets/acme/open/preupload/refs%2Fheads%2Fmain", {"files": []}).status_code == 200


@pytest.mark.once
def test_more_than_five_gigabytes_go_through_the_uploader(pusher: Pusher) -> None:
    large, small = pusher.batch_of({"oid": "a" * 64, "size": 6 * 1024**3}, {"oid": "b" * 64, "size": 9}).json()[
        "objects"
    ]
    assert (large["error"]["code"], "collective" in large["error"]["message"]) == (422, True)
    assert "upload" in small["actions"]
    assert Upload.objects.count() == 1


def test_quotas_hold_for_what_is_announced(settings: Settings, pusher: Pusher) -> None:
    settings.PERSONAL_QUOTA_BYTES = 100
    refused = pusher.batch_of({"oid": "a" * 64, "size": 101})
    assert (refused.status_code, "101 bytes" in refused["X-Error-Message"]) == (413, True)
    assert not Upload.objects.exists()


def test_a_folder_of_many_files_waits_for_one_commit(settings: Settings, pusher: Pusher) -> None:
    """And takes nothing of what browsers may have on their way."""
    settings.OPEN_UPLOADS_PER_PERSON = settings.OPEN_UPLOADS_PER_ORGANIZATION = 1
    settings.CONTRIBUTION_MAX_FILES = 3
    names = [{"oid": letter * 64, "size": 1} for letter in "abcd"]
    assert pusher.batch_of(*names[:3]).status_code == 200
    refused = pusher.batch_of(names[3])
    assert (refused.status_code, "3 unfinished uploads" in refused["X-Error-Message"]) == (403, True)
    assert Upload.objects.count() == 3
    assert not Upload.objects.on_their_way().exists()


@pytest.mark.once
@pytest.mark.parametrize("path", ["../a.jsonl", "a/../../b.jsonl", "/", "a//b", "a\\b.jsonl", "a\nb", "x" * 201])
def test_paths_that_lead_elsewhere_are_refused(pusher: Pusher, path: str) -> None:
    pusher.send(CONTENT)
    assert pusher.commit(lfs_file(path, CONTENT)).status_code == 400
    assert list(Upload.objects.values_list("state", flat=True)) == ["open"]


@pytest.mark.once
def test_names_that_a_file_system_confuses_are_refused(pusher: Pusher) -> None:
    other = CONTENT * 2
    pusher.send(CONTENT)
    pusher.send(other)
    assert pusher.commit(lfs_file("A.jsonl", CONTENT), lfs_file("a.jsonl", other)).status_code == 400
    assert set(Upload.objects.values_list("state", flat=True)) == {"open"}


@pytest.mark.once
@pytest.mark.parametrize(
    "line",
    [
        {"key": "lfsFile", "value": {"path": "a", "oid": "A" * 64, "size": 1}},
        {"key": "lfsFile", "value": {"path": "a", "oid": "a" * 64, "size": -1}},
        {"key": "lfsFile", "value": {"path": 3}},
        {"key": "file", "value": {"path": "README.md", "content": "!", "encoding": "base64"}},
        {"key": "file", "value": {"path": "README.md", "content": "é", "encoding": "base64"}},
        {"key": "unknown", "value": {}},
        {"key": "file", "value": []},
        regular_file("README.md", b"\xff"),
    ],
)
def test_a_commit_that_cannot_be_read_changes_nothing(pusher: Pusher, line: dict[str, object]) -> None:
    assert pusher.commit(line).status_code == 400
    assert not Contribution.objects.exists()


@pytest.mark.once
def test_a_card_s_head_is_yaml_or_refused(pusher: Pusher) -> None:
    good, bad = "---\nlicense: cc0-1.0\n---\n", "---\na: [\n---\n"
    assert pusher.post("/api/validate-yaml", {"content": good, "repoType": "dataset"}).json()["errors"] == []
    refused = pusher.post("/api/validate-yaml", {"content": bad, "repoType": "dataset"})
    assert (refused.status_code, len(refused.json()["errors"])) == (400, 1)


def test_what_nobody_commits_goes_and_gives_its_room_back(settings: Settings, pusher: Pusher) -> None:
    pusher.send(CONTENT)
    for days in (settings.UPLOAD_EXPIRES_DAYS, settings.UPLOAD_EXPIRES_DAYS + settings.UPLOAD_RESTORE_DAYS):
        Upload.objects.update(active_at=timezone.now() - timedelta(days=days + 1))
        sweep_uploads()
    run_all_jobs()
    upload = Upload.objects.get()
    assert (upload.state, upload.dropped_at is None) == ("aborted", False)
    assert set(StorageQuota.objects.values_list("held_bytes", flat=True)) == {0}


def test_a_dataset_on_hold_takes_no_push(steward: User) -> None:
    held = DatasetFactory.create(steward=steward, state="quarantined")
    refused = pusher_for(UserFactory.create(), held.repo_id).batch(CONTENT)
    assert (refused.status_code, "takes no contributions" in refused["X-Error-Message"]) == (403, True)


def test_a_commit_onto_a_version_that_was_overtaken_is_to_be_read_again(market: Market, contributor: User) -> None:
    """What is published is the repository that everybody reads; the push stays beside it."""
    pusher, published = pusher_for(contributor, market.dataset.repo_id), market.version.commit_id
    pusher.send(CONTENT)
    assert pusher.commit(lfs_file("a.jsonl", CONTENT), parent=published).status_code == 200
    assert pusher.commit(lfs_file("a.jsonl", CONTENT), parent="1" * 40).status_code == 412
    info = pusher.get(f"/api/datasets/{market.dataset.repo_id}").json()
    assert (info["sha"], "a.jsonl" in {each["rfilename"] for each in info["siblings"]}) == (published, False)
    # A loader that replaces a split deletes what is published of it, too: that stays, without an error.
    shard = next(each["rfilename"] for each in info["siblings"] if each["rfilename"].endswith(".parquet"))
    assert pusher.commit(deleted(shard), lfs_file("a.jsonl", CONTENT)).status_code == 200
    assert pusher.commit(deleted(shard)).status_code == 403
    assert pusher.get(f"/api/datasets/{market.dataset.repo_id}").json()["siblings"] == info["siblings"]
