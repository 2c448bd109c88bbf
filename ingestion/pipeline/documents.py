"""The files that describe a version: README.md, croissant.json, manifest.json. Pure functions of what was built."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
import rfc8785
import yaml

from ingestion.domain.plan import shard_path
from ingestion.pipeline.schema import feature_of, hub_features, is_media

CONFIG, SPLIT = "default", "train"
DATA_FILES = f"{CONFIG}/{SPLIT}-*.parquet"
SPDX = "https://spdx.org/licenses/"


@dataclass(frozen=True)
class Described:
    """What the documents say about a version."""

    repo_id: str
    url: str
    title: str
    summary: str
    card: str
    languages: Sequence[str]
    task: str
    version: str
    opened_at: datetime
    # SPDX id if all material in the version has the same one.
    license: str
    rows: int


@dataclass(frozen=True)
class DataFile:
    sha256: str
    git_sha1: str
    size: int
    rows: int
    row_groups: int


def readme(about: Described, schema: pa.Schema) -> bytes:
    header = {
        "pretty_name": about.title,
        "license": about.license.lower() or None,
        "language": list(about.languages) or None,
        "task_categories": [about.task] if about.task else None,
        "configs": [
            {"config_name": CONFIG, "default": True, "data_files": [{"split": SPLIT, "path": DATA_FILES}]},
        ],
        "dataset_info": [{"config_name": CONFIG, "features": [_yaml_feature(field) for field in schema]}],
    }
    said = {name: value for name, value in header.items() if value is not None}
    text = yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=1000)
    body = about.card.strip() or f"# {about.title}\n\n{about.summary}".strip()
    return f"---\n{text}---\n\n{body}\n".encode()


def croissant(about: Described, schema: pa.Schema) -> bytes:
    """The variant that lies inside the version: paths are relative, so it works on a downloaded folder."""
    files = {"@type": "cr:FileSet", "@id": f"{CONFIG}-{SPLIT}", "name": f"{CONFIG}-{SPLIT}"}
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
        "distribution": [{**files, "encodingFormat": "application/x-parquet", "includes": DATA_FILES}],
        "recordSet": [
            {
                "@type": "cr:RecordSet",
                "@id": CONFIG,
                "name": CONFIG,
                "field": [_croissant_field(field, files["@id"]) for field in schema],
            }
        ],
    }
    said = {name: value for name, value in document.items() if value is not None}
    return (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode()


def manifest(
    about: Described, *, commit_id: str, merkle_root: str, data: Sequence[DataFile], texts: dict[str, bytes]
) -> bytes:
    """RFC 8785 canonical JSON, so the file's SHA-256 is the hash of its object. Names every file but itself."""
    files = [
        {
            "path": shard_path(number, len(data)),
            "size": file.size,
            "sha256": file.sha256,
            "git_sha1": file.git_sha1,
            "num_rows": file.rows,
            "row_groups": file.row_groups,
        }
        for number, file in enumerate(data)
    ]
    files += [
        {"path": path, "size": len(text), "sha256": hashlib.sha256(text).hexdigest(), "git_sha1": git_sha1(text)}
        for path, text in sorted(texts.items())
    ]
    document: dict[str, Any] = {
        "dataset": about.repo_id,
        "version": about.version,
        "commit": commit_id,
        "records": about.rows,
        "merkle_root": merkle_root,
        "files": files,
    }
    return rfc8785.dumps(document)


def commit_id_of(data: Sequence[DataFile], texts: dict[str, bytes]) -> str:
    """SHA-1 over the sorted `path:sha256` pairs without manifest.json, which holds it."""
    pairs = [f"{shard_path(number, len(data))}:{file.sha256}" for number, file in enumerate(data)]
    pairs += [f"{path}:{hashlib.sha256(text).hexdigest()}" for path, text in texts.items()]
    return hashlib.sha1("\n".join(sorted(pairs)).encode(), usedforsecurity=False).hexdigest()


def git_sha1(data: bytes) -> str:
    return hashlib.sha1(f"blob {len(data)}\0".encode() + data, usedforsecurity=False).hexdigest()


def _yaml_feature(field: pa.Field) -> dict[str, Any]:
    return {"name": field.name, **_yaml_type(hub_features(pa.schema([field]))[field.name])}


def _yaml_type(feature: dict[str, Any]) -> dict[str, Any]:
    """A feature in the short form of a dataset card."""
    kind = feature.get("_type")
    if kind == "Value":
        return {"dtype": feature["dtype"]}
    if kind == "Sequence":
        inner = _yaml_type(feature["feature"])
        return {"sequence": inner.get("dtype") if list(inner) == ["dtype"] else inner.get("struct", inner)}
    if isinstance(kind, str):
        options = {name: value for name, value in feature.items() if name != "_type"}
        return {"dtype": {kind.lower(): options} if options else kind.lower()}
    return {"struct": [{"name": name, **_yaml_type(inner)} for name, inner in feature.items()]}


def _croissant_field(field: pa.Field, files: str) -> dict[str, Any]:
    source: dict[str, Any] = {"fileSet": {"@id": files}, "extract": {"column": field.name}}
    if is_media(field):
        source["transform"] = {"jsonPath": "bytes"}
    described: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": f"{CONFIG}/{field.name}",
        "name": field.name,
        "dataType": _croissant_type(field),
        "source": source,
    }
    if pa.types.is_list(field.type):
        described["repeated"] = True
    return described


def _croissant_type(field: pa.Field) -> str:
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


# The context that every Croissant 1.0 document carries (mlcommons.org/croissant/1.0).
CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
