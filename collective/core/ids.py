"""Identifiers: time-ordered UUIDs (RFC 9562, version 7), so that a primary key grows with its table."""

import secrets
import time
from datetime import UTC, datetime
from uuid import UUID


def new_id() -> UUID:
    """48 bits of milliseconds, then 74 random bits; unguessable enough for a name, never used as a secret."""
    value = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)


def made_at(made: UUID) -> datetime:
    """When `new_id` made it, to the millisecond."""
    return datetime.fromtimestamp((made.int >> 80) / 1000, UTC)
