"""A repository without a version, as who pushes to it sees it: the files of their own draft, by name and size.

Clients list a repository before they replace or delete something in it. Bytes of a draft are not downloaded; only the
card is read back, because clients write the next one from it.
"""

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from collective.accounts.models import User
from collective.catalog.models import Contribution, Dataset, VersionFile
from collective.catalog.selectors import contribution_to_change, latest_version
from collective.interop.hub.uploads.errors import NotMainError
from collective.interop.hub.uploads.requests import CARD
from collective.interop.models import PushedCard

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from ingestion.models import Upload


@dataclass(frozen=True)
class Drafted:
    """`commit` changes with every file and with the card."""

    commit: str
    files: tuple[VersionFile, ...] = ()
    card: str | None = None


def drafted(actor: User, dataset: Dataset) -> Drafted:
    draft = contribution_to_change(actor, dataset.pk)
    card = _card(draft) if draft else None
    files = {name: _file(upload) for name, upload in _newest(draft).items()} if draft else {}
    if card is not None:
        files[CARD] = _card_file(card)
    if draft is None or not files:
        return Drafted(empty_commit(dataset))
    return Drafted(commit_id(draft), tuple(files.values()), card)


def head(actor: User, dataset: Dataset) -> str:
    """What `main` is for somebody who pushes."""
    newest = latest_version(dataset)
    return newest.commit_id if newest else drafted(actor, dataset).commit


def check_is_main(actor: User, dataset: Dataset, revision: str) -> None:
    if revision not in ("main", "refs/heads/main") and revision != head(actor, dataset):
        raise NotMainError


def commit_id(draft: Contribution) -> str:
    """Forty hex digits: the contribution's id, so that the commit's address leads to its page, and what it holds."""
    newest = _newest(draft)
    content = "\n".join(f"{name}:{newest[name].fingerprint}:{newest[name].size}" for name in sorted(newest))
    told = f"{content}\n{_card(draft) or ''}"
    return f"{draft.pk.hex}{hashlib.sha256(told.encode()).hexdigest()[:8]}"


def empty_commit(dataset: Dataset) -> str:
    """The commit id of a repository without anything; no version can have it."""
    return _sha1(f"nothing is published of {dataset.pk}".encode())


def named_files(draft: Contribution) -> "QuerySet[Upload]":
    """What is open has no name yet, or is on its way from a browser."""
    return draft.uploads.live().exclude(state="open")


def _newest(draft: Contribution) -> dict[str, "Upload"]:
    """By name: while a file is hashed, the one that it replaces is still there."""
    return {upload.name: upload for upload in named_files(draft).order_by("created_at", "id")}


def _card(draft: Contribution) -> str | None:
    return PushedCard.objects.filter(contribution=draft).values_list("text", flat=True).first()


def _file(upload: "Upload") -> VersionFile:
    """Never saved. Until it is hashed, a file has no SHA-256 to tell."""
    told = f"{upload.fingerprint}:{upload.size}".encode()
    kind = "data" if upload.sha256 else "other"
    return VersionFile(path=upload.name, kind=kind, sha256=upload.sha256, git_sha1=_sha1(told), size=upload.size)


def _card_file(card: str) -> VersionFile:
    content = card.encode()
    return VersionFile(path=CARD, kind="card", git_sha1=_sha1(b"blob %d\0" % len(content) + content), size=len(content))


def _sha1(content: bytes) -> str:
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()
