"""What may be told of a version: its parts, and the preview's records by part. No file is opened for any of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum

from collective.catalog.models import DatasetVersion

Record = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """One split of one config. `size` in bytes; `shown` are its records in the preview."""

    config: str
    split: str
    rows: int
    size: int
    shown: Sequence[Record] = ()


def parts_of(version: DatasetVersion) -> list[Part]:
    """In the order of their files' paths."""
    places = version.files.filter(kind="data").values("config", "split")
    rows = list(places.annotate(rows=Sum("shard__rows"), bytes=Sum("size")).order_by())
    places_known = sorted((each["config"], each["split"]) for each in rows)
    shown = _preview_by_place(version, places_known)
    found = [
        Part(each["config"], each["split"], each["rows"], each["bytes"], shown.get((each["config"], each["split"]), ()))
        for each in rows
    ]
    return sorted(found, key=lambda part: (part.config, part.split))


def _preview_by_place(version: DatasetVersion, places: list[tuple[str, str]]) -> dict[tuple[str, str], list[Record]]:
    """The statistics tell how many records of the preview are of which place, in its order.

    A version that was sealed before they did so has a preview by place only if there is one place.
    """
    told = version.statistics.get("preview")
    if told is None:
        return {places[0]: version.preview} if len(places) == 1 else {}
    by_place: dict[tuple[str, str], list[Record]] = {}
    at = 0
    for each in told:
        records = version.preview[at : at + each["records"]]
        by_place.setdefault((each["config"], each["split"]), []).extend(records)
        at += each["records"]
    return by_place
