"""How a file is cut: the same rule as the site's `ingestion/domain/parts.py`."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

BLOCK = 1024 * 1024


@dataclass(frozen=True)
class Part:
    """Bytes [begin, begin + size) of a file; numbers count from 1."""

    number: int
    begin: int
    size: int


@dataclass(frozen=True)
class Digests:
    """As hex: MD5 because object stores enforce it, SHA-256 for the site's manifest."""

    md5: str
    sha256: str


def cut(size: int, part_size: int) -> list[Part]:
    """All but the last are full."""
    begins = range(0, size, part_size)
    return [Part(number, begin, min(part_size, size - begin)) for number, begin in enumerate(begins, start=1)]


def digests_of(file: BinaryIO, part: Part, *others: "hashlib._Hash") -> Digests | None:
    """Reads the part; `others` take the same bytes. None if the file is too short for it."""
    md5, sha256 = hashlib.md5(usedforsecurity=False), hashlib.sha256()
    length = 0
    for block in blocks(file, part, BLOCK):
        length += len(block)
        for each in (md5, sha256, *others):
            each.update(block)
    return Digests(md5.hexdigest(), sha256.hexdigest()) if length == part.size else None


def blocks(file: BinaryIO, part: Part, longest: int) -> Iterator[bytes]:
    """The part's bytes; fewer if the file ends before."""
    file.seek(part.begin)
    left = part.size
    while left and (block := file.read(min(longest, left))):
        left -= len(block)
        yield block
