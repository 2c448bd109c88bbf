"""The Hub's JSON, key by key, and as `huggingface_hub` parses it."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from huggingface_hub.hf_api import DatasetInfo, RepoFile, RepoFolder

from collective.accounts.models import ApiKey, Membership, Organization, User
from collective.interop.hub import formats
from collective.interop.hub.tree import Tree
from tests.unit.hub.rows import COMMIT, PUBLISHED_AT, dataset, file, version


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 1, 1, tzinfo=UTC), "2026-01-01T00:00:00.000Z"),
        (PUBLISHED_AT, "2026-03-01T12:30:15.123Z"),
        (datetime(2026, 1, 1, 1, tzinfo=timezone(timedelta(hours=3))), "2025-12-31T22:00:00.000Z"),
    ],
)
def test_an_instant_ends_in_z(moment: datetime, text: str) -> None:
    assert formats.instant(moment) == text


def test_info_of_a_dataset() -> None:
    licenses = ["CC-BY-4.0", "LicenseRef-DC-Training"]
    assert formats.dataset_info(dataset(), version(), licenses=licenses) == {
        "id": "acme/greetings",
        "author": "acme",
        "sha": COMMIT,
        "private": False,
        "gated": "auto",
        "disabled": False,
        "description": "Short greetings.",
        "tags": [
            "task_categories:text-classification",
            "language:ar",
            "language:en",
            "modality:text",
            "license:cc-by-4.0",
            "license:other",
        ],
        "cardData": {
            "license": ["cc-by-4.0", "other"],
            "language": ["ar", "en"],
            "pretty_name": "Greetings",
            "task_categories": ["text-classification"],
        },
        "createdAt": "2026-01-01T00:00:00.000Z",
        "lastModified": "2026-03-01T12:30:15.123Z",
    }


@pytest.mark.parametrize(
    ("visibility", "private", "gated"),
    [("public", False, "auto"), ("restricted", False, "manual"), ("private", True, "auto")],
)
def test_who_gets_in_is_said_in_the_hubs_words(visibility: str, private: bool, gated: str) -> None:
    info = formats.dataset_info(dataset(visibility=visibility), version())
    assert (info["private"], info["gated"]) == (private, gated)


def test_the_client_reads_info_with_its_files() -> None:
    files = [file("en/train-a"), file("README.md", "card")]
    siblings = formats.siblings(files, blobs=True)
    parsed = DatasetInfo(**formats.dataset_info(dataset(), version()), siblings=siblings)
    assert parsed.last_modified == PUBLISHED_AT.replace(microsecond=123000)
    assert parsed.siblings is not None
    data, card = parsed.siblings
    assert (data.rfilename, data.size, data.blob_id) == ("en/train-a", 10, "a" * 40)
    assert data.lfs is not None
    assert data.lfs["sha256"] == "a" * 64
    assert card.lfs is None


def test_siblings_without_blobs_are_names_only() -> None:
    assert formats.siblings([file("en/train-a")], blobs=False) == [{"rfilename": "en/train-a"}]


def test_tree_entries_as_the_client_reads_them() -> None:
    tree = Tree([file("en/train-a"), file("README.md", "card")])
    folder, data, card = (tree.get(path) for path in ("en", "en/train-a", "README.md"))
    assert folder
    assert data
    assert card
    parsed = RepoFile(**formats.tree_entry(data, version(), expand=True))
    assert parsed.lfs is not None
    assert parsed.lfs["sha256"] == "a" * 64
    assert parsed.last_commit is not None
    assert (parsed.last_commit["oid"], parsed.last_commit["title"]) == (COMMIT, "v1.0.0")
    assert RepoFolder(**formats.tree_entry(folder, version(), expand=False)).path == "en"
    assert formats.tree_entry(card, version(), expand=False) == {
        "type": "file",
        "path": "README.md",
        "size": 10,
        "oid": "d" * 40,
    }


def test_refs_name_the_newest_and_every_tag() -> None:
    newest, older = version("1.1.0", "a" * 40), version("1.0.0", "b" * 40)
    assert formats.refs(newest, [newest, older]) == {
        "branches": [{"name": "main", "ref": "refs/heads/main", "targetCommit": "a" * 40}],
        "tags": [
            {"name": "v1.1.0", "ref": "refs/tags/v1.1.0", "targetCommit": "a" * 40},
            {"name": "v1.0.0", "ref": "refs/tags/v1.0.0", "targetCommit": "b" * 40},
        ],
        "converts": [],
        "pullRequests": [],
    }


def test_a_commit() -> None:
    assert formats.commit(version(), author="acme") == {
        "id": COMMIT,
        "title": "v1.0.0",
        "message": "",
        "authors": [{"user": "acme"}],
        "date": "2026-03-01T12:30:15.123Z",
    }


def test_whoami_names_shared_organizations_only() -> None:
    user = User(name="Amara", email="amara@example.org")
    own = Organization(slug="amara", personal_of=user)
    acme = Organization(slug="acme", name="Acme")
    memberships = [Membership(organization=own, role="owner"), Membership(organization=acme, role="member")]
    said = formats.account(user, ApiKey(name="laptop"), name="amara", memberships=memberships)
    assert said["name"] == "amara"
    assert said["orgs"] == [{"type": "org", "name": "acme", "fullname": "Acme", "roleInOrg": "member"}]
    assert said["auth"]["accessToken"] == {"displayName": "laptop", "role": "read"}


def test_an_etag_is_what_the_tree_says() -> None:
    assert formats.etag(file("en/train-a")) == "a" * 64
    assert formats.etag(file("README.md", "card")) == "d" * 40
