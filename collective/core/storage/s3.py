"""The object store behind any S3 API. The only file that imports boto3.

STORAGE_URL is `s3://KEY:SECRET@host:port/bucket`, with `region`, `secure=0` for plain HTTP, `style=virtual` for bucket
names in the host, and `public=https://…` where clients reach the store under another address than we do.
"""

import base64
import hashlib
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, ClassVar
from urllib.parse import parse_qs, quote, unquote, urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from collective.core.storage.base import Leftover, ObjectInfo, PartSpec, SignedRequest, StoredPart
from collective.core.storage.errors import (
    DigestMismatchError,
    ObjectNotFoundError,
    PartRejectedError,
    StorageFullError,
    StoreAwayError,
    UploadNotFoundError,
)
from collective.core.storage.keys import checked_key, content_key
from collective.core.storage.limits import (
    DOWNLOAD_SECONDS_MAX,
    PART_SECONDS,
    checked_number,
    checked_part,
    checked_size,
)
from collective.core.storage.ranged import reader
from collective.core.storage.signing import expiry

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_ABSENT = {"NoSuchKey", "404", "NotFound"}
_NO_UPLOAD = {"NoSuchUpload"}
_BAD_PARTS = {"InvalidPart", "InvalidPartOrder", "EntityTooSmall", "MalformedXML", "BadDigest", "InvalidDigest"}
_FULL = {"InsufficientStorage", "QuotaExceeded", "XMinioStorageFull"}
PREFIX = "incoming/"
LOOKS_AT_ONCE = 16
# What S3 takes in one request. A larger object travels in parts, without the condition: its name means its bytes.
ONE_PUT_MAX = 5 * 1024**3
_EXISTS = {"PreconditionFailed", "412", "ConditionalRequestConflict"}


def connect(url: str) -> "tuple[S3IncomingStore, S3PublishedStore]":
    """Both stores over one bucket. Talks to nobody yet."""
    bucket = urlsplit(url).path.strip("/")
    public = parse_qs(urlsplit(url).query).get("public", [""])[0]
    inside = _client(url, "")
    outside = _client(url, public) if public else inside
    return S3IncomingStore(inside, outside, bucket), S3PublishedStore(inside, outside, bucket)


def _client(url: str, public: str) -> "S3Client":
    parts = urlsplit(url)
    options = {name: values[0] for name, values in parse_qs(parts.query).items()}
    scheme = "http" if options.get("secure") == "0" else "https"
    host = parts.hostname or ""
    endpoint = f"{scheme}://{host}:{parts.port}" if parts.port else f"{scheme}://{host}"
    return boto3.client(
        "s3",
        endpoint_url=public or endpoint,
        region_name=options.get("region", "us-east-1"),
        aws_access_key_id=unquote(parts.username or ""),
        aws_secret_access_key=unquote(parts.password or ""),
        config=Config(
            signature_version="s3v4",
            s3={"addressing_style": "virtual" if options.get("style") == "virtual" else "path"},
            connect_timeout=3,
            read_timeout=20,
            retries={"mode": "standard", "total_max_attempts": 4},
            # Checksum trailers that only AWS understands; we bind Content-MD5 and hash again ourselves.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )


class _Bucket:
    def __init__(self, inside: "S3Client", outside: "S3Client", bucket: str) -> None:
        self.client, self.outside, self.bucket = inside, outside, bucket

    def _names(self, key: str) -> dict[str, Any]:
        return {"Bucket": self.bucket, "Key": key}

    def _size(self, key: str) -> int:
        with _told_in_our_words():
            return self.client.head_object(**self._names(key))["ContentLength"]

    def _open(self, key: str) -> BinaryIO:
        def read(first: int, last: int) -> bytes:
            with _told_in_our_words():
                return self.client.get_object(**self._names(key), Range=f"bytes={first}-{last}")["Body"].read()

        return reader(read, self._size(key))

    def _delete(self, key: str) -> None:
        with _told_in_our_words():
            self.client.delete_object(**self._names(key))


class S3IncomingStore(_Bucket):
    def create(self, key: str) -> str:
        with _told_in_our_words():
            return self.client.create_multipart_upload(**self._names(_incoming(key)))["UploadId"]

    def sign_part(self, key: str, storage_id: str, part: PartSpec) -> SignedRequest:
        checked_part(part)
        md5 = base64.b64encode(bytes.fromhex(part.md5)).decode()
        params = {
            **self._names(_incoming(key)),
            "UploadId": storage_id,
            "PartNumber": part.number,
            "ContentLength": part.size,
            "ContentMD5": md5,
        }
        url = self.outside.generate_presigned_url("upload_part", Params=params, ExpiresIn=PART_SECONDS)
        return SignedRequest("PUT", url, {"Content-MD5": md5}, expiry(PART_SECONDS))

    def sign_unhashed_part(self, key: str, storage_id: str, size: int) -> SignedRequest:
        return self._signed_part(key, storage_id, 1, ContentLength=checked_size(size))

    def sign_unsized_part(self, key: str, storage_id: str, number: int, max_size: int) -> SignedRequest:
        return self._signed_part(key, storage_id, checked_number(number))

    def _signed_part(self, key: str, storage_id: str, number: int, **bound: int) -> SignedRequest:
        params = {**self._names(_incoming(key)), "UploadId": storage_id, "PartNumber": number, **bound}
        url = self.outside.generate_presigned_url("upload_part", Params=params, ExpiresIn=PART_SECONDS)
        return SignedRequest("PUT", url, {}, expiry(PART_SECONDS))

    def put_part(self, key: str, storage_id: str, part: PartSpec, content: bytes) -> None:
        checked = checked_part(part)
        if len(content) != checked.size:
            raise PartRejectedError(number=part.number, why=f"its length is not the announced {part.size} bytes")
        with _told_in_our_words():
            self.client.upload_part(
                **self._names(_incoming(key)),
                UploadId=storage_id,
                PartNumber=checked.number,
                ContentMD5=base64.b64encode(bytes.fromhex(checked.md5)).decode(),
                Body=content,
            )

    def list_parts(self, key: str, storage_id: str) -> list[StoredPart]:
        pages = self.client.get_paginator("list_parts")
        with _told_in_our_words():
            found = [
                StoredPart(part["PartNumber"], part["Size"], part["ETag"].strip('"'))
                for page in pages.paginate(**self._names(_incoming(key)), UploadId=storage_id)
                for part in page.get("Parts", [])
            ]
        return sorted(found, key=lambda part: part.number)

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
        listing: Any = {"Parts": [{"PartNumber": part.number, "ETag": part.etag} for part in ordered]}
        with _told_in_our_words():
            self.client.complete_multipart_upload(
                **self._names(_incoming(key)), UploadId=storage_id, MultipartUpload=listing
            )

    def abort(self, key: str, storage_id: str) -> None:
        try:
            with _told_in_our_words():
                self.client.abort_multipart_upload(**self._names(_incoming(key)), UploadId=storage_id)
        except UploadNotFoundError:
            return

    def sign_whole(self, key: str, whole: PartSpec) -> SignedRequest:
        checked_part(whole)
        md5 = base64.b64encode(bytes.fromhex(whole.md5)).decode()
        params = {**self._names(_incoming(key)), "ContentLength": whole.size, "ContentMD5": md5}
        url = self.outside.generate_presigned_url("put_object", Params=params, ExpiresIn=PART_SECONDS)
        return SignedRequest("PUT", url, {"Content-MD5": md5}, expiry(PART_SECONDS))

    def put_whole(self, key: str, content: bytes) -> None:
        with _told_in_our_words():
            self.client.put_object(**self._names(_incoming(key)), Body=content)

    def sizes(self, keys: Sequence[str]) -> dict[str, int]:
        with ThreadPoolExecutor(LOOKS_AT_ONCE) as pool:
            found = zip(keys, pool.map(self._size_if_there, keys), strict=True)
            return {key: size for key, size in found if size is not None}

    def older_than(self, before: datetime) -> Iterator[Leftover]:
        with _told_in_our_words():
            for page in self.client.get_paginator("list_multipart_uploads").paginate(Bucket=self.bucket, Prefix=PREFIX):
                for begun in page.get("Uploads", []):
                    if begun["Initiated"] < before:
                        yield Leftover("parts", begun["Key"].removeprefix(PREFIX), begun["UploadId"])
            for listed in self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=PREFIX):
                for found in listed.get("Contents", []):
                    if found["LastModified"] < before:
                        yield Leftover("object", found["Key"].removeprefix(PREFIX))

    def discard(self, leftover: Leftover) -> None:
        if leftover.kind == "parts":
            self.abort(leftover.key, leftover.storage_id)
        else:
            self.delete(leftover.key)

    def open(self, key: str) -> BinaryIO:
        return self._open(_incoming(key))

    def local_path(self, key: str) -> Path | None:
        return None

    def delete(self, key: str) -> None:
        self._delete(_incoming(key))

    def _size_if_there(self, key: str) -> int | None:
        try:
            return self._size(_incoming(key))
        except ObjectNotFoundError:
            return None

    def _check_completed(self, key: str) -> None:
        try:
            self._size(_incoming(key))
        except ObjectNotFoundError:
            raise UploadNotFoundError from None


class S3PublishedStore(_Bucket):
    is_local: ClassVar = False

    def put(self, path: Path, *, sha256: str) -> None:
        key, size = content_key(sha256), path.stat().st_size
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
            if found != sha256:
                raise DigestMismatchError(expected=sha256, found=found)
            if not self._holds(key):
                file.seek(0)
                self._upload(key, file)
        stored = self._size(key)
        if stored != size:
            raise DigestMismatchError(expected=f"{size} bytes", found=f"{stored} bytes")

    def info(self, sha256: str) -> ObjectInfo:
        return ObjectInfo(self._size(content_key(sha256)))

    def open(self, sha256: str) -> BinaryIO:
        return self._open(content_key(sha256))

    def local_path(self, sha256: str) -> Path | None:
        return None

    def sign_get(self, sha256: str, *, filename: str, seconds: int, ticket: str = "") -> SignedRequest:
        lifetime = min(seconds, DOWNLOAD_SECONDS_MAX)
        params = {
            **self._names(content_key(sha256)),
            "ResponseContentDisposition": attachment(filename),
            "ResponseContentType": "application/octet-stream",
            "ResponseCacheControl": "private, no-store",
        }
        url = self.outside.generate_presigned_url("get_object", Params=params, ExpiresIn=lifetime)
        return SignedRequest("GET", url, {}, expiry(lifetime))

    def delete(self, sha256: str) -> None:
        self._delete(content_key(sha256))

    def _holds(self, key: str) -> bool:
        try:
            self._size(key)
        except ObjectNotFoundError:
            return False
        return True

    def _upload(self, key: str, file: BinaryIO) -> None:
        """Never replaces: `If-None-Match` where the server knows it, and a name that means the same bytes elsewhere."""
        try:
            with _told_in_our_words(passing=_EXISTS):
                if os.fstat(file.fileno()).st_size > ONE_PUT_MAX:
                    self.client.upload_fileobj(file, self.bucket, key)
                    return
                self.client.put_object(**self._names(key), Body=file, IfNoneMatch="*")
        except ClientError:
            return  # another worker stored the same bytes meanwhile


def attachment(filename: str) -> str:
    """A Content-Disposition that saves under the last part of `filename`, in any script (RFC 6266)."""
    name = filename.rsplit("/", 1)[-1]
    return f"attachment; filename*=UTF-8''{quote(name, safe='')}"


def _incoming(key: str) -> str:
    return f"{PREFIX}{checked_key(key)}"


@contextmanager
def _told_in_our_words(passing: "frozenset[str] | set[str]" = frozenset()) -> Iterator[None]:
    """What S3 says, as one of our errors. Codes in `passing` stay as they are."""
    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        if code in passing:
            raise
        raise _translated(code) from error
    except BotoCoreError as error:
        raise StoreAwayError from error


def _translated(code: str) -> Exception:
    if code in _ABSENT:
        return ObjectNotFoundError()
    if code in _NO_UPLOAD:
        return UploadNotFoundError()
    if code in _BAD_PARTS:
        return PartRejectedError(number="?", why=code)
    if code in _FULL:
        return StorageFullError()
    return StoreAwayError(code=code)
