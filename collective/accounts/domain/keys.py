"""The form of an API key: `dck_live_<8 id>_<43 secret>_<crc32>`.

Secret scanners find the prefix, and the checksum tells a mistyped or truncated key from a real one without a look at
the database. The alphabet has no underscore, so the parts are unambiguous.
"""

import hashlib
import re
import secrets
import string
from dataclasses import dataclass
from hmac import compare_digest
from zlib import crc32

PREFIX = "dck_live"
ALPHABET = string.ascii_letters + string.digits
ID_LENGTH = 8
SECRET_LENGTH = 43  # 62^43 > 2^256
PATTERN = re.compile(r"(dck_live_([A-Za-z0-9]{8})_([A-Za-z0-9]{43}))_([0-9a-f]{8})")

DEFAULT_DAYS = 90
MOST_DAYS = 365

# What a key may be allowed to do, in plain words. Nothing here manages keys, members or e-mail addresses.
SCOPES = {
    "datasets:read": "read datasets that you can see",
    "licenses:read": "read your licenses",
    "licenses:attest": "confirm in your name that withdrawn records were deleted",
    "download": "download files that you have a license for",
    "upload": "open draft datasets, start contributions and upload files",
    "purchase": "place orders in your name",
    "earnings:read": "read your earnings",
}


@dataclass(frozen=True)
class KeyParts:
    id: str
    secret: str

    @property
    def plaintext(self) -> str:
        body = f"{PREFIX}_{self.id}_{self.secret}"
        return f"{body}_{checksum(body)}"

    @property
    def secret_sha256(self) -> str:
        """A plain hash is enough: the secret has 256 random bits, so there is nothing to guess."""
        return hashlib.sha256(self.secret.encode()).hexdigest()

    def matches(self, secret_sha256: str) -> bool:
        return compare_digest(self.secret_sha256, secret_sha256)


def checksum(body: str) -> str:
    return f"{crc32(body.encode()):08x}"


def make_key() -> KeyParts:
    return KeyParts(_random(ID_LENGTH), _random(SECRET_LENGTH))


def parse_key(text: str) -> KeyParts | None:
    """The parts of a well-formed key, or None."""
    match = PATTERN.fullmatch(text)
    if match is None or match[4] != checksum(match[1]):
        return None
    return KeyParts(match[2], match[3])


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
