"""A folder that is never left: files are opened segment by segment, and a symbolic link is no file of ours."""

import errno
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from collective.core.ids import new_id
from collective.core.storage.errors import ObjectNotFoundError, StorageFullError
from collective.core.storage.keys import checked_key

COPY_CHUNK = 64 * 1024 * 1024
_FULL = {errno.ENOSPC, errno.EDQUOT}
_NO_FILE = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP}


class Folder:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.temporary = root / "tmp"

    def path(self, key: str) -> Path:
        return self.root / checked_key(key)

    def open(self, key: str) -> BinaryIO:
        """Raises ObjectNotFoundError, also where a link was planted on the way."""
        *folders, name = checked_key(key).split("/")
        try:
            here = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY)
            for folder in folders:
                here = _step(here, folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            handle = _step(here, name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError as error:
            if error.errno in _NO_FILE:
                raise ObjectNotFoundError from None
            raise
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise ObjectNotFoundError
        return os.fdopen(handle, "rb")

    @contextmanager
    def writing(self, key: str | Callable[[], str]) -> Iterator[BinaryIO]:
        """A new file that takes its name only when the body ends well; then name and bytes are on the disk.

        A name that depends on the bytes is a function, asked after the body; its folder must exist. Raises
        StorageFullError when the disk has no more room; the unfinished file is removed.
        """
        draft = self.temporary / str(new_id())
        with disk_errors():
            self.temporary.mkdir(parents=True, exist_ok=True)
            if isinstance(key, str):
                self.path(key).parent.mkdir(parents=True, exist_ok=True)
            try:
                with draft.open("xb") as file:
                    yield file
                    file.flush()
                    os.fsync(file.fileno())
                target = self.path(key if isinstance(key, str) else key())
                draft.replace(target)
            finally:
                draft.unlink(missing_ok=True)
            sync_folder(target.parent)

    def delete(self, key: str) -> None:
        with suppress(FileNotFoundError, NotADirectoryError):
            self.path(key).unlink()

    def discard_tree(self, key: str) -> None:
        """Remove a whole folder: it disappears in one step, so nobody sees it half empty. Idempotent."""
        self.temporary.mkdir(parents=True, exist_ok=True)
        trash = self.temporary / str(new_id())
        with suppress(FileNotFoundError):
            self.path(key).rename(trash)
            shutil.rmtree(trash)

    def discard_draft(self, name: str) -> None:
        """What a write, or the removal of a folder, left behind when its process died."""
        path = self.temporary / checked_key(name)
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)

    def prune(self, key: str) -> None:
        """Remove the folder that held `key`, if nothing else is in it."""
        with suppress(OSError):
            self.path(key).parent.rmdir()

    def older_than(self, name: str, before: datetime) -> Iterator[Path]:
        """Entries of the folder `name` that have not changed since; a folder changes with what it holds directly."""
        folder = self.root / name
        if folder.is_dir():
            yield from (path for path in folder.iterdir() if _is_older(path, before))

    def files_older_than(self, name: str, before: datetime) -> Iterator[Path]:
        """The same of files at any depth."""
        found = (self.root / name).rglob("*")
        yield from (path for path in found if path.is_file() and not path.is_symlink() and _is_older(path, before))


@contextmanager
def disk_errors() -> Iterator[None]:
    """A full disk, in words for a person."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFullError from error
        raise


def append(target: BinaryIO, source: BinaryIO) -> None:
    """Copy all of `source` to the end of `target` inside the kernel."""
    left = os.fstat(source.fileno()).st_size
    while left:
        left -= os.sendfile(target.fileno(), source.fileno(), None, min(left, COPY_CHUNK))


def sync_folder(folder: Path) -> None:
    """Make a rename durable: the name lives in the folder, not in the file."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _is_older(path: Path, before: datetime) -> bool:
    """False, too, for what disappears while we look: somebody is at work there."""
    try:
        return path.lstat().st_mtime < before.timestamp()
    except FileNotFoundError:
        return False


def _step(here: int, name: str, flags: int) -> int:
    try:
        return os.open(name, flags, dir_fd=here)
    finally:
        os.close(here)
