"""One round measures everybody once, so that a slow minute of the machine is everybody's."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.costs import MB, CommandFailedError, Cost, cost_of
from tests.benchmarks.inputs import NAMES, SIZES
from tests.benchmarks.instance import copied, make_template
from tests.benchmarks.peers import FOR_MEDIA, IMPORT, PEERS
from tests.benchmarks.results import ALL_CHECKS, ALONE, COMPARED, PARTS, TENTH, Results, Sample
from tests.services.instance import ROOT

IMPORT_RUNS = 2
# Different texts: a marketplace that holds the large and the small file finds no near-duplicates between them.
SEEDS = {"jsonl": 1, "csv": 2, "media": 3, TENTH: 4}
# As `pipeline/sandbox.py` starts the real one: a process that computes in one thread.
AS_CHILD = {"ARROW_DEFAULT_MEMORY_POOL": "system", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
CHOICES = ("product", "peers", "alone")


class Bench:
    """`only` names inputs and parts; of a sort of which none is named, everything is measured."""

    def __init__(self, folder: Path, scale: float, only: frozenset[str], say: Callable[[str], None]) -> None:
        self.folder, self.scale, self.say = folder, scale, say
        self.kinds = [kind for kind in SIZES if kind in only or only.isdisjoint(SIZES)]
        self.parts = only.intersection(CHOICES) or frozenset(CHOICES)
        self.scaling = "product" in self.parts and "jsonl" in self.kinds
        self.results = Results()

    def prepare(self) -> None:
        self._make_inputs()
        if "product" in self.parts:
            self.template = make_template(self.folder)
        self._imports()  # the first load from disk is nobody's cost

    def round(self) -> None:
        self._measure_imports()
        if "product" in self.parts:
            self._product(1, [TENTH, *self.kinds] if self.scaling else self.kinds)
        for kind in self.kinds:
            if "peers" in self.parts:
                for name in FOR_MEDIA if kind == "media" else PEERS:
                    self._add(name, kind, self._peer(name, kind))
            if "alone" in self.parts:
                self._add(ALONE, kind, self._alone(str(self.path(kind))))
        if self.scaling:
            self._product(2, ["jsonl"])

    def _measure_imports(self) -> None:
        """In every round anew: what is taken off everybody's figures must come from the same minutes."""
        for _ in range(IMPORT_RUNS):
            for name, cpu in self._imports().items():
                self.results.imports[name].append(cpu)

    def _imports(self) -> dict[str, float]:
        """CPU seconds that loading the libraries takes."""
        peers = {name: self._peer(name, IMPORT).cpu for name in PEERS} if "peers" in self.parts else {}
        return peers | ({ALONE: self._alone(IMPORT).cpu} if "alone" in self.parts else {})

    def path(self, kind: str) -> Path:
        return self.folder / (f"{TENTH}.jsonl" if kind == TENTH else NAMES[kind])

    @property
    def output(self) -> Path:
        return self.folder / "output"

    def _make_inputs(self) -> None:
        sizes = {kind: int(SIZES[kind] * self.scale) for kind in self.kinds}
        if self.scaling:
            sizes[TENTH] = sizes["jsonl"] // 10
        makers = {kind: self._maker(kind, size) for kind, size in sizes.items()}
        for kind, maker in makers.items():
            if maker.wait():
                raise CommandFailedError(f"the input {kind} could not be made")
            self.say(f"{self.path(kind).name}: {self.path(kind).stat().st_size / MB:.0f} MB")

    def _maker(self, kind: str, size: int) -> "subprocess.Popen[bytes]":
        what = "jsonl" if kind == TENTH else kind
        command = [sys.executable, "-m", "tests.benchmarks.inputs"]
        return subprocess.Popen([*command, what, str(self.path(kind)), str(size), str(SEEDS[kind])], cwd=ROOT)

    def _peer(self, name: str, kind: str) -> Cost:
        source = "" if kind == IMPORT else str(self.path(kind))
        return self._fresh("peers", name, kind, source, str(self.output))

    def _alone(self, source: str) -> Cost:
        return self._fresh("alone", source, str(self.output), **AS_CHILD)

    def _fresh(self, module: str, *arguments: str, **environment: str) -> Cost:
        """A new process in an empty folder, with an empty cache."""
        shutil.rmtree(self.output, ignore_errors=True)
        self.output.mkdir()
        home = {"HF_HOME": str(self.output / "cache"), "HF_HUB_OFFLINE": "1", "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", f"tests.benchmarks.{module}", *arguments]
        return cost_of(command, {**os.environ, **home, **environment}, self.output)

    def _add(self, tool: str, kind: str, cost: Cost) -> None:
        written = sum(path.stat().st_size for path in self.output.glob("*.parquet"))
        self.results.add(tool, kind, Sample(cost, self.path(kind).stat().st_size, written))
        self.say(f"  {kind}, {tool}: {cost.wall:.1f} s")

    def _product(self, workers: int, kinds: Sequence[str]) -> None:
        for kind, told in zip(kinds, self._told(workers, kinds), strict=True):
            costs = {part: Cost(**told[part]) for part in PARTS}
            costs[ALL_CHECKS] = costs["validation"] + costs["publishing"]
            costs[COMPARED] = costs[ALL_CHECKS] + costs["comparison"]
            for tool, cost in costs.items():
                name = tool if workers == 1 else f"{tool}, {workers} workers"
                self.results.add(name, kind, Sample(cost, self.path(kind).stat().st_size, told["out_bytes"]))
            self.say(f"  {kind}, product with {workers}: {costs[ALL_CHECKS].wall:.1f} s, report: {told['report']}")

    def _told(self, workers: int, kinds: Sequence[str]) -> list[dict[str, Any]]:
        with copied(self.template) as data:
            paths = [str(self.path(kind)) for kind in kinds]
            command = [sys.executable, "-m", "tests.benchmarks.product", str(data), str(workers), *paths]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
            if done.returncode:
                log = (data / "worker.log").read_text(errors="replace")
                raise CommandFailedError(f"{done.stderr[-3000:]}\nThe worker said:\n{log[-2000:]}")
        return [json.loads(line) for line in done.stdout.splitlines()]
