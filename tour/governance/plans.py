"""What a license is limited to, and what it costs (G17, G19, G21, G35)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import httpx

from tour import deeds
from tour.deeds import Row
from tour.governance.case import Case
from tour.governance.town import TRAIN, Town, claims, manifest, said, signed
from tour.person import Person
from tour.report import expect
from tour.rights import Rights

EVALUATION = "LicenseRef-DC-EVAL-ONLY-1.0"
EXCLUSIVE = "LicenseRef-DC-EXCLUSIVE-1.0"
ALONE = Rights("Written by hand for one buyer.", exclusive=True)


def evaluation_only(town: Town) -> str:
    def split(stand_repo: str) -> None:
        rule = {"split": {"kind": "hash", "shares": [60, 0, 40]}}
        town.steward.api("PUT", f"/datasets/{stand_repo}/layout", rule)

    hand = town.hand(town.ama, "sw", "en")
    stand = town.stand("g17", hand, beforehand=lambda made: split(made.repo))
    data = [file["path"] for file in stand.version["files"] if file["kind"] == "data"]
    town.buy(town.buyer, town.sell(stand.repo, EVALUATION, 0))
    refused = manifest(town.buyer, stand.repo, action="train")
    expect(said(refused) == "403 action_not_granted", f"action=train was answered with {said(refused)}")
    given = manifest(town.buyer, stand.repo, action="evaluate")
    expect(given.status_code == 200, f"action=evaluate was answered with {said(given)}")
    files = [file["path"] for file in given.json()["files"]]
    rest = sorted(set(data) - set(files))
    expect(bool(rest) and all("test" in path for path in files), f"for evaluation: {files} of {data}")
    single = {path: _file(town.buyer, stand.repo, path) for path in (*files, *rest)}
    wanted = {**dict.fromkeys(files, 200), **dict.fromkeys(rest, 403)}
    expect(single == wanted, f"the files one by one: {single}")
    return (
        f"manifest for train {said(refused)}; for evaluate {given.status_code} with {', '.join(files)} of {len(data)} "
        f"files; {', '.join(f'{path} by itself {status}' for path, status in single.items())}"
    )


def _file(person: Person, repo: str, path: str) -> int:
    """As a client of the Hub asks for it, with a key."""
    key = {"Authorization": f"Bearer {person.key or person.make_key('datasets:read', 'download')}"}
    return httpx.get(f"{person.site}/datasets/{repo}/resolve/main/{path}", headers=key, timeout=30).status_code


def exclusive_race(town: Town) -> str:
    stand = town.stand("g19", town.hand(town.ama, "sw", rights=ALONE))
    offers = [_exclusive(town, stand.repo, ["asr"], ["EU"]), _exclusive(town, stand.repo, ["asr"], ["DE", "SN"])]
    buyers = (town.buyer, town.other_buyer)
    start = Barrier(len(buyers))

    def place(number: int) -> httpx.Response:
        offer = offers[number]
        seen = {"offer_id": offer["id"], "offer_sha256": offer["offer_sha256"]}
        start.wait(20)
        return buyers[number].ask("POST", "/orders", {**seen, "accepted": True, "client_ref": offer["id"]})

    with ThreadPoolExecutor(len(buyers)) as pool:
        answers = list(pool.map(place, range(len(buyers))))
    said_to = sorted(said(answer) for answer in answers)
    expect(said_to == ["201", "409 exclusive_taken"], f"both at once were answered with {said_to}")
    winner = next(number for number, answer in enumerate(answers) if answer.status_code == 201)
    paid = deeds.pay(buyers[winner], answers[winner].json())
    loser = buyers[1 - winner]
    charged = [order for order in loser.pages("/orders") if order["dataset"] == stand.repo]
    expect(charged == [], f"the other has orders: {[order['state'] for order in charged]}")
    again = deeds.order(loser, offers[1 - winner], status=409)["code"]
    elsewhere = town.buy(loser, _exclusive(town, stand.repo, ["tts"], ["EU"]))
    held = [
        claims(signed(buyer, grant))["dc"]
        for buyer in buyers
        for grant in buyer.pages("/grants")
        if grant["dataset"] == stand.repo
    ]
    fields = sorted(field for each in held for field in each["field"])
    expect(fields == ["asr", "tts"] and all(each["exclusive"] for each in held), f"the licenses are for {fields}")
    return (
        f"both at once: {' and '.join(said_to)}; winner {paid['state']}, the other {len(charged)} orders and "
        f"still 409 {again}; another field sells: {elsewhere['state']}; {len(held)} exclusive licenses, "
        f"for {' and '.join(fields)}"
    )


def _exclusive(town: Town, repo: str, field: list[str], territory: list[str]) -> Row:
    scope = {"scope": {"field": field, "territory": territory}, "legal": {"exclusivity": {"actions": ["train"]}}}
    return town.sell(repo, EXCLUSIVE, 100_000, duration_days=365, parameters=scope)


def pay_what_you_want(town: Town) -> str:
    stand = town.stand("g35", town.hand(town.lucia, "fr"))
    offer = town.sell(stand.repo, TRAIN, 2_000, plan={"model": "pay_what_you_want", "minimum": "0.00"})
    ngo = town.found(town.buyer, "ngo")
    asked = {"licensee_id": ngo["id"], "amount_minor": 0, "licensee_type": "nonprofit"}
    unproved = deeds.order(town.buyer, offer, status=400, **asked)
    evidence = f"NGO register 4711/{town.run}"
    grant = town.buy(town.buyer, offer, licensee_evidence=evidence, **asked)
    dc = claims(signed(town.buyer, grant))["dc"]
    expect(dc["licensee_type"] == "nonprofit" and len(dc["licensee_evidence_sha256"]) == 64, f"the license says {dc}")
    expect(dc["price"]["amount"] == "0.00", f"the price is {dc['price']}")
    expect({"attribute", "delete_on_withdrawal_P30D"} <= set(dc["obligations"]), f"duties: {dc['obligations']}")
    given = manifest(town.buyer, stand.repo)
    expect(given.status_code == 200, f"the data was answered with {said(given)}")
    expect("breach" in dc["revocable"], f"a false declaration is no breach: {dc['revocable']}")
    return (
        f"without evidence 400 {unproved['code']}; with it a license {grant['state']} for {dc['licensee_type']}, "
        f"evidence {dc['licensee_evidence_sha256'][:12]}…, price {dc['price']['amount']}, duties "
        f"{', '.join(dc['obligations'])}, revocable for {', '.join(dc['revocable'])}, data {given.status_code}"
    )


CASES = [
    Case(
        "G17",
        "403 action_not_granted for train, the evaluation manifest works with the evaluation split only; never the "
        "same files because the license is active",
        evaluation_only,
    ),
    Case(
        "G19",
        "exactly one order succeeds, the other 409 without charge, a scope that does not overlap sells; never two "
        "exclusive licenses",
        exclusive_race,
    ),
    Case(
        "G35",
        "evidence asked, declared type and evidence hash in the license, amount 0 gives a full license with all "
        "duties; never zero price skipping the license",
        pay_what_you_want,
    ),
]
