"""Keys of this site in a contribution: what the parsing child may tell of one, which is never its secret."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self
from zlib import crc32

# Of one piece; far more than anybody forgets in a text.
MOST_OWN_KEYS = 64

# The form is that of `collective.accounts.domain.keys`, which the child cannot import: it would load all settings.
FORM = re.compile(r"(dck_live_([A-Za-z0-9]{8})_([A-Za-z0-9]{43}))_([0-9a-f]{8})")
ID, SHA256 = re.compile(r"[A-Za-z0-9]{8}"), re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class OwnKey:
    """The public id, and the SHA-256 of the secret, which is what accounts keeps of it. It may well be forged."""

    id: str
    secret_sha256: str

    def as_json(self) -> dict[str, str]:
        return {"id": self.id, "secret_sha256": self.secret_sha256}

    @classmethod
    def from_json(cls, data: object) -> Self:
        """Told by the parsing child, so every field is looked at. Raises ValueError."""
        if not isinstance(data, dict):
            raise ValueError("a key is an object")
        told, digest = data.get("id"), data.get("secret_sha256")
        if not isinstance(told, str) or not isinstance(digest, str):
            raise ValueError("a key has texts")
        if not ID.fullmatch(told) or not SHA256.fullmatch(digest):
            raise ValueError("a key has an id and a hash")
        return cls(told, digest)


def own_keys_in(text: str) -> Iterator[OwnKey]:
    """Those whose checksum is right."""
    for found in FORM.finditer(text):
        if f"{crc32(found[1].encode()):08x}" == found[4]:
            yield OwnKey(found[2], hashlib.sha256(found[3].encode()).hexdigest())
