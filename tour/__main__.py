"""`python -m tour [--site URL] [--audio FOLDER]`: exit status 0 only if every step held."""

import argparse
import secrets
import sys
import tempfile
from functools import partial
from pathlib import Path

import httpx

from tour.chapters import clients, contributing, leaving, licensing, training
from tour.journey import Cast, Journey
from tour.person import Person
from tour.report import Report
from tour.scenario import Scenario, audio_scenario, text_scenario
from tour.wire import wait

OPERATOR, SAMPLE_PASSWORD = "operator@example.org", "sample-password"


def main() -> int:
    asked = arguments()
    scenario = audio_scenario(asked.audio) if asked.audio else text_scenario()
    report = Report()
    run = secrets.token_hex(3)
    with tempfile.TemporaryDirectory() as home:
        try:
            facts = travel(report, asked.site.rstrip("/"), scenario, run, Path(home))
        except Exception:  # noqa: BLE001 - the report has its line; the table and the status follow
            facts = {}
    print(report.table({"scenario": scenario.title, "run": run, **facts}))
    return 0 if report.all_held else 1


def travel(report: Report, site: str, scenario: Scenario, run: str, home: Path) -> dict[str, str]:
    report.step("the instance is well", partial(healthy, site))
    cast = report.step("people sign up", partial(gather, site, scenario, run))
    journey = Journey(site, scenario, cast, home)
    report.step("a steward opens a dataset", partial(contributing.open_dataset, journey, run))
    for bundle in scenario.bundles:
        report.step(f"upload: {bundle.contributor}", partial(contributing.contribute, journey, bundle))
    report.step("workers validate", partial(contributing.wait_for_validation, journey))
    report.step("accept and publish", partial(contributing.accept_and_publish, journey))
    if scenario.refused_under:
        report.step("an offer that is not covered", partial(licensing.refuse_uncovered_offer, journey))
    report.step("an offer with a price", partial(licensing.publish_offer, journey))
    report.step("no license, no data", partial(licensing.refuse_unlicensed_load, journey))
    report.step("license and pay", partial(licensing.buy, journey))
    report.step("the split, to the cent", partial(licensing.check_split, journey))
    report.step("load and train", partial(training.train, journey))
    report.step("stream", partial(training.stream, journey))
    report.step("download", partial(training.snapshot, journey))
    report.step("presigned addresses", partial(training.presigned, journey))
    for family, step in clients.FAMILIES.items():
        report.step(f"with {family}", partial(step, journey))
    report.step("verify the grant offline", partial(training.verify_grant, journey))
    report.step("a contributor withdraws", partial(leaving.withdraw, journey))
    report.step("what was earned stays", partial(leaving.earned_stays, journey))
    return journey.facts


def healthy(site: str) -> tuple[str, None]:
    """A worker that has just been started says so within a few seconds."""
    wait("every part of the instance to be well", lambda: httpx.get(f"{site}/healthz", timeout=30).is_success)
    return ", ".join(httpx.get(f"{site}/healthz", timeout=30).json()["parts"]), None


def gather(site: str, scenario: Scenario, run: str) -> tuple[str, Cast]:
    operator = Person(site, "Operator", OPERATOR).sign_in(SAMPLE_PASSWORD)

    def newcomer(name: str, number: int) -> Person:
        return Person(site, name, f"tour-{run}-{number}@example.org").sign_up(operator)

    names = [bundle.contributor for bundle in scenario.bundles]
    contributors = {name: newcomer(name, number) for number, name in enumerate(names)}
    cast = Cast(operator, newcomer("Tour steward", 90), newcomer("Tour buyer", 91), contributors)
    return f"{len(contributors)} contributors, a steward, a buyer; addresses confirmed by mail", cast


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tour", description="Drives a running instance over HTTP, as its users.")
    parser.add_argument("--site", default="http://localhost:8000")
    parser.add_argument("--audio", type=Path, help="folder of the Free Spoken Digit Dataset")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
