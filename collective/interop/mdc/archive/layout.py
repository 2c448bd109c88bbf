"""Where things lie in an archive, and which columns an index has: the writer and the loader's schema agree here."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

INDEX = "index.csv"
SECTIONS = "data"
MEDIA = ("Audio", "Image")
SPLIT = "split"


@dataclass(frozen=True)
class Layout:
    """`columns` as the version has them: {"name", "dtype", "feature"}. `configs` and `splits` in the order of files."""

    configs: tuple[str, ...]
    splits: tuple[str, ...]
    columns: tuple[dict[str, Any], ...]

    @property
    def has_sections(self) -> bool:
        return len(self.configs) > 1

    def folder(self, config: str) -> str:
        """With a slash at its end, or empty: an index and its media lie below it."""
        return f"{SECTIONS}/{config}/" if self.has_sections else ""

    @property
    def media(self) -> list[str]:
        return [each["name"] for each in self.columns if media_type(each)]

    @property
    def split_column(self) -> str:
        """Which part a record is in; the data may have a column of that name already."""
        names = {each["name"] for each in self.columns}
        return SPLIT if SPLIT not in names else f"version_{SPLIT}"


def media_type(column: dict[str, Any]) -> str:
    """`Audio`, `Image`, or empty."""
    kind = str((column.get("feature") or {}).get("_type", ""))
    return kind if kind in MEDIA else ""


def layout_of(places: Iterable[tuple[str, str]], columns: Iterable[dict[str, Any]]) -> Layout:
    """`places`: config and split of each data file, in the order of their paths."""
    known = list(places)
    configs = tuple(dict.fromkeys(config for config, _ in known))
    splits = tuple(dict.fromkeys(split for _, split in known))
    return Layout(configs, splits, tuple(columns))
