"""What every app's API is built with. Settings refer to the modules of this package by name."""

from collective.core.api.idempotent import idempotent
from collective.core.api.pagination import CursorPagination
from collective.core.api.serializers import StrictSerializer
from collective.core.api.throttling import CallerThrottle

__all__ = ["CallerThrottle", "CursorPagination", "StrictSerializer", "idempotent"]
