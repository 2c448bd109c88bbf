"""Shards that say how many they are: `data/train-00000-of-00003.parquet`. Pure."""

import re
from collections.abc import Iterable

SHARD = re.compile(r"(?P<stem>.+)-\d{5}-of-(?P<count>\d{5})(?P<end>\.\w+)")


def outdated(here: Iterable[str], pushed: Iterable[str]) -> list[str]:
    """Those of `here` that a push of the same set in another number of shards replaces: else records came twice."""
    counts: dict[tuple[str, str], set[str]] = {}
    for name in pushed:
        if shard := SHARD.fullmatch(name):
            counts.setdefault((shard["stem"], shard["end"]), set()).add(shard["count"])
    return [name for name in here if _is_of_another_number(name, counts)]


def _is_of_another_number(name: str, counts: dict[tuple[str, str], set[str]]) -> bool:
    shard = SHARD.fullmatch(name)
    wanted = counts.get((shard["stem"], shard["end"])) if shard else None
    return shard is not None and wanted is not None and shard["count"] not in wanted
