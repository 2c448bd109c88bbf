"""Emptying the database after a test that committed, although its tables refuse to lose rows.

Guards of append-only tables are lifted for that moment, and what migrations had written is put back from copies that
the database itself keeps, so that each test starts from the same rows. Django's own way (TRUNCATE, then rows out of
JSON) leaves the same behind and takes ten times as long on SQLite, and longer on PostgreSQL.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.test import TransactionTestCase

# Table names are our own models'.
HAS_ROWS = 'SELECT EXISTS (SELECT 1 FROM "{table}")'
COPY = 'CREATE TABLE "pristine_{table}" AS SELECT * FROM "{table}"'
EMPTY = 'DELETE FROM "{table}"'
FILL = 'INSERT INTO "{table}" SELECT * FROM "pristine_{table}"'
_migrated: list[str] = []


def remember_migrated_rows() -> None:
    """Keep what a freshly migrated database holds; called once, before the first test."""
    with connection.cursor() as cursor:
        for table in _tables():
            cursor.execute(HAS_ROWS.format(table=table))
            if cursor.fetchone()[0]:
                cursor.execute(COPY.format(table=table))
                _migrated.append(table)


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
    emptied = [EMPTY.format(table=table) for table in _tables()]
    filled = [FILL.format(table=table) for table in _migrated]
    with guards_lifted(), transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for statement in (*emptied, *filled):
                cursor.execute(statement)
        else:
            cursor.execute("; ".join((*emptied, *filled)))


def install() -> None:
    """Every transactional test ends with this instead of Django's plain flush."""
    setattr(TransactionTestCase, "_fixture_teardown", restore_database)  # noqa: B010 - the stubs hide this method


def _tables() -> list[str]:
    return connection.introspection.django_table_names(only_existing=False, include_views=False)
