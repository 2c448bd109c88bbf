"""Letting a constraint decide who was first."""

from typing import TypeVar

from django.db import IntegrityError, models, transaction

Row = TypeVar("Row", bound=models.Model)


def insert_or_none(row: Row) -> Row | None:
    """Insert the row, or return None if a constraint refuses it. The caller's transaction stays usable."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return None
    return row
