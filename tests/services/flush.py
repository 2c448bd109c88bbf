"""Emptying the database after a test that committed, although its tables refuse to lose rows.

Django empties tables with DELETE or TRUNCATE, which the guards of append-only tables refuse, as they must. For that
moment they are lifted, and what migrations had written is put back, so that each test starts from the same rows.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase

_migrated_rows: list[str] = []


def remember_migrated_rows() -> None:
    """What a freshly migrated database holds; called once, before the first test."""
    _migrated_rows[:] = [connection.creation.serialize_db_to_string()]


@contextmanager
def guards_lifted() -> Iterator[None]:
    lift = _without_triggers if connection.vendor == "sqlite" else _as_replica
    with lift():
        yield


@contextmanager
def _without_triggers() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        try:
            yield
        finally:
            for _, statement in triggers:
                cursor.execute(statement)


@contextmanager
def _as_replica() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            yield
        finally:
            cursor.execute("SET session_replication_role = DEFAULT")


def restore_database(_self: Any = None) -> None:
    with guards_lifted():
        call_command("flush", verbosity=0, interactive=False, reset_sequences=False, inhibit_post_migrate=True)
        connection.creation.deserialize_db_from_string(_migrated_rows[0])


def install() -> None:
    """Every transactional test ends with this instead of Django's plain flush."""
    setattr(TransactionTestCase, "_fixture_teardown", restore_database)  # noqa: B010 - the stubs hide this method
