"""Records of a WebDataset: files that share their name up to the first dot of it, one after another."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ingestion.domain.kinds import AUDIO, Kind
from ingestion.pipeline.archives import members
from ingestion.pipeline.readers.archives.index import Entry
from ingestion.pipeline.readers.archives.text_files import text_of
from ingestion.pipeline.readers.base import Scan
from ingestion.pipeline.readers.jsonl import parse_object

KEY, JSON, CLASS = "__key__", "json", "cls"
BASE_AND_ENDING = re.compile(r"^((?:.*/|)[^./]+)[.]([^/]*)$")
MOST_ENDINGS = 32
WHOLE = re.compile(r"-?\d{1,18}\s*", re.ASCII)


def is_webdataset(entries: Sequence[Entry]) -> bool:
    """Most base names have several files, and most of them share an ending."""
    split = [found for entry in entries if (found := parted(entry.name))]
    keys, endings = {key for key, _ in split}, Counter(ending for _, ending in split)
    if not split or len(split) < len(entries) or len(endings) > MOST_ENDINGS or len(split) < 1.5 * len(keys):
        return False
    return any(count * 2 >= len(keys) and "." not in ending for ending, count in endings.items())


def parted(name: str) -> tuple[str, str] | None:
    found = BASE_AND_ENDING.match(name)
    return (found[1], found[2].lower()) if found else None


@dataclass(frozen=True)
class Part:
    """A file of a record with its bytes."""

    ending: str
    name: str
    data: bytes


@dataclass
class Sample:
    """A record before its columns are known."""

    key: str
    files: list[Part] = field(default_factory=list)

    @property
    def weight(self) -> int:
        return sum(len(part.data) for part in self.files)


def samples(scan: Scan, kind: Kind, count: int) -> Iterator[Sample]:
    """In the archive's order; `count` files are in it."""
    sample, size = Sample(""), scan.path.stat().st_size
    for number, member in enumerate(members(scan.path, kind), start=1):
        key, ending = parted(member.name) or ("", "")
        if key != sample.key and sample.files:
            yield sample
            scan.progress(0, min(size, size * number // count))
        sample = sample if key == sample.key else Sample(key)
        sample.files.append(Part(ending, member.name, member.read()))
    if sample.files:
        yield sample


def column_of(ending: str, entry: Entry) -> str:
    """“wav” and “flac” are both `audio`, “jpg” and “png” both `image`, “txt” is `text`; the rest keeps its name."""
    if "." in ending:
        return ending
    if entry.is_media:
        return "audio" if entry.kind in AUDIO else "image"
    return "text" if ending == "txt" else ending


def value_of(column: str, part: Part) -> Any:
    text = text_of(part.data, part.name)
    if column == CLASS and WHOLE.fullmatch(text):
        return int(text)
    return parse_object(text) if column.endswith(f".{JSON}") else text


def object_of(part: Part) -> dict[str, Any]:
    return parse_object(text_of(part.data, part.name))
