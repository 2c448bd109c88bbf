"""`python -m tour [--site URL] [--audio FOLDER]`: exit status 0 only if every step held."""

import argparse
import secrets
import sys
import tempfile
from functools import partial
from pathlib import Path

import httpx

from tour.journey import Cast, Journey
from tour.person import Person
from tour.report import Report, expect
from tour.scenario import Scenario, audio_scenario, text_scenario

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
    report.step("a steward opens a dataset", partial(journey.open_dataset, run))
    for bundle in scenario.bundles:
        report.step(f"upload: {bundle.contributor}", partial(journey.contribute, bundle))
    report.step("workers validate", journey.wait_for_validation)
    report.step("accept and publish", journey.accept_and_publish)
    if scenario.refused_under:
        report.step("an offer that is not covered", journey.refuse_uncovered_offer)
    report.step("an offer with a price", journey.publish_offer)
    report.step("no license, no data", journey.refuse_unlicensed_load)
    report.step("license and pay", journey.buy)
    report.step("the split, to the cent", journey.check_split)
    report.step("load and train", journey.train)
    report.step("stream", journey.stream)
    report.step("download", journey.snapshot)
    report.step("presigned addresses", journey.presigned)
    report.step("verify the grant offline", journey.verify_grant)
    report.step("a contributor withdraws", journey.withdraw)
    report.step("what was earned stays", journey.earned_stays)
    return journey.facts


def healthy(site: str) -> tuple[str, None]:
    answer = httpx.get(f"{site}/healthz", timeout=30)
    expect(answer.status_code == 200, f"{answer.status_code} {answer.text[:300]}")
    return ", ".join(answer.json().get("parts", answer.json())), None


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
