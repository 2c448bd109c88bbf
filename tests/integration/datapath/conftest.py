"""The dataset on sale of the Hub's tests, and its callers."""

from tests.integration.hub.conftest import buyer, caller, market, shards

__all__ = ["buyer", "caller", "market", "shards"]
