"""Statistics of columns that can be added up: of a shard from its batches, of a version from its shards.

Counts, sums, extremes, quantiles and the number of different values are the same however rows are cut into parts. Only
the most frequent values of a column with very many different ones depend on it, within the error that they state.
"""

from ingestion.pipeline.statistics.counter import StatisticsCounter, checked, merged, presented, values_in
from ingestion.pipeline.statistics.parsing import Totals

__all__ = ["StatisticsCounter", "Totals", "checked", "merged", "presented", "values_in"]
