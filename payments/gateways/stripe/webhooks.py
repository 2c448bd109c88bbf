"""What Stripe tells us: the signature first, then which object changed. What became of it is read from Stripe."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import stripe
from django.conf import settings

from payments.errors import SignatureError
from payments.gateways.stripe.client import calling

Endpoint = Literal["snapshot", "thin"]
# The client refuses old timestamps only; one from the future would stay valid until then.
TOLERANCE_SECONDS = 300
# What changes whether a payee can be paid.
ACCOUNT_EVENTS = [
    "v2.core.account[configuration.recipient].capability_status_updated",
    "v2.core.account[requirements].updated",
]
OBJECT = {"snapshot": "event", "thin": "v2.core.event"}


@dataclass(frozen=True)
class Message:
    event_id: str
    kind: str
    subject: str


def read_message(body: bytes, signature: str, endpoint: Endpoint) -> Message:
    """Raises SignatureError for what is not signed for this endpoint, or is not one of its messages."""
    secret = settings.STRIPE_WEBHOOK_SECRETS[endpoint]
    if not secret:
        raise SignatureError
    try:
        stripe.WebhookSignature.verify_header(body.decode(), signature, secret, TOLERANCE_SECONDS)
    except (stripe.SignatureVerificationError, UnicodeDecodeError) as error:
        raise SignatureError from error
    if _signed_at(signature) > time.time() + TOLERANCE_SECONDS:
        raise SignatureError
    try:
        return _message(json.loads(body), endpoint)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SignatureError from error


def _signed_at(signature: str) -> int:
    parts = dict(part.partition("=")[::2] for part in signature.split(","))
    return int(parts["t"])


def _message(told: Any, endpoint: Endpoint) -> Message:
    if told.get("object") != OBJECT[endpoint]:
        raise SignatureError
    about = told["data"]["object"] if endpoint == "snapshot" else told.get("related_object") or {}
    return Message(told["id"], told["type"], about.get("id") or "")


def undelivered(since: datetime) -> Iterator[Message]:
    """Snapshot events that no endpoint of ours has taken. Stripe keeps events for 30 days."""
    wanted: Any = {"delivery_success": False, "created": {"gte": int(since.timestamp())}, "limit": 100}
    with calling() as api:
        for event in api.v1.events.list(wanted).auto_paging_iter():
            yield _message(event.to_dict(), "snapshot")


def recent_thin(since: datetime) -> Iterator[Message]:
    """Thin events about payees, taken or not: of these Stripe's list does not say."""
    wanted: Any = {"created": {"gte": since.strftime("%Y-%m-%dT%H:%M:%S.000Z")}, "types": ACCOUNT_EVENTS, "limit": 100}
    with calling() as api:
        for event in api.v2.core.events.list(wanted).auto_paging_iter():
            yield _message(event.to_dict(), "thin")
