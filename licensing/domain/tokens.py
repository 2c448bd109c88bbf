"""Reading a signed token strictly: one algorithm, one key, one spelling. No database, no network.

Anything that two readers could take differently is refused: padding, other encodings than UTF-8, names that occur
twice, numbers that are not JSON. What a header says of a key (`jwk`, `jku`, `x5u`, `crit`) is never read.
"""

import base64
import json
import re
from collections.abc import Mapping
from typing import Any, NoReturn

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

ALGORITHM = "Ed25519"
HEADER_MEMBERS = {"alg", "kid", "typ"}
MOST_CHARACTERS = 1024 * 1024  # a grant has about 3,000, a status list at most 25,000
PART = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


class RefusedTokenError(Exception):
    """`code` is one of the outcomes of the table: header, unknown_key or signature."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code, self.detail = code, detail


def signed_claims(token: str, jwks: Mapping[str, Any], *, typ: str) -> dict[str, Any]:
    """The payload, once header, key and signature hold. Raises RefusedTokenError."""
    kid = _kid(token, typ)
    key = _key(kid, jwks)
    try:
        for part in token.split(".")[1:]:
            unpadded(part)
        claims = strict_json(jws.deserialize_compact(token, key, algorithms=[ALGORITHM]).payload)
    except (JoseError, ValueError) as error:
        raise RefusedTokenError("signature", "The signature does not belong to this text and key.") from error
    if not isinstance(claims, dict):
        raise RefusedTokenError("signature", "What was signed is not a grant.")
    return claims


def unpadded(part: str) -> bytes:
    """Base64url in its one spelling: no padding, no other letters, no bits left over. Raises ValueError."""
    if not PART.fullmatch(part):
        raise ValueError("not base64url")
    raw = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    if base64.urlsafe_b64encode(raw).decode().rstrip("=") != part:
        raise ValueError("not the one spelling")
    return raw


def strict_json(raw: bytes) -> Any:
    """JSON in UTF-8 in which a name occurs once per object. Raises ValueError."""
    try:
        return json.loads(raw.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_number)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _kid(token: str, typ: str) -> str:
    if len(token) > MOST_CHARACTERS:
        raise RefusedTokenError("header", "This is too long to be a signed grant.")
    try:
        header = strict_json(unpadded(token.partition(".")[0]))
    except ValueError as error:
        raise RefusedTokenError("header", "This is not a signed grant.") from error
    if not isinstance(header, dict) or set(header) != HEADER_MEMBERS or token.count(".") != 2:
        raise RefusedTokenError("header", "The header must have alg, kid and typ, and nothing else.")
    wanted = {"alg": ALGORITHM, "typ": typ}
    if any(header[name] != value for name, value in wanted.items()) or not isinstance(header["kid"], str):
        raise RefusedTokenError("header", f"The header must say {ALGORITHM} and {typ}.")
    return header["kid"]


def _key(kid: str, jwks: Mapping[str, Any]) -> OKPKey:
    named = [key for key in _keys_of(jwks) if isinstance(key, Mapping) and key.get("kid") == kid]
    if len(named) != 1 or not _is_ours(named[0]):
        raise RefusedTokenError(
            "unknown_key", f"The key set does not have exactly one {ALGORITHM} key named {kid[:80]!a}."
        )
    try:
        unpadded(named[0]["x"])
        return OKPKey.import_key({"kty": "OKP", "crv": ALGORITHM, "x": named[0]["x"]})
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise RefusedTokenError("unknown_key", f"The key {kid[:80]!a} cannot be read.") from error


def _is_ours(key: Mapping[str, Any]) -> bool:
    named = (key.get("kty"), key.get("crv"), key.get("use", "sig"), key.get("alg", ALGORITHM))
    return named == ("OKP", ALGORITHM, "sig", ALGORITHM)


def _keys_of(jwks: Any) -> list[Any]:
    found = jwks.get("keys") if isinstance(jwks, Mapping) else None
    return found if isinstance(found, list) else []


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name occurs twice")
    return found


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
