"""Serving one file over HTTP: Range, If-Range, HEAD and conditional requests (RFC 9110), copied by the kernel.

A download resumes and Parquet readers pick row groups by Range, and they do not check that they got what they asked
for: so a range that we cannot serve exactly is always a 416, never the whole file.
"""

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus
from io import UnsupportedOperation
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.utils.http import parse_etags

_RANGE = re.compile(r"(?P<first>\d{0,19})-(?P<last>\d{0,19})", re.ASCII)
_SAFE_HEADERS = {
    "Accept-Ranges": "bytes",
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class _UnsatisfiableError(Exception):
    """The Range header asks for what the file does not have, or for more than one piece."""


def serve_file(
    request: HttpRequest,
    file: Path | BinaryIO,
    *,
    etag: str,
    filename: str = "",
    headers: Mapping[str, str] | None = None,
) -> HttpResponseBase:
    """Answer GET or HEAD with `file`; a file object must be seekable and is closed with the response.

    `etag` without quotes; it must change with the bytes. With `filename` the answer is an attachment of that name.
    `headers` overrides the careful defaults (octet-stream, sandbox, no-store).
    """
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    source = _opened(file)
    size = source.seek(0, os.SEEK_END)
    common = _common_headers(etag, filename, headers or {})
    if status := _precondition(request, f'"{etag}"'):
        source.close()
        return HttpResponse(status=status, headers=common)
    try:
        first, last = _wanted(request, f'"{etag}"', size)
    except _UnsatisfiableError:
        source.close()
        return HttpResponse(status=416, headers={**common, "Content-Range": f"bytes */{size}"})
    partial = (first, last) != (0, size - 1) or _asks_for_range(request, f'"{etag}"')
    common["Content-Length"] = str(last - first + 1)
    if partial:
        common["Content-Range"] = f"bytes {first}-{last}/{size}"
    status = HTTPStatus.PARTIAL_CONTENT if partial else HTTPStatus.OK
    if request.method == "HEAD":
        source.close()
        return HttpResponse(status=status, headers=common)
    return _streamed(source, first, last, status, common)


class FileSlice:
    """`length` bytes of `file` from `first` on. A server that knows `sendfile` takes the descriptor and its offset."""

    def __init__(self, file: BinaryIO, first: int, length: int) -> None:
        file.seek(first)
        self._file, self._left = file, length
        with suppress(AttributeError, UnsupportedOperation):  # a reader of a remote object has no descriptor
            os.lseek(file.fileno(), first, os.SEEK_SET)
            self.fileno = file.fileno

    def read(self, size: int = -1) -> bytes:
        wanted = self._left if size < 0 else min(size, self._left)
        data = self._file.read(wanted)
        self._left -= len(data)
        return data

    def close(self) -> None:
        self._file.close()


def attachment(filename: str) -> str:
    """A Content-Disposition that saves under the last part of `filename`, in any script (RFC 6266)."""
    name = filename.rsplit("/", 1)[-1]
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _opened(file: Path | BinaryIO) -> BinaryIO:
    if isinstance(file, Path):
        return os.fdopen(os.open(file, os.O_RDONLY | os.O_NOFOLLOW), "rb")
    return file


def _common_headers(etag: str, filename: str, headers: Mapping[str, str]) -> dict[str, str]:
    common = {"Content-Type": "application/octet-stream", "ETag": f'"{etag}"', **_SAFE_HEADERS}
    if filename:
        common["Content-Disposition"] = attachment(filename)
    return {**common, **headers}


def _precondition(request: HttpRequest, etag: str) -> int:
    """412 or 304 when the client's If-Match or If-None-Match decides the answer, else 0."""
    if match := request.headers.get("If-Match"):
        known = parse_etags(match)
        if known != ["*"] and etag not in known:
            return HTTPStatus.PRECONDITION_FAILED
    if none_match := request.headers.get("If-None-Match"):
        known = parse_etags(none_match)
        if known == ["*"] or etag in {each.removeprefix("W/") for each in known}:
            return HTTPStatus.NOT_MODIFIED
    return 0


def _asks_for_range(request: HttpRequest, etag: str) -> bool:
    """Whether there is a byte range, and it is meant for the bytes that we have (If-Range)."""
    unit = request.headers.get("Range", "").partition("=")[0].strip().lower()
    return unit == "bytes" and request.headers.get("If-Range", etag) == etag


def _wanted(request: HttpRequest, etag: str, size: int) -> tuple[int, int]:
    """First and last byte to send. Raises _UnsatisfiableError."""
    if not _asks_for_range(request, etag):
        return 0, size - 1
    match = _RANGE.fullmatch(request.headers["Range"].partition("=")[2].strip())
    if match is None:
        raise _UnsatisfiableError
    first, last = match["first"], match["last"]
    if not first:
        start, end = max(0, size - int(last or 0)), size - 1
    else:
        start, end = int(first), min(int(last or size), size - 1)
    if start > end or start >= size:
        raise _UnsatisfiableError
    return start, end


def _streamed(source: BinaryIO, first: int, last: int, status: int, headers: Mapping[str, str]) -> FileResponse:
    response = FileResponse(FileSlice(source, first, last - first + 1), status=status)
    for name, value in headers.items():
        response[name] = value
    return response
