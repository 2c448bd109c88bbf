"""One outcome for a saved grant and what lies beside it. The first check that fails is the answer."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import rfc8785

from data_collective.grants.status import check_status, is_time
from data_collective.grants.tokens import StopError, payload_of

CHUNK = 1024 * 1024
PAPERS = {".md", ".txt", ".json", ".jws", ".jwt", ".pdf"}


@dataclass(frozen=True)
class Saved:
    """What the verifier kept; what is None is not checked."""

    token: str
    jwks: Any
    at: datetime
    issuer: str = ""
    license_text: bytes | None = None
    manifest: Any = None
    folder: Path | None = None
    status: str | None = None
    fresh_days: int | None = None


def outcome(saved: Saved) -> tuple[str, str]:
    """The outcome's name and a sentence."""
    try:
        claims = payload_of(saved.token, saved.jwks, typ="dc-grant+jwt")
        claims["dc"] = claims["dc"] if isinstance(claims.get("dc"), dict) else {}
        _check_names(claims, saved)
        _check_time(claims, saved.at)
        _check_text(claims["dc"], saved.license_text)
        _check_manifest(claims["dc"], saved.manifest)
        _check_folder(saved)
        _check_status(claims, saved)
    except StopError as stop:
        return stop.code, stop.detail
    if saved.status is None:
        return "ok", "All that was supplied belongs to it. Whether it was revoked was not checked: no status list."
    return "ok", "All that was supplied belongs to it. By the status list, it is not revoked."


def _check_status(claims: dict[str, Any], saved: Saved) -> None:
    """With `fresh_days` a list is needed, and one that is at most so many days old."""
    if saved.status is not None:
        check_status(claims, saved.status, saved.jwks, saved.at, saved.fresh_days)
    elif saved.fresh_days is not None:
        raise StopError("status_unknown_since", "There is no status list, and one was asked for.")


def _check_names(claims: dict[str, Any], saved: Saved) -> None:
    issuer = saved.issuer or (saved.jwks.get("issuer") if isinstance(saved.jwks, dict) else "")
    if claims.get("aud") != "dc-license-grant":
        raise StopError("issuer_or_audience", f"This was not made as a license grant (aud is {claims.get('aud')}).")
    if not issuer or claims.get("iss") != issuer:
        raise StopError("issuer_or_audience", f"The grant is from {claims.get('iss')}, and not from {issuer or '?'}.")


def _check_time(claims: dict[str, Any], at: datetime) -> None:
    now, start, end = at.timestamp(), claims.get("nbf"), claims.get("exp")
    if not isinstance(start, int) or not is_time(start) or now < start:
        raise StopError("not_yet", "The license has not begun at that time.")
    if end is None and claims["dc"].get("perpetual") is True:
        return
    if not isinstance(end, int) or not is_time(end) or now >= end:
        raise StopError("expired", "The license has ended at that time.")


def _check_text(own: dict[str, Any], text: bytes | None) -> None:
    said = own.get("license")
    wanted = said.get("text_sha256") if isinstance(said, dict) else None
    if text is not None and hashlib.sha256(text).hexdigest() != wanted:
        raise StopError("license_text_mismatch", "The license text is not the one that was accepted.")


def _check_manifest(own: dict[str, Any], manifest: Any) -> None:
    if manifest is None:
        return
    try:
        found = hashlib.sha256(rfc8785.dumps(manifest)).hexdigest()
    except rfc8785.CanonicalizationError as error:
        raise StopError("manifest_mismatch", "The manifest is not JSON that can be hashed.") from error
    if found != own.get("manifest_sha256"):
        raise StopError("manifest_mismatch", "The manifest is not the one that the grant is pinned to.")


def _check_folder(saved: Saved) -> None:
    """Every named file is there with its bytes, and no other data file lies beside them."""
    if saved.folder is None:
        return
    named = _named(saved.manifest)
    for path, sha256 in sorted(named.items()):
        if path.startswith("/") or ".." in path.split("/"):
            raise StopError("file_mismatch", f"{path} lies outside of the folder.")
        if _sha256(saved.folder / path) != sha256:
            raise StopError("file_mismatch", f"{path} is missing, or differs from the manifest.")
    if extra := [path for path in _data_files(saved.folder) if path not in named]:
        raise StopError("file_mismatch", f"Not in the manifest: {', '.join(extra[:5])}.")


def _data_files(folder: Path) -> list[str]:
    """All but hidden folders, and the papers that people keep beside data."""
    found = sorted(file.relative_to(folder) for file in folder.rglob("*") if file.is_file())
    data = [path for path in found if len(path.parts) > 1 or path.suffix.lower() not in PAPERS]
    return [path.as_posix() for path in data if not path.parts[0].startswith(".")]


def _named(manifest: Any) -> dict[str, str]:
    try:
        return {str(row["path"]): str(row["sha256"]) for row in manifest["files"] if row["path"] != "manifest.json"}
    except (KeyError, TypeError) as error:
        raise StopError("manifest_mismatch", "A folder can only be checked with its manifest.") from error


def _sha256(file: Path) -> str:
    digest = hashlib.sha256()
    try:
        with file.open("rb") as source:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
    except (OSError, ValueError):  # not there, a folder, or a name that no file can have
        return ""
    return digest.hexdigest()
