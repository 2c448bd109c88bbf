"""What may be told of a version: its parts, and the preview's records by part. No file is opened for any of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Sum

from collective.catalog.models import DatasetVersion

Record = dict[str, Any]
Figures = dict[str, Any]
Place = tuple[str, str]


@dataclass(frozen=True)
class Part:
    """One split of one config. `size` in bytes; `shown` are its records in the preview, `figures` its statistics."""

    config: str
    split: str
    rows: int
    size: int
    shown: Sequence[Record] = ()
    figures: Figures = field(default_factory=dict)


def parts_of(version: DatasetVersion) -> list[Part]:
    """In the order of their files' paths."""
    places = version.files.filter(kind="data").values("config", "split")
    rows = list(places.annotate(rows=Sum("shard__rows"), bytes=Sum("size")).order_by())
    by_place = {(each["config"], each["split"]): (each["rows"], each["bytes"]) for each in rows}
    shown, figures = _preview_by_place(version, list(by_place)), _figures_by_place(version, list(by_place))
    return [
        Part(*place, *counts, shown.get(place, ()), figures.get(place, {}))
        for place, counts in sorted(by_place.items())
    ]


def _figures_by_place(version: DatasetVersion, places: list[Place]) -> dict[Place, Figures]:
    """Where there is one place they are the version's. One of many parts, or sealed before they were kept, has none."""
    if len(places) == 1:
        return {places[0]: version.statistics}
    return {(each["config"], each["split"]): each for each in version.statistics.get("parts", ())}


def _preview_by_place(version: DatasetVersion, places: list[Place]) -> dict[Place, list[Record]]:
    """The statistics tell how many records of the preview are of which place, in its order.

    A version that was sealed before they did so has a preview by place only if there is one place.
    """
    told = version.statistics.get("preview")
    if told is None:
        return {places[0]: version.preview} if len(places) == 1 else {}
    by_place: dict[Place, list[Record]] = {}
    at = 0
    for each in told:
        records = version.preview[at : at + each["records"]]
        by_place.setdefault((each["config"], each["split"]), []).extend(records)
        at += each["records"]
    return by_place
