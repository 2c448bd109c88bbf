"""Rows of an earlier release, brought to this one."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from licensing.domain.hashing import canonical_sha256

# It makes a database of SQLite for itself.
pytestmark = pytest.mark.once

BEFORE, AFTER = [("licensing", "0009_withdrawal_notices")], [("licensing", "0014_grant_scope")]


@pytest.fixture
def empty(django_db_blocker: DjangoDbBlocker) -> Iterator[Any]:
    """A database of its own in the place of the default one: migrations write to that."""
    usual = connections["default"]
    lite = {**usual.settings_dict, "ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
    lite |= {"OPTIONS": {}, "ATOMIC_REQUESTS": False}
    handler = type(connections)({"default": lite})
    connections["default"] = handler["default"]
    try:
        with django_db_blocker.unblock():
            yield connections["default"]
    finally:
        connections["default"].close()
        connections["default"] = usual


def migrated(connection: Any, targets: list[tuple[str, str]]) -> Any:
    executor = MigrationExecutor(connection)
    return executor.migrate(targets).apps


def test_an_offer_of_the_release_before_has_its_scope(empty: Any) -> None:
    old = migrated(empty, BEFORE)
    user = old.get_model("accounts", "User").objects.create(email="steward@example.org")
    organization = old.get_model("accounts", "Organization").objects.create(name="Baobab", slug="baobab")
    dataset = old.get_model("catalog", "Dataset").objects.create(
        organization=organization, title="W", slug="w", created_by=user
    )
    license_version = old.get_model("licensing", "LicenseVersion").objects.filter(language="en").first()
    offer = old.get_model("licensing", "Offer").objects.create(
        dataset=dataset,
        license_version=license_version,
        price_minor=0,
        fee_bps=0,
        terms=license_version.terms,
        snapshot={},
        published_by=user,
        published_at=timezone.now(),
    )

    offers = migrated(empty, AFTER).get_model("licensing", "Offer").objects
    kept = offers.get(pk=offer.pk)
    terms = license_version.terms
    assert kept.scope_sha256 == canonical_sha256([terms["scope"], terms["legal"]["exclusivity"]])
    twin = {name: getattr(kept, name) for name in ("dataset_id", "license_version_id", "scope_sha256", "terms")}
    rest = {"price_minor": 0, "fee_bps": 0, "snapshot": {}, "published_by_id": user.pk, "published_at": timezone.now()}
    with pytest.raises(DatabaseError), transaction.atomic():
        offers.create(**twin, **rest, offer_sha256="a" * 64)
    with pytest.raises(DatabaseError), transaction.atomic():
        offers.update(scope_sha256="")
