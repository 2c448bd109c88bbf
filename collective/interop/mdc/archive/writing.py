"""Records into an archive: media as files with what is said of them beside, everything as lines of an index."""

import csv
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from collective.interop.mdc.archive.cells import SIDECAR, cell, ending, folder_names, sidecar
from collective.interop.mdc.archive.layout import INDEX, Layout
from collective.interop.mdc.archive.tarball import Tarball

Row = dict[str, Any]
# (split, records) in the order of the files.
Parts = Iterable[tuple[str, list[Row]]]
Told = Callable[[int], None]


def write_section(tarball: Tarball, layout: Layout, config: str, parts: Parts, *, index: Path, told: Told) -> None:
    """One config. `index` is a file of ours to fill: a tar needs its size before its bytes. `told`: rows written."""
    prefix, number, names = layout.folder(config), 0, [each["name"] for each in layout.columns]
    folders = {name: f"{prefix}{folder}" for name, folder in folder_names(layout.media).items()}
    with index.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
        for split, rows in parts:
            if number == 0:
                names += [name for name in (rows[0] if rows else ()) if name not in names]
                writer.writerow([*names, layout.split_column])
            for row in rows:
                placed = _place_media(tarball, {**row, layout.split_column: split}, folders, number)
                written = row | {name: path and path.removeprefix(prefix) for name, path in placed.items()}
                writer.writerow([*(_field(written.get(name)) for name in names), split])
                number += 1
            told(len(rows))
        if number == 0:
            writer.writerow([*names, layout.split_column])
    tarball.add_file(f"{prefix}{INDEX}", index)


def _field(value: Any) -> str | int | float | None:
    shown = cell(value)
    return str(shown) if isinstance(shown, bool) else shown


def _place_media(tarball: Tarball, row: Row, folders: dict[str, str], number: int) -> dict[str, str | None]:
    """Where each recording or picture is. The other fields are next to it as JSON, which WebDataset takes as one."""
    placed = dict[str, str | None].fromkeys(folders)
    beside = sidecar({name: row[name] for name in row if name not in folders})
    for name, folder in folders.items():
        media = row.get(name) or {}
        if content := media.get("bytes"):
            sample = f"{folder}/{number:08d}"
            tarball.add_bytes(path := f"{sample}{ending(media, content)}", content)
            tarball.add_bytes(f"{sample}{SIDECAR}", beside)
            placed[name] = path
    return placed
