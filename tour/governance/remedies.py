"""When something was wrong: somebody else owns the data (G27), or withdrawals took too much of it (G33)."""

from tour import deeds
from tour.governance.case import Case
from tour.governance.town import Town, claims, download, listed_records, manifest, record_ids, said, signed
from tour.report import expect
from tour.wire import wait

INDEMNITY = "The publisher bears what a third party's claim costs the licensee."
FROZEN = "a part of your held shares waits"


def owned_by_another(town: Town) -> str:
    """A claim is filed, upheld by the operator, and then what is claimed is taken out."""
    stand = town.stand("g27", town.hand(town.ama, "sw"), town.hand(town.lucia, "es"))
    offer = town.sell(stand.repo, parameters={"legal": {"indemnity": INDEMNITY}})
    grant = town.buy(town.buyer, offer)
    before = signed(town.buyer, grant)
    wait("the split to be settled", lambda: deeds.held(town.ama, stand.repo) > 0)
    earned = deeds.held(town.ama, stand.repo)
    claim = _filed(town, stand.repo, stand.contributions[0])
    untouched = said(manifest(town.buyer, stand.repo))
    expect(untouched == "200", f"a claim that nobody decided on stops the data: {untouched}")

    town.operator.api("POST", f"/ownership-claims/{claim}/review", {})
    _decide(town, claim, "uphold")
    refused = deeds.order(town.other_buyer, offer, status=409)["code"]
    stopped = said(manifest(town.buyer, stand.repo))
    expect(stopped == "403 license_suspended", f"the licensed data was answered with {stopped}")
    told = town.buyer.api("GET", f"/grants/{grant['id']}/ownership-claims")
    expect(len(told["holds"]) == 1 and bool(told["advice"]), f"the licensee is told {told}")
    expect(told["indemnity"] == INDEMNITY, f"the indemnity is shown as {told['indemnity']!r}")
    wait("the shares to be frozen", lambda: FROZEN in town.ama.get("/earnings/").text)
    same = (signed(town.buyer, grant) == before, deeds.held(town.ama, stand.repo) == earned)
    expect(same == (True, True), f"history was rewritten: license and earnings the same? {same}")

    _decide(town, claim, "take_out")
    patch = deeds.patched(town.steward, stand.repo)
    wait("the license to go on", lambda: town.buyer.api("GET", f"/grants/{grant['id']}")["state"] == "active")
    after = town.buyer.api("GET", f"/grants/{grant['id']}")
    story = [event["kind"] for event in town.operator.api("GET", f"/ownership-claims/{claim}")["events"]]
    return (
        f"filed: data still {untouched}; upheld: order 409 {refused}, data {stopped}, licensee told "
        f"“{told['advice'][0]}” and indemnity “{told['indemnity']}”, {earned} cents stay booked and "
        f"“{FROZEN}”; taken out: license {after['state']} on {patch['number']} under "
        f"{'the same' if claims(signed(town.buyer, grant))['jti'] == claims(before)['jti'] else 'another'} id; "
        f"the claim's story: {', '.join(story)}"
    )


def _filed(town: Town, repo: str, contribution: str) -> str:
    said_so = {
        "name": "Owner Elsewhere",
        "email": f"owner-{town.run}@example.org",
        "what": "The Swahili sentences.",
        "why": "They are from my book.",
        "evidence": "https://example.org/book",
        "contribution_id": contribution,
    }
    return str(town.other_buyer.api("POST", f"/datasets/{repo}/ownership-claims", said_so)["id"])


def _decide(town: Town, claim: str, decision: str) -> None:
    body = {"decision": decision, "reason": "The book was shown."}
    town.operator.api("POST", f"/ownership-claims/{claim}/decision", body)


def removed_too_much(town: Town) -> str:
    """13 of 108 records leave, which is above the license's ten percent; a second buyer's 4 are not."""
    stand = town.stand("g33", town.hand(town.ama, "sw", "en"), town.hand(town.lucia, "es"))
    offer = town.sell(stand.repo, price_minor=10_800)
    grant = town.buy(town.buyer, offer)
    wait("the split to be settled", lambda: deeds.held(town.ama, stand.repo) > 0)
    earned = deeds.held(town.ama, stand.repo)
    records = listed_records(town.ama, stand.contributions[0])
    address = f"/contributions/{stand.contributions[0]}/records/withdraw"

    town.ama.api("POST", address, {"record_ids": records[:4]})
    deeds.patched(town.steward, stand.repo)
    refund = f"/orders/{grant['order_id']}/removal-refund"
    small = town.buyer.ask("POST", refund)
    expect(small.status_code == 409, f"below the threshold the answer was {said(small)}")
    town.ama.api("POST", address, {"record_ids": records[4:13]})
    deeds.patched(town.steward, stand.repo)
    left = len(record_ids(download(town.buyer, stand.repo)))
    share = town.buyer.api("GET", f"/grants/{grant['id']}/removal")
    expect(share["may_leave"] and share["removed_records"] == 13, f"the share is {share}")
    paid = town.buyer.api("POST", refund)
    again = town.buyer.api("POST", refund)
    expect(again["id"] == paid["id"], "asking twice paid twice")
    due = 11_340 * 13 // 108
    expect(paid["amount_minor"] == due, f"{paid['amount_minor']} came back, {due} are due")
    kept = deeds.held(town.ama, stand.repo)
    expect(kept == earned, f"she had {earned} cents and has {kept}")
    return (
        f"4 of 108: {said(small)}; {share['removed_records']} of {share['records']} ({share['share']}, threshold "
        f"{share['threshold_bps'] / 100:g} %, {left} left): {paid['amount_minor']} cents back, once; she keeps {kept} "
        f"of {earned} cents"
    )


CASES = [
    Case(
        "G27",
        "sales stop, licenses suspended or replaced, unreleased payouts frozen, licensees told what to do, indemnity "
        "shown; never history rewritten",
        owned_by_another,
    ),
    Case(
        "G33",
        "above the threshold of 10 % end or pro-rata refund at the platform's cost; never a contributor debited",
        removed_too_much,
    ),
]
