"""A published version never changes (G29)."""

import hashlib

from tour import deeds
from tour.deeds import Row
from tour.governance.case import Case
from tour.governance.town import Town, download, said
from tour.person import Person
from tour.report import expect


def put_on_a_file(town: Town) -> str:
    hand = town.hand(town.ama, "fr")
    stand = town.stand("g29", hand)
    town.buy(town.buyer, town.sell(stand.repo))
    before = download(town.buyer, stand.repo)
    path = next(iter(before))
    refused = _refused_puts(town.steward, stand.repo, path)

    second = town.hand(town.lucia, "pt")
    added = town.hand_in(stand.repo, second)
    deeds.checked(second.person, added, second.bundle)
    deeds.accept(town.steward, added)
    reason = "Portuguese sentences were added."
    newer = deeds.publish(town.steward, stand.repo, reason)
    again = download(town.buyer, stand.repo, f"v{stand.version['number']}")
    expect(again == before, "the old version's bytes changed")
    sha256 = hashlib.sha256(again[path]).hexdigest()
    diff = _difference(stand.version, newer)
    grown = newer["row_count"] - stand.version["row_count"]
    expect(grown == second.bundle.records, f"the new version has {grown} rows more")
    expect(newer["notes"] == reason, f"the reason is kept as {newer['notes']!r}")
    return (
        f"PUT {', '.join(refused)}; new version {newer['number']}: {grown} rows more, {diff}, reason "
        f"“{newer['notes']}”; {stand.version['number']} still {sha256[:12]}… as its manifest says"
    )


def _difference(before: Row, after: Row) -> str:
    """Of the data files, by the hashes that both versions state."""
    old, new = ({file["sha256"] for file in version["files"] if file["kind"] == "data"} for version in (before, after))
    return f"files: {len(new - old)} new, {len(new & old)} kept, {len(old - new)} gone"


def _refused_puts(steward: Person, repo: str, path: str) -> list[str]:
    """By every address that a file has."""
    answers = []
    for address in (f"/datasets/{repo}/resolve/main/{path}", f"/api/v1/datasets/{repo}/revisions/main"):
        answer = steward.http.put(address, content=b"other bytes", headers=steward.proof)
        expect(answer.status_code in {403, 404, 405}, f"PUT {address} was answered with {answer.status_code}")
        answers.append(f"{address.split('/')[1]} {said(answer)}")
    return answers


CASES = [
    Case(
        "G29",
        "PUT refused, new version with diff and reason; never old manifests' sha256 no longer matching",
        put_on_a_file,
    ),
]
