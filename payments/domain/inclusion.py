"""That a statement belongs to what was issued for everybody: a Merkle tree over a period's statements.

As RFC 6962 §2.1 builds it: leaves hash under the prefix 0, nodes under 1, and a node without a neighbor moves up.
"""

import hashlib
from collections.abc import Sequence


def statement_leaf(sha256: str) -> bytes:
    """`sha256` is the hex digest of a statement's bytes."""
    return hashlib.sha256(b"\x00" + bytes.fromhex(sha256)).digest()


def merkle_root(leaves: Sequence[bytes]) -> str:
    """Hex; of no leaves, the hash of nothing."""
    row = list(leaves)
    while len(row) > 1:
        row = _above(row)
    return (row[0] if row else hashlib.sha256(b"").digest()).hex()


def inclusion_path(leaves: Sequence[bytes], position: int) -> list[tuple[str, str]]:
    """The neighbors on the way to the root: on which side each stands, and its hex digest. O(n) time."""
    row, path = list(leaves), []
    while len(row) > 1:
        beside = position ^ 1
        if beside < len(row):
            path.append(("left" if beside < position else "right", row[beside].hex()))
        row, position = _above(row), position // 2
    return path


def _above(row: list[bytes]) -> list[bytes]:
    pairs = (row[place : place + 2] for place in range(0, len(row), 2))
    return [hashlib.sha256(b"\x01" + b"".join(pair)).digest() if len(pair) == 2 else pair[0] for pair in pairs]
