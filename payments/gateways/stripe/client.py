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
# Another call with the same key is at work (409), or too many calls (429): nothing was decided.
UNDECIDED = {409, 429}
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

    A 500 is kept under its key and comes again with it, so that it too says nothing about what happened.
    """
    try:
        yield client()
    except stripe.StripeError as error:
        status = error.http_status
        if status is None or status in UNDECIDED or status >= SERVER:
            raise RailDownError from error
        raise RailRefusedError(said=error.user_message or "no reason given", reason=error.code or "") from error
