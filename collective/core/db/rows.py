"""Thousands of rows in one statement, column by column, in each database's own words.

The ORM makes an object for each row and prepares each of its fields, which takes longer than the database does. For
tables whose rows are facts: no signal is sent, and nothing is given back.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection


def insert_rows(table: str, columns: Mapping[str, tuple[str, Sequence[Any]]], *, or_leave: bool = False) -> None:
    """`columns` are PostgreSQL's type and the values of each, equally many; every column of the table but its number.

    With `or_leave` what is there already stays as it is; without, a row in the way is an error.
    """
    names, existing = ", ".join(columns), " ON CONFLICT DO NOTHING" if or_leave else ""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            places = ", ".join(["%s"] * len(columns))
            rows = list(zip(*(map(_stored, values) for _, values in columns.values()), strict=True))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places}){existing}", rows)  # noqa: S608 - names alone
        else:
            arrays = ", ".join(f"%s::{kind}[]" for kind, _ in columns.values())
            statement = f"INSERT INTO {table} ({names}) SELECT * FROM unnest({arrays}){existing}"  # noqa: S608 - as above
            cursor.execute(statement, [list(values) for _, values in columns.values()])


def _stored(value: Any) -> Any:
    return value.hex if isinstance(value, UUID) else value
