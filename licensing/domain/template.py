"""A license as it ships: its names, its structured terms, and where its text lies."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TEXTS = Path(__file__).resolve().parent.parent / "texts"


@dataclass(frozen=True)
class Template:
    """A license that an offer may use. `file` lies in `texts/`; its bytes are what the hash covers.

    `variants` are the same text in other languages, by their tags; each has a file and a hash of its own.
    """

    license_id: str
    name: str
    summary: str
    version: str
    file: str
    canonical_url: str
    terms: dict[str, Any]
    variants: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> bytes:
        return (TEXTS / self.file).read_bytes()

    @property
    def other_texts(self) -> dict[str, bytes]:
        return {language: (TEXTS / file).read_bytes() for language, file in self.variants.items()}
