"""The identity of a record: a hash of its values that does not depend on how they are stored."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from ingestion.pipeline.schema import RECORD_ID


def row_sha256(row: Mapping[str, Any]) -> str:
    """SHA-256 of the row without `record_id`, as JSON with sorted keys, in UTF-8.

    Bytes stand as `{"sha256": …}`; dates, times and decimals as ISO text; absent and null are the same.
    """
    values = {name: value for name, value in row.items() if name != RECORD_ID and value is not None}
    text = json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def record_id(*, contribution_id: str, file_number: int, row_number: int, sha256: str) -> str:
    """32 hex: the same for every run over the same file, and telling nothing about who gave it."""
    return hashlib.sha256(f"{contribution_id}:{file_number}:{row_number}:{sha256}".encode()).hexdigest()[:32]


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"sha256": hashlib.sha256(value).hexdigest()}
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
