"""Licensing's work in the background."""

from collective.core.jobs import every, job
from licensing import services

HOUR = 3600


@job("licensing.expire_grants")
def expire_grants() -> None:
    services.expire_grants()


@job("licensing.reissue_grants", queue="long", max_attempts=10)
def reissue_grants() -> None:
    services.reissue_grants()


every(HOUR, "licensing.expire_grants")
# A sale that had read the old key just before it was condemned is found here.
every(HOUR, "licensing.reissue_grants")
