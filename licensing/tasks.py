"""Licensing's work in the background."""

from collective.core.jobs import every, job
from licensing import services

HOUR = 3600
DAY = 24 * HOUR


@job("licensing.expire_grants")
def expire_grants() -> None:
    services.expire_grants()


@job("licensing.ask_those_of_age")
def ask_those_of_age() -> None:
    services.ask_those_of_age()


every(HOUR, "licensing.expire_grants")
every(DAY, "licensing.ask_those_of_age")
