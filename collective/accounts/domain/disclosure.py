"""Messages of secret scanners, as code hosts send them to their partners: ECDSA over the exact bytes of the body."""

import base64
import binascii
import json
from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key


def public_keys(text: str) -> Mapping[str, str]:
    """PEM by identifier, from the list that the scanner publishes: `{"public_keys": [{"key_identifier", "key"}]}`."""
    return {each["key_identifier"]: each["key"] for each in json.loads(text)["public_keys"]}


def is_signed(body: bytes, *, signature: str, pem: str) -> bool:
    """`signature` is base64 of the DER form, over SHA-256."""
    key = load_pem_public_key(pem.encode())
    if not isinstance(key, EllipticCurvePublicKey):
        return False
    try:
        key.verify(base64.b64decode(signature, validate=True), body, ECDSA(SHA256()))
    except (InvalidSignature, binascii.Error):
        return False
    return True
