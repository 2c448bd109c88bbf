"""`python -m tour.payments [--audio FOLDER]`: exit status 0 only if every step held.

It starts an instance of its own, on Stripe's rail with a stand-in beside it, whose hold is over at once.
"""

import argparse
import secrets
import signal
import socket
import sys
import tempfile
from functools import partial
from pathlib import Path

from tour.__main__ import gather, healthy
from tour.chapters import contributing
from tour.governance.shell import Shell
from tour.instance import instance
from tour.journey import Journey
from tour.payments import paying, selling, stating
from tour.payments.bank import Bank
from tour.payments.walk import Walk
from tour.person import Person
from tour.report import Report
from tour.scenario import Scenario, audio_scenario, text_scenario

BUYERS = ("card", "invoice", "subscription")


def main() -> int:
    parser = argparse.ArgumentParser(prog="tour.payments", description="Walks the way of the money.")
    parser.add_argument("--audio", type=Path, help="a folder of the Free Spoken Digit Dataset")
    asked = parser.parse_args()
    scenario = audio_scenario(asked.audio) if asked.audio else text_scenario()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the instance ends too
    report, facts = Report(), {"scenario": scenario.title}
    print("Starting an instance on Stripe's rail, with a stand-in for Stripe; that takes about a minute.", flush=True)
    port = free_port()
    variables = {"STANDIN_PORT": str(port), "HOLD_DAYS": "0"}
    try:
        with (
            tempfile.TemporaryDirectory() as home,
            instance("tests.standin.beside", **variables) as (site, data),
        ):
            facts |= travel(report, site, scenario, Path(home), Bank(f"http://127.0.0.1:{port}"), Shell(data))
    except Exception as error:  # noqa: BLE001 - the report has its line; the table and the status follow
        facts["ended"] = f"{type(error).__name__}: {error}"[:300]
    print(report.table(facts))
    return 0 if report.all_held else 1


def travel(report: Report, site: str, scenario: Scenario, home: Path, bank: Bank, shell: Shell) -> dict[str, str]:
    run = secrets.token_hex(3)
    report.step("the instance is well", partial(healthy, site))
    cast = report.step("people sign up", partial(gather, site, scenario, run))
    walk = Walk(Journey(site, scenario, cast, home), bank, shell, run)
    report.step("three buyers sign up", partial(buyers, walk))
    report.step("a steward opens a dataset", partial(contributing.open_dataset, walk.journey, run))
    for bundle in scenario.bundles:
        report.step(f"upload: {bundle.contributor}", partial(contributing.contribute, walk.journey, bundle))
    report.step("workers validate", partial(contributing.wait_for_validation, walk.journey))
    report.step("accept and publish", partial(contributing.accept_and_publish, walk.journey))
    report.step("contributors onboard", partial(paying.onboard, walk))
    report.step("a card sale", partial(selling.by_card, walk))
    report.step("an invoice", partial(selling.by_invoice, walk))
    report.step("a subscription's months", partial(selling.by_month, walk))
    report.step("a part goes back", partial(selling.partly_back, walk))
    report.step("a dispute is lost", partial(selling.disputed, walk))
    report.step("divided and released", partial(paying.release, walk))
    report.step("the payout run", partial(paying.pay_out, walk))
    report.step("both books agree", partial(paying.agree, walk))
    report.step("statements", partial(stating.state, walk, home))
    report.step("the ledger is audited", partial(paying.audited, walk))
    accounts = walk.accounts()
    return {
        **{name: f"{balance:>16}  {kind}" for name, kind, balance in accounts},
        "all together": f"{report.step('all accounts are zero together', partial(paying.sum_of, accounts)):>16}",
    }


def buyers(walk: Walk) -> tuple[str, None]:
    for number, name in enumerate(BUYERS):
        person = Person(walk.journey.site, f"Buyer by {name}", f"tour-{walk.run}-b{number}@example.org")
        walk.buyers[name] = person.sign_up(walk.operator)
    return "one pays by card, one by invoice, one every month", None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
