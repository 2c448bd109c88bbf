"""What the steps share: the journey of every tour, the bank, the operator's shell, and what was sold."""

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from tour import deeds
from tour.governance.shell import Shell
from tour.journey import Journey
from tour.payments.bank import Bank
from tour.person import Person
from tour.report import expect
from tour.wire import wait

TRAIN = "CC-BY-SA-4.0"


@dataclass
class Walk:
    journey: Journey
    bank: Bank
    shell: Shell
    run: str
    buyers: dict[str, Person] = field(default_factory=dict)
    orders: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def operator(self) -> Person:
        return self.journey.cast.operator

    def run_now(self, name: str) -> None:
        self.shell.run("run_now", name)

    def settled(self, name: str, buyer: Person, placed: dict[str, Any]) -> dict[str, Any]:
        """The license follows the message of the bank, not the page that the buyer is sent back to."""

        def paid() -> bool:
            self.orders[name] = buyer.api("GET", f"/orders/{placed['id']}")
            return bool(self.orders[name]["state"] == "paid")

        wait(f"the {name} to be paid", paid)
        expect(bool(self.orders[name]["grant_id"]), f"the {name} is paid and has no license")
        return self.orders[name]

    def earned(self) -> dict[str, dict[str, int]]:
        """What each payee is shown, by part: earned, held, payable, in transit, paid."""
        people = {**self.journey.cast.contributors, "steward": self.journey.cast.steward}
        found: dict[str, dict[str, int]] = {}
        for name, person in people.items():
            purses = person.api("GET", "/earnings")["earnings"]
            parts = ("earned", "held", "payable", "in_transit", "paid", "owed")
            found[name] = {part: sum(int(purse[f"{part}_minor"]) for purse in purses) for part in parts}
        return found

    def accounts(self) -> list[tuple[str, str, str]]:
        """Every account of the ledger as the operator's page shows it: name, kind, balance."""
        page = self.operator.get("/operator/finance/accounts/").text
        rows = re.findall(
            r'<tr><th scope="row"><code>(.*?)</code></th><td>(.*?)</td>.*?<td class="number">([^<]*)</td></tr>', page
        )
        return [(unescape(name), unescape(kind), unescape(balance)) for name, kind, balance in rows]


def sell(walk: Walk, price_minor: int, **more: Any) -> dict[str, Any]:
    """Instead of the offer before it: a dataset has one per license."""
    steward = walk.journey.cast.steward
    if walk.journey.offer:
        steward.api("POST", f"/offers/{walk.journey.offer['id']}/retire")
    walk.journey.offer = deeds.make_offer(steward, walk.journey.repo, TRAIN, price_minor, **more)
    return walk.journey.offer
