"""What the steps of the tour share: who takes part, what has come about so far, and the clients of a researcher."""

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tour.person import Person
from tour.report import expect
from tour.scenario import Bundle, Scenario
from tour.wire import PATIENCE_SECONDS, wait


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

    def wait_for_version(self, version_id: str) -> dict[str, Any]:
        """Until it is built; the published version as the catalog shows it."""
        seen: dict[str, Any] = {}

        def finished() -> bool:
            seen.update(self.cast.steward.api("GET", f"/versions/{version_id}"))
            return bool(seen["state"] != "building")

        wait("the version to be built", finished)
        expect(seen["state"] == "published", f"the version is {seen['state']}: {seen.get('failure')}")
        return dict(self.cast.steward.api("GET", f"/datasets/{self.repo}/revisions/v{seen['number']}"))

    def held(self, person: Person) -> int:
        lines = [line for line in person.pages("/earnings/lines") if line["dataset"] == self.repo]
        for line in lines:
            expect(int(line["weight"]) <= int(line["total_weight"]), f"weights make no sense: {line}")
        return sum(int(line["amount_minor"]) for line in lines)

    def run_trainer(self, revision: str, *, may_fail: bool = False) -> "subprocess.CompletedProcess[str]":
        return self._run([sys.executable, "-m", self.scenario.trainer, self.repo, f"v{revision}"], may_fail=may_fail)

    def run_client(self, module: str, *arguments: str) -> str:
        return self._run([sys.executable, "-m", module, *arguments]).stdout.strip()

    def run_program(self, program: str, *arguments: str) -> str:
        return self._run([str(Path(sys.executable).parent / program), *arguments]).stdout

    def _run(self, command: list[str], *, may_fail: bool = False) -> "subprocess.CompletedProcess[str]":
        """As a researcher would: two environment variables, and a cache that knows nothing."""
        with tempfile.TemporaryDirectory(dir=self.home) as cache:
            environment = {
                **os.environ,
                "HF_ENDPOINT": self.site,
                "HF_TOKEN": self.cast.buyer.key,
                "HF_HOME": cache,
                "HF_HUB_DISABLE_TELEMETRY": "1",
                "HF_HUB_DISABLE_PROGRESS_BARS": "1",
            }
            outcome = subprocess.run(  # noqa: S603 - our own modules
                command, env=environment, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
            )
        expect(
            may_fail or outcome.returncode == 0,
            f"{command[-2:]} ended with {outcome.returncode}: {outcome.stderr[-900:]}",
        )
        return outcome

    def contribution(self, person: Person, bundle: Bundle) -> dict[str, Any]:
        return dict(person.api("GET", f"/contributions/{self.contributions[bundle.contributor]}"))

    @property
    def total_records(self) -> int:
        return sum(bundle.records for bundle in self.scenario.bundles)
