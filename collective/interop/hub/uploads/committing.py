"""A commit: files of the draft get their names, others go, and the card is kept as a note."""

from collective.accounts.models import User
from collective.catalog.models import Contribution, Dataset
from collective.catalog.policies import can_steward
from collective.catalog.services import update_dataset
from collective.interop.hub.uploads.creating import MODALITY
from collective.interop.hub.uploads.drafted import head, named_files
from collective.interop.hub.uploads.drafts import draft_of
from collective.interop.hub.uploads.errors import NothingToDeleteError, ParentMovedError
from collective.interop.hub.uploads.kinds import kind_of
from collective.interop.hub.uploads.numbered import outdated
from collective.interop.hub.uploads.requests import CARD, Commit
from collective.interop.models import PushedCard
from ingestion.domain.names import display_name
from ingestion.domain.parts import NamedFile
from ingestion.services import commit_files, complete_upload, remove_files, start_upload


def make_commit(*, actor: User, dataset: Dataset, commit: Commit) -> Contribution:
    """Everything is checked before the first change, and all of it may be repeated."""
    if commit.parent and commit.parent != head(actor, dataset):
        raise ParentMovedError
    draft = draft_of(actor, dataset)
    here = _names(draft)
    gone = _gone(commit, here)
    files = [NamedFile(display_name(path), file) for path, file in commit.files.items()]
    commit_files(actor=actor, contribution_id=draft.pk, files=files)
    for path in commit.empty:
        _add_empty(actor, draft, display_name(path))
    added = {display_name(path) for path in commit.paths}
    gone = [*gone, *outdated(here, added)]
    remove_files(actor=actor, contribution_id=draft.pk, names=set(gone) - added)
    _keep_card(draft, commit)
    _tell_kind(actor, dataset, commit)
    return draft


def _keep_card(draft: Contribution, commit: Commit) -> None:
    if commit.card is not None:
        PushedCard.objects.update_or_create(contribution=draft, defaults={"text": commit.card})
    elif CARD in commit.deleted:
        PushedCard.objects.filter(contribution=draft).delete()


def _tell_kind(actor: User, dataset: Dataset, commit: Commit) -> None:
    """Of a draft without a version that is still called what a push calls it when it opens one."""
    kind = kind_of(commit.paths, commit.card)
    unsaid = dataset.state == "draft" and dataset.modality == MODALITY and not dataset.versions.exists()
    if kind and unsaid and can_steward(actor, dataset):
        update_dataset(actor=actor, dataset_id=dataset.pk, modality=kind)


def _gone(commit: Commit, here: set[str]) -> list[str]:
    """What the commit deletes of the draft. Clients that replace a split also delete what is published of it: that
    stays, without an error. Raises NothingToDeleteError when a commit does nothing else."""
    folders = tuple(f"{display_name(path)}/" for path in commit.deleted_folders)
    wanted = {display_name(path) for path in commit.deleted}
    gone = [name for name in here if name in wanted or (folders and name.startswith(folders))]
    if not gone and not commit.paths and commit.card is None and (wanted or folders):
        raise NothingToDeleteError(path=[*commit.deleted, *commit.deleted_folders][0])
    return gone


def _add_empty(actor: User, draft: Contribution, name: str) -> None:
    if not named_files(draft).filter(name=name, size=0).exists():
        upload = start_upload(actor=actor, contribution_id=draft.pk, name=name, size=0)
        complete_upload(actor=actor, upload_id=upload.pk)


def _names(draft: Contribution) -> set[str]:
    names = set(named_files(draft).values_list("name", flat=True))
    return names | {CARD} if PushedCard.objects.filter(contribution=draft).exists() else names
