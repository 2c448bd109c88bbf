"""The folder view of a version's flat list of files: pure, immutable per commit id."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from collective.catalog.models import VersionFile


@dataclass
class Folder:
    """`path` without a trailing slash; the root is the empty text."""

    path: str
    files: list[VersionFile] = field(default_factory=list)

    @property
    def oid(self) -> str:
        """Forty hex digits that change with anything beneath."""
        listing = "".join(f"{file.path}:{file.git_sha1}\n" for file in self.files)
        return hashlib.sha1(listing.encode(), usedforsecurity=False).hexdigest()


Entry = VersionFile | Folder


class Tree:
    def __init__(self, files: Iterable[VersionFile]) -> None:
        self.files = {file.path: file for file in sorted(files, key=lambda file: file.path)}
        self.folders = {"": Folder("", list(self.files.values()))}
        for file in self.files.values():
            for parent in _parents(file.path):
                self.folders.setdefault(parent, Folder(parent)).files.append(file)

    def get(self, path: str) -> Entry | None:
        """The file or the folder at `path`."""
        return self.files.get(path) or self.folders.get(path)

    def list(self, folder: str, *, recursive: bool) -> list[Entry]:
        """What lies in an existing folder, by path; `recursive` adds everything beneath, folders included."""
        prefix = f"{folder}/" if folder else ""
        below = [path for path in (*self.files, *self.folders) if path.startswith(prefix) and path not in ("", folder)]
        kept = below if recursive else [path for path in below if "/" not in path.removeprefix(prefix)]
        return [self.files.get(path) or self.folders[path] for path in sorted(kept)]


def _parents(path: str) -> Iterable[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path
