"""What clients put into a query, a form or a path, parsed without trust."""

from typing import Any
from urllib.parse import parse_qs

from django.http import QueryDict

from collective.core.api.parsers import parse_strictly
from collective.interop.hub.errors import BadCursorError, BadPathError

TRUE = {"true", "1"}
MOST_PATHS = 10_000


def flag(query: QueryDict, name: str) -> bool:
    """`true`, `True` and `1` are all in use."""
    return query.get(name, "").lower() in TRUE


def cursor(query: QueryDict) -> int:
    """How many entries the pages before held."""
    text = query.get("cursor", "0")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadCursorError
    return int(text)


def clean_path(path: str) -> str:
    """`path` itself. Raises BadPathError for anything that is not a plain relative path."""
    parts = path.split("/")
    if not path.isprintable() or "\\" in path or any(part in ("", ".", "..") for part in parts):
        raise BadPathError
    return path


def paths_wanted(content_type: str, body: bytes) -> tuple[list[str], bool]:
    """(`paths`, `expand`) of paths-info: a form from `huggingface_hub`, JSON from others. Raises BadPathError."""
    form = _json(body) if content_type.startswith("application/json") else _form(body)
    paths = form.get("paths", [])
    paths = [paths] if isinstance(paths, str) else paths
    if not isinstance(paths, list) or len(paths) > MOST_PATHS or not all(isinstance(each, str) for each in paths):
        raise BadPathError
    return [each.strip("/") for each in paths], str(form.get("expand", "")).lower() in TRUE


def _json(body: bytes) -> dict[str, Any]:
    form = parse_strictly(body)
    if not isinstance(form, dict):
        raise BadPathError
    return form


def _form(body: bytes) -> dict[str, Any]:
    try:
        fields = parse_qs(body.decode(), max_num_fields=MOST_PATHS + 10)
    except ValueError as error:
        raise BadPathError from error
    return {"paths": fields.get("paths", []), "expand": fields.get("expand", [""])[-1]}
