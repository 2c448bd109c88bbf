"""Whether a list is signed by the site: compact JWS under Ed25519, with the keys that the site publishes."""

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from data_collective.errors import IntegrityError

ALGORITHM = "Ed25519"


def verified_claims(token: str, jwks: Mapping[str, Any], *, typ: str) -> dict[str, Any]:
    """The payload, once header, key and signature hold. Raises IntegrityError."""
    try:
        header, payload, signature = (_bytes(part) for part in token.split("."))
        _key(json.loads(header), jwks, typ).verify(signature, token.rpartition(".")[0].encode())
        claims = json.loads(payload)
    except (ValueError, LookupError, TypeError, InvalidSignature) as error:
        raise IntegrityError(
            "The list of withdrawn records is not signed by this site. Nothing was changed."
        ) from error
    if not isinstance(claims, dict):
        raise IntegrityError("The list of withdrawn records is not one that this command can read.")
    return claims


def _key(header: Any, jwks: Mapping[str, Any], typ: str) -> Ed25519PublicKey:
    """Nothing but alg, kid and typ is ever read from a header: no key that it brings along. Raises ValueError."""
    if set(header) != {"alg", "kid", "typ"} or (header["alg"], header["typ"]) != (ALGORITHM, typ):
        raise ValueError("another header")
    (found,) = (key for key in jwks["keys"] if key["kid"] == header["kid"] and key.get("crv") == ALGORITHM)
    return Ed25519PublicKey.from_public_bytes(_bytes(found["x"]))


def _bytes(part: str) -> bytes:
    """Base64url without padding. Raises ValueError."""
    try:
        return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error
