"""The Hub's JSON, as its clients parse it: pure functions from catalog rows to dictionaries.

Shapes are those of `huggingface_hub` 0.34 to 2.4. Times end in `Z`: the client refuses an offset.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from collective.accounts.models import ApiKey, Membership, User
from collective.catalog.models import Dataset, DatasetVersion, VersionFile
from collective.interop.hub.tree import Entry, Folder

Json = dict[str, Any]
# The size of a Git LFS pointer file; clients want a number and use it for nothing.
POINTER_SIZE = 134


def instant(moment: datetime) -> str:
    utc = moment.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"


def account(user: User, key: ApiKey, *, name: str, memberships: Iterable[Membership]) -> Json:
    """`whoami-v2`. The login of 0.34 insists on `displayName` and `role`."""
    role = "write" if "upload" in key.scopes else "read"
    shared = [row for row in memberships if row.organization.personal_of_id is None]
    return {
        "type": "user",
        "id": str(user.pk),
        "name": name,
        "fullname": user.name,
        "email": user.email,
        "orgs": [
            {"type": "org", "name": row.organization.slug, "fullname": row.organization.name, "roleInOrg": row.role}
            for row in shared
        ],
        "auth": {"type": "access_token", "accessToken": {"displayName": key.name, "role": role}},
    }


def dataset_info(dataset: Dataset, version: DatasetVersion, *, licenses: Iterable[str] = ()) -> Json:
    """One dataset at one version, without its files. `licenses`: SPDX ids of its live offers."""
    names = license_names(licenses)
    return {
        "id": dataset.repo_id,
        "author": dataset.organization.slug,
        "sha": version.commit_id,
        "private": dataset.visibility == "private",
        "gated": "manual" if dataset.visibility == "restricted" else "auto",
        "disabled": False,
        "description": dataset.summary,
        "tags": tags(dataset, names),
        "cardData": card_data(dataset, names),
        "createdAt": instant(dataset.created_at),
        "lastModified": instant(published_at(version)),
    }


def drafted_info(dataset: Dataset, commit_id: str, listed: list[Json]) -> Json:
    """A dataset of which nothing is published yet, for somebody who may push to it."""
    opened = instant(dataset.created_at)
    return {
        "id": dataset.repo_id,
        "author": dataset.organization.slug,
        "sha": commit_id,
        "private": dataset.visibility == "private",
        "gated": False,
        "disabled": False,
        "tags": [],
        "cardData": {},
        "createdAt": opened,
        "lastModified": opened,
        "siblings": listed,
    }


def drafted_refs(commit_id: str) -> Json:
    main = {"name": "main", "ref": "refs/heads/main", "targetCommit": commit_id}
    return {"branches": [main], "tags": [], "converts": [], "pullRequests": []}


def license_names(licenses: Iterable[str]) -> list[str]:
    """The Hub's names: SPDX ids in lower case, `other` for licenses of our own or none."""
    return sorted({"other" if each.startswith("LicenseRef-") else each.lower() for each in licenses}) or ["other"]


def card_data(dataset: Dataset, licenses: list[str]) -> Json:
    task = {"task_categories": [dataset.task]} if dataset.task else {}
    return {"license": licenses, "language": dataset.languages, "pretty_name": dataset.title, **task}


def tags(dataset: Dataset, licenses: list[str]) -> list[str]:
    """As on the Hub: `key:value`, so that its `filter=` finds them."""
    task = [f"task_categories:{dataset.task}"] if dataset.task else []
    languages = [f"language:{language}" for language in dataset.languages]
    return [*task, *languages, f"modality:{dataset.modality}", *(f"license:{each}" for each in licenses)]


def siblings(files: Iterable[VersionFile], *, blobs: bool) -> list[Json]:
    return [{"rfilename": file.path, **(_blob(file) if blobs else {})} for file in files]


def tree_entry(entry: Entry, version: DatasetVersion | None, *, expand: bool) -> Json:
    """Without a `version` it lies in a draft, which has no last commit."""
    last_commit = {"lastCommit": _last_commit(version)} if expand and version else {}
    if isinstance(entry, Folder):
        return {"type": "directory", "path": entry.path, "size": 0, "oid": entry.oid, **last_commit}
    lfs = {"lfs": {"oid": entry.sha256, "size": entry.size, "pointerSize": POINTER_SIZE}} if is_data(entry) else {}
    return {
        "type": "file",
        "path": entry.path,
        "size": entry.size,
        "oid": entry.git_sha1,
        **lfs,
        **last_commit,
    }


def refs(newest: DatasetVersion, versions: Iterable[DatasetVersion]) -> Json:
    return {
        "branches": [{"name": "main", "ref": "refs/heads/main", "targetCommit": newest.commit_id}],
        "tags": [
            {"name": each.tag, "ref": f"refs/tags/{each.tag}", "targetCommit": each.commit_id} for each in versions
        ],
        "converts": [],
        "pullRequests": [],
    }


def commit(version: DatasetVersion, *, author: str) -> Json:
    return {
        "id": version.commit_id,
        "title": version.tag,
        "message": version.notes,
        "authors": [{"user": author}],
        "date": instant(published_at(version)),
    }


def published_at(version: DatasetVersion) -> datetime:
    if version.published_at is None:
        raise ValueError(f"version {version} is not published")
    return version.published_at


def is_data(file: VersionFile) -> bool:
    return file.kind == "data"


def etag(file: VersionFile) -> str:
    """Unquoted. SHA-256 for data, so that it equals `lfs.oid` in the tree; Git's blob id for the rest."""
    return file.sha256 if is_data(file) else file.git_sha1


def _blob(file: VersionFile) -> Json:
    lfs = {"sha256": file.sha256, "size": file.size, "pointerSize": POINTER_SIZE}
    return {"size": file.size, "blobId": file.git_sha1, **({"lfs": lfs} if is_data(file) else {})}


def _last_commit(version: DatasetVersion) -> Json:
    return {"id": version.commit_id, "title": version.tag, "date": instant(published_at(version))}
