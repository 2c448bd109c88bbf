"""Proving a license without us: a saved grant, saved keys, and what was downloaded. No database, no network.

One outcome; the checks run in the order of governance reference 4, and the first that fails is the answer.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import rfc8785

from licensing.domain import status_list
from licensing.domain.claims import AUDIENCE, TYPE
from licensing.domain.tokens import RefusedTokenError, signed_claims

STATUS_TYPE = "dc-status+jwt"
CHUNK = 1024 * 1024
PAPERS = {".md", ".txt", ".json", ".jws", ".jwt", ".pdf"}
# So many files that should not be there are named.
NAMED = 5
PURPOSE = "revocation"
FAR = 10**11
DAY = 24 * 3600
PLACE = re.compile(r"[0-9]{1,10}", re.ASCII)


@dataclass(frozen=True)
class Evidence:
    """What the verifier has at hand. `jwks` is the saved key set; what is None is not checked.

    With `fresh_days` a status list is needed, and one that is at most so many days old.
    """

    token: str
    jwks: Mapping[str, Any]
    at: datetime
    issuer: str = ""
    license_text: bytes | None = None
    manifest: Any = None
    folder: Path | None = None
    status: str | None = None
    fresh_days: int | None = None


@dataclass(frozen=True)
class Outcome:
    """`code` is one of the table's; `detail` says it in a sentence; `claims` once the signature held."""

    code: str
    detail: str
    claims: Mapping[str, Any] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return self.code == "ok"


class _StopError(Exception):
    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.outcome = (code, detail)


def verify(evidence: Evidence) -> Outcome:
    claims: Mapping[str, Any] = {}
    try:
        claims = signed_claims(evidence.token, evidence.jwks, typ=TYPE)
        _check_names(claims, evidence)
        _check_time(claims, evidence.at)
        _check_license(claims, evidence.license_text)
        _check_manifest(claims, evidence.manifest)
        _check_folder(evidence)
        _check_status(claims, evidence)
    except RefusedTokenError as refused:
        return Outcome(refused.code, refused.detail, claims)
    except _StopError as stop:
        return Outcome(*stop.outcome, claims)
    return Outcome("ok", f"Everything that was supplied belongs to this license.{_caveat(evidence)}", claims)


def _caveat(evidence: Evidence) -> str:
    """`ok` says what was checked. Without a status list nobody knows whether the license was revoked since."""
    if evidence.status is None:
        return " Whether it was revoked was not checked: there was no status list."
    return " By the status list, it is not revoked."


def _check_names(claims: Mapping[str, Any], evidence: Evidence) -> None:
    issuer = evidence.issuer or str(evidence.jwks.get("issuer", ""))
    if claims.get("aud") != AUDIENCE:
        raise _StopError("issuer_or_audience", f"This was not made as a license grant (aud is {claims.get('aud')}).")
    if not issuer or claims.get("iss") != issuer:
        raise _StopError("issuer_or_audience", f"The grant is from {claims.get('iss')}, and not from {issuer or '?'}.")


def _check_time(claims: Mapping[str, Any], at: datetime) -> None:
    """Valid while `nbf ≤ now < exp`. Without `exp` only a grant that says that it is perpetual."""
    now, start, end = at.timestamp(), claims.get("nbf", ""), claims.get("exp")
    perpetual = _dc(claims).get("perpetual") is True
    if not _is_time(start) or now < start:
        raise _StopError("not_yet", "The license has not begun at that time.")
    if (end is None and not perpetual) or (end is not None and (not _is_time(end) or now >= end)):
        raise _StopError("expired", "The license has ended at that time.")


def _check_license(claims: Mapping[str, Any], text: bytes | None) -> None:
    if text is None:
        return
    if hashlib.sha256(text).hexdigest() != _part(_dc(claims), "license").get("text_sha256"):
        raise _StopError("license_text_mismatch", "The license text is not the one that was accepted.")


def _check_manifest(claims: Mapping[str, Any], manifest: Any) -> None:
    if manifest is None:
        return
    try:
        found = hashlib.sha256(rfc8785.dumps(manifest)).hexdigest()
    except rfc8785.CanonicalizationError as error:
        raise _StopError("manifest_mismatch", "The manifest is not JSON that can be hashed.") from error
    if found != _dc(claims).get("manifest_sha256"):
        raise _StopError("manifest_mismatch", "The manifest is not the one that the grant is pinned to.")


def _check_folder(evidence: Evidence) -> None:
    """Every file that the manifest names is there and matches, and no other data file lies beside them."""
    if evidence.folder is None:
        return
    named = _named_files(evidence.manifest)
    for path, sha256 in sorted(named.items()):
        found = _file_sha256(evidence.folder, path)
        if found != sha256:
            wrong = "is missing" if found is None else "differs from the manifest"
            raise _StopError("file_mismatch", f"{path} {wrong}.")
    if extra := [path for path in _data_files(evidence.folder) if path not in named]:
        raise _StopError("file_mismatch", f"Not in the manifest: {', '.join(extra[:NAMED])}.")


def _data_files(folder: Path) -> list[str]:
    """All but hidden folders, and what people keep beside data: the license, the grant, lists, cards."""
    found = sorted(file.relative_to(folder) for file in folder.rglob("*") if file.is_file())
    papers = [path for path in found if len(path.parts) == 1 and path.suffix.lower() in PAPERS]
    return [path.as_posix() for path in found if path not in papers and not path.parts[0].startswith(".")]


def _named_files(manifest: Any) -> dict[str, str]:
    if not isinstance(manifest, Mapping) or not isinstance(manifest.get("files"), list):
        raise _StopError("manifest_mismatch", "A folder can only be checked with its manifest.")
    try:
        return {str(row["path"]): str(row["sha256"]) for row in manifest["files"] if row["path"] != "manifest.json"}
    except (KeyError, TypeError) as error:
        raise _StopError("manifest_mismatch", "The manifest does not name files with their hashes.") from error


def _file_sha256(folder: Path, path: str) -> str | None:
    if path.startswith("/") or ".." in path.split("/"):
        raise _StopError("file_mismatch", f"{path} lies outside of the folder.")
    file = folder / path
    try:
        if not file.is_file():
            return None
    except OSError:  # no file can have this name
        return None
    digest = hashlib.sha256()
    with file.open("rb") as source:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _check_status(claims: Mapping[str, Any], evidence: Evidence) -> None:
    """A status list, if there is one: signed like the grant. Revocation is for good: an old list proves it, too."""
    if evidence.status is None:
        if evidence.fresh_days is not None:
            raise _StopError("status_unknown_since", "There is no status list, and one was asked for.")
        return
    entry = _part(_dc(claims), "status")
    try:
        listed = signed_claims(evidence.status, evidence.jwks, typ=STATUS_TYPE)
    except RefusedTokenError as refused:
        raise _StopError("status_unknown_since", "There is no status list that can be trusted.") from refused
    if listed.get("iss") != claims.get("iss") or listed.get("sub") != entry.get("statusListCredential"):
        raise _StopError("status_unknown_since", "The status list belongs to another grant.")
    if {listed.get("statusPurpose"), entry.get("statusPurpose")} != {PURPOSE}:
        raise _StopError("status_unknown_since", "The status list is not one of revocations.")
    if _bit(listed, entry):
        raise _StopError("revoked", f"The license was revoked; the list is from {_date(listed.get('iat'))}.")
    if _is_old(listed, evidence):
        raise _StopError(
            "status_unknown_since",
            f"Whether the license was revoked is not known since {_date(listed.get('iat'))}: the list is too old.",
        )


def _is_old(listed: Mapping[str, Any], evidence: Evidence) -> bool:
    """Past its own end, or older than the verifier accepts."""
    now, issued, end = evidence.at.timestamp(), listed.get("iat", ""), listed.get("exp", "")
    if not _is_time(end) or now >= end:
        return True
    if evidence.fresh_days is None:
        return False
    return not _is_time(issued) or now - issued > evidence.fresh_days * DAY


def _bit(listed: Mapping[str, Any], entry: Mapping[str, Any]) -> bool:
    index = entry.get("statusListIndex")
    place = int(index) if isinstance(index, str) and PLACE.fullmatch(index) else -1
    try:
        return status_list.is_set(str(listed.get("encodedList", "")), place)
    except ValueError as error:
        raise _StopError("status_unknown_since", "The status list does not have a place for this grant.") from error


def _dc(claims: Mapping[str, Any]) -> Mapping[str, Any]:
    return _part(claims, "dc")


def _part(claims: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = claims.get(name)
    return found if isinstance(found, Mapping) else {}


def _is_time(value: Any) -> bool:
    """Whole seconds that a calendar knows."""
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < FAR


def _date(value: Any) -> str:
    return datetime.fromtimestamp(value, tz=UTC).date().isoformat() if _is_time(value) else "an unknown day"
