"""Licensing's work in the background."""

from collective.core.jobs import every, job
from licensing import services

HOUR = 3600


@job("licensing.expire_grants")
def expire_grants() -> None:
    services.expire_grants()


every(HOUR, "licensing.expire_grants")
