"""Everybody in a record decides (G03), on what they were told (G05), and by themselves once of age (G07)."""

from datetime import timedelta

from tour import deeds
from tour.governance.case import Case
from tour.governance.people import bring_answers, claim, people_in
from tour.governance.shell import Shell, at_hand
from tour.governance.town import TRAIN, Stand, Town, download, listed_records, manifest, record_ids, said
from tour.person import Person
from tour.report import expect
from tour.rights import Rights
from tour.wire import wait

RECORDED = Rights("Recorded by a collector, with written consent.", people="agreed")
EVERYTHING = "CC-BY-4.0"
OF_AGE_JOB = "licensing.ask_those_of_age"


def joint_record(town: Town) -> str:
    """Ama and Salma speak in a dialogue that Lucia recorded; Salma also handed in records of her own."""
    joint: list[str] = []

    def say_who_speaks(stand: Stand) -> None:
        records = listed_records(town.lucia, stand.contributions[0])
        joint.append(records[2])
        rows = [{"person": "SPK-ama", "records": " ".join(records[:3])}]
        rows += [{"person": "SPK-salma", "records": " ".join(records[2:6])}]
        bring_answers(town.lucia, stand.contributions[0], *rows)

    hands = (town.hand(town.lucia, "es", rights=RECORDED), town.hand(town.salma, "ar"))
    stand = town.stand("g03", *hands, beforehand=say_who_speaks)
    dialogues = stand.contributions[0]
    for party, account in zip(_speakers(town.lucia, dialogues), (town.ama, town.salma), strict=True):
        claim(town.lucia, dialogues, party, account)
    offer = town.sell(stand.repo)
    town.buy(town.buyer, offer)
    wait("the split to be settled", lambda: deeds.held(town.salma, stand.repo) > 0)
    earned = deeds.held(town.salma, stand.repo)

    town.ama.api("POST", f"/contributions/{dialogues}/withdraw", {})
    patch = deeds.patched(town.steward, stand.repo)
    left = record_ids(download(town.buyer, stand.repo))
    expect(joint[0] not in left, "the joint record is still there")
    told = town.salma.api("GET", f"/consent/{dialogues}")
    expect(told["records_gone_with_others"] == 1, f"she is told of {told['records_gone_with_others']} records")
    expect(told["consent"] == "given", f"her consent to her other records is {told['consent']}")
    town.buy(town.other_buyer, offer)
    wait("the second sale to be settled", lambda: deeds.held(town.salma, stand.repo) > earned)
    gone = stand.version["row_count"] - len(left)
    expect(gone == 3, f"{gone} records are gone")
    return (
        f"{patch['number']} holds {len(left)} of {stand.version['row_count']}: the joint record is out whole; the "
        f"other is told of {told['records_gone_with_others']}, her consent stays {told['consent']}; she kept {earned} "
        f"cents and has {deeds.held(town.salma, stand.repo)} after the next sale"
    )


def _speakers(provider: Person, contribution: str) -> list[str]:
    """Whoever is in some of the records, who is in the fewest first."""
    parties = [each for each in people_in(provider, contribution) if each["records"] != "all"]
    return [each["person"] for each in sorted(parties, key=lambda each: each["records"])]


def older_notice(town: Town) -> str:
    """Notice without RAG, then one that asks about it; the earlier contributor does not answer again."""
    shell = at_hand(town.shell)
    asks = ("access", "train", "trainGenerative", "fineTune", "evaluate", "synthesize", "annotate", "derive")
    _publish_notice(town, shell, "seven", *asks, "redistribute", "releaseModelApi", "releaseWeights")
    repo = deeds.open_dataset(town.steward, town.organization["slug"], "g05", town.title("g05"))
    early, late = town.hand(town.ama, "en"), town.hand(town.lucia, "es")
    first = town.hand_in(repo, early)
    v7 = _notice(town.ama, first)
    _publish_notice(town, shell, "eight")
    second = town.hand_in(repo, late)
    v8 = _notice(town.lucia, second)
    for hand, contribution in ((early, first), (late, second)):
        deeds.checked(hand.person, contribution, hand.bundle)
        deeds.accept(town.steward, contribution)
    deeds.publish(town.steward, repo)

    problem = town.sell(repo, EVERYTHING, 0, status=409)
    blockers = {each["contribution"]: each["code"] for each in problem["context"]["blockers"]}
    expect(blockers == {first: "action_refused"}, f"blocked by {blockers}")
    expect(town.sell(repo, TRAIN)["state"] == "live", "an offer without RAG is refused too")
    shown = town.ama.api("GET", f"/consent/{first}")
    kept = town.ama.api("GET", f"/consent/receipts/{shown['receipts'][0]['id']}")["processing"]["notice"]
    expect(kept["text_sha256"] == v7["text_sha256"] != v8["text_sha256"], "the answer hangs on another text")
    rag = shown["answers"].get("embedRag", "not asked")
    expect(rag == "not asked", f"her answer to RAG is {rag}")
    return (
        f"under {EVERYTHING} 409 {problem['code']} ({blockers[first]}) by the answer to v{v7['version']} alone; "
        f"without RAG offered; her receipt names v{kept['version']} {kept['text_sha256'][:12]}…, now it is "
        f"v{v8['version']} {v8['text_sha256'][:12]}…, RAG: {rag}"
    )


def _publish_notice(town: Town, shell: Shell, name: str, *asks: str) -> None:
    file = town.home / f"notice-{name}.txt"
    file.write_text(f"What your data may be used for, wording {name} of walk {town.run}.")
    shell.run("publish_notice", str(file), *(["--asks", *asks] if asks else []))


def _notice(person: Person, contribution: str) -> dict[str, str]:
    return dict(person.api("GET", f"/contributions/{contribution}/rights")["notice"])


def coming_of_age(town: Town) -> str:
    """A guardian answered a year ago for somebody who has had the birthday since.

    Without a country a person counts as a minor up to the highest age of majority: so the first license is sold. With
    the country, which a later table names, the birthday is over.
    """
    shell, today = at_hand(town.shell), town.now.date()
    birth = today.replace(year=today.year - 18, day=1) - timedelta(days=40)
    row = {"person": "SPK-child", "guardian": "PARENT", "birth": birth.isoformat(), "evidence_kind": "guardian_form"}
    row |= {"date": (today - timedelta(days=365)).isoformat()}
    hand = town.hand(town.lucia, "es", rights=RECORDED)
    stand = town.stand("g07", hand, beforehand=lambda made: bring_answers(town.lucia, made.contributions[0], row))
    contribution, offer = stand.contributions[0], town.sell(stand.repo)
    town.buy(town.buyer, offer)
    child = next(each["person"] for each in people_in(town.lucia, contribution) if each["guardian"])
    grown = {**row, "country": "FR"}
    town.stand(
        "g07-later",
        town.hand(town.lucia, "ar", rights=RECORDED),
        beforehand=lambda made: bring_answers(town.lucia, made.contributions[0], grown),
    )
    at_once = deeds.order(town.other_buyer, offer, status=409)["code"]
    claim(town.lucia, contribution, child, town.ama)

    shell.run("run_now", OF_AGE_JOB)
    wait("the person to be asked", lambda: _consent(town, contribution) == "asked")
    asked = _consent(town, contribution)
    held_back = deeds.order(town.other_buyer, offer, status=409)["code"]
    check = town.steward.api("GET", f"/datasets/{stand.repo}/rights-check")
    licenses = {each["license"]: each for each in check["licenses"]}
    codes = {reason["code"] for part in licenses[TRAIN]["obstacles"] for reason in part["reasons"]}
    expect(codes == {"renewal_pending"}, f"held back for {codes}")
    running = said(manifest(town.buyer, stand.repo))
    expect(running == "200", f"the license from before was answered with {running}")

    notice = town.ama.api("GET", f"/consent/{contribution}")["notice"]
    body = {"notice_sha256": notice["text_sha256"], "uses": dict.fromkeys(notice["asks"], True), "commercial": True}
    town.ama.api("PUT", f"/consent/{contribution}", body)
    party = next(each for each in people_in(town.lucia, contribution) if each["person"] == child)
    expect(party["given"] and not party["guardian"], f"after the answer: {party}")
    again = deeds.order(town.other_buyer, offer)
    return (
        f"after the birthday {birth.replace(year=birth.year + 18)} an order answers 409 {at_once}; then the state is "
        f"{asked}, and the next order 409 {held_back} "
        f"({', '.join(codes)}); license from before {running}; after the person's own answer guardian: "
        f"{party['guardian']}, order {again['state']}"
    )


def _consent(town: Town, contribution: str) -> str:
    return str(town.ama.api("GET", f"/consent/{contribution}")["consent"])


CASES = [
    Case(
        "G03",
        "whole joint record removed, the other keeps revenue on her other records and is told; never kept crediting "
        "only the other speaker",
        joint_record,
    ),
    Case(
        "G05",
        "v7 records stay out of every offer with embedRag, v7 hash stays on them; never v7 treated as consent to v8",
        older_notice,
        by_shell=True,
    ),
    Case(
        "G07",
        "the person is asked, until answered no new licenses, existing ones run; never guardian consent for ever",
        coming_of_age,
        by_shell=True,
    ),
]
