"""A version's statistics: of all its records, and of each split of each config."""

from collections.abc import Iterable, Sequence
from typing import Any

from collective.catalog.models import DatasetVersion
from ingestion.domain import findings
from ingestion.domain.reports import without_found_values
from ingestion.domain.splitting import Place
from ingestion.models import ShardBuild
from ingestion.pipeline import statistics
from ingestion.selectors import findings_of, passed_report
from ingestion.services.planning import contributions_of

Figures = dict[str, Any]
# The row of a version is read for its page: of more parts only the whole is kept.
MOST_PARTS = 24


def figures_of(version: DatasetVersion, shards: Sequence[tuple[Place, ShardBuild]]) -> Figures:
    """Without values among which a check found somebody's data or a secret, whichever contribution they came from.

    `parts` are the same of each config and split, in the order of `shards`, where there are several.
    """
    places = list(dict.fromkeys(place for place, _ in shards))
    found = findings.merged([each for one in contributions_of(version) for each in findings_of(passed_report(one))])
    told = _told((row for _, row in shards), found)
    if not 1 < len(places) <= MOST_PARTS:
        return told
    rows_of = {place: [row for at, row in shards if at == place] for place in places}
    parts = [{"config": place[0], "split": place[1], **_told(rows, found)} for place, rows in rows_of.items()]
    return {**told, "parts": parts}


def _told(shards: Iterable[ShardBuild], found: Sequence[findings.Finding]) -> Figures:
    totals = statistics.presented(statistics.merged(each.statistics for each in shards))
    told: Figures = without_found_values({"all": totals}, found)["all"]
    return told
