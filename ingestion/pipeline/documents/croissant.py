"""croissant.json: the variant that lies inside the version. Paths are relative: it works on a downloaded folder."""

import json
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from ingestion.pipeline.documents.context import CONTEXT
from ingestion.pipeline.documents.facts import DataFile, Described, pattern, splits_by_config
from ingestion.pipeline.schema import feature_of, is_media

SPDX = "https://spdx.org/licenses/"
SPLIT_IN_PATH = r".*/(.+)-\d+-of-\d+\.parquet$"


def croissant(about: Described, schema: pa.Schema, data: Sequence[DataFile]) -> bytes:
    places = splits_by_config(data)
    document = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": about.repo_id.rsplit("/", 1)[-1],
        "description": about.summary or about.title,
        "url": about.url,
        "version": about.version,
        "datePublished": about.opened_at.date().isoformat(),
        "license": f"{SPDX}{about.license}" if about.license else None,
        "inLanguage": list(about.languages) or None,
        "distribution": [_files(config, splits) for config, splits in places.items()],
        "recordSet": [each for config, splits in places.items() for each in _record_sets(config, splits, schema)],
    }
    said = {name: value for name, value in document.items() if value is not None}
    return (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode()


def _files(config: str, splits: Sequence[str]) -> dict[str, Any]:
    name = _files_id(config, splits)
    includes = pattern(config, splits[0]) if len(splits) == 1 else f"{config}/*.parquet"
    return {
        "@type": "cr:FileSet",
        "@id": name,
        "name": name,
        "encodingFormat": "application/x-parquet",
        "includes": includes,
    }


def _files_id(config: str, splits: Sequence[str]) -> str:
    return f"{config}-{splits[0]}" if len(splits) == 1 else f"{config}-files"


def _record_sets(config: str, splits: Sequence[str], schema: pa.Schema) -> list[dict[str, Any]]:
    """The records; with several splits also their names, and in each record the one that its file's name says."""
    files = _files_id(config, splits)
    fields = [_field(field, config, files) for field in schema]
    records = {"@type": "cr:RecordSet", "@id": config, "name": config, "field": fields}
    if len(splits) == 1:
        return [records]
    names = f"{config}-splits"
    return [_split_names(names, splits), {**records, "field": [_split_field(config, files, names, schema), *fields]}]


def _split_names(name: str, splits: Sequence[str]) -> dict[str, Any]:
    key = {"@type": "cr:Field", "@id": f"{name}/name", "name": "name", "dataType": "sc:Text"}
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "dataType": "cr:Split",
        "key": {"@id": f"{name}/name"},
        "field": [key],
        "data": [{f"{name}/name": split} for split in splits],
    }


def _split_field(config: str, files: str, names: str, schema: pa.Schema) -> dict[str, Any]:
    name = "split" if "split" not in schema.names else "split_of_file"
    return {
        "@type": "cr:Field",
        "@id": f"{config}/{name}",
        "name": name,
        "dataType": "sc:Text",
        "references": {"field": {"@id": f"{names}/name"}},
        "source": {
            "fileSet": {"@id": files},
            "extract": {"fileProperty": "fullpath"},
            "transform": {"regex": SPLIT_IN_PATH},
        },
    }


def _field(field: pa.Field, config: str, files: str) -> dict[str, Any]:
    source: dict[str, Any] = {"fileSet": {"@id": files}, "extract": {"column": field.name}}
    if is_media(field):
        source["transform"] = {"jsonPath": "bytes"}
    described: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": f"{config}/{field.name}",
        "name": field.name,
        "dataType": _type(field),
        "source": source,
    }
    if pa.types.is_list(field.type):
        described["repeated"] = True
    return described


def _type(field: pa.Field) -> str:
    media = {"Audio": "sc:AudioObject", "Image": "sc:ImageObject"}
    if is_media(field):
        return media[feature_of(field)["_type"]]
    kind = field.type.value_type if pa.types.is_list(field.type) else field.type
    if pa.types.is_boolean(kind):
        return "sc:Boolean"
    if pa.types.is_integer(kind):
        return "sc:Integer"
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return "sc:Float"
    return "sc:Date" if pa.types.is_date(kind) or pa.types.is_timestamp(kind) else "sc:Text"
