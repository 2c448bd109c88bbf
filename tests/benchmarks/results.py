"""What was measured, and what follows from it: medians, net of imports, and the goals that were set."""

import statistics
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.benchmarks.costs import MB, Cost

# Below this, what is left after the imports is mostly chance.
LEAST_CPU_SECONDS = 0.2
BASELINE, BASELINE_ZSTD = "datasets", "datasets-zstd"
TENTH = "tenth"
ALL_CHECKS, COMPARED, ALONE = "ingestion", "ingestion and comparison", "sharding alone"
PARTS = ("validation", "comparison", "publishing")
# Of the issue: ratios to `datasets`, MB, times.
CHECKED_RATIO, ALONE_RATIO, PEAK_MB, TENFOLD, TENFOLD_TOLERANCE, TWO_WORKERS = 1.0, 1.3, 300, 10, 0.15, 1.7


@dataclass(frozen=True)
class Sample:
    cost: Cost
    in_bytes: int
    out_bytes: int


@dataclass(frozen=True)
class Figure:
    """Medians of one tool on one input. `net` is MB of input per CPU second; None for too little to measure."""

    net: float | None
    wall: float
    wall_seconds: float
    peak_mb: float
    together_mb: float
    out_mb: float
    rounds: int


@dataclass(frozen=True)
class Goal:
    text: str
    reached: str
    holds: bool | None


@dataclass
class Results:
    samples: dict[tuple[str, str], list[Sample]] = field(default_factory=lambda: defaultdict(list))
    imports: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def add(self, tool: str, kind: str, sample: Sample) -> None:
        self.samples[tool, kind].append(sample)

    def figure(self, tool: str, kind: str) -> Figure | None:
        found = self.samples.get((tool, kind))
        if not found:
            return None
        start = statistics.median(self.imports.get(tool, [0.0]))
        size = found[0].in_bytes / MB
        cpu = statistics.median(sample.cost.cpu for sample in found) - start

        def middle(of: Callable[[Sample], float]) -> float:
            return statistics.median(map(of, found))

        wall = middle(lambda sample: sample.cost.wall)
        return Figure(
            net=size / cpu if cpu >= LEAST_CPU_SECONDS else None,
            wall=size / wall,
            wall_seconds=wall,
            peak_mb=middle(lambda sample: sample.cost.peak_mb),
            together_mb=middle(lambda sample: sample.cost.together_mb),
            out_mb=middle(lambda sample: sample.out_bytes) / MB,
            rounds=len(found),
        )

    def ratio(self, tool: str, kind: str, baseline: str = BASELINE) -> float | None:
        ours, theirs = self.figure(tool, kind), self.figure(baseline, kind)
        return ours.net / theirs.net if ours and theirs and ours.net and theirs.net else None

    def kinds(self) -> list[str]:
        return list(dict.fromkeys(kind for _, kind in self.samples if kind != TENTH))


def goals(results: Results) -> list[Goal]:
    checked, compared, alone = (results.ratio(each, "jsonl") for each in (ALL_CHECKS, COMPARED, ALONE))
    return [
        _goal(f"all checks on, JSONL: ≥ {CHECKED_RATIO} × `datasets` per CPU second", checked, CHECKED_RATIO),
        _goal("the same with the comparison across the site, which nobody waits for", compared, CHECKED_RATIO),
        _goal(f"sharding alone, JSONL: ≥ {ALONE_RATIO} × `datasets` per CPU second", alone, ALONE_RATIO),
        *(_memory(results, kind) for kind in results.kinds()),
        _tenfold(results),
        _goal(f"two workers: ≥ {TWO_WORKERS} × one", _two_workers(results), TWO_WORKERS),
    ]


def _goal(text: str, value: float | None, least: float) -> Goal:
    return Goal(text, "–", None) if value is None else Goal(text, f"{value:.2f} ×", value >= least)


def _memory(results: Results, kind: str) -> Goal:
    text = f"memory per worker process, {kind}: ≤ {PEAK_MB} MB"
    figure = results.figure(COMPARED, kind)
    return Goal(text, f"{figure.peak_mb:.0f} MB", figure.peak_mb <= PEAK_MB) if figure else Goal(text, "–", None)


def _tenfold(results: Results) -> Goal:
    text = f"ten times the input: {TENFOLD} × the time ± {TENFOLD_TOLERANCE:.0%}"
    small, large = results.figure(ALL_CHECKS, TENTH), results.figure(ALL_CHECKS, "jsonl")
    if not small or not large:
        return Goal(text, "–", None)
    times = large.wall_seconds / small.wall_seconds
    return Goal(text, f"{times:.1f} ×", abs(times - TENFOLD) <= TENFOLD * TENFOLD_TOLERANCE)


def _two_workers(results: Results) -> float | None:
    one, two = results.figure(ALL_CHECKS, "jsonl"), results.figure(f"{ALL_CHECKS}, 2 workers", "jsonl")
    return one.wall_seconds / two.wall_seconds if one and two else None
