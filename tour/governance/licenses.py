"""Which license may be chosen, and what stays of the one that was (G11, G13, G15)."""

from tour import deeds
from tour.governance.case import Case
from tour.governance.town import TRAIN, Town
from tour.report import expect
from tour.rights import Rights


def upstream_share_alike(town: Town) -> str:
    rights = Rights("Collected from a wiki.", license="CC-BY-SA-4.0")
    stand = town.stand("g13", town.hand(town.ama, "en", rights=rights))
    problem = town.sell(stand.repo, TRAIN, status=409)
    codes = sorted({each["code"] for each in problem["context"]["blockers"]})
    reason = problem["context"]["blockers"][0]["reason"]
    expect(problem["code"] == "offer_blocked" and "CC-BY-SA-4.0" in reason, f"refused with {problem}")
    offers = town.steward.pages(f"/datasets/{stand.repo}/offers")
    expect(offers == [], f"{len(offers)} offer(s) were published all the same")
    declared = town.ama.api("GET", f"/contributions/{stand.contributions[0]}/rights")["declared"]
    check = town.steward.api("GET", f"/datasets/{stand.repo}/rights-check")
    possible = [each["license"] for each in check["licenses"] if each["possible"]]
    expect("CC-BY-SA-4.0" in possible and TRAIN not in possible, f"the rights check allows {possible}")
    allowed = deeds.make_offer(town.steward, stand.repo, possible[0], 0)
    return (
        f"409 {problem['code']} ({', '.join(codes)}) though declared as {declared['rights_role']}: “{reason}”; "
        f"allowed: {', '.join(possible)}; {allowed['license']['license_id']} offered instead: {allowed['state']}"
    )


CASES = [
    Case(
        "G13",
        "refused as share-alike, allowed outputs listed; never published because “I have rights” is ticked",
        upstream_share_alike,
    ),
]
