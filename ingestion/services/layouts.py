"""Which records are for training and which for testing, and whether what was contributed fits together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import pyarrow as pa
from django.db import transaction
from django.db.models import F

from collective.accounts.models import User
from collective.catalog.models import Contribution, Dataset
from collective.catalog.policies import check_can_steward
from collective.core import audit
from ingestion.domain.splitting import (
    MOST_CONFIGS,
    SPLITS,
    ConfigRule,
    Layout,
    check_columns,
    config_of_value,
    in_order,
    split_of_value,
)
from ingestion.errors import TooManyConfigsError
from ingestion.models import DatasetLayout, PreparedObject
from ingestion.pipeline import statistics
from ingestion.pipeline.laying_out import layout_columns
from ingestion.pipeline.schema import RECORD_ID, from_text
from ingestion.pipeline.statistics.columns import ValueCounts
from ingestion.pipeline.unify import Proposal, proposed
from ingestion.selectors import prepared_objects

# A contribution that is decided upon next is looked at, too, so that the steward sees what does not fit before.
PROPOSED_STATES = ("accepted", "validated")
Titled = tuple[Contribution, PreparedObject]


@dataclass(frozen=True)
class Share:
    """`percent` is None where only the build will tell."""

    split: str
    percent: int | None


@transaction.atomic
def set_layout(*, actor: User, dataset_id: UUID, layout: Layout) -> DatasetLayout:
    """For versions that are opened from now on. Only the steward may.

    Raises LayoutColumnMissingError for a column that no accepted contribution has, TooManyConfigsError.
    """
    dataset = Dataset.objects.select_related("organization").get(pk=dataset_id)
    check_can_steward(actor, dataset)
    accepted = _prepared(dataset, ["accepted"])
    if accepted:
        check_columns(layout, layout_columns(_proposal(accepted).schema))
        _check_configs(layout.config, _values_of(layout.config.column, accepted))
    rules = layout.as_json()
    row, _ = DatasetLayout.objects.update_or_create(dataset=dataset, defaults={"rules": rules, "changed_by": actor})
    audit.record(actor=actor, action="ingestion.layout_set", obj=row, rules=rules)
    return row


def proposal_for(dataset: Dataset) -> Proposal:
    """The schema of everything accepted or waiting for a decision, and every column that does not fit."""
    return _proposal(_prepared(dataset, PROPOSED_STATES))


def shares_of(dataset: Dataset, layout: Layout) -> list[Share]:
    """What part of the accepted records each split would have."""
    if layout.split.kind == "column":
        return _counted_shares(_values_of(layout.split.column, _prepared(dataset, ["accepted"])).counts)
    return [Share(name, share) for name, share in zip(SPLITS, layout.split.shares, strict=True) if share]


def _check_configs(rule: ConfigRule, values: ValueCounts) -> None:
    """Raises TooManyConfigsError."""
    names = {config_of_value(value) for value in values.counts}
    count = len(names) if len(values.counts) == values.different else values.different
    if rule.column and count > MOST_CONFIGS:
        raise TooManyConfigsError(column=rule.column, count=count, most=MOST_CONFIGS)


def _counted_shares(values: dict[str, int]) -> list[Share]:
    counts: dict[str, int] = {}
    for value, count in values.items():
        split = split_of_value(value)
        counts[split] = counts.get(split, 0) + count
    total = sum(counts.values())
    return [Share(name, round(100 * counts[name] / total) if total else None) for name in in_order(list(counts))]


def _values_of(column: str, titled: Sequence[Titled]) -> ValueCounts:
    """As the statistics of what was prepared list them."""
    totals = statistics.merged(one.statistics for _, one in titled if one.statistics)
    return statistics.values_in(totals, column)


def _prepared(dataset: Dataset, states: Iterable[str]) -> list[Titled]:
    contributions = dataset.contributions.filter(state__in=states)
    # What was accepted first says what a column holds.
    ordered = contributions.order_by(F("decided_at").asc(nulls_last=True), "submitted_at", "id")
    return [(each, one) for each in ordered for one in prepared_objects(each)]


def _proposal(titled: Sequence[Titled]) -> Proposal:
    """Without our own column."""
    proposal = proposed((each.title, from_text(one.arrow_schema)) for each, one in titled)
    return Proposal(pa.schema([each for each in proposal.schema if each.name != RECORD_ID]), proposal.conflicts)
