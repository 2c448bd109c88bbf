"""Columns as features of `datasets`, and records of the preview as rows of the viewer: pure."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Json = dict[str, Any]
MediaUrl = Callable[[str], str]
CUT = "…"
MEDIA = ("Audio", "Image")


def features_of(columns: Sequence[Mapping[str, Any]]) -> Json:
    """By name. `columns`: [{"name", "dtype", "feature"}] of a version, of which `feature` may be missing."""
    return {each["name"]: _feature(each) for each in columns}


def feature_list(columns: Sequence[Mapping[str, Any]]) -> list[Json]:
    features = features_of(columns)
    return [{"feature_idx": index, "name": name, "type": kind} for index, (name, kind) in enumerate(features.items())]


def row_of(record: Mapping[str, Any], columns: Sequence[Mapping[str, Any]], index: int, media_url: MediaUrl) -> Json:
    """`truncated_cells` names the columns of which the preview holds less than the record: long texts, media."""
    kinds = {each["name"]: _media_kind(each) for each in columns}
    row = {name: _cell(record.get(name), kind, media_url) for name, kind in kinds.items()}
    cut = [name for name, kind in kinds.items() if _is_cut(record.get(name), kind)]
    return {"row_idx": index, "row": row, "truncated_cells": cut}


def _feature(column: Mapping[str, Any]) -> Any:
    dtype = str(column.get("dtype", ""))
    if dtype.title() in MEDIA and not column.get("feature"):
        return {"_type": dtype.title()}
    return column.get("feature") or {"dtype": dtype, "_type": "Value"}


def _media_kind(column: Mapping[str, Any]) -> str:
    feature = _feature(column)
    kind = feature.get("_type") if isinstance(feature, Mapping) else None
    return kind if isinstance(kind, str) and kind in MEDIA else ""


def _cell(value: Any, kind: str, media_url: MediaUrl) -> Any:
    if not kind or value is None:
        return value
    sample = value.get("sample")
    if sample is None:
        return None
    if kind == "Audio":
        return [{"src": media_url(sample["sha256"]), "type": sample["media_type"]}]
    return {"src": media_url(sample["sha256"]), "height": value.get("height"), "width": value.get("width")}


def _is_cut(value: Any, kind: str) -> bool:
    """A preview has at most an excerpt of a recording or picture, and marks a text that it cut."""
    if kind:
        return value is not None
    if isinstance(value, str):
        return value.endswith(CUT)
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(_is_cut(each, "") for each in inner)
