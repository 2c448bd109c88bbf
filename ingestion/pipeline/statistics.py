"""Statistics of columns that can be added up: of a shard from its batches, of a version from its shards."""

import math
from collections.abc import Iterable
from typing import Any

import pyarrow as pa

from ingestion.pipeline.media import AudioFacts, UnreadableMediaError, media_facts
from ingestion.pipeline.schema import dtype_of, is_media

MOST_VALUES = 50
LONGEST_VALUE = 100
Totals = dict[str, Any]


class StatisticsCounter:
    """Feed it batches; `totals()` is JSON that `merged` adds up."""

    def __init__(self, schema: pa.Schema) -> None:
        self.columns: dict[str, Totals] = {field.name: {"dtype": dtype_of(field)} for field in schema}
        self._fields = list(schema)
        self.rows = 0

    def see(self, batch: pa.RecordBatch, rows: list[dict[str, Any]]) -> None:
        """`rows` are the batch's rows as Python values, made once by the caller."""
        self.rows += batch.num_rows
        for field in self._fields:
            values = [row[field.name] for row in rows]
            present = [value for value in values if value is not None]
            found = {"count": len(values), "nulls": len(values) - len(present), **_measured(field, present)}
            self.columns[field.name] = _added(self.columns[field.name], found)

    def totals(self) -> Totals:
        return {"rows": self.rows, "columns": self.columns}


def merged(parts: Iterable[Totals]) -> Totals:
    """The totals of all parts together. Parts have the same columns."""
    rows, columns = 0, dict[str, Totals]()
    for part in parts:
        rows += part["rows"]
        for name, totals in part["columns"].items():
            columns[name] = _added(columns.get(name, {}), totals)
    return {"rows": rows, "columns": columns}


def presented(totals: Totals) -> Totals:
    """What people are shown: means instead of sums, and the whole length of recordings."""
    columns = {name: _presented(each) for name, each in totals["columns"].items()}
    seconds = sum(each.get("seconds", 0) for each in columns.values())
    return {"rows": totals["rows"], "columns": columns, **({"seconds": round(seconds, 3)} if seconds else {})}


def _measured(field: pa.Field, values: list[Any]) -> Totals:
    if is_media(field):
        return _media(values)
    if pa.types.is_boolean(field.type):
        return {"true": sum(values)}
    if pa.types.is_integer(field.type) or pa.types.is_floating(field.type):
        return _numbers(values)
    if pa.types.is_string(field.type):
        return _texts(values)
    if pa.types.is_list(field.type):
        return _extremes("length", [len(value) for value in values])
    return {}


def _numbers(values: list[Any]) -> Totals:
    finite = [value for value in values if math.isfinite(value)]
    return {**_extremes("", finite), "sum": sum(finite), "finite": len(finite)}


def _texts(values: list[str]) -> Totals:
    counts: dict[str, int] | None = {}
    for value in values:
        if counts is not None:
            counts[value] = counts.get(value, 0) + 1
            counts = counts if len(counts) <= MOST_VALUES and len(value) <= LONGEST_VALUE else None
    lengths = [len(value) for value in values]
    return {**_extremes("length", lengths), "characters": sum(lengths), "values": counts}


def _media(values: list[dict[str, Any]]) -> Totals:
    totals: Totals = {"bytes": sum(len(value["bytes"] or b"") for value in values)}
    for value in values:
        try:
            facts = media_facts(value["bytes"] or b"")
        except UnreadableMediaError:
            continue
        if isinstance(facts, AudioFacts):
            rate = str(facts.sampling_rate)
            # Frames, not seconds: whole numbers add up to the same total in any order.
            found = {"frames": {rate: facts.frames}, **_extremes("milliseconds", [round(facts.seconds * 1000)])}
        else:
            found = {**_extremes("width", [facts.width]), **_extremes("height", [facts.height])}
        totals = _added(totals, found)
    return totals


def _extremes(what: str, values: list[Any]) -> Totals:
    ending = f"_{what}" if what else ""
    return {f"min{ending}": min(values), f"max{ending}": max(values)} if values else {}


def _added(first: Totals, second: Totals) -> Totals:
    both = dict(first)
    for name, value in second.items():
        both[name] = _one_added(name, both[name], value) if name in both else value
    return both


def _one_added(name: str, first: Any, second: Any) -> Any:
    if name.startswith("min"):
        return min(first, second)
    if name.startswith("max"):
        return max(first, second)
    if name == "dtype":
        return first
    if name == "values":
        return _added_values(first, second)
    if isinstance(first, dict):
        return {key: first.get(key, 0) + second.get(key, 0) for key in {**first, **second}}
    return first + second


def _added_values(first: dict[str, int] | None, second: dict[str, int] | None) -> dict[str, int] | None:
    """None: too many different values to list."""
    if first is None or second is None:
        return None
    both = {key: first.get(key, 0) + second.get(key, 0) for key in {**first, **second}}
    return both if len(both) <= MOST_VALUES else None


def _presented(totals: Totals) -> Totals:
    shown = {name: value for name, value in totals.items() if name not in ("sum", "finite", "frames", "values")}
    if totals.get("finite"):
        shown["mean"] = totals["sum"] / totals["finite"]
    if totals.get("values"):
        shown["values"] = dict(sorted(totals["values"].items(), key=lambda pair: (-pair[1], pair[0])))
    if totals.get("frames"):
        shown["seconds"] = round(sum(count / int(rate) for rate, count in totals["frames"].items()), 3)
        shown["sampling_rates"] = sorted(int(rate) for rate in totals["frames"])
    return shown
