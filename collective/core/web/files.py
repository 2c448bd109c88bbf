"""Serving one file over HTTP (RFC 9110): copied by the kernel, or handed to the proxy in front.

Which bytes are sent is decided in `ranges.py`.
"""

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from io import UnsupportedOperation
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed

from collective.core.storage.errors import ObjectNotFoundError
from collective.core.web.ranges import Answer, answer_for, is_plain

# What is read at once where the kernel cannot copy.
BLOCK = 256 * 1024
_SAFE_HEADERS = {
    "Accept-Ranges": "bytes",
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


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
    `headers` overrides the careful defaults (octet-stream, sandbox, no-store). A path in the store is left to the
    proxy, where there is one (X_ACCEL_PREFIX). Raises ObjectNotFoundError.
    """
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    source = _opened(file)
    answer = answer_for(request, etag=etag, size=source.seek(0, os.SEEK_END))
    common = _common_headers(etag, filename, headers or {}) | _length_headers(answer)
    if request.method == "GET" and answer.describes_bytes:
        if isinstance(file, Path) and settings.X_ACCEL_PREFIX and is_plain(request):
            source.close()
            return _left_to_the_proxy(file, answer, common)
        return _streamed(source, answer, common)
    source.close()
    return HttpResponse(status=answer.status, headers=common)


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
    if not isinstance(file, Path):
        return file
    try:
        return os.fdopen(os.open(file, os.O_RDONLY | os.O_NOFOLLOW), "rb")
    except FileNotFoundError:
        raise ObjectNotFoundError from None


def _common_headers(etag: str, filename: str, headers: Mapping[str, str]) -> dict[str, str]:
    common = {"Content-Type": "application/octet-stream", "ETag": f'"{etag}"', **_SAFE_HEADERS}
    if filename:
        common["Content-Disposition"] = attachment(filename)
    return {**common, **headers}


def _length_headers(answer: Answer) -> dict[str, str]:
    if answer.status == 416:
        return {"Content-Range": f"bytes */{answer.size}"}
    if not answer.describes_bytes:
        return {}
    partial = {"Content-Range": f"bytes {answer.first}-{answer.last}/{answer.size}"} if answer.status == 206 else {}
    return {"Content-Length": str(answer.length), **partial}


def _left_to_the_proxy(file: Path, answer: Answer, headers: Mapping[str, str]) -> HttpResponse:
    """Nginx sends the file, and cuts the range out itself: the status and the lengths are its own.

    It adds Accept-Ranges to the whole, a second one to ours, and none to a part (observed with 1.22).
    """
    own = {"Content-Length", "Content-Range"} | ({"Accept-Ranges"} if answer.status == 200 else set())
    inside = file.relative_to(settings.STORAGE_DIR).as_posix()
    response = HttpResponse(headers={name: value for name, value in headers.items() if name not in own})
    response["X-Accel-Redirect"] = f"{settings.X_ACCEL_PREFIX}{inside}"
    return response


def _streamed(source: BinaryIO, answer: Answer, headers: Mapping[str, str]) -> FileResponse:
    response = FileResponse(FileSlice(source, answer.first, answer.length), status=answer.status)
    response.block_size = BLOCK
    for name, value in headers.items():
        response[name] = value
    return response
