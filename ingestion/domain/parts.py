"""How a file is cut into parts for a multipart upload."""

import base64
import hashlib
from dataclasses import dataclass

MIB = 1024 * 1024
# S3 takes at most 10,000 parts; 9,000 leaves room.
MOST_PARTS = 9_000


@dataclass(frozen=True)
class PartDigest:
    """What a client says about one part: number from 1, bytes, MD5 and SHA-256 as hex."""

    number: int
    size: int
    md5: str
    sha256: str


@dataclass(frozen=True)
class SmallFile:
    """What a client says about a file that travels as one object: bytes, MD5 and SHA-256 as hex, name in our form."""

    name: str
    size: int
    md5: str
    sha256: str

    @property
    def fingerprint(self) -> str:
        """Finds the same file of the same person again. It is not hexadecimal, so no client can have chosen it."""
        said = "\0".join(["whole", self.name, str(self.size), self.md5, self.sha256])
        return f"w:{base64.urlsafe_b64encode(hashlib.sha256(said.encode()).digest()).decode()}"


# How the fingerprint of an announced file begins, and no other's.
ANNOUNCED = "a:"


@dataclass(frozen=True)
class AnnouncedFile:
    """What a client says about a file whose name it keeps for later: SHA-256 as hex, and bytes."""

    sha256: str
    size: int
    md5: str = ""

    @property
    def fingerprint(self) -> str:
        """As that of a small file: not hexadecimal, so that no client can have chosen it."""
        said = "\0".join(["announced", self.sha256, str(self.size)])
        return f"{ANNOUNCED}{base64.urlsafe_b64encode(hashlib.sha256(said.encode()).digest()).decode()}"


@dataclass(frozen=True)
class NamedFile:
    """The name, in our form, that an announced file gets."""

    name: str
    file: AnnouncedFile


def part_size_for(size: int, *, least: int) -> int:
    """The part size in bytes for a file of `size` bytes: at least `least`, whole MiB, at most MOST_PARTS parts."""
    wanted = max(least, -(-size // MOST_PARTS))
    return -(-wanted // MIB) * MIB


def part_count(size: int, part_size: int) -> int:
    return -(-size // part_size)


def part_length(size: int, part_size: int, number: int) -> int:
    """Bytes of part `number`; all but the last are full. Raises ValueError outside 1…part_count."""
    count = part_count(size, part_size)
    if not 1 <= number <= count:
        raise ValueError(f"part {number} of {count}")
    return part_size if number < count else size - part_size * (count - 1)
