"""Statements about thousands of whole numbers at once, in each database's own words.

The ORM writes a placeholder and makes a Python object for each of them, which takes longer than the database does.
"""

import json
from collections.abc import Sequence

from django.db import connection


def among(numbers: Sequence[int]) -> tuple[str, str]:
    """What stands behind a column's name in a condition, and its one parameter."""
    if connection.vendor == "sqlite":
        return "IN (SELECT value FROM json_each(%s))", json.dumps(numbers)
    return "= ANY(%s::bigint[])", _array(numbers)


def insert_new(into: str, columns: Sequence[Sequence[int]]) -> None:
    """A row for each place in `columns`, which are equally long; what is there already stays as it is.

    `into` is the statement's beginning: "INSERT INTO table (column, ...)".
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            values = ", ".join(["%s"] * len(columns))
            rows = list(zip(*columns, strict=True))
            cursor.executemany(f"{into} VALUES ({values}) ON CONFLICT DO NOTHING", rows)
        else:
            values = f"SELECT * FROM unnest({', '.join(['%s::bigint[]'] * len(columns))})"  # noqa: S608 - no value is in it
            cursor.execute(f"{into} {values} ON CONFLICT DO NOTHING", [_array(numbers) for numbers in columns])


def _array(numbers: Sequence[int]) -> str:
    return f"{{{','.join(map(str, numbers))}}}"
