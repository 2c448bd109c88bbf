"""The one way to Stripe's API: pinned version, its own retries, and its errors as ours."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

import stripe
from django.conf import settings

from payments.errors import RailDownError, RailRefusedError

# The types of the pinned package belong to exactly this version; webhook endpoints are pinned to it too.
API_VERSION = "2026-10-28.endive"
RETRIES = 2
# We are not let in (401, 403), another call with the same key is at work (409), or there are too many (429): nothing
# was said about the call, which an earlier one with its key may have done.
UNDECIDED = {401, 403, 409, 429}
SERVER = 500


def client() -> stripe.StripeClient:
    return _client(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE)


@lru_cache(maxsize=4)
def _client(key: str, base: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        key,
        stripe_version=API_VERSION,
        base_addresses={"api": base} if base else {},
        max_network_retries=RETRIES,
    )


@contextmanager
def calling() -> Iterator[stripe.StripeClient]:
    """Raises RailDownError where the outcome is unknown, RailRefusedError where Stripe said no.

    A 500 is kept under its key and comes again with it, so that it too says nothing about what happened; nor does it
    that the key was used before with other contents.
    """
    try:
        yield client()
    except stripe.StripeError as error:
        status = error.http_status
        is_taken = isinstance(error, stripe.IdempotencyError)
        if is_taken or status is None or status in UNDECIDED or status >= SERVER:
            raise RailDownError from error
        raise RailRefusedError(said=error.user_message or "no reason given", reason=error.code or "") from error
