"""A push ends in a draft of the key's owner, and nowhere else."""

import json

import pytest

from collective.accounts.models import User
from collective.catalog.errors import RightsMissingError
from collective.catalog.models import Contribution, Dataset
from collective.catalog.services import submit_contribution
from collective.core.storage import incoming
from collective.interop.models import PushedCard
from ingestion.models import Upload
from ingestion.selectors import latest_report
from licensing.services import withdraw_contribution
from tests.integration.ingestion.flow import declared
from tests.integration.push.pusher import Pusher, deleted, files_of, lfs_file, pusher_for, put, regular_file, sha256
from tests.services.jobs import run_all_jobs

LINES = b"".join(json.dumps({"text": f"line {number}"}).encode() + b"\n" for number in range(5))
OTHER = LINES.replace(b"line", b"word")
CARD = b"---\nlicense: cc0-1.0\n---\n# Mine\n"


def test_the_whole_way_from_create_to_the_check(steward: User) -> None:
    pusher = pusher_for(steward, "acme/fresh")
    assert pusher.create(private=True).json()["url"] == "http://testserver/datasets/acme/fresh"
    assert pusher.preupload("data/a.jsonl", "README.md", ".gitattributes").json()["files"] == [
        {"path": "data/a.jsonl", "uploadMode": "lfs", "shouldIgnore": False},
        {"path": "README.md", "uploadMode": "regular", "shouldIgnore": False},
        {"path": ".gitattributes", "uploadMode": "regular", "shouldIgnore": True},
    ]
    pusher.send(LINES)
    assert pusher.verify(LINES).status_code == 200
    answer = pusher.commit(lfs_file("data/a.jsonl", LINES), regular_file("README.md", CARD))
    draft = Contribution.objects.get()
    oid = answer.json()["commitOid"]
    assert answer.json()["commitUrl"] == f"http://testserver/datasets/acme/fresh/commit/{oid}"
    assert f"/contributions/{draft.pk}/" in answer["X-HF-Warning"]
    assert pusher.get(f"/datasets/acme/fresh/commit/{oid}")["Location"] == f"/contributions/{draft.pk}/"
    run_all_jobs()
    assert files_of(draft) == {"data/a.jsonl": "stored"}
    dataset = Dataset.objects.get(slug="fresh")
    assert (dataset.state, dataset.visibility, dataset.card, draft.state) == ("draft", "private", "", "draft")
    assert PushedCard.objects.get(contribution=draft).text == CARD.decode()


def test_only_the_person_can_hand_it_in(contributor: User, pusher: Pusher) -> None:
    """Neither the license in the card nor the commit is a declaration."""
    pusher.send(LINES)
    pusher.commit(lfs_file("a.jsonl", LINES), regular_file("README.md", CARD))
    run_all_jobs()
    draft = Contribution.objects.get()
    assert (draft.rights_declared_at, draft.material_license, draft.file_count) == (None, "", 1)
    with pytest.raises(RightsMissingError):
        submit_contribution(actor=contributor, contribution_id=draft.pk)
    declared(draft)
    submit_contribution(actor=contributor, contribution_id=draft.pk)
    run_all_jobs()
    report = latest_report(draft)
    assert report is not None
    assert (report.state, report.rows_done) == ("passed", 5)


def test_pushing_again_replaces_files_of_the_same_name_in_the_same_draft(pusher: Pusher) -> None:
    pusher.push(a_DOT_jsonl=LINES)
    run_all_jobs()
    pusher.push(a_DOT_jsonl=OTHER, b_DOT_jsonl=LINES)
    run_all_jobs()
    draft = Contribution.objects.get()
    assert files_of(draft) == {"a.jsonl": "stored", "b.jsonl": "stored"}
    assert draft.uploads.live().get(name="a.jsonl").size == len(OTHER)
    assert draft.uploads.filter(state="removed", dropped_at=None).count() == 0


def test_a_set_of_shards_replaces_the_one_of_another_number(pusher: Pusher) -> None:
    pusher.commit()
    for name, content in (("data/train-00000-of-00002.jsonl", LINES), ("data/train-00001-of-00002.jsonl", OTHER)):
        pusher.send(content)
        pusher.commit(lfs_file(name, content))
    pusher.send(LINES + OTHER)
    pusher.commit(lfs_file("data/train-00000-of-00001.jsonl", LINES + OTHER))
    run_all_jobs()
    assert files_of(Contribution.objects.get()) == {"data/train-00000-of-00001.jsonl": "stored"}


def test_a_commit_repeated_after_a_lost_answer_changes_nothing(pusher: Pusher) -> None:
    first = pusher.push(a_DOT_jsonl=LINES)
    again = pusher.commit(lfs_file("a.jsonl", LINES))
    run_all_jobs()
    last = pusher.commit(lfs_file("a.jsonl", LINES))
    assert first.json() == again.json() == last.json()
    assert Upload.objects.count() == 1


def test_bytes_that_are_not_the_announced_ones_never_count(pusher: Pusher) -> None:
    pusher.send(LINES, instead=LINES.swapcase())
    assert pusher.commit(lfs_file("a.jsonl", LINES)).status_code == 200
    run_all_jobs()
    upload = Upload.objects.get()
    assert (upload.state, "arrived changed" in upload.problem) == ("failed", True)
    assert Contribution.objects.get().file_count == 0


def test_bytes_that_were_hashed_cannot_be_changed_by_the_address_by_which_they_came(pusher: Pusher) -> None:
    (said,) = pusher.batch(LINES).json()["objects"]
    address = said["actions"]["upload"]["href"]
    assert put(address, LINES).status_code == 200
    pusher.commit(lfs_file("a.jsonl", LINES))
    run_all_jobs()
    assert put(address, LINES.swapcase()).status_code == 404
    with incoming().open(Upload.objects.get(state="stored").key) as file:
        assert file.read() == LINES


def test_what_has_not_arrived_cannot_be_committed(pusher: Pusher) -> None:
    pusher.batch(LINES)
    assert pusher.verify(LINES).status_code == 400
    answer = pusher.commit(lfs_file("a.jsonl", LINES))
    assert (answer.status_code, "have not arrived" in answer.json()["error"]) == (400, True)
    assert list(Upload.objects.values_list("state", flat=True)) == ["open"]


def test_nobody_learns_what_others_have_sent(pusher: Pusher, steward: User, dataset: Dataset) -> None:
    pusher.push(a_DOT_jsonl=LINES)
    run_all_jobs()
    (said,) = pusher_for(steward, dataset.repo_id).batch(LINES).json()["objects"]
    assert "upload" in said["actions"]


def test_an_interrupted_push_sends_only_what_is_missing(pusher: Pusher) -> None:
    pusher.send(LINES)
    arrived, missing = pusher.batch(LINES, OTHER).json()["objects"]
    assert ("actions" in arrived, "actions" in missing) == (False, True)


def test_a_commit_deletes_files_of_the_draft_alone(pusher: Pusher) -> None:
    pusher.push(a_DOT_jsonl=LINES, sub_IN_b_DOT_jsonl=OTHER)
    run_all_jobs()
    refused = pusher.commit(deleted("nothing.jsonl"))
    assert (refused.status_code, refused.get("X-Error-Code")) == (403, None)
    pusher.commit({"key": "deletedFolder", "value": {"path": "sub/"}})
    assert files_of(Contribution.objects.get()) == {"a.jsonl": "stored"}


def test_an_empty_file_comes_inside_the_commit_and_no_other_does(pusher: Pusher) -> None:
    assert pusher.commit(regular_file("empty.txt", b"")).status_code == 200
    assert pusher.commit(regular_file("small.jsonl", LINES)).status_code == 400
    run_all_jobs()
    assert files_of(Contribution.objects.get()) == {"empty.txt": "stored"}


def test_a_card_is_forgotten_with_what_it_came_with(contributor: User, pusher: Pusher) -> None:
    pusher.send(LINES)
    pusher.commit(lfs_file("a.jsonl", LINES), regular_file("README.md", CARD))
    run_all_jobs()
    draft = Contribution.objects.get()
    declared(draft)
    submit_contribution(actor=contributor, contribution_id=draft.pk)
    run_all_jobs()
    withdraw_contribution(actor=contributor, contribution_id=draft.pk)
    run_all_jobs()
    assert not PushedCard.objects.exists()


def test_who_pushes_sees_the_draft_as_the_repository_until_something_is_published(
    pusher: Pusher, steward: User
) -> None:
    """Else a client finds nothing to delete or to replace, and says that it is done."""
    api, resolve = "/api/datasets/acme/open", "/datasets/acme/open/resolve/main"
    before = pusher.get(api).json()["sha"]
    pusher.push(sub_IN_a_DOT_jsonl=LINES)
    pusher.commit(regular_file("README.md", CARD))
    run_all_jobs()
    info = pusher.get(f"{api}?blobs=True").json()
    assert {each["rfilename"]: each["size"] for each in info["siblings"]} == {
        "README.md": len(CARD),
        "sub/a.jsonl": len(LINES),
    }
    assert info["sha"] != before
    assert [each["path"] for each in pusher.get(f"{api}/tree/{info['sha']}").json()] == ["README.md", "sub"]
    (file,) = pusher.get(f"{api}/tree/main/sub").json()
    assert file["lfs"] == {"oid": sha256(LINES), "size": len(LINES), "pointerSize": 134}
    assert pusher.post(f"{api}/paths-info/main", {"paths": ["sub", "none"]}).json()[0]["type"] == "directory"
    card = pusher.get(f"{resolve}/README.md")
    assert (b"".join(card), card["X-Repo-Commit"]) == (CARD, info["sha"])
    refused = pusher.get(f"{resolve}/sub/a.jsonl")
    assert (refused.status_code, refused["X-Error-Code"]) == (404, "EntryNotFound")
    assert "is in your draft" in refused["X-Error-Message"]
    others = pusher_for(steward, pusher.repo_id)
    assert others.get(api).json()["siblings"] == []
    assert others.get(f"{api}/revision/{info['sha']}").status_code == 404


def test_a_commit_names_the_draft_as_it_was_read(pusher: Pusher) -> None:
    before = pusher.get("/api/datasets/acme/open").json()["sha"]
    pusher.send(LINES)
    first = pusher.commit(lfs_file("a.jsonl", LINES), parent=before).json()["commitOid"]
    assert pusher.get("/api/datasets/acme/open").json()["sha"] == first
    assert pusher.commit(deleted("a.jsonl"), parent=before).status_code == 412
    assert pusher.commit(deleted("a.jsonl"), parent=first).status_code == 200
    assert pusher.get("/api/datasets/acme/open").json()["siblings"] == []


def test_a_push_says_what_kind_of_data_a_dataset_holds_that_it_opened(steward: User) -> None:
    pusher = pusher_for(steward, "acme/fresh")
    pusher.create()
    readme = b"---\ndataset_info:\n  features:\n  - name: clip\n    dtype: audio\n---\n"
    pusher.push(a_DOT_jsonl=LINES)
    assert Dataset.objects.get(slug="fresh").modality == "tabular"
    pusher.commit(regular_file("README.md", readme))
    assert Dataset.objects.get(slug="fresh").modality == "audio"
    pusher.push(b_DOT_txt=OTHER)
    assert Dataset.objects.get(slug="fresh").modality == "audio"


def test_a_contributor_s_push_says_nothing_of_the_dataset(pusher: Pusher, dataset: Dataset) -> None:
    Dataset.objects.update(modality="tabular")
    assert pusher.push(a_DOT_wav=LINES).status_code == 200
    dataset.refresh_from_db()
    assert dataset.modality == "tabular"


def test_a_card_is_deleted_as_it_is_listed(pusher: Pusher) -> None:
    pusher.commit(regular_file("README.md", CARD))
    assert pusher.commit(deleted("README.md")).status_code == 200
    assert not PushedCard.objects.exists()
    assert pusher.commit(deleted("README.md")).status_code == 403
