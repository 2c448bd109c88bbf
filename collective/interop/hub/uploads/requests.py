"""What a pushing client sends, parsed without trust: JSON of known shape, and a commit as lines of JSON."""

import base64
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from collective.core.api.parsers import parse_strictly
from collective.core.errors import InvalidError
from collective.interop.hub.requests import clean_path
from collective.interop.hub.uploads.errors import CommitUnreadableError, RegularFileError
from ingestion.domain.names import LONGEST
from ingestion.domain.parts import AnnouncedFile
from ingestion.errors import NameTooLongError

CARD = "README.md"
# Made by clients for Git's sake; they are no data.
IGNORED = {".gitattributes", ".gitignore"}
LINE_MAX = 2 * 1024**2
CARD_MAX = 1024**2
LINES_MAX = 30_000
FILES_AT_ONCE = 1_000
SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
SIZE_MAX = 2**53


@dataclass
class Commit:
    """`files` by path; `card` is None when the commit has none. Paths as the client wrote them."""

    parent: str = ""
    files: dict[str, AnnouncedFile] = field(default_factory=dict)
    empty: list[str] = field(default_factory=list)
    card: str | None = None
    deleted: list[str] = field(default_factory=list)
    deleted_folders: list[str] = field(default_factory=list)

    @property
    def paths(self) -> list[str]:
        return [*self.files, *self.empty]


def fields(body: bytes) -> dict[str, Any]:
    """Raises InvalidError."""
    value = parse_strictly(body)
    if not isinstance(value, dict):
        raise InvalidError("The body is not a JSON object.")
    return value


def listed(body: dict[str, Any], name: str) -> list[dict[str, Any]]:
    rows = body.get(name)
    if not isinstance(rows, list) or len(rows) > FILES_AT_ONCE or not all(isinstance(row, dict) for row in rows):
        raise InvalidError(f"“{name}” is not a list of at most {FILES_AT_ONCE} objects.")
    return rows


def announced(row: dict[str, Any]) -> AnnouncedFile:
    """Raises InvalidError."""
    oid, size = row.get("oid"), row.get("size")
    if not isinstance(oid, str) or not SHA256.fullmatch(oid):
        raise InvalidError("An oid is the SHA-256 of the file: 64 hexadecimal digits.")
    if not isinstance(size, int) or isinstance(size, bool) or not 0 < size < SIZE_MAX:
        raise InvalidError("The size of a file that travels through Git LFS is a number of bytes above 0.")
    return AnnouncedFile(oid, size)


def path_of(row: dict[str, Any]) -> str:
    path = row.get("path")
    if not isinstance(path, str):
        raise InvalidError("A path is missing.")
    if len(path) > LONGEST:
        raise NameTooLongError(name=path[:LONGEST], limit=LONGEST)
    return clean_path(path.strip("/"))


def read_commit(lines: Iterable[bytes]) -> Commit:
    """Raises InvalidError."""
    commit = Commit()
    for number, line in enumerate(lines, 1):
        if len(line) > LINE_MAX or number > LINES_MAX:
            raise CommitUnreadableError(why=f"it has more than {LINES_MAX} lines, or one of more than {LINE_MAX} bytes")
        if line.strip():
            _add(commit, fields(line))
    return commit


def lines_of(stream: Any) -> Iterator[bytes]:
    """One more byte than a line may have shows that it is too long, without the rest of it."""
    while line := stream.readline(LINE_MAX + 1):
        yield line


def _add(commit: Commit, item: dict[str, Any]) -> None:
    key, value = item.get("key"), item.get("value")
    if not isinstance(value, dict):
        raise CommitUnreadableError(why="a line has no value")
    match key:
        case "header":
            commit.parent = str(value.get("parentCommit") or "")
        case "lfsFile":
            commit.files[path_of(value)] = announced(value)
        case "file":
            _add_regular(commit, path_of(value), value)
        case "deletedFile":
            commit.deleted.append(path_of(value))
        case "deletedFolder":
            commit.deleted_folders.append(path_of(value))
        case _:
            raise CommitUnreadableError(why=f"nobody knows what “{key}” means")


def _add_regular(commit: Commit, path: str, value: dict[str, Any]) -> None:
    content = _content(value)
    if path == CARD:
        commit.card = _text(content)
    elif content and path not in IGNORED:
        raise RegularFileError(path=path)
    elif path not in IGNORED:
        commit.empty.append(path)


def _content(value: dict[str, Any]) -> bytes:
    content = value.get("content")
    if not isinstance(content, str):
        raise CommitUnreadableError(why="a file has no content")
    if value.get("encoding") != "base64":
        return content.encode()
    try:
        return base64.b64decode(content, validate=True)
    except ValueError as error:
        raise CommitUnreadableError(why="the content of a file is not base64") from error


def _text(content: bytes) -> str:
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise CommitUnreadableError(why="README.md is not UTF-8") from error
    if len(content) > CARD_MAX or "\0" in text:
        raise CommitUnreadableError(why=f"README.md is larger than {CARD_MAX} bytes or has a NUL in it")
    return text
