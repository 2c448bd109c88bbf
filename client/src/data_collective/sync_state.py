"""What a sync remembers in the folder itself, under `.collective/`: how far it is, the lists, what it changed."""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from data_collective.copies import Removal
from data_collective.errors import IntegrityError, UsageError
from data_collective.tombstones import START, Tombstones, WithdrawalSource

FOLDER = ".collective"


class SyncState:
    """`sync.json` names the dataset and the lists in their order; `pending.json` what an interrupted run changed."""

    def __init__(self, copy: Path) -> None:
        self.folder = copy / FOLDER
        self._said = _read(self.folder / "sync.json") or {"v": 1, "dataset": "", "cursor": START, "lists": []}

    @property
    def dataset(self) -> str:
        return str(self._said["dataset"])

    @property
    def cursor(self) -> str:
        return str(self._said["cursor"])

    def lists(self, source: WithdrawalSource) -> list[Tombstones]:
        """Those that were kept, verified again. What does not verify any more is asked for again from the start."""
        try:
            return [source.read(self._path(name).read_text(encoding="ascii")) for name in self._said["lists"]]
        except (IntegrityError, OSError, UnicodeDecodeError):
            self._said |= {"cursor": START, "lists": []}
            return []

    def keep(self, listed: Tombstones, *, dataset: str) -> None:
        """First the list, then the line that names it: ended in between, it is asked for again."""
        name = f"{listed.after}-{listed.cursor}.jws"
        write(self._path(name), listed.token)
        names = [each for each in self._said["lists"] if each != name]
        self._said |= {"dataset": dataset, "cursor": listed.cursor, "lists": [*names, name]}
        write(self.folder / "sync.json", _json(self._said))

    def pending(self) -> dict[str, Removal]:
        said = _read(self.folder / "pending.json") or {}
        return {name: Removal(**{**each, "removed": tuple(each["removed"])}) for name, each in said.items()}

    def set_pending(self, removals: dict[str, Removal]) -> None:
        write(self.folder / "pending.json", _json({name: asdict(each) for name, each in removals.items()}))

    def forget_pending(self) -> None:
        (self.folder / "pending.json").unlink(missing_ok=True)

    def proof(self, cursor: str, report: dict[str, Any]) -> Path:
        """Where the report lies. One that says the same of the files is kept; nothing is written over."""
        for name in _names(f"proof-{cursor}"):
            path = self.folder / name
            said = _read(path)
            if said is None:
                write(path, _json(report))
                return path
            if said["files"] == report["files"] or not report["files"]:
                return path
        raise AssertionError  # names do not end

    def _path(self, name: str) -> Path:
        return self.folder / "tombstones" / name


def write(path: Path, text: str) -> None:
    """Whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.new")
    with new.open("w", encoding="utf-8") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())
    new.replace(path)


def _names(stem: str) -> Iterable[str]:
    yield f"{stem}.json"
    number = 2
    while True:
        yield f"{stem}-{number}.json"
        number += 1


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read. Delete the folder {path.parent} to begin again.") from error


def _json(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"
