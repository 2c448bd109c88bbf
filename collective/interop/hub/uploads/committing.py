"""A commit: files of the draft get their names, others go, and the card is kept as a note."""

import hashlib
from typing import TYPE_CHECKING

from collective.accounts.models import User
from collective.catalog.models import Contribution, Dataset
from collective.interop.hub.uploads.drafts import draft_of, head
from collective.interop.hub.uploads.errors import NothingToDeleteError, ParentMovedError
from collective.interop.hub.uploads.numbered import outdated
from collective.interop.hub.uploads.requests import Commit
from collective.interop.models import PushedCard
from ingestion.domain.names import display_name
from ingestion.domain.parts import NamedFile
from ingestion.services import commit_files, complete_upload, remove_files, start_upload

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from ingestion.models import Upload


def make_commit(*, actor: User, dataset: Dataset, commit: Commit) -> Contribution:
    """Everything is checked before the first change, and all of it may be repeated."""
    if commit.parent and commit.parent != head(dataset):
        raise ParentMovedError
    draft = draft_of(actor, dataset)
    here = set(_names(draft))
    gone = _gone(dataset, commit, here)
    files = [NamedFile(display_name(path), file) for path, file in commit.files.items()]
    commit_files(actor=actor, contribution_id=draft.pk, files=files)
    for path in commit.empty:
        _add_empty(actor, draft, display_name(path))
    added = {display_name(path) for path in commit.paths}
    gone = [*gone, *outdated(here, added)]
    remove_files(actor=actor, contribution_id=draft.pk, names=set(gone) - added)
    if commit.card is not None:
        PushedCard.objects.update_or_create(contribution=draft, defaults={"text": commit.card})
    return draft


def commit_id(draft: Contribution) -> str:
    """Forty hex digits: the contribution's id, so that the commit's address leads to its page, and what it holds."""
    newest = {upload.name: upload for upload in _live(draft).order_by("created_at", "id")}
    content = "\n".join(f"{name}:{newest[name].fingerprint}:{newest[name].size}" for name in sorted(newest))
    return f"{draft.pk.hex}{hashlib.sha256(content.encode()).hexdigest()[:8]}"


def _gone(dataset: Dataset, commit: Commit, here: set[str]) -> list[str]:
    """What the commit deletes of the draft. Clients that replace a split also delete what is published of it: that
    stays, without an error. Raises NothingToDeleteError when a commit does nothing else."""
    folders = tuple(f"{display_name(path)}/" for path in commit.deleted_folders)
    wanted = {display_name(path) for path in commit.deleted}
    gone = [name for name in here if name in wanted or (folders and name.startswith(folders))]
    if not gone and not commit.paths and commit.card is None and (wanted or folders):
        raise NothingToDeleteError(path=[*commit.deleted, *commit.deleted_folders][0])
    return gone


def _add_empty(actor: User, draft: Contribution, name: str) -> None:
    if not _live(draft).filter(name=name, size=0).exists():
        upload = start_upload(actor=actor, contribution_id=draft.pk, name=name, size=0)
        complete_upload(actor=actor, upload_id=upload.pk)


def _live(draft: Contribution) -> "QuerySet[Upload]":
    """What is open has no name yet, or is on its way from a browser."""
    return draft.uploads.live().exclude(state="open")


def _names(draft: Contribution) -> list[str]:
    return list(_live(draft).values_list("name", flat=True))
