"""What every engine refuses before it asks its store. The numbers are those of S3."""

import re

from collective.core.storage.base import PartSpec
from collective.core.storage.errors import PartRejectedError

PART_SECONDS = 3600
DOWNLOAD_SECONDS_MAX = 3600
PART_NUMBER_MAX = 10_000
PART_SIZE_MAX = 5 * 1024**3
_MD5 = re.compile(r"[0-9a-f]{32}", re.ASCII)


def checked_part(part: PartSpec) -> PartSpec:
    """Raises PartRejectedError."""
    checked_number(part.number)
    checked_size(part.size, number=part.number)
    if not _MD5.fullmatch(part.md5):
        raise PartRejectedError(number=part.number, why="its MD5 is not 32 lowercase hexadecimal digits")
    return part


def checked_number(number: int) -> int:
    """Raises PartRejectedError."""
    if not 1 <= number <= PART_NUMBER_MAX:
        raise PartRejectedError(number=number, why=f"part numbers go from 1 to {PART_NUMBER_MAX}")
    return number


def checked_size(size: int, *, number: int = 1) -> int:
    """Raises PartRejectedError."""
    if not 1 <= size <= PART_SIZE_MAX:
        raise PartRejectedError(number=number, why="a part has from 1 byte to 5 GiB")
    return size
