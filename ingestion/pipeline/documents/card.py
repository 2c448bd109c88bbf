"""README.md: what clients read to find the data, above what people read about it."""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import yaml

from ingestion.pipeline.documents.facts import DataFile, Described, pattern, splits_by_config
from ingestion.pipeline.schema import hub_features


def readme(about: Described, schema: pa.Schema, data: Sequence[DataFile]) -> bytes:
    """Without `splits` in `dataset_info`: clients would check their sizes even where a part is loaded on purpose."""
    places = splits_by_config(data)
    features = [_yaml_feature(field) for field in schema]
    header = {
        "pretty_name": about.title,
        "license": about.license.lower() or None,
        "language": list(about.languages) or None,
        "task_categories": [about.task] if about.task else None,
        "configs": [_config(name, splits, first=name == next(iter(places))) for name, splits in places.items()],
        "dataset_info": [{"config_name": config, "features": features} for config in places],
    }
    said = {name: value for name, value in header.items() if value is not None}
    text = yaml.dump(said, Dumper=_WithoutAliases, allow_unicode=True, sort_keys=False, width=1000)
    body = about.card.strip() or f"# {about.title}\n\n{about.summary}".strip()
    return f"---\n{text}---\n\n{body}\n".encode()


class _WithoutAliases(yaml.SafeDumper):
    """Every config names its features, so that a reader that knows no anchors finds them."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _config(name: str, splits: Sequence[str], *, first: bool) -> dict[str, Any]:
    files = [{"split": split, "path": pattern(name, split)} for split in splits]
    return {"config_name": name, **({"default": True} if first else {}), "data_files": files}


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
