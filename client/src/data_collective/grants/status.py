"""The list of revoked grants: one bit each, bit 0 leftmost, compressed."""

import base64
import re
import zlib
from datetime import UTC, datetime
from typing import Any

from data_collective.grants.tokens import StopError, payload_of

TYPE = "dc-status+jwt"
MOST = 16 * 1024 * 1024
FAR = 10**11
DAY = 24 * 3600
PLACE = re.compile(r"[0-9]{1,10}", re.ASCII)


def check_status(claims: dict[str, Any], token: str, jwks: Any, at: datetime, fresh_days: int | None = None) -> None:
    """Raises StopError: `revoked`, even by an old list, since that is for good; else `status_unknown_since`."""
    entry = claims["dc"].get("status")
    try:
        listed = payload_of(token, jwks, typ=TYPE)
    except StopError as stop:
        raise StopError("status_unknown_since", "There is no status list that can be trusted.") from stop
    ours = isinstance(entry, dict) and listed.get("sub") == entry.get("statusListCredential")
    if not isinstance(entry, dict) or not ours or listed.get("iss") != claims.get("iss"):
        raise StopError("status_unknown_since", "The status list belongs to another grant.")
    if (listed.get("statusPurpose"), entry.get("statusPurpose")) != ("revocation", "revocation"):
        raise StopError("status_unknown_since", "The status list is not one of revocations.")
    since = _day(listed.get("iat"))
    if _bit(listed.get("encodedList"), entry.get("statusListIndex")):
        raise StopError("revoked", f"The license was revoked; the list is from {since}.")
    if _is_old(listed, at.timestamp(), fresh_days):
        raise StopError(
            "status_unknown_since", f"Whether the license was revoked is not known since {since}: the list is too old."
        )


def _is_old(listed: dict[str, Any], now: float, fresh_days: int | None) -> bool:
    issued, end = listed.get("iat", ""), listed.get("exp", "")
    if not is_time(end) or now >= end:
        return True
    return fresh_days is not None and (not is_time(issued) or now - issued > fresh_days * DAY)


def is_time(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < FAR


def _bit(encoded: Any, index: Any) -> bool:
    try:
        place = int(index) if isinstance(index, str) and PLACE.fullmatch(index) else -1
        bits = _unpacked(encoded) if isinstance(encoded, str) else b""
    except (ValueError, zlib.error):
        place, bits = -1, b""
    if not 0 <= place < len(bits) * 8:
        raise StopError("status_unknown_since", "The status list does not have a place for this grant.")
    return bool(bits[place // 8] & 0x80 >> place % 8)


def _unpacked(encoded: str) -> bytes:
    if not encoded.startswith("u"):
        raise ValueError("not base64url")
    reader = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    bits = reader.decompress(base64.urlsafe_b64decode(encoded[1:] + "=" * (-len(encoded[1:]) % 4)), MOST)
    if not reader.eof:
        raise ValueError("not whole, or too long")
    return bits


def _day(value: Any) -> str:
    return datetime.fromtimestamp(value, tz=UTC).date().isoformat() if is_time(value) else "an unknown day"
