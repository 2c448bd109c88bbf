"""Digests of files on this machine's disk."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from collective.catalog.domain.merkle import MerkleTree, record_block
from ingestion.domain.parts import MIB
from ingestion.pipeline.records import ENTRY_BYTES

# Records per leaf of a record list's tree: a proof for one record shows the entries of its block.
BLOCK_RECORDS = 256


@dataclass(frozen=True)
class Digests:
    sha256: str
    # The name that git gives to these bytes.
    git_sha1: str
    size: int


def file_digests(path: Path) -> Digests:
    size = path.stat().st_size
    sha256, git = hashlib.sha256(), hashlib.sha1(f"blob {size}\0".encode(), usedforsecurity=False)
    with path.open("rb") as file:
        while block := file.read(MIB):
            sha256.update(block)
            git.update(block)
    return Digests(sha256.hexdigest(), git.hexdigest(), size)


def records_root(path: Path, *, rows: int) -> str:
    """Hex root of the Merkle tree over a record list. Raises ValueError if it does not hold `rows` records."""
    if path.stat().st_size != rows * ENTRY_BYTES:
        raise ValueError(f"the record list does not hold {rows} records")
    tree = MerkleTree()
    with path.open("rb") as file:
        while block := file.read(BLOCK_RECORDS * ENTRY_BYTES):
            tree.add(record_block(block))
    return tree.root()
