"""Sealing what only this instance may read: one key per purpose, derived from its secret."""

import base64
import hashlib
import hmac
import json
from datetime import date
from typing import Any, Final

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from licensing.errors import SealedElsewhereError

IDENTITIES: Final = b"consent identities 1"
BIRTH_DATES: Final = b"consent birth dates 1"
EVIDENCE: Final = b"consent evidence 1"
REFERENCES: Final = b"consent references 1"


def seal(purpose: bytes, content: bytes) -> bytes:
    return Fernet(base64.urlsafe_b64encode(_key(purpose))).encrypt(content)


def unseal(purpose: bytes, sealed: bytes) -> bytes:
    """Raises SealedElsewhereError."""
    try:
        return Fernet(base64.urlsafe_b64encode(_key(purpose))).decrypt(sealed)
    except InvalidToken:
        raise SealedElsewhereError from None


def sealed_identity(identity: dict[str, str]) -> str:
    return seal(IDENTITIES, json.dumps(identity).encode()).decode()


def identity_in(sealed: str) -> dict[str, Any]:
    return dict(json.loads(unseal(IDENTITIES, sealed.encode())))


def sealed_birth(born: date) -> str:
    return seal(BIRTH_DATES, born.isoformat().encode()).decode()


def birth_in(sealed: str) -> date:
    return date.fromisoformat(unseal(BIRTH_DATES, sealed.encode()).decode())


def reference_mac(reference: str) -> str:
    """A provider's own name for a person, so that it is found again and cannot be read."""
    return hmac.new(_key(REFERENCES), reference.strip().encode(), hashlib.sha256).hexdigest()


def _key(purpose: bytes) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=purpose).derive(settings.SECRET_KEY.encode())
