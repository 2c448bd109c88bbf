"""How the records of a version are laid out: in configs (subsets) and, inside each, in splits for training and testing.

Where a record lies follows from the record alone, so that adding records never moves one: nobody's test record of
today is a training record of tomorrow.
"""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self

from ingestion.errors import (
    EmptySplitError,
    InvalidLayoutError,
    LayoutColumnMissingError,
    SharesNotWholeError,
    TooManyConfigsError,
    TooManySplitsError,
)

CONFIG, SPLIT = "default", "train"
SPLITS = ("train", "validation", "test")
ALIASES = {
    **dict.fromkeys(("train", "training", "trn"), "train"),
    **dict.fromkeys(("validation", "valid", "val", "dev", "development", "eval", "evaluation"), "validation"),
    **dict.fromkeys(("test", "testing", "tst"), "test"),
}
MOST_CONFIGS = 100
MOST_SPLITS = 20
LONGEST_CONFIG, LONGEST_SPLIT = 60, 40
WHOLE = 100
SPLIT_NAME = re.compile(r"\w+(\.\w+)*")
SplitKind = Literal["none", "column", "hash", "group"]
ConfigKind = Literal["none", "column"]
Place = tuple[str, str]


@dataclass(frozen=True)
class SplitRule:
    """none: all is for training. column: as a column says. hash: each record by chance. group: each group by chance,
    so that a speaker or a document is never on both sides. `shares` are percents of SPLITS for the last two.
    """

    kind: SplitKind = "none"
    column: str = ""
    shares: tuple[int, ...] = (WHOLE, 0, 0)


@dataclass(frozen=True)
class ConfigRule:
    """none: one config. column: one for each value, as for each language."""

    kind: ConfigKind = "none"
    column: str = ""


@dataclass(frozen=True)
class Layout:
    split: SplitRule = SplitRule()
    config: ConfigRule = ConfigRule()

    @property
    def columns(self) -> list[str]:
        """Those that the rules read."""
        return [rule.column for rule in (self.split, self.config) if rule.column]

    def as_json(self) -> dict[str, Any]:
        split = {"kind": self.split.kind, "column": self.split.column, "shares": list(self.split.shares)}
        return {"split": split, "config": {"kind": self.config.kind, "column": self.config.column}}

    @classmethod
    def from_json(cls, data: object) -> Self:
        """Raises InvalidLayoutError, SharesNotWholeError."""
        given = data if isinstance(data, dict) else {}
        return cls(_split_rule(given.get("split")), _config_rule(given.get("config")))


def check_columns(layout: Layout, columns: Sequence[str]) -> None:
    """Raises LayoutColumnMissingError."""
    for column in layout.columns:
        if column not in columns:
            raise LayoutColumnMissingError(column=column, columns=", ".join(columns))


def check_places(layout: Layout, rows: Mapping[Place, int]) -> None:
    """Whether what came of it can be published. Raises TooManyConfigsError, TooManySplitsError, EmptySplitError."""
    configs = {config for config, _ in rows}
    if len(configs) > MOST_CONFIGS:
        raise TooManyConfigsError(column=layout.config.column, count=len(configs), most=MOST_CONFIGS)
    splits = {split for (_, split), count in rows.items() if count}
    if len(splits) > MOST_SPLITS:
        raise TooManySplitsError(column=layout.split.column, count=len(splits), most=MOST_SPLITS)
    if layout.split.kind in ("hash", "group"):
        wanted = (name for name, share in zip(SPLITS, layout.split.shares, strict=True) if share)
        for name in wanted:
            if name not in splits:
                raise EmptySplitError(split=name)


def split_of_value(value: str | None) -> str:
    """What a column's own word for a split means here. An unknown word is a split of its own; none is training."""
    word = unicodedata.normalize("NFC", value or "").strip().casefold()
    return ALIASES.get(word) or _split_name(word) or SPLIT


def config_of_value(value: str | None) -> str:
    """The value as the name of a folder: letters, digits, marks, hyphens."""
    text = unicodedata.normalize("NFC", value or "").strip()
    kept = "".join(char if char in "-_" or unicodedata.category(char)[0] in "LNM" else "_" for char in text)
    return kept[:LONGEST_CONFIG].strip("_-") or CONFIG


def bucket_of_group(value: str) -> int:
    """0 to 99, evenly spread."""
    return bucket(int.from_bytes(hashlib.sha256(value.encode("utf-8", "surrogatepass")).digest()[:4], "big"))


def bucket(number: int) -> int:
    """Of a number of 32 bits, as the first bits of a hash or of a record's id."""
    return number * WHOLE >> 32


def split_of_bucket(shares: Sequence[int]) -> list[str]:
    """The split of each bucket: training comes first."""
    return [name for name, share in zip(SPLITS, shares, strict=True) for _ in range(share)]


def shard_paths(places: Sequence[Place]) -> list[str]:
    """`<config>/<split>-00000-of-00004.parquet` of each shard, numbered inside its config and split as given."""
    totals, seen, paths = Counter(places), Counter[Place](), []
    for place in places:
        config, split = place
        paths.append(f"{config}/{split}-{seen[place]:05d}-of-{totals[place]:05d}.parquet")
        seen[place] += 1
    return paths


def in_order(splits: Sequence[str]) -> list[str]:
    """Different splits: training, validation, test, then others by name."""
    return sorted(set(splits), key=lambda name: (SPLITS.index(name) if name in SPLITS else len(SPLITS), name))


def _split_name(word: str) -> str:
    name = re.sub(r"\W+", "_", word).strip("_")[:LONGEST_SPLIT]
    return name if SPLIT_NAME.fullmatch(name) else ""


def _split_rule(data: object) -> SplitRule:
    given: dict[str, Any] = data if isinstance(data, dict) else {"kind": "none"}
    kind, column, shares = given.get("kind"), given.get("column", ""), given.get("shares", [WHOLE, 0, 0])
    if kind not in ("none", "column", "hash", "group"):
        raise InvalidLayoutError(what=f"“{kind}” is no rule for splits")
    if kind in ("hash", "group"):
        _check_shares(shares)
    else:
        shares = [WHOLE, 0, 0]
    return SplitRule(kind, _column(column, needed=kind in ("column", "group")), tuple(shares))


def _config_rule(data: object) -> ConfigRule:
    given: dict[str, Any] = data if isinstance(data, dict) else {"kind": "none"}
    kind = given.get("kind")
    if kind not in ("none", "column"):
        raise InvalidLayoutError(what=f"“{kind}” is no rule for subsets")
    return ConfigRule(kind, _column(given.get("column", ""), needed=kind == "column"))


def _column(name: object, *, needed: bool) -> str:
    if not isinstance(name, str) or len(name) > 255 or "\x00" in name:
        raise InvalidLayoutError(what="a column is named by a text")
    if needed and not name:
        raise InvalidLayoutError(what="this rule needs a column")
    return name if needed else ""


def _check_shares(shares: object) -> None:
    counts = shares if isinstance(shares, list | tuple) else []
    if len(counts) != len(SPLITS) or any(type(each) is not int or each < 0 for each in counts):
        raise InvalidLayoutError(what="shares are three whole numbers")
    if sum(counts) != WHOLE:
        raise SharesNotWholeError(total=sum(counts))
    if not counts[0]:
        raise InvalidLayoutError(what="some records must be for training")
