"""Which rail this instance uses (`PAYMENT_RAIL`)."""

from django.conf import settings

from payments.errors import RailUnavailableError
from payments.gateways.embedded import EmbeddedRail
from payments.gateways.rail import Rail

_RAILS: dict[str, Rail] = {"embedded": EmbeddedRail()}


def rail() -> Rail:
    return _RAILS[settings.PAYMENT_RAIL]


def embedded_rail() -> EmbeddedRail:
    """Raises RailUnavailableError where payments are real."""
    current = rail()
    if not isinstance(current, EmbeddedRail):
        raise RailUnavailableError
    return current
