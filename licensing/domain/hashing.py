"""The two hashes of governance: of canonical JSON (RFC 8785), and of raw bytes."""

import hashlib
from typing import Any

import rfc8785


def canonical_sha256(value: Any) -> str:
    """Hex SHA-256 of the RFC 8785 form. Money and integers above 2^53-1 must be strings, or rfc8785 refuses."""
    return hashlib.sha256(rfc8785.dumps(value)).hexdigest()


def bytes_sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
