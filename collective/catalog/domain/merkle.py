"""The Merkle tree over a version's records (RFC 6962 §2.1: leaves and nodes hash under different prefixes).

Two trees stand on each other: over each shard's record list, a leaf per block of it; and over the roots of the shards.
So a version that keeps a shard keeps its root, and need not look at its records again.
"""

import hashlib
from collections.abc import Iterable


def record_block(entries: bytes) -> bytes:
    """The leaf for a block of a record list."""
    return hashlib.sha256(b"\x00" + entries).digest()


def shard_leaf(records_root: str) -> bytes:
    """The leaf for a shard; `records_root` is hex."""
    return hashlib.sha256(b"\x00" + bytes.fromhex(records_root)).digest()


class MerkleTree:
    """Built leaf by leaf in O(log n) memory: one root per complete subtree, widths falling powers of two."""

    def __init__(self) -> None:
        self.count = 0
        self._roots: list[tuple[int, bytes]] = []

    def add(self, leaf: bytes) -> None:
        self.count += 1
        width, node = 1, leaf
        while self._roots and self._roots[-1][0] == width:
            node = _parent(self._roots.pop()[1], node)
            width *= 2
        self._roots.append((width, node))

    def extend(self, leaves: Iterable[bytes]) -> None:
        for leaf in leaves:
            self.add(leaf)

    def root(self) -> str:
        """Hex root; of no leaves, the hash of nothing."""
        if not self._roots:
            return hashlib.sha256(b"").hexdigest()
        *left, (_, node) = self._roots
        for _, sibling in reversed(left):
            node = _parent(sibling, node)
        return node.hex()


def _parent(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
