"""What the SDK says about a file and its parts, parsed without trust: pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from collective.interop.mdc.errors import FieldsError, NotGzipError
from ingestion.errors import WrongChecksumError

MIME = "application/gzip"
ENDINGS = (".tar.gz", ".tgz")
MOST_PARTS = 10_000
LONGEST_NAME = 200
SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True)
class Announced:
    """`submission` as the client wrote it; `filename` is a bare name; `size` in bytes."""

    submission: str
    filename: str
    size: int


@dataclass(frozen=True)
class Completed:
    """`etags` by part number, without quotes."""

    upload_id: str
    etags: Mapping[int, str]
    sha256: str


def announced(given: Any) -> Announced:
    """Raises FieldsError, NotGzipError."""
    body = _object(given)
    size, name = body.get("fileSize"), body.get("filename")
    if isinstance(size, bool) or not isinstance(size, int) or size < 1:
        raise FieldsError("fileSize is a number of bytes, at least 1.")
    bare = bare_name(name) if isinstance(name, str) else ""
    if body.get("mimeType") != MIME or not bare.endswith(ENDINGS):
        raise NotGzipError
    return Announced(str(body.get("submissionId", "")), bare, size)


def completed(given: Any) -> Completed:
    """Raises FieldsError, WrongChecksumError."""
    body = _object(given)
    parts, checksum = body.get("parts"), body.get("checksum")
    if not isinstance(parts, list) or not 1 <= len(parts) <= MOST_PARTS:
        raise FieldsError(f"parts is a list of 1 to {MOST_PARTS} parts.")
    sha256 = checksum.removeprefix("sha256:").lower() if isinstance(checksum, str) else ""
    if not SHA256.fullmatch(sha256):
        raise WrongChecksumError
    pairs = [_part(each) for each in parts]
    if len(dict(pairs)) != len(pairs):
        raise FieldsError("A part is named twice.")
    return Completed(str(body.get("uploadId") or ""), dict(pairs), sha256)


def bare_name(name: str) -> str:
    """What is behind the last slash of either kind, without dots at its beginning."""
    return name.replace("\\", "/").rpartition("/")[2].strip().lstrip(".")[-LONGEST_NAME:]


def _part(given: Any) -> tuple[int, str]:
    body = _object(given)
    number, etag = body.get("partNumber"), body.get("etag")
    if isinstance(number, bool) or not isinstance(number, int) or not isinstance(etag, str):
        raise FieldsError("A part has partNumber and etag.")
    return number, etag.strip('"')


def _object(given: Any) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise FieldsError("Send a JSON object.")
    return given
