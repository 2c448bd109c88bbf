"""Names of stored objects. No part of a key ever comes from a user's text."""

import re

from collective.core.storage.errors import InvalidKeyError, ObjectNotFoundError

# What lies below it in the incoming store stays until its owner removes it: no sweep looks at it.
KEPT = "kept"

_SEGMENT = r"[A-Za-z0-9_-][A-Za-z0-9._-]*"
_KEY = re.compile(rf"{_SEGMENT}(?:/{_SEGMENT})*", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


def checked_key(key: str) -> str:
    """The key itself, if it can name an object: no segment is empty or begins with a dot. Raises InvalidKeyError."""
    if len(key) > 512 or not _KEY.fullmatch(key):
        raise InvalidKeyError
    return key


def content_key(sha256: str) -> str:
    """`sha256/ab/cd/<hash>`: two levels of folders keep each of them small. Raises ObjectNotFoundError."""
    if not _SHA256.fullmatch(sha256):
        raise ObjectNotFoundError
    return f"sha256/{sha256[:2]}/{sha256[2:4]}/{sha256}"
