"""The document from which the SDK's `load_dataset` learns how to read an archive."""

from typing import Any

import yaml

from collective.interop.mdc.archive.layout import INDEX, SECTIONS, Layout, media_type

# The loader warns when a task lacks these columns, so the one that is meant is given the loader's name for it.
SPEECH = ("ASR", "TTS")
TRANSCRIPTS = ("transcription", "transcript", "sentence", "text", "normalized_text")
RECORD_ID = "record_id"
DTYPES = {"int": "int", "uint": "int", "float": "float", "double": "float"}


def loader_schema(layout: Layout, *, dataset_id: str, task: str) -> dict[str, Any]:
    """`strict`: every name is meant as it is written."""
    return {
        "dataset_id": dataset_id,
        "task": task,
        **_strategy(layout),
        "format": "csv",
        "encoding": "utf-8",
        "quoting": "minimal",
        "strict": True,
        **({"splits": [split for split in layout.splits if split]} if _is_split(layout) else {}),
        "columns": _columns(layout, task),
    }


def as_yaml(schema: dict[str, Any]) -> str:
    return yaml.safe_dump(schema, allow_unicode=True, sort_keys=False, width=1000)


def _strategy(layout: Layout) -> dict[str, Any]:
    if layout.has_sections:
        sections = {"sections": list(layout.configs), "section_root": SECTIONS}
        return {"root_strategy": "multi_sections", "index_file": INDEX, **sections}
    return {"root_strategy": "index", "index_file": INDEX}


def _is_split(layout: Layout) -> bool:
    """Whether the loader may make a dataset of each split: it does so by a column of that very name."""
    return layout.split_column == "split" and all(layout.splits) and len(layout.splits) > 1


def _columns(layout: Layout, task: str) -> dict[str, Any]:
    """Optional where sections may differ, and for the id, which the oldest versions lack."""
    names = _loader_names(layout, task)
    columns: dict[str, Any] = {}
    for each in layout.columns:
        optional = {"optional": True} if layout.has_sections or each["name"] == RECORD_ID else {}
        columns[names[each["name"]]] = {"source_column": each["name"], "dtype": _dtype(each), **optional}
    columns.setdefault(RECORD_ID, {"source_column": RECORD_ID, "dtype": "string", "optional": True})
    columns[layout.split_column] = {"source_column": layout.split_column, "dtype": "category"}
    return columns


def _loader_names(layout: Layout, task: str) -> dict[str, str]:
    names = {each["name"]: each["name"] for each in layout.columns}
    if task not in SPEECH:
        return names
    audio = next((each["name"] for each in layout.columns if media_type(each) == "Audio"), None)
    spoken = next((name for name in TRANSCRIPTS if name in names), None)
    for own, wanted in ((audio, "audio_path"), (spoken, "transcription")):
        if own is not None and wanted not in names.values():
            names[own] = wanted
    return names


def _dtype(column: dict[str, Any]) -> str:
    if media_type(column):
        return "file_path"
    kind = str(column.get("dtype", ""))
    return next((name for start, name in DTYPES.items() if kind.startswith(start)), "string")
