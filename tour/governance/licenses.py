"""Which license may be chosen, and what stays of the one that was (G11, G13, G15)."""

from tour.governance.case import Case
from tour.governance.offline import checked, saved_keys
from tour.governance.shell import at_hand
from tour.governance.town import TRAIN, Town, claims, manifest, signed
from tour.report import expect
from tour.rights import Rights

OPEN_WEIGHTS = "LicenseRef-DC-OPENWEIGHTS-1.0"
AUTHORS = ["Ama Mensah", "Kofi Boateng", "Esi Owusu"]


def edited_text(town: Town) -> str:
    stand = town.stand("g11", town.hand(town.ama, "en"))
    offer = town.sell(stand.repo, OPEN_WEIGHTS)
    old_sha256 = offer["license"]["text_sha256"]
    old_grant = town.buy(town.buyer, offer)
    old_text = _served(town, old_sha256)
    edited = town.home / "edited.txt"
    edited.write_bytes(old_text + f"\nReworded in walk {town.run}.\n".encode())

    shell = at_hand(town.shell)
    refused = shell.run("publish_license", OPEN_WEIGHTS, offer["license"]["version"], str(edited), fails=True)
    shell.run("publish_license", OPEN_WEIGHTS, f"1.1-{town.run}", str(edited))
    town.steward.api("POST", f"/offers/{offer['id']}/retire")
    renewed = town.sell(stand.repo, OPEN_WEIGHTS)
    new_sha256 = renewed["license"]["text_sha256"]
    new_grant = town.buy(town.other_buyer, renewed)

    expect(_served(town, old_sha256) == old_text, "the old text is served with other bytes")
    keys, new_text = saved_keys(town), edited.read_bytes()
    old_jws, new_jws = signed(town.buyer, old_grant), signed(town.other_buyer, new_grant)
    texts = [claims(jws)["dc"]["license"]["text_sha256"] for jws in (old_jws, new_jws)]
    expect(texts == [old_sha256, new_sha256] and old_sha256 != new_sha256, f"the licenses name {texts}")
    old_with_old, _ = checked(old_jws, keys, town.now, license_text=old_text)
    old_with_new, _ = checked(old_jws, keys, town.now, license_text=new_text)
    new_with_new, _ = checked(new_jws, keys, town.now, license_text=new_text)
    expect((old_with_old, new_with_new) == ("ok", "ok"), f"old {old_with_old}, new {new_with_new}")
    expect(old_with_new == "license_text_mismatch", f"the old license with the new text: {old_with_new}")
    return (
        f"old text by hash {old_sha256[:12]}… served; old license with it {old_with_old}, with the new text "
        f"{old_with_new}; new purchase names {new_sha256[:12]}…: {new_with_new}; editing "
        f"{offer['license']['version']}: “{refused.removeprefix('CommandError: ')}”"
    )


def _served(town: Town, text_sha256: str) -> bytes:
    return town.buyer.ask("GET", f"/licenses/sha256/{text_sha256}/text").content


def upstream_share_alike(town: Town) -> str:
    rights = Rights("Collected from a wiki.", license="CC-BY-SA-4.0")
    stand = town.stand("g13", town.hand(town.ama, "en", rights=rights))
    problem = town.sell(stand.repo, TRAIN, status=409)
    blockers = problem["context"]["blockers"]
    codes = sorted({each["code"] for each in blockers})
    reason = blockers[0]["reason"]
    expect(problem["code"] == "offer_blocked" and "CC-BY-SA-4.0" in reason, f"refused with {problem}")
    offers = town.steward.pages(f"/datasets/{stand.repo}/offers")
    expect(offers == [], f"{len(offers)} offer(s) were published all the same")
    declared = town.ama.api("GET", f"/contributions/{stand.contributions[0]}/rights")["declared"]
    check = town.steward.api("GET", f"/datasets/{stand.repo}/rights-check")
    possible = [each["license"] for each in check["licenses"] if each["possible"]]
    expect("CC-BY-SA-4.0" in possible and TRAIN not in possible, f"the rights check allows {possible}")
    allowed = town.sell(stand.repo, "CC-BY-SA-4.0", 0)
    return (
        f"409 {problem['code']} ({', '.join(codes)}) though declared as {declared['rights_role']}: “{reason}”; "
        f"rights check allows {', '.join(possible)}; {allowed['license']['license_id']} offered instead: "
        f"{allowed['state']}"
    )


def named_authors(town: Town) -> str:
    more = {"authors": AUTHORS, "url": "https://example.org/source"}
    rights = Rights("Taken from a book that three people wrote.", license="CC-BY-4.0", more=more)
    stand = town.stand("g15", town.hand(town.ama, "en", rights=rights))
    offer = town.sell(stand.repo, TRAIN)
    grant = town.buy(town.buyer, offer)
    found = {
        "offer": offer["terms"]["duties"]["credits"],
        "license": claims(signed(town.buyer, grant))["dc"]["credits"],
        "manifest": manifest(town.buyer, stand.repo).json()["credits"],
    }
    named = {place: [name for row in rows for name in row["authors"]] for place, rows in found.items()}
    for place, names in named.items():
        expect(names == AUTHORS, f"the {place} names {names}")
    file = town.buyer.ask("GET", f"/datasets/{stand.repo}/credits").text
    expect(", ".join(AUTHORS) in file, f"the credits file says {file!r}")
    must = [sentence for sentence in offer["plain_words"]["must"] if all(name in sentence for name in AUTHORS)]
    expect(bool(must), "the words of the offer do not name them")
    return (
        f"offer {offer['state']}; "
        + ", ".join(f"{place}: {' + '.join(names)}" for place, names in named.items())
        + (f", credits file: {next(line for line in file.splitlines() if AUTHORS[0] in line)}")
    )


CASES = [
    Case(
        "G11",
        "old text served by hash, old license ok, new purchases under the new version, a published version cannot be "
        "edited; never the old license verifying against new text",
        edited_text,
        by_shell=True,
    ),
    Case(
        "G13",
        "refused as share-alike, allowed outputs listed; never published because “I have rights” is ticked",
        upstream_share_alike,
    ),
    Case(
        "G15",
        "allowed, attribution of all three in offer, license, manifest, credits file; never lost downstream",
        named_authors,
    ),
]
