"""The dataset viewer's JSON, as `datasets` and people's scripts parse it: pure."""

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from django.conf import settings

from collective.catalog.models import DatasetVersion, VersionFile
from collective.interop.viewer.content import Part
from collective.interop.viewer.features import features_of

Json = dict[str, Any]
# Everything is known from the moment of publishing on: nothing is ever waited for.
READY: Json = {"pending": [], "failed": []}
PAGE = 100


def splits(version: DatasetVersion, parts: Iterable[Part]) -> Json:
    repo_id = version.dataset.repo_id
    return {"splits": [{"dataset": repo_id, "config": each.config, "split": each.split} for each in parts], **READY}


def is_valid(parts: Sequence[Part], *, withheld: bool) -> Json:
    """Only what is stored is shown: the rest of the rows, search and filters need the files, and a license."""
    preview = not withheld and any(each.shown for each in parts)
    statistics = not withheld and any(each.figures.get("columns") for each in parts)
    return {"preview": preview, "viewer": False, "search": False, "filter": False, "statistics": statistics}


def dataset_info(version: DatasetVersion, config: str, parts: Sequence[Part]) -> Json:
    """Of one config; `parts` are its splits."""
    dataset, size = version.dataset, sum(each.size for each in parts)
    return {
        "description": dataset.summary,
        "citation": "",
        "homepage": page_of(version),
        "license": "",
        "features": features_of(version.columns),
        "builder_name": "parquet",
        "dataset_name": dataset.slug,
        "config_name": config,
        "version": {
            "version_str": version.number,
            "major": version.major,
            "minor": version.minor,
            "patch": version.patch,
        },
        "splits": {each.split: _split_info(each, dataset.slug) for each in parts},
        "download_size": size,
        "dataset_size": size,
    }


def _split_info(part: Part, name: str) -> Json:
    return {"name": part.split, "num_bytes": part.size, "num_examples": part.rows, "dataset_name": name}


def parquet_file(version: DatasetVersion, file: VersionFile) -> Json:
    """The address needs a key with a license, as every file does."""
    return {
        "dataset": version.dataset.repo_id,
        "config": file.config,
        "split": file.split,
        "url": f"{page_of(version)}resolve/{version.commit_id}/{quote(file.path)}",
        "filename": file.path.rpartition("/")[2],
        "size": file.size,
    }


def size_of_split(version: DatasetVersion, part: Part) -> Json:
    return {
        "dataset": version.dataset.repo_id,
        "config": part.config,
        "split": part.split,
        "num_bytes_parquet_files": part.size,
        "num_bytes_memory": part.size,
        "num_rows": part.rows,
        "num_columns": len(version.columns),
        "estimated_num_rows": None,
    }


def size_of_config(version: DatasetVersion, config: str, parts: Iterable[Part]) -> Json:
    counted = _counted(parts)
    return {"dataset": version.dataset.repo_id, "config": config, **counted, "num_columns": len(version.columns)}


def size_of_dataset(version: DatasetVersion, parts: Iterable[Part]) -> Json:
    return {"dataset": version.dataset.repo_id, **_counted(parts)}


def page_of(version: DatasetVersion) -> str:
    return f"{settings.SITE_URL}/datasets/{version.dataset.repo_id}/"


def sample_url(version: DatasetVersion, sha256: str) -> str:
    """A clip or thumbnail, as the page of the dataset shows it."""
    return f"{page_of(version)}previews/{version.number}/{sha256}"


def _counted(parts: Iterable[Part]) -> Json:
    parts = list(parts)
    size = sum(each.size for each in parts)
    return {
        "num_bytes_original_files": size,
        "num_bytes_parquet_files": size,
        "num_bytes_memory": size,
        "num_rows": sum(each.rows for each in parts),
        "estimated_num_rows": None,
    }
