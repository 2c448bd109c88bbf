"""The parent's side of cutting excerpts: one process for the few of a version, and every output looked at again."""

import hashlib
import json
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from ingestion.pipeline.media import UnreadableMediaError, media_facts
from ingestion.pipeline.sandbox import kill_group, start_child
from ingestion.pipeline.sniff import kind_of_bytes

WALL_SECONDS = 60.0
LARGEST = 8 * 1024 * 1024
MEDIA_TYPES = {"flac": "audio/flac", "png": "image/png"}


@dataclass(frozen=True)
class Original:
    """A recording or picture of one record, written to `path`."""

    path: Path
    contribution_id: UUID
    record_id: str
    column: str


@dataclass(frozen=True)
class Excerpted:
    """What was cut, at `path` on this machine's disk."""

    original: Original
    path: Path
    sha256: str
    size: int
    media_type: str


def excerpts_of(originals: Sequence[Original]) -> list[Excerpted]:
    """As many as can be cut. A preview without a clip is no reason to publish nothing."""
    cuts = [{"input": str(each.path), "output": str(_output(each)), "record_id": each.record_id} for each in originals]
    task = {"size": sum(each.path.stat().st_size for each in originals), "cuts": cuts}
    process = start_child("ingestion.pipeline.excerpt_child")
    try:
        with suppress(subprocess.TimeoutExpired, BrokenPipeError):  # it hung or died: what it wrote before counts
            process.communicate(json.dumps(task).encode() + b"\n", timeout=WALL_SECONDS)
    finally:
        kill_group(process)
    return [found for each in originals if (found := _looked_at(each))]


def _output(original: Original) -> Path:
    return original.path.with_suffix(".excerpt")


def _looked_at(original: Original) -> Excerpted | None:
    path = _output(original)
    if path.is_symlink() or not path.is_file() or path.stat().st_size > LARGEST:
        return None
    content = path.read_bytes()
    media_type = MEDIA_TYPES.get(kind_of_bytes(content[:512]) or "")
    try:
        media_facts(content)
    except UnreadableMediaError:
        return None
    if media_type is None:
        return None
    return Excerpted(original, path, hashlib.sha256(content).hexdigest(), len(content), media_type)
