"""What goes into an archive, in order: what people read, then the data of each config."""

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from typing import Any

from django.conf import settings

from collective.catalog.models import DatasetVersion, VersionFile
from collective.core.storage import published
from collective.interop.mdc.archive.layout import Layout, layout_of
from collective.interop.mdc.archive.tarball import Tarball
from collective.interop.mdc.archive.writing import Parts, write_section
from ingestion.services import stored_rows

Told = Callable[[int], None]
# Recordings and pictures are compressed already: more effort there is only time.
TEXT_LEVEL, MEDIA_LEVEL = 6, 1
LICENSE = """The data in this archive is licensed, not given away. What you may do with it is written in the license
that you accepted for {name}, and nowhere else: this file grants nothing.

Your licenses: {site}/licenses/
The dataset:   {site}/datasets/{name}/
Version:       {number} (commit {commit})
"""


def data_layout(version: DatasetVersion) -> Layout:
    places = version.files.filter(kind="data").order_by("path").values_list("config", "split")
    return layout_of(places, version.columns)


def write_whole(version: DatasetVersion, folder: Path, *, told: Told) -> Path:
    """All of the version. `folder` is empty and has room for the data; `told` hears how many records were written."""
    layout, files = data_layout(version), version.files.filter(kind="data").order_by("path")
    target = folder / "whole.tar.gz"
    with ExitStack() as stack:
        tarball = _begin(stack, target, version, layout)
        _add_documents(tarball, version)
        for config in layout.configs:
            parts = _parts(files.filter(config=config))
            write_section(tarball, layout, config, parts, index=folder / "index", told=told)
    return target


def write_sample(version: DatasetVersion, folder: Path) -> Path:
    """The public preview: the first records, cut short, with clips and thumbnails."""
    layout = Layout(configs=("",), splits=("",), columns=tuple(version.columns))
    target = folder / "sample.tar.gz"
    with ExitStack() as stack:
        tarball = _begin(stack, target, version, layout)
        tarball.add_bytes("README.md", _about_sample(version).encode())
        rows = [_opened(record, layout.media) for record in version.preview]
        write_section(tarball, layout, "", [("", rows)], index=folder / "index", told=_nobody)
    return target


def _begin(stack: ExitStack, target: Path, version: DatasetVersion, layout: Layout) -> Tarball:
    if version.published_at is None:
        raise ValueError(f"version {version} is not published")
    file = stack.enter_context(target.open("wb"))
    level = MEDIA_LEVEL if layout.media else TEXT_LEVEL
    tarball = stack.enter_context(Tarball(file, mtime=int(version.published_at.timestamp()), level=level))
    name, number = version.dataset.repo_id, version.number
    text = LICENSE.format(name=name, number=number, commit=version.commit_id, site=settings.SITE_URL)
    tarball.add_bytes("LICENSE.txt", text.encode())
    return tarball


def _add_documents(tarball: Tarball, version: DatasetVersion) -> None:
    """Card, Croissant and manifest. Each is small: it was made in memory."""
    for file in version.files.exclude(kind="data").order_by("path"):
        with published().open(file.sha256) as content:
            tarball.add_bytes(file.path, content.read())


def _parts(files: Iterable[VersionFile]) -> Parts:
    for split, group in groupby(files, key=lambda file: file.split):
        yield from ((split, rows) for file in group for rows in stored_rows(file.sha256))


def _opened(record: dict[str, Any], media: list[str]) -> dict[str, Any]:
    return {**record, **{name: _clip(record.get(name)) for name in media}}


def _clip(described: Any) -> dict[str, Any] | None:
    sample = (described or {}).get("sample")
    if not sample:
        return None
    with published().open(sample["sha256"]) as content:
        return {"bytes": content.read(), "path": None}


def _about_sample(version: DatasetVersion) -> str:
    name = version.dataset.repo_id
    shown = f"{len(version.preview)} of {version.row_count} records of {name} {version.number}, cut short."
    return f"# {version.dataset.title}: a sample\n\n{shown}\n\n{settings.SITE_URL}/datasets/{name}/\n"


def _nobody(_rows: int) -> None:
    """Nobody waits for the progress of a sample."""
