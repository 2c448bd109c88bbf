"""What the steps of the tour share: who takes part, what has come about so far, and the clients of a researcher."""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tour.person import Person
from tour.report import expect
from tour.scenario import Scenario
from tour.wire import PATIENCE

ROOT = Path(__file__).parent.parent


@dataclass
class Cast:
    """Who takes part, each with a session of their own."""

    operator: Person
    steward: Person
    buyer: Person
    contributors: dict[str, Person]


@dataclass
class Journey:
    site: str
    scenario: Scenario
    cast: Cast
    home: Path
    facts: dict[str, str] = field(default_factory=dict)
    repo: str = ""
    contributions: dict[str, str] = field(default_factory=dict)
    version: dict[str, Any] = field(default_factory=dict)
    offer: dict[str, Any] = field(default_factory=dict)
    order: dict[str, Any] = field(default_factory=dict)
    signed_url: str = ""

    def run_trainer(self, revision: str, *, may_fail: bool = False) -> "subprocess.CompletedProcess[str]":
        return self._run([sys.executable, "-m", self.scenario.trainer, self.repo, f"v{revision}"], may_fail=may_fail)

    def run_client(self, module: str, *arguments: str) -> str:
        return self._run([sys.executable, "-m", module, *arguments]).stdout.strip()

    def run_program(self, program: str, *arguments: str) -> str:
        return self._run([str(Path(sys.executable).parent / program), *arguments]).stdout

    def run_reader(self, family: str, reader: str, *, key: str = "") -> Any:
        """What a client in an environment of its own (`make clients`) reads by `tour.readers`: with the buyer's key."""
        interpreter = ROOT / ".clients" / family / "bin" / "python"
        done = self._run([str(interpreter), "-m", "tour.readers", reader], key=key)
        return json.loads(done.stdout.splitlines()[-1])

    def _run(self, command: list[str], *, may_fail: bool = False, key: str = "") -> "subprocess.CompletedProcess[str]":
        """As a researcher would: two environment variables, and a cache that knows nothing."""
        with tempfile.TemporaryDirectory(dir=self.home) as cache:
            environment = {**os.environ, "HF_HOME": cache, **self._own(key or self.cast.buyer.key)}
            outcome = subprocess.run(  # noqa: S603 - our own modules
                command, env=environment, capture_output=True, text=True, timeout=PATIENCE.seconds, check=False
            )
        expect(
            may_fail or outcome.returncode == 0,
            f"{command[-2:]} ended with {outcome.returncode}: {outcome.stderr[-900:]}",
        )
        return outcome

    def _own(self, key: str) -> dict[str, str]:
        """What tells clients where to go and who asks. The Hub's own way of uploading, Xet, is not ours."""
        hub = {"HF_ENDPOINT": self.site, "HF_TOKEN": key, "HF_HUB_DISABLE_XET": "1"}
        quiet = {"HF_HUB_DISABLE_TELEMETRY": "1", "HF_HUB_DISABLE_PROGRESS_BARS": "1"}
        mdc = {"MDC_API_URL": f"{self.site}/mdc/api", "MDC_API_KEY": key}
        plain = {"SITE": self.site, "KEY": key, "DATASET": self.repo, "FOLDER": str(self.home / "snapshot")}
        return {**hub, **quiet, **mdc, **plain}

    @property
    def total_records(self) -> int:
        return sum(bundle.records for bundle in self.scenario.bundles)
