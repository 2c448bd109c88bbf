"""The stored figures of a split as the dataset viewer tells them, column by column: pure."""

from collections.abc import Mapping, Sequence
from typing import Any

Json = dict[str, Any]
Figures = Mapping[str, Any]
INTEGERS = ("int", "uint")
FRACTIONS = ("float", "double", "half", "decimal")


def column_statistics(columns: Sequence[Mapping[str, Any]], figures: Mapping[str, Figures]) -> list[Json]:
    """`figures` by column, as the catalog keeps them; a column without any, as a struct, is left out."""
    told = [(each["name"], _of_column(figures[each["name"]])) for each in columns if each["name"] in figures]
    return [
        {"column_name": name, "column_type": kind, "column_statistics": found} for name, (kind, found) in told if kind
    ]


def _of_column(figures: Figures) -> tuple[str, Json]:
    """The viewer's name of the type, empty where it has none, and what it tells of one."""
    dtype, nothing = str(figures.get("dtype", "")), _nothing(figures)
    if dtype == "bool":
        true = figures.get("true", 0)
        present = figures.get("count", 0) - figures.get("nulls", 0)
        return "bool", {**nothing, "frequencies": {"True": true, "False": present - true}}
    if dtype in ("string", "large_string"):
        return _of_texts(figures, nothing)
    if dtype == "audio":
        return "audio", {**nothing, **_seconds(figures)}
    if dtype == "image":
        return "image", {**nothing, **_numbers(figures, "_width")}
    return _of_numbers(dtype, figures, nothing)


def _of_numbers(dtype: str, figures: Figures, nothing: Json) -> tuple[str, Json]:
    if dtype.startswith(INTEGERS):
        return "int", {**nothing, **_numbers(figures)}
    if dtype.startswith(FRACTIONS):
        return "float", {**nothing, **_numbers(figures)}
    if dtype.startswith(("date", "timestamp")):
        return "datetime", {**nothing, **_dates(figures)}
    if dtype.startswith(("list", "large_list")):
        return "list", {**nothing, **_numbers(figures, "_length")}
    return "", {}


def _of_texts(figures: Figures, nothing: Json) -> tuple[str, Json]:
    """Few values are labels; otherwise the lengths are told."""
    values = figures.get("values")
    if values and len(values) < figures.get("count", 0) - figures.get("nulls", 0):
        labels = {"no_label_count": 0, "no_label_proportion": 0.0, "n_unique": len(values)}
        return "string_label", {**nothing, **labels, "frequencies": dict(values)}
    return "string_text", {**nothing, **_numbers(figures, "_length")}


def _nothing(figures: Figures) -> Json:
    """The viewer's word for empty values is `nan`."""
    count, nulls = figures.get("count", 0), figures.get("nulls", 0)
    return {"nan_count": nulls, "nan_proportion": round(nulls / count, 5) if count else 0.0}


def _numbers(figures: Figures, ending: str = "") -> Json:
    quantiles = figures.get(f"quantiles{ending}") or {}
    told = {name: figures.get(f"{name}{ending}") for name in ("min", "max", "mean", "std")}
    return {**told, "median": quantiles.get("0.5"), "histogram": figures.get(f"histogram{ending}")}


def _seconds(figures: Figures) -> Json:
    """Durations: stored in milliseconds, told in seconds."""
    told = _numbers(figures, "_milliseconds")
    bars = told.pop("histogram")
    inner = {name: None if value is None else value / 1000 for name, value in told.items()}
    edges = {"hist": bars["hist"], "bin_edges": [edge / 1000 for edge in bars["bin_edges"]]} if bars else None
    return {**inner, "histogram": edges}


def _dates(figures: Figures) -> Json:
    told = {name: figures.get(name) for name in ("min", "max", "mean")}
    return {**told, "median": None, "std": None, "histogram": None}
