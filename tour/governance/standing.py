"""What becomes of a license when its holder changes, breaks it, or does not pay on (G21, G23, G25)."""

import time
from datetime import UTC, datetime, timedelta

import httpx

from tour.deeds import Row
from tour.governance.case import Case
from tour.governance.offline import checked, saved_keys
from tour.governance.town import Town, claims, download, manifest, said, signed
from tour.person import Person
from tour.report import expect
from tour.wire import wait

SUBSCRIPTION = "LicenseRef-DC-LIVE-SUBSCRIPTION-1.0"
RESEARCH = "LicenseRef-DC-RESEARCH-1.0"
OFFER_SECONDS = 15


def ended_subscription(town: Town) -> str:
    """A subscription whose end is a few seconds from now, so that real time suffices."""
    stand = town.stand("g21", town.hand(town.ama, "sw"))
    end = town.now + timedelta(seconds=OFFER_SECONDS)
    plan = {"model": "subscription", "period": "month", "grace_days": 0}
    offer = town.sell(stand.repo, SUBSCRIPTION, plan=plan, parameters={"time": {"to": end.isoformat()}})
    grant = town.buy(town.buyer, offer)
    jws = signed(town.buyer, grant)
    before = manifest(town.buyer, stand.repo)
    expect(before.status_code == 200, f"while it ran the manifest was answered with {said(before)}")
    earlier = town.now
    kept = town.buyer.get(f"/datasets/{stand.repo}/resolve/main/manifest.json").json()
    keys = saved_keys(town)
    time.sleep(max(0.0, (end - town.now).total_seconds()) + 1)

    refused = manifest(town.buyer, stand.repo)
    expect(said(refused) == "403 subscription_ended", f"after its end the manifest was answered with {said(refused)}")
    due = refused.json()["context"]["copies_due"]
    expect(datetime.fromisoformat(due) == end + timedelta(days=30), f"copies are due {due}")
    expires = datetime.fromtimestamp(claims(jws)["exp"], UTC)
    then, now = (checked(jws, keys, at, manifest=kept)[0] for at in (earlier, town.now))
    expect((then, now) == ("ok", "expired"), f"the license of then: {then}; now: {now}")
    return (
        f"after {end:%H:%M:%S} new manifest {said(refused)}, “{refused.json()['detail']}”; earlier manifest "
        f"with its license as of then {then}; the signed license ends {expires:%H:%M:%S}: now {now}"
    )


def moving_user(town: Town) -> str:
    """A university licenses for itself; one of its members leaves for a company; then it becomes a company itself."""
    stand = town.stand("g23", town.hand(town.ama, "en"))
    university = town.found(town.buyer, "university", "academic")
    mover = town.other_buyer
    _join(town.buyer, university, mover)
    register = {"licensee_id": university["id"], "licensee_evidence": "Register of universities 7"}
    grant = town.buy(town.buyer, town.sell(stand.repo, RESEARCH, 1_000), **register)
    as_member = manifest(mover, stand.repo).status_code
    expect(as_member == 200, f"as a member the manifest was answered with {as_member}")

    mover_id = mover.api("GET", "/me")["id"]
    town.buyer.api("DELETE", f"/organizations/{university['slug']}/members/{mover_id}")
    town.found(mover, "company", "enterprise")
    left = said(manifest(mover, stand.repo))
    expect(left == "403 license_required", f"after leaving the manifest was answered with {left}")
    followed = [each["id"] for each in mover.pages("/grants") if each["dataset"] == stand.repo]
    expect(followed == [], "the license followed the person")
    kept = town.buyer.api("GET", f"/grants/{grant['id']}")
    expect((kept["state"], kept["licensee"]) == ("active", university["slug"]), f"the license is {kept}")

    town.buyer.api("PATCH", f"/organizations/{university['slug']}", {"kind": "enterprise"})
    page = f"/licenses/{grant['id']}/"
    wait("the license to be flagged", lambda: "the licensee is now" in town.buyer.get(page).text)
    flagged = town.buyer.get(page).text.partition("Given to ")[2].partition("<")[0].strip()
    return (
        f"as a member {as_member}; having left {left}, {len(followed)} licenses followed; the organization's stays "
        f"{kept['state']}; its history after the change of kind: “Given to {flagged}”"
    )


def _join(owner: Person, organization: Row, member: Person) -> None:
    owner.api("POST", f"/organizations/{organization['slug']}/invitations", {"email": member.email})
    invited = [
        each for each in member.api("GET", "/invitations")["results"] if each["organization"] == organization["slug"]
    ]
    member.api("POST", f"/invitations/{invited[0]['id']}/accept")


def revoked_offline(town: Town) -> str:
    """Two status lists are saved, from before and after; then nothing but files is used."""
    stand = town.stand("g25", town.hand(town.lucia, "pt"))
    grant = town.buy(town.buyer, town.sell(stand.repo))
    files = download(town.buyer, stand.repo)
    jws = signed(town.buyer, grant)
    keys, address = saved_keys(town), claims(jws)["dc"]["status"]["statusListCredential"]
    before = _list(town, address)
    saved = datetime.fromtimestamp(claims(before)["iat"], UTC)
    reason = {"reason": f"Breach in walk {town.run}."}
    state = town.operator.api("POST", f"/grants/{grant['id']}/revoke", reason)["state"]
    after, online = _list(town, address), said(manifest(town.buyer, stand.repo))

    outcomes = {
        "no list": checked(jws, keys, town.now),
        "a list of 2 days ago": checked(jws, keys, saved + timedelta(days=2), status=before),
        "a list from after": checked(jws, keys, town.now, status=after),
    }
    codes = [code for code, _ in outcomes.values()]
    expect(codes == ["ok", "status_unknown_since", "revoked"], f"the outcomes are {outcomes}")
    unlisted, outdated = (outcomes[name][1] for name in ("no list", "a list of 2 days ago"))
    expect("not checked" in unlisted, f"an unqualified “valid”: {unlisted}")
    expect(f"{saved:%Y-%m-%d}" in outdated, f"no date: {outdated}")
    return f"{state}, {len(files)} file(s) at hand, online {online}; offline with " + "; ".join(
        f"{name} {code}: “{text}”" for name, (code, text) in outcomes.items()
    )


def _list(town: Town, address: str) -> str:
    return httpx.get(f"{town.site}/status/{address.rsplit('/', 1)[1]}", timeout=30).text.strip()


CASES = [
    Case(
        "G21",
        "new manifest 403 subscription_ended, the earlier one verifies, retention duty with due date; never a signed "
        "license live because its end was far away",
        ended_subscription,
    ),
    Case(
        "G23",
        "the organization keeps the license, the person loses access at once, a change of kind flags it; never the "
        "license following the person",
        moving_user,
    ),
    Case(
        "G25",
        "signature ok, status unknown since the list's date; never an unqualified “valid”",
        revoked_offline,
    ),
]
