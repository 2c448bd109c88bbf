"""A share is an organization, a schema a dataset, and each config and split of a version is a table."""

from dataclasses import dataclass

from django.db.models import Count, Sum

from collective.catalog.models import DatasetVersion
from collective.interop.delta.errors import TableNotFoundError


@dataclass(frozen=True)
class Table:
    """`size` in bytes."""

    config: str
    split: str
    files: int
    size: int

    @property
    def name(self) -> str:
        return table_name(self.config, self.split)


def table_name(config: str, split: str) -> str:
    """Neither part has a dot, by which clients cut names, and a split has no hyphen: no two tables share a name."""
    return f"{config}-{split}"


def tables_of(version: DatasetVersion) -> list[Table]:
    """By name."""
    places = version.files.filter(kind="data").values("config", "split").annotate(files=Count("pk"), bytes=Sum("size"))
    found = [Table(each["config"], each["split"], each["files"], each["bytes"]) for each in places.order_by()]
    return sorted(found, key=lambda table: table.name)


def table_named(version: DatasetVersion, name: str, *, number: int) -> Table:
    """`number` as Delta counts. Raises TableNotFoundError."""
    tables = tables_of(version)
    found = next((each for each in tables if each.name == name), None)
    if found is None:
        names = ", ".join(each.name for each in tables)
        raise TableNotFoundError(number=number, dataset=version.dataset.repo_id, table=name, tables=names)
    return found
