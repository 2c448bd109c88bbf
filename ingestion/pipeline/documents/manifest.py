"""manifest.json, and the name of a version that follows from its files."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import rfc8785

from ingestion.pipeline.documents.facts import DataFile, Described


def manifest(
    about: Described, *, commit_id: str, merkle_root: str, data: Sequence[DataFile], texts: Mapping[str, bytes]
) -> bytes:
    """RFC 8785 canonical JSON, so the file's SHA-256 is the hash of its object. Names every file but itself."""
    document: dict[str, Any] = {
        "dataset": about.repo_id,
        "version": about.version,
        "commit": commit_id,
        "records": about.rows,
        "merkle_root": merkle_root,
        "files": [*map(_data, data), *(_text(path, text) for path, text in sorted(texts.items()))],
    }
    return rfc8785.dumps(document)


def commit_id_of(data: Sequence[DataFile], texts: Mapping[str, bytes]) -> str:
    """SHA-1 over the sorted `path:sha256` pairs without manifest.json, which holds it."""
    pairs = [f"{file.path}:{file.sha256}" for file in data]
    pairs += [f"{path}:{hashlib.sha256(text).hexdigest()}" for path, text in texts.items()]
    return hashlib.sha1("\n".join(sorted(pairs)).encode(), usedforsecurity=False).hexdigest()


def git_sha1(data: bytes) -> str:
    return hashlib.sha1(f"blob {len(data)}\0".encode() + data, usedforsecurity=False).hexdigest()


def _data(file: DataFile) -> dict[str, Any]:
    return {
        "path": file.path,
        "config": file.config,
        "split": file.split,
        "size": file.size,
        "sha256": file.sha256,
        "git_sha1": file.git_sha1,
        "num_rows": file.rows,
        "row_groups": file.row_groups,
    }


def _text(path: str, text: bytes) -> dict[str, Any]:
    return {
        "path": path,
        "size": len(text),
        "sha256": hashlib.sha256(text).hexdigest(),
        "git_sha1": git_sha1(text),
    }
