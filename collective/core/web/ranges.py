"""Which bytes of a file a request is answered with: Range, If-Range and preconditions (RFC 9110), from headers alone.

A download resumes and Parquet readers pick row groups by Range, and they do not check that they got what they asked
for: so a range that we cannot serve exactly is always a 416, never the whole file.
"""

import re
from dataclasses import dataclass
from http import HTTPStatus

from django.http import HttpRequest
from django.utils.http import parse_etags

_RANGE = re.compile(r"(?P<first>\d{0,19})-(?P<last>\d{0,19})", re.ASCII)
# Of 18 digits: a proxy that counts in 64 bits can hold it.
_PLAIN = re.compile(r"bytes=\d{0,18}-\d{0,18}", re.ASCII)
_GIVING = {HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT}


class _UnsatisfiableError(Exception):
    """The Range header asks for what the file does not have, or for more than one piece."""


@dataclass(frozen=True)
class Answer:
    """`first` to `last`, both included, of `size` bytes; they mean nothing unless the status is 200 or 206."""

    status: HTTPStatus
    size: int
    first: int = 0
    last: int = -1

    @property
    def describes_bytes(self) -> bool:
        """Bytes follow, or would if the method were not HEAD."""
        return self.status in _GIVING

    @property
    def span(self) -> tuple[int, int] | None:
        """The bytes that follow a GET, if there are any."""
        return (self.first, self.last) if self.describes_bytes and self.length else None

    @property
    def length(self) -> int:
        return self.last - self.first + 1


def answer_for(request: HttpRequest, *, etag: str, size: int) -> Answer:
    """`etag` without quotes; `size` of the whole file in bytes."""
    quoted = f'"{etag}"'
    if status := _precondition(request, quoted):
        return Answer(status, size)
    if not _asks_for_range(request, quoted):
        return Answer(HTTPStatus.OK, size, 0, size - 1)
    try:
        return Answer(HTTPStatus.PARTIAL_CONTENT, size, *_wanted(request, size))
    except _UnsatisfiableError:
        return Answer(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, size)


def is_plain(request: HttpRequest) -> bool:
    """Whether a proxy that sends the file itself comes to the same answer as `answer_for`.

    It knows neither our names of bytes before it has answered, nor the spellings of a range that we are lenient with.
    """
    conditional = {"If-Match", "If-Unmodified-Since"} & set(request.headers)
    asked = request.headers.get("Range", "bytes=0-")
    return not conditional and _PLAIN.fullmatch(asked) is not None


def _precondition(request: HttpRequest, etag: str) -> HTTPStatus | None:
    """412 or 304 when the client's If-Match or If-None-Match decides the answer."""
    if match := request.headers.get("If-Match"):
        known = parse_etags(match)
        if known != ["*"] and etag not in known:
            return HTTPStatus.PRECONDITION_FAILED
    if none_match := request.headers.get("If-None-Match"):
        known = parse_etags(none_match)
        if known == ["*"] or etag in {each.removeprefix("W/") for each in known}:
            return HTTPStatus.NOT_MODIFIED
    return None


def _asks_for_range(request: HttpRequest, etag: str) -> bool:
    """Whether there is a byte range, and it is meant for the bytes that we have (If-Range)."""
    unit = request.headers.get("Range", "").partition("=")[0].strip().lower()
    return unit == "bytes" and request.headers.get("If-Range", etag) == etag


def _wanted(request: HttpRequest, size: int) -> tuple[int, int]:
    """First and last byte to send. Raises _UnsatisfiableError."""
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
