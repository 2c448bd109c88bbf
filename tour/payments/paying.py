"""Money out: recipients, the end of the hold, transfers, and the books side by side."""

from decimal import Decimal
from functools import partial

from tour.payments.walk import Walk
from tour.person import Person
from tour.report import expect
from tour.wire import wait

ACCOUNT = "/earnings/payout-account/"


def onboard(walk: Walk) -> tuple[str, None]:
    people = {**walk.journey.cast.contributors, "steward": walk.journey.cast.steward}
    for name, person in people.items():
        payees = [payee["id"] for payee in person.pages("/organizations")]
        for payee in payees:
            walk.bank.press(person, ACCOUNT, {"country": "FR"}, to=f"{ACCOUNT}{payee}/start/")
        wait(f"{name} to be a recipient", partial(_is_ready, person, payees))
    return f"{len(people)} people told the payment service what it asked, and can be paid", None


def _is_ready(person: Person, payees: list[str]) -> bool:
    for payee in payees:
        person.submit(ACCOUNT, {}, to=f"{ACCOUNT}{payee}/refresh/")
    return all(row["state"] == "active" for row in person.api("GET", "/earnings/payout-accounts"))


def release(walk: Walk) -> tuple[str, None]:
    walk.run_now("payments.settle_all_pools")
    wait("the pools to be divided", lambda: all(purse["earned"] > 0 for purse in walk.earned().values()))
    walk.run_now("payments.release_due_settlements")
    wait("the hold to be over", lambda: all(purse["held"] == 0 < purse["payable"] for purse in walk.earned().values()))
    payable = {name: purse["payable"] for name, purse in walk.earned().items()}
    return f"payable: {', '.join(f'{name} {amount}' for name, amount in payable.items())}", None


def pay_out(walk: Walk) -> tuple[str, None]:
    before = {name: purse["payable"] for name, purse in walk.earned().items()}
    walk.run_now("payments.run_payouts")
    wait("the transfers to be sent", lambda: all(purse["payable"] == 0 for purse in walk.earned().values()))
    wait("their answers", lambda: all(purse["in_transit"] == 0 for purse in walk.earned().values()))
    sent = walk.bank.read("/v1/transfers", limit=100)["data"]
    expect(sum(each["amount"] for each in sent) == sum(before.values()), f"sent {sent}, payable was {before}")
    return f"{len(sent)} transfers, {sum(before.values())} cents, one for each payee", None


def agree(walk: Walk) -> tuple[str, None]:
    """Every movement at the payment service is in the ledger, and the other way round."""
    walk.run_now("payments.reconcile")
    runs: list[dict[str, object]] = []

    def compared() -> bool:
        runs[:] = [run for run in walk.operator.pages("/finance/reconciliations") if run["finished_at"]]
        return bool(runs)

    wait("the books to be compared", compared)
    expect(not runs[0]["differences"], f"the books differ: {runs[0]['differences']}")
    expect(not walk.bank.violations(), f"the stand-in was used wrongly: {walk.bank.violations()}")
    return f"{runs[0]['movements']} movements compared, nothing differs", None


def audited(walk: Walk) -> tuple[str, None]:
    """Every invariant, and that all accounts together are zero; the command refuses otherwise."""
    return walk.shell.run("audit").splitlines()[-1], None


def sum_of(accounts: list[tuple[str, str, str]]) -> tuple[str, str]:
    """Precondition: all of one currency, as on this way they are."""
    total = sum(Decimal(balance.split()[0].replace(",", "")) for _, _, balance in accounts)
    expect(bool(accounts) and total == 0, f"the accounts are {total} together, not zero")
    return f"{len(accounts)} accounts, {total}", f"{total} EUR"
