"""Scanners that find a key of ours in public tell us, signed, and the key stops working."""

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from collective.accounts.domain.disclosure import is_signed, public_keys
from collective.accounts.domain.keys import KeyParts, parse_key
from collective.accounts.errors import DisclosureFormError, DisclosureRefusedError
from collective.accounts.services.leaked_keys import revoke_leaked_keys
from collective.core.api.parsers import parse_strictly

REASON = "It was found in public by a secret scanner."


def disclose_keys(*, body: bytes, key_identifier: str, signature: str) -> list[dict[str, str]]:
    """Which of the texts are keys of ours; those are revoked from now on, and their owners told.

    Nothing is read before the signature is checked. Raises DisclosureRefusedError, DisclosureFormError.
    """
    pem = _trusted().get(key_identifier)
    if pem is None or not is_signed(body, signature=signature, pem=pem):
        raise DisclosureRefusedError
    found = _texts(parse_strictly(body))
    parts = {text: parse_key(text) for text in found}
    keys = {each for each in parts.values() if each}
    ours = revoke_leaked_keys(leaked=[(each.id, each.secret_sha256) for each in keys], reason=REASON)
    return [_verdict(text, found[text], parts[text], ours) for text in found]


def _trusted() -> Mapping[str, str]:
    """None, until the operator has saved a scanner's list of public keys."""
    file = settings.DISCLOSURE_KEYS_FILE
    return public_keys(Path(file).read_text(encoding="utf-8")) if file else {}


def _texts(body: Any) -> dict[str, str]:
    """Token → type."""
    if not isinstance(body, list) or not all(isinstance(each, dict) for each in body):
        raise DisclosureFormError
    found = {each.get("token"): each.get("type", "") for each in body}
    if not all(isinstance(text, str) for pair in found.items() for text in pair):
        raise DisclosureFormError
    return found


def _verdict(text: str, kind: str, parts: KeyParts | None, ours: Mapping[str, bool]) -> dict[str, str]:
    is_ours = parts is not None and parts.id in ours
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return {"token_hash": digest, "token_type": kind, "label": "true_positive" if is_ours else "false_positive"}
