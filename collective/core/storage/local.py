"""The embedded object store: a folder. Clients reach it through signed links to the views in `core/web/storage.py`.

A multipart upload is a folder of part files named `<number>.<md5>`. An object appears by one rename of a finished,
synced file, so that what has a name is whole.
"""

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, ClassVar
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse

from collective.core.addresses import address_of
from collective.core.ids import new_id
from collective.core.storage.base import Leftover, ObjectInfo, PartSpec, SignedRequest, StoredPart
from collective.core.storage.errors import (
    DigestMismatchError,
    ObjectNotFoundError,
    PartRejectedError,
    UploadNotFoundError,
)
from collective.core.storage.folder import Folder, append, disk_errors
from collective.core.storage.keys import content_key
from collective.core.storage.limits import (
    DOWNLOAD_SECONDS_MAX,
    PART_SECONDS,
    checked_number,
    checked_part,
    checked_size,
)
from collective.core.storage.signing import ObjectLink, PartLink, UnhashedLink, expiry, seal

HASH_CHUNK = 1024 * 1024


class LocalIncomingStore:
    """Open uploads lie under `parts/<storage id>/`, completed ones under `incoming/<key>`."""

    def __init__(self, root: Path) -> None:
        self.folder = Folder(root)

    def create(self, key: str) -> str:
        self.folder.path(_incoming(key))  # refuses a bad key before anything is made
        storage_id = new_id().hex
        with disk_errors():
            self.folder.path(_parts(storage_id)).mkdir(parents=True)
        return storage_id

    def sign_part(self, key: str, storage_id: str, part: PartSpec) -> SignedRequest:
        checked_part(part)
        return self._signed(key, storage_id, part)

    def _signed(self, key: str, storage_id: str, part: PartSpec) -> SignedRequest:
        expires_at = expiry(PART_SECONDS)
        link = PartLink(key, storage_id, part.number, part.size, part.md5, int(expires_at.timestamp()))
        url = f"{address_of('storage:part')}?token={seal(link)}"
        md5 = base64.b64encode(bytes.fromhex(part.md5)).decode()
        return SignedRequest("PUT", url, {"Content-MD5": md5}, expires_at)

    def sign_unhashed_part(self, key: str, storage_id: str, size: int) -> SignedRequest:
        return self.sign_unsized_part(key, storage_id, 1, size)

    def sign_unsized_part(self, key: str, storage_id: str, number: int, max_size: int) -> SignedRequest:
        expires_at = expiry(PART_SECONDS)
        upto = checked_size(max_size)
        link = UnhashedLink(key, storage_id, checked_number(number), upto, int(expires_at.timestamp()))
        url = f"{address_of('storage:unhashed')}?token={seal(link)}"
        return SignedRequest("PUT", url, {}, expires_at)

    def put_part(self, key: str, storage_id: str, part: PartSpec, content: bytes) -> None:
        checked = checked_part(part)
        self.receive_part(PartLink(key, storage_id, checked.number, checked.size, checked.md5, 0), [content])

    def receive_part(self, link: PartLink, chunks: Iterable[bytes]) -> StoredPart:
        """Store what a signed link allows while hashing it; anything else leaves nothing behind.

        `link` was unsealed: its fields are what we signed; without a storage id it is for a whole object. Raises
        PartRejectedError, UploadNotFoundError.
        """
        if not link.storage_id:
            with self.folder.writing(_incoming(link.key)) as file:
                _check_part(_copy(chunks, file, link), link)
            return StoredPart(link.number, link.size, link.md5)
        name = _part_name(link, link.md5)
        upload = self._existing(link.storage_id)
        with self._upload_may_end(), self.folder.writing(name) as file:
            _check_part(_copy(chunks, file, link), link)
        self._keep_newest(upload, link.number, name)
        return StoredPart(link.number, link.size, link.md5)

    def receive_unhashed(self, link: UnhashedLink, chunks: Iterable[bytes]) -> StoredPart:
        """The same where no digest was announced: the MD5 of what came is the part's ETag."""
        upload, came = self._existing(link.storage_id), _Copied()
        with self._upload_may_end(), self.folder.writing(lambda: _part_name(link, came.md5)) as file:
            came = _copy(chunks, file, link)
        self._keep_newest(upload, link.number, _part_name(link, came.md5))
        return StoredPart(link.number, came.size, came.md5)

    def _keep_newest(self, upload: Path, number: int, name: str) -> None:
        with suppress(FileNotFoundError):
            _drop_older(upload, number, keep=self.folder.path(name))

    def list_parts(self, key: str, storage_id: str) -> list[StoredPart]:
        with self._upload_may_end():
            newest_last = sorted(self._existing(storage_id).iterdir(), key=lambda path: path.stat().st_mtime_ns)
            found = {
                int(path.stem): StoredPart(int(path.stem), path.stat().st_size, path.suffix[1:]) for path in newest_last
            }
        return [found[number] for number in sorted(found)]

    def complete(self, key: str, storage_id: str, parts: Sequence[StoredPart]) -> None:
        try:
            present = {part.number: part for part in self.list_parts(key, storage_id)}
        except UploadNotFoundError:
            self._check_completed(key)
            return
        ordered = sorted(parts, key=lambda part: part.number)
        for part in ordered:
            if present.get(part.number) != part:
                raise PartRejectedError(number=part.number, why="the store does not hold it as stated")
        with self.folder.writing(_incoming(key)) as target:
            for part in ordered:
                with self.folder.open(f"{_parts(storage_id)}/{part.number:05d}.{part.etag}") as source:
                    append(target, source)
        self.folder.discard_tree(_parts(storage_id))

    def abort(self, key: str, storage_id: str) -> None:
        self.folder.discard_tree(_parts(storage_id))

    def sign_whole(self, key: str, whole: PartSpec) -> SignedRequest:
        self.folder.path(_incoming(key))
        return self._signed(key, "", checked_part(whole))

    def put_whole(self, key: str, content: bytes) -> None:
        with self.folder.writing(_incoming(key)) as file:
            file.write(content)

    def sizes(self, keys: Sequence[str]) -> dict[str, int]:
        paths = ((key, self.folder.path(_incoming(key))) for key in keys)
        return {key: path.stat().st_size for key, path in paths if path.is_file() and not path.is_symlink()}

    def older_than(self, before: datetime) -> Iterator[Leftover]:
        for path in self.folder.older_than("parts", before):
            yield Leftover("parts", storage_id=path.name)
        for path in self.folder.files_older_than("incoming", before):
            yield Leftover("object", key=path.relative_to(self.folder.path("incoming")).as_posix())
        for path in self.folder.older_than("tmp", before):
            yield Leftover("draft", key=path.name)

    def discard(self, leftover: Leftover) -> None:
        if leftover.kind == "parts":
            self.abort("", leftover.storage_id)
        elif leftover.kind == "object":
            self.delete(leftover.key)
        else:
            self.folder.discard_draft(leftover.key)

    def open(self, key: str) -> BinaryIO:
        return self.folder.open(_incoming(key))

    def local_path(self, key: str) -> Path | None:
        return _plain_file(self.folder.path(_incoming(key)))

    def delete(self, key: str) -> None:
        self.folder.delete(_incoming(key))
        self.folder.prune(_incoming(key))

    def _existing(self, storage_id: str) -> Path:
        path = self.folder.path(_parts(storage_id))
        if path.is_symlink() or not path.is_dir():
            raise UploadNotFoundError
        return path

    def _check_completed(self, key: str) -> None:
        """An upload that is gone was completed if its object is there."""
        try:
            self.open(key).close()
        except ObjectNotFoundError:
            raise UploadNotFoundError from None

    @contextmanager
    def _upload_may_end(self) -> Iterator[None]:
        """Another request may complete or abort the upload meanwhile; its folder is gone then."""
        try:
            yield
        except FileNotFoundError:
            raise UploadNotFoundError from None


class LocalPublishedStore:
    """`sha256/ab/cd/<hash>` under the root."""

    is_local: ClassVar = True

    def __init__(self, root: Path) -> None:
        self.folder = Folder(root)

    def put(self, path: Path, *, sha256: str) -> None:
        key, digest = content_key(sha256), hashlib.sha256()
        with path.open("rb") as source:
            if self.local_path(sha256) is not None:
                _check_digest(hashlib.file_digest(source, "sha256").hexdigest(), sha256)
                return
            with self.folder.writing(key) as target:
                while chunk := source.read(HASH_CHUNK):
                    digest.update(chunk)
                    target.write(chunk)
                _check_digest(digest.hexdigest(), sha256)

    def info(self, sha256: str) -> ObjectInfo:
        path = self.local_path(sha256)
        if path is None:
            raise ObjectNotFoundError
        return ObjectInfo(path.stat().st_size)

    def open(self, sha256: str) -> BinaryIO:
        return self.folder.open(content_key(sha256))

    def local_path(self, sha256: str) -> Path | None:
        return _plain_file(self.folder.path(content_key(sha256)))

    def sign_get(self, sha256: str, *, filename: str, seconds: int, ticket: str = "") -> SignedRequest:
        expires_at = expiry(min(seconds, DOWNLOAD_SECONDS_MAX))
        content_key(sha256)  # refuses what is no hash
        name = filename.rsplit("/", 1)[-1]
        token = seal(ObjectLink(sha256, name, int(expires_at.timestamp()), ticket))
        # The name in the path is for clients that look at it; the one that counts is inside the token.
        origin = settings.DATA_ORIGIN or settings.SITE_URL
        url = f"{urljoin(origin, reverse('storage:object', kwargs={'name': name}))}?token={token}"
        return SignedRequest("GET", url, {}, expires_at)

    def delete(self, sha256: str) -> None:
        self.folder.delete(content_key(sha256))


def _plain_file(path: Path) -> Path | None:
    return path if path.is_file() and not path.is_symlink() else None


def _incoming(key: str) -> str:
    return f"incoming/{key}"


def _parts(storage_id: str) -> str:
    return f"parts/{storage_id}"


def _part_name(link: PartLink | UnhashedLink, md5: str) -> str:
    return f"{_parts(link.storage_id)}/{link.number:05d}.{md5}"


@dataclass(frozen=True)
class _Copied:
    size: int = 0
    md5: str = ""


def _copy(chunks: Iterable[bytes], file: BinaryIO, link: PartLink | UnhashedLink) -> _Copied:
    """Raises PartRejectedError as soon as more came than the link allows."""
    received, digest = 0, hashlib.md5(usedforsecurity=False)
    for chunk in chunks:
        received += len(chunk)
        if received > link.size:
            raise PartRejectedError(number=link.number, why=f"it has more than {link.size} bytes")
        digest.update(chunk)
        file.write(chunk)
    return _Copied(received, digest.hexdigest())


def _check_part(came: _Copied, link: PartLink) -> None:
    if came.size != link.size:
        raise PartRejectedError(number=link.number, why=f"its length is not the announced {link.size} bytes")
    if came.md5 != link.md5:
        raise PartRejectedError(number=link.number, why="its MD5 is not the announced one")


def _drop_older(upload: Path, number: int, *, keep: Path) -> None:
    """A part sent again with other bytes replaces the first. The newest file always stays, whoever races."""
    kept_at = keep.stat().st_mtime_ns
    for path in upload.glob(f"{number:05d}.*"):
        if path != keep and path.stat().st_mtime_ns < kept_at:
            path.unlink(missing_ok=True)


def _check_digest(found: str, expected: str) -> None:
    if found != expected:
        raise DigestMismatchError(expected=expected, found=found)
