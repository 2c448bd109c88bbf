"""What an object store must do, split by capability: what comes in cannot be downloaded, what is published can.

Two engines stand behind these protocols (`local`, `s3`), proven by one contract suite. Reach them with `incoming()` and
`published()` from this package.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, ClassVar, Literal, Protocol


@dataclass(frozen=True)
class PartSpec:
    """One part to sign: `number` from 1, `size` in bytes, `md5` as hex."""

    number: int
    size: int
    md5: str


@dataclass(frozen=True)
class SignedRequest:
    """What a client must send, exactly: method, absolute URL, headers."""

    method: str
    url: str
    headers: Mapping[str, str]
    expires_at: datetime


@dataclass(frozen=True)
class StoredPart:
    """A part that the store holds. `etag` without quotes."""

    number: int
    size: int
    etag: str


@dataclass(frozen=True)
class Leftover:
    """Something in the incoming store: the parts of an upload, a whole object, or the draft of a write that died.

    A folder knows parts by their `storage_id` alone; a draft belongs to no upload.
    """

    kind: Literal["parts", "object", "draft"]
    key: str = ""
    storage_id: str = ""


@dataclass(frozen=True)
class ObjectInfo:
    size: int


class IncomingStore(Protocol):
    """Where users' bytes arrive, under keys of ours. It has no way to hand out a download URL."""

    def create(self, key: str) -> str:
        """Begin a multipart upload; returns its storage id."""

    def sign_part(self, key: str, storage_id: str, part: PartSpec) -> SignedRequest:
        """A PUT that binds length and Content-MD5."""

    def sign_unsized_part(self, key: str, storage_id: str, number: int, max_size: int) -> SignedRequest:
        """A PUT for other people's clients, which say neither length nor digest beforehand: the caller checks both.

        A folder refuses more than `max_size` bytes; S3 cannot, so that the sizes of `list_parts` must be looked at.
        """

    def sign_unhashed_part(self, key: str, storage_id: str, size: int) -> SignedRequest:
        """A PUT of part 1 for a client that says the length alone, and sends all of it at once.

        S3 refuses another length, a folder a longer one. Once the upload is complete the address is worth nothing, so
        that what was hashed stays: of an object without a multipart upload that would not hold.
        """

    def put_part(self, key: str, storage_id: str, part: PartSpec, content: bytes) -> None:
        """Send one part from this side, for commands that run where the server runs. Raises PartRejectedError."""

    def list_parts(self, key: str, storage_id: str) -> list[StoredPart]:
        """What has arrived, by number: the only truth for resuming. Raises UploadNotFoundError."""

    def complete(self, key: str, storage_id: str, parts: Sequence[StoredPart]) -> None:
        """Join the parts. Idempotent: completing a completed upload is fine."""

    def abort(self, key: str, storage_id: str) -> None:
        """Drop the parts. Idempotent."""

    def sign_whole(self, key: str, whole: PartSpec) -> SignedRequest:
        """A PUT of a whole small object, without a multipart upload. It binds length and Content-MD5."""

    def put_whole(self, key: str, content: bytes) -> None:
        """Store a whole object from this side; it may be empty."""

    def sizes(self, keys: Sequence[str]) -> dict[str, int]:
        """Bytes of those of the whole objects that are there."""

    def older_than(self, before: datetime) -> Iterator[Leftover]:
        """Everything that has not changed since, for whoever knows which of it is wanted."""

    def discard(self, leftover: Leftover) -> None:
        """Idempotent."""

    def open(self, key: str) -> BinaryIO:
        """Read the completed object on the server, seekable. Raises ObjectNotFoundError."""

    def local_path(self, key: str) -> Path | None:
        """Where the completed object lies on this machine, or None if it does not."""

    def delete(self, key: str) -> None:
        """Idempotent."""


class PublishedStore(Protocol):
    """Content-addressed objects: the name is the SHA-256 (hex) of the bytes; nothing is ever replaced.

    `is_local`: we send the bytes ourselves, from this machine.
    """

    is_local: ClassVar[bool]

    def put(self, path: Path, *, sha256: str) -> None:
        """Store a local file under its hash; an object that is already there stays. Raises DigestMismatchError."""

    def info(self, sha256: str) -> ObjectInfo:
        """Raises ObjectNotFoundError."""

    def open(self, sha256: str) -> BinaryIO:
        """A seekable reader (pyarrow reads Parquet through it). Raises ObjectNotFoundError."""

    def local_path(self, sha256: str) -> Path | None:
        """Where the object lies on this machine, or None if it does not."""

    def sign_get(self, sha256: str, *, filename: str, seconds: int, ticket: str = "") -> SignedRequest:
        """A GET with Range support: attachment named `filename`, octet-stream, both inside the signature.

        `seconds` is capped at 3,600. A local URL is checked again by the view (`core/web`), and so is its `ticket`
        (`following.py`); an S3 URL is checked by the store, which knows no tickets.
        """

    def delete(self, sha256: str) -> None:
        """For garbage collection only. Idempotent."""
