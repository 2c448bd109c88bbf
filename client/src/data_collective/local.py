"""The files of this computer: what is sent, what is left out, and how a file is recognized when it is sent again."""

import hashlib
import json
import os
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from data_collective.errors import IntegrityError, UsageError

EDGE = 64 * 1024


@dataclass(frozen=True)
class LocalFile:
    """`name` may hold folders, separated by “/”. `modified` is in nanoseconds. Size and time are those of the start."""

    path: Path
    name: str
    size: int
    modified: int

    def fingerprint(self) -> str:
        """Names this file to its owner, to resume: the same as the web site's `part-hash-worker.js` finds in a browser.

        A browser knows the time of change in whole milliseconds.
        """
        told = json.dumps([self.name, self.size, self.modified // 1_000_000], ensure_ascii=False, separators=(",", ":"))
        sha256 = hashlib.sha256(told.encode())
        with self.reading() as file:
            sha256.update(file.read(EDGE))
            file.seek(max(0, self.size - EDGE))
            sha256.update(file.read(EDGE))
        return sha256.hexdigest()

    @contextmanager
    def reading(self) -> Iterator[BinaryIO]:
        """Raises IntegrityError if it cannot be read any more."""
        try:
            with self.path.open("rb") as file:
                yield file
        except OSError as error:
            raise IntegrityError(
                f"{self.path} cannot be read any more ({error.strerror}). Run again when it can."
            ) from error

    def check_unchanged(self) -> None:
        """Raises IntegrityError if somebody wrote to the file since the run began."""
        try:
            now = self.path.stat()
        except OSError as error:
            raise IntegrityError(f"{self.path} went away while it was sent. Put it back and run again.") from error
        if (now.st_size, now.st_mtime_ns) != (self.size, self.modified):
            raise changed(self)


@dataclass(frozen=True)
class Selection:
    """`left_out` are hidden files, links, and what is no file."""

    files: list[LocalFile]
    left_out: list[Path]


def changed(file: LocalFile) -> IntegrityError:
    return IntegrityError(f"{file.path} changed while it was sent. Wait until nothing writes to it and run again.")


def select(path: Path) -> Selection:
    """The file, or every file of the folder and the folders in it. Raises UsageError before anything is sent."""
    if path.is_file():
        chosen, left_out, root = [path], list[Path](), path.parent
    elif path.is_dir():
        (chosen, left_out), root = _walk(path), path
    else:
        raise UsageError(f"There is no file or folder {path}. Check the name.")
    files = [_local(each, root) for each in chosen]
    if not files:
        raise UsageError(f"There is nothing to send in {path}. Hidden files and links are left out.")
    _check_names(files)
    return Selection(files, left_out)


def _walk(folder: Path) -> tuple[list[Path], list[Path]]:
    """Links are left out: they may lead anywhere on this computer."""
    chosen, left_out = list[Path](), list[Path]()
    for root, folders, names in os.walk(folder, onerror=_refuse):
        here = Path(root)
        left_out += [here / name for name in folders if _is_left_out(here / name)]
        folders[:] = sorted(name for name in folders if not _is_left_out(here / name))
        for path in sorted(here / name for name in names):
            (chosen if path.is_file() and not _is_left_out(path) else left_out).append(path)
    return chosen, left_out


def _is_left_out(path: Path) -> bool:
    return path.name.startswith(".") or path.is_symlink()


def _refuse(error: OSError) -> None:
    raise UsageError(f"The folder {error.filename} cannot be read. Check its permissions.") from error


def _local(path: Path, root: Path) -> LocalFile:
    """Opens the file, so that one that cannot be read is known before the first is sent."""
    try:
        with path.open("rb") as file:
            found = os.fstat(file.fileno())
    except OSError as error:
        raise UsageError(f"{path} cannot be read. Check its permissions; nothing was sent.") from error
    return LocalFile(path, _name_of(path.relative_to(root)), found.st_size, found.st_mtime_ns)


def _name_of(path: Path) -> str:
    """As a browser tells it: bytes that are no UTF-8 become replacement characters."""
    return os.fsencode(path.as_posix()).decode("utf-8", "replace")


def _check_names(files: list[LocalFile]) -> None:
    """The site takes one name once, whether it is written in capitals or with other code points."""
    seen: dict[str, LocalFile] = {}
    for file in files:
        twin = seen.setdefault(name_key(file.name), file)
        if twin is not file:
            raise UsageError(
                f"{twin.path} and {file.path} would have the same name on the site. Rename one; nothing was sent."
            )


def name_key(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", name).casefold())
