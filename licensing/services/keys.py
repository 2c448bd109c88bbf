"""Signing keys: made on first use, sealed at rest, listed for ever so that old grants can be verified."""

import base64
from typing import Any, Final

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from joserfc import jws
from joserfc.jwk import OKPKey

from collective.accounts.models import User
from collective.core import audit
from collective.core.db.conflicts import insert_or_none
from collective.core.jobs import enqueue
from licensing.errors import KeyNotConfirmedError, SigningKeyLockedError, SigningKeyNotFoundError
from licensing.models import SigningKey
from licensing.policies import check_can_rotate_keys

ALGORITHM: Final = "Ed25519"


def active_key() -> SigningKey:
    """The key that signs now. Two who make the first one at once get the same: a constraint allows one active key."""
    found = SigningKey.objects.filter(state="active").first()
    return found or insert_or_none(_new_key()) or SigningKey.objects.get(state="active")


@transaction.atomic
def rotate_signing_key(*, actor: User | None, kid: str, confirm: str, reason: str) -> SigningKey:
    """Retire the active key `kid` and make another; what it signed stays valid for ever.

    `confirm` repeats its name. `actor` None is the operator at the machine itself. Raises WrongStateError for a key
    that is not active.
    """
    old = _key_to_change(actor, kid, confirm, reason)
    old.transition_to("retired", retired_at=timezone.now())
    key = active_key()
    audit.record(actor=actor, action="licensing.signing_key_rotated", obj=key, reason=reason, before=kid)
    return key


@transaction.atomic
def condemn_signing_key(*, actor: User | None, kid: str, confirm: str, reason: str) -> SigningKey:
    """A key, active or retired, has fallen into other hands: it verifies nothing any more, and a job signs its grants
    anew under the same ids. Returns the key that signs now. Condemning it again changes nothing.
    """
    key = _key_to_change(actor, kid, confirm, reason)
    if key.state != "compromised":
        key.transition_to("compromised", revoked_at=timezone.now())
        audit.record(actor=actor, action="licensing.signing_key_compromised", obj=key, reason=reason)
        enqueue("licensing.reissue_grants", key=f"reissue:{kid}")
    return active_key()


def _key_to_change(actor: User | None, kid: str, confirm: str, reason: str) -> SigningKey:
    if actor is not None:
        check_can_rotate_keys(actor)
    if not reason.strip() or confirm.strip() != kid:
        raise KeyNotConfirmedError
    key = SigningKey.objects.filter(pk=kid).first()
    if key is None:
        raise SigningKeyNotFoundError
    return key


def sign(key: SigningKey, payload: bytes, *, typ: str) -> str:
    """Compact JWS with exactly alg, kid and typ in the header. Raises SigningKeyLockedError."""
    header = {"alg": ALGORITHM, "kid": key.kid, "typ": typ}
    return jws.serialize_compact(header, payload, _private(key), algorithms=[ALGORITHM])


def jwks() -> dict[str, Any]:
    """Current and retired public keys, for ever; a compromised one is not among them.

    `issuer` tells whose they are (RFC 7517 §5 allows more members).
    """
    keys = SigningKey.objects.exclude(state="compromised").order_by("created_at", "kid")
    return {
        "issuer": settings.SITE_URL,
        "keys": [
            {"kty": "OKP", "crv": ALGORITHM, "x": key.public_x, "kid": key.kid, "use": "sig", "alg": ALGORITHM}
            for key in keys
        ],
    }


def _new_key() -> SigningKey:
    pair = _pair_with_a_name_to_type()
    public = pair.as_dict(private=False)
    private = str(pair.as_dict(private=True)["d"])
    return SigningKey(
        kid=pair.thumbprint(), public_x=str(public["x"]), sealed=_box().encrypt(private.encode()).decode()
    )


def _pair_with_a_name_to_type() -> OKPKey:
    """One name in 64 would begin with a hyphen, and a command would take it for an option."""
    while (pair := OKPKey.generate_key(ALGORITHM)).thumbprint().startswith("-"):
        continue
    return pair


def _private(key: SigningKey) -> OKPKey:
    try:
        secret = _box().decrypt(key.sealed.encode()).decode()
    except InvalidToken:
        raise SigningKeyLockedError from None
    return OKPKey.import_key({"kty": "OKP", "crv": ALGORITHM, "x": key.public_x, "d": secret})


def _box() -> Fernet:
    derive = HKDF(SHA256(), length=32, salt=None, info=b"licensing signing keys 1")
    return Fernet(base64.urlsafe_b64encode(derive.derive(settings.SECRET_KEY.encode())))
