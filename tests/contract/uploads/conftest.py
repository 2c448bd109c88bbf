"""The upload suites run against every store: a folder behind our own links, and two S3 servers."""

from tests.contract.storage.conftest import stores

__all__ = ["stores"]
