"""Lists that the site gives in pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Page:
    """`following` is where the next one is, under the site that we know; "" after the last."""

    results: list[Any]
    following: str

    @classmethod
    def told(cls, said: Mapping[str, Any], *, path: str) -> Self:
        query = urlsplit(said["next"] or "").query
        return cls(list(said["results"]), f"{path}?{query}" if "cursor" in parse_qs(query) else "")
