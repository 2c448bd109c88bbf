"""Records into an archive: media as files, everything else as lines of an index."""

import csv
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from collective.interop.mdc.archive.cells import cell, ending, folder_names
from collective.interop.mdc.archive.layout import INDEX, Layout
from collective.interop.mdc.archive.tarball import Tarball

Row = dict[str, Any]
# (split, records) in the order of the files.
Parts = Iterable[tuple[str, list[Row]]]
Told = Callable[[int], None]


def write_section(tarball: Tarball, layout: Layout, config: str, parts: Parts, *, index: Path, told: Told) -> None:
    """One config. `index` is a file of ours to fill: a tar needs its size before its bytes. `told`: rows written."""
    prefix, number, names = layout.folder(config), 0, [each["name"] for each in layout.columns]
    folders = folder_names(layout.media)
    with index.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
        for split, rows in parts:
            if number == 0:
                names += [name for name in (rows[0] if rows else ()) if name not in names]
                writer.writerow([*names, layout.split_column])
            for row in rows:
                written = _with_media(tarball, row, folders, prefix, number)
                writer.writerow([*(_field(written.get(name)) for name in names), split])
                number += 1
            told(len(rows))
        if number == 0:
            writer.writerow([*names, layout.split_column])
    tarball.add_file(f"{prefix}{INDEX}", index)


def _field(value: Any) -> str | int | float | None:
    shown = cell(value)
    return str(shown) if isinstance(shown, bool) else shown


def _with_media(tarball: Tarball, row: Row, folders: dict[str, str], prefix: str, number: int) -> Row:
    """The row with the path of a file, below the index's folder, in the place of each recording or picture."""
    return {**row, **{name: _placed(tarball, row.get(name), folders[name], prefix, number) for name in folders}}


def _placed(tarball: Tarball, media: Any, folder: str, prefix: str, number: int) -> str | None:
    content = (media or {}).get("bytes")
    if not content:
        return None
    name = f"{folder}/{number:08d}{ending(media, content)}"
    tarball.add_bytes(f"{prefix}{name}", content)
    return name
