"""A compact JWS with Ed25519, read strictly: whatever two readers could take differently is refused."""

import base64
import json
import re
from typing import Any, NoReturn

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

MOST_CHARACTERS = 1024 * 1024
MEMBERS = {"alg", "kid", "typ"}
PART = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


class StopError(Exception):
    """The first check that fails ends the rest: an outcome and a sentence."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code, self.detail = code, detail


def payload_of(token: str, jwks: Any, *, typ: str) -> dict[str, Any]:
    """What was signed, once header, key and signature hold. Raises StopError."""
    parts = token.split(".")
    kid = _kid(parts, typ) if len(token) <= MOST_CHARACTERS else _refuse("header", "This is too long to be a grant.")
    key = _key(kid, jwks)
    try:
        key.verify(_bytes(parts[2]), f"{parts[0]}.{parts[1]}".encode())
        claims = parsed(_bytes(parts[1]))
    except (InvalidSignature, ValueError) as error:
        raise StopError("signature", "The signature does not belong to this text and key.") from error
    return claims if isinstance(claims, dict) else _refuse("signature", "What was signed is not a grant.")


def parsed(raw: bytes) -> Any:
    """JSON in UTF-8, every name once in its object. Raises ValueError."""
    try:
        return json.loads(raw.decode("utf-8"), object_pairs_hook=_once, parse_constant=_not_json)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _kid(parts: list[str], typ: str) -> str:
    try:
        header = parsed(_bytes(parts[0]))
    except ValueError:
        header = None
    if len(parts) != 3 or not isinstance(header, dict) or set(header) != MEMBERS:
        _refuse("header", "The header must have alg, kid and typ, and nothing else.")
    if (header["alg"], header["typ"]) != ("Ed25519", typ) or not isinstance(header["kid"], str):
        _refuse("header", f"The header must say Ed25519 and {typ}.")
    kid: str = header["kid"]
    return kid


def _key(kid: str, jwks: Any) -> Ed25519PublicKey:
    keys = jwks.get("keys") if isinstance(jwks, dict) else None
    named = [key for key in keys if isinstance(key, dict) and key.get("kid") == kid] if isinstance(keys, list) else []
    told = [(key.get("kty"), key.get("crv"), key.get("use", "sig"), key.get("alg", "Ed25519")) for key in named]
    if told != [("OKP", "Ed25519", "sig", "Ed25519")]:
        _refuse("unknown_key", f"The key set does not have exactly one Ed25519 key named {kid[:80]!a}.")
    try:
        return Ed25519PublicKey.from_public_bytes(_bytes(named[0]["x"]))
    except (ValueError, KeyError, TypeError) as error:
        raise StopError("unknown_key", f"The key {kid[:80]!a} cannot be read.") from error


def _bytes(part: str) -> bytes:
    if not PART.fullmatch(part):
        raise ValueError("not base64url without padding")
    raw = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    if base64.urlsafe_b64encode(raw).decode().rstrip("=") != part:
        raise ValueError("bits left over")
    return raw


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name occurs twice")
    return found


def _not_json(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _refuse(code: str, detail: str) -> NoReturn:
    raise StopError(code, detail)
