"""The status list (W3C Bitstring Status List 1.0): one bit per grant, compressed; a set bit is a revoked grant."""

import base64
import gzip
import zlib
from collections.abc import Iterable

MOST = 16 * 1024 * 1024
SIZE = 131_072  # bits; the standard's minimum, so that a place on the list does not point at a licensee


def encode(revoked: Iterable[int]) -> str:
    """Bit 0 is the leftmost. `u` marks base64url without padding (multibase)."""
    bits = bytearray(SIZE // 8)
    for index in revoked:
        bits[index // 8] |= 0x80 >> index % 8
    packed = gzip.compress(bytes(bits), mtime=0)
    return "u" + base64.urlsafe_b64encode(packed).decode().rstrip("=")


def is_set(encoded: str, index: int) -> bool:
    """Raises ValueError if this is not such a list, or has no such place."""
    if not encoded.startswith("u"):
        raise ValueError("not base64url")
    packed = base64.urlsafe_b64decode(encoded[1:] + "=" * (-len(encoded[1:]) % 4))
    bits = _unpacked(packed)
    if not 0 <= index < len(bits) * 8:
        raise ValueError("no such place")
    return bool(bits[index // 8] & 0x80 >> index % 8)


def _unpacked(packed: bytes) -> bytes:
    """At most MOST bytes: a small list could unpack to fill the memory."""
    reader = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        bits = reader.decompress(packed, MOST)
    except zlib.error as error:
        raise ValueError("not compressed") from error
    if not reader.eof:
        raise ValueError("not whole, or too long")
    return bits
