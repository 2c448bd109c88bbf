"""A contributor leaves: what stops, who is told, and what nobody can call back (G01, G09)."""

import json
from datetime import datetime

import httpx

from tour import deeds
from tour.deeds import Row
from tour.governance.case import Case
from tour.governance.town import Stand, Town, claims, download, listed_records, manifest, record_ids, said, signed
from tour.person import Person
from tour.report import expect
from tour.rights import Rights
from tour.wire import wait

REPINNED = "Signed again for a version without withdrawn data"
TAKEN_BACK = 40


def forty_records(town: Town) -> str:
    stand = town.stand("g01", town.hand(town.ama, "sw", "en"), town.hand(town.lucia, "es"))
    offer = town.sell(stand.repo)
    grant = town.buy(town.buyer, offer)
    before = signed(town.buyer, grant)
    old_url = manifest(town.buyer, stand.repo).json()["files"][0]["url"]
    had = record_ids(download(town.buyer, stand.repo))
    wait("the split to be settled", lambda: deeds.held(town.ama, stand.repo) > 0)
    earned = deeds.held(town.ama, stand.repo)

    gone = listed_records(town.ama, stand.contributions[0])[:TAKEN_BACK]
    town.ama.api("POST", f"/contributions/{stand.contributions[0]}/records/withdraw", {"record_ids": gone})
    stopped = _stopped(town, stand, old_url)
    sold = _sold_meanwhile(town, offer, stand.version["number"])
    patch = deeds.patched(town.steward, stand.repo)
    left = record_ids(download(town.buyer, stand.repo))
    expect(left == had - set(gone), f"{len(left & set(gone))} withdrawn records are still in {patch['number']}")
    after = _repinned(town, grant, before)
    notice = _told(town, stand, grant, gone)
    expect(deeds.held(town.ama, stand.repo) == earned, "withdrawing changed what was earned")
    return (
        f"{stand.version['number']} {stopped}; order {sold}; {patch['number']} holds {len(left)} of {len(had)}; "
        f"license {after['state']} under its id, pinned {after['pinned_version']}, history says so; {notice}; "
        f"she keeps {earned} cents"
    )


def _stopped(town: Town, stand: Stand, old_url: str) -> str:
    """Nobody gets the old version any more, by manifest, by file or by an address signed before."""
    number, repo = stand.version["number"], stand.repo
    withdrawn = f"Version {number} holds data that was withdrawn"
    path = next(file["path"] for file in stand.version["files"] if file["kind"] == "data")
    everybody = (town.buyer, town.other_buyer, town.steward, town.ama, town.operator)
    answers = {said(manifest(each, repo, f"v{number}")) for each in everybody}
    expect(answers == {"410 version_withdrawn"}, f"manifests of {number} were answered with {answers}")
    resolve = f"/datasets/{repo}/resolve/v{number}/{path}"
    # The clients of the Hub know no 410: to them it is a 403 with the reason.
    files = {(answer.status_code, answer.json()["error"]) for answer in (each.http.get(resolve) for each in everybody)}
    expect(len(files) == 1 and all(withdrawn in text for _, text in files), f"the file of {number}: {files}")
    wait("the address signed before to lead nowhere", lambda: httpx.get(old_url).status_code >= 400)
    state = town.steward.api("GET", f"/datasets/{repo}/revisions/v{number}")["state"]
    expect(state == "withdrawn_content", f"{number} is {state}")
    signed_before = httpx.get(old_url).status_code
    return (
        f"is {state}, manifests {', '.join(answers)} for {len(everybody)} people, Hub's clients {files.pop()[0]}, "
        f"address signed before {signed_before}"
    )


def _sold_meanwhile(town: Town, offer: Row, old: str) -> str:
    """An order at this moment is refused, or is one for the version that follows; never for the old one."""
    body = {"offer_id": offer["id"], "offer_sha256": offer["offer_sha256"], "accepted": True, "client_ref": offer["id"]}
    answer = town.other_buyer.ask("POST", "/orders", body)
    version = answer.json().get("version", "")
    expect(answer.status_code in {201, 409} and version != old, f"an order was answered with {answer.text[:300]}")
    return f"{said(answer)} {version and 'for ' + version}".strip()


def _repinned(town: Town, grant: Row, before: str) -> Row:
    def moved() -> bool:
        return bool(town.buyer.api("GET", f"/grants/{grant['id']}")["pinned_version"] != grant["pinned_version"])

    wait("the license to be pinned to the patch", moved)
    after = town.buyer.api("GET", f"/grants/{grant['id']}")
    old, new = claims(before), claims(signed(town.buyer, grant))
    expect(after["state"] == "active", f"the license is {after['state']}")
    expect(new["jti"] == old["jti"], "the license was signed under another id")
    expect(new["dc"]["versions"]["pinned"] == after["pinned_version"], "the signature names another version")
    expect(REPINNED in town.buyer.get(f"/licenses/{grant['id']}/").text, "its history does not say so")
    return dict(after)


def _told(town: Town, stand: Stand, grant: Row, gone: list[str]) -> str:
    """The notice names records and files and no person; reading and confirming it is kept, and shown to her."""
    notice = notice_of(town.buyer, grant)
    days = (datetime.fromisoformat(notice["due_at"]) - datetime.fromisoformat(notice["withdrawn_at"])).days
    expect(days == 30, f"the notice is due after {days} days")
    records = town.buyer.api("GET", f"/withdrawals/{notice['number']}/records")["results"]
    expect({each["record_id"] for each in records} == set(gone), "the notice names other records")
    expect(all(len(each["sha256"]) == 64 for each in (*records, *notice["files"])), "a hash is missing")
    expect(bool(notice["files"]), "the notice names no file")
    letters = town.mails(town.buyer, town.title("g01"))
    told = json.dumps([notice, records], ensure_ascii=False) + "".join(letters)
    identity = [town.ama.name, town.ama.email, stand.contributions[0]]
    named = sum(told.count(fact) for fact in identity)
    expect(named == 0, "the notice says who it was")
    states = [answer_notice(town.buyer, notice, step) for step in ("acknowledge", "attest")]
    seen = town.ama.api("GET", f"/contributions/{stand.contributions[0]}/withdrawal-answers")
    expect(seen["attested"] == 1, f"she sees {seen['attested']} attestations")
    return (
        f"notice: {len(records)} ids with hashes, {len(notice['files'])} file(s), due T0+{days}d, "
        f"{' then '.join(states)}, her name {named} times in it and {len(letters)} mail(s)"
    )


def notice_of(buyer: Person, grant: Row) -> Row:
    """The notice that the license's holder gets, once the workers have written it."""
    found: list[Row] = []

    def there() -> bool:
        found.extend(each for each in buyer.pages("/withdrawal-notices") if each["grant"] == grant["id"])
        return bool(found)

    wait("the notice of the withdrawal", there)
    return dict(buyer.api("GET", f"/withdrawal-notices/{found[0]['id']}"))


def answer_notice(buyer: Person, notice: Row, step: str) -> str:
    """The state that it has then."""
    sign = {"signer_name": buyer.name, "statement_sha256": notice["statement"]["text_sha256"]}
    body = sign if step == "attest" else None
    return str(buyer.api("POST", f"/withdrawal-notices/{notice['id']}/{step}", body)["state"])


def given_to_everybody(town: Town) -> str:
    rights = Rights("Written by hand, and given to everybody.", license="CC0-1.0")
    stand = town.stand("g09", town.hand(town.ama, "en", rights=rights))
    offer = town.sell(stand.repo, "CC0-1.0", 0)
    grant = town.buy(town.buyer, offer)
    town.ama.api("POST", f"/contributions/{stand.contributions[0]}/withdraw", {})
    served = said(manifest(town.buyer, stand.repo, f"v{stand.version['number']}"))
    expect(served == "410 version_withdrawn", f"the manifest was answered with {served}")
    refused = deeds.order(town.other_buyer, offer, status=409)["code"]
    notice = notice_of(town.buyer, grant)
    expect(notice["due_at"] is None, f"the notice asks for deletion by {notice['due_at']}")
    expect(notice["open_license"] == "CC0-1.0", f"the notice names {notice['open_license']!r}")
    letter = town.mails(town.buyer, town.title("g09"))[0]
    expect("cannot be called back" in letter and "must be deleted" not in letter, "the mail promises a recall")
    shown = town.ama.api("GET", f"/consent/{stand.contributions[0]}")
    states = (shown["consent"], shown["copyright"]["kind"])
    expect(states == ("withdrawn", "public"), f"consent and copyright are {states}")
    return (
        f"serving {served}, order 409 {refused}; notice: {notice['open_license']}, due {notice['due_at']}; "
        f"consent {states[0]}, copyright {states[1]}: “{shown['copyright']['sentence']}”"
    )


CASES = [
    Case(
        "G01",
        "version unsaleable, files 410 for all, next version lacks the 40, license keeps its id and is re-pinned, "
        "notice with ids and hashes due T0+30d; never canceled, no revenue back, no identity told",
        forty_records,
    ),
    Case(
        "G09",
        "serving and selling stop, CC0 copies cannot be called back, consent and copyright are two states; never a "
        "recall promised",
        given_to_everybody,
    ),
]
