"""The Merkle tree against the recursive definition of RFC 6962, and its published example of an empty tree."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from collective.catalog.domain.merkle import MerkleTree, record_block, shard_leaf


def by_definition(leaves: list[bytes]) -> bytes:
    """RFC 6962 §2.1: split at the largest power of two smaller than n."""
    if len(leaves) == 1:
        return leaves[0]
    cut = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + by_definition(leaves[:cut]) + by_definition(leaves[cut:])).digest()


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=70))
def test_equals_the_recursive_definition(leaves: list[bytes]) -> None:
    tree = MerkleTree()
    tree.extend(leaves)
    assert tree.root() == by_definition(leaves).hex()
    assert tree.count == len(leaves)


def test_an_empty_tree_is_the_hash_of_nothing() -> None:
    assert MerkleTree().root() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_leaves_hash_under_their_own_prefix() -> None:
    assert record_block(b"entries") == hashlib.sha256(b"\x00entries").digest()
    assert shard_leaf("ab" * 32) == hashlib.sha256(b"\x00" + b"\xab" * 32).digest()
