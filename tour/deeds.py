"""What people do on a marketplace, one call each; every chapter and scenario tells its story with these."""

import json
from typing import Any

from tour.person import Person
from tour.report import expect
from tour.rights import Rights, declare
from tour.scenario import Bundle
from tour.wire import upload, wait

Row = dict[str, Any]


def open_dataset(steward: Person, organization: str, slug: str, title: str, **facts: Any) -> str:
    """A dataset that takes contributions, of text if `facts` do not say otherwise; returns its organization/slug."""
    usual = {
        "modality": "text",
        "task": "text-classification",
        "languages": ["en"],
        "summary": "Opened by the tour.",
        "card": "Made by the tour of this marketplace.",
        "open_to_contributions": True,
        "steward_bps": 1000,
    }
    body = {"organization": organization, "slug": slug, "title": title, **usual, **facts}
    return str(steward.api("POST", "/datasets", body)["repo_id"])


def hand_in(person: Person, repo: str, bundle: Bundle, rights: Rights) -> tuple[str, int]:
    """Start a contribution, upload its file, declare rights, submit: its id, and in how many parts the file went."""
    contribution = person.api("POST", f"/datasets/{repo}/contributions", {"title": bundle.contributor})
    address = f"/contributions/{contribution['id']}"
    parts = upload(person, contribution["id"], bundle)
    wait(f"{bundle.file_name} to be stored", lambda: person.api("GET", address)["file_count"] == 1)
    declare(person, contribution["id"], rights)
    person.api("POST", f"{address}/submit")
    return contribution["id"], parts


def checked(person: Person, contribution_id: str, bundle: Bundle) -> Row:
    """The contribution once the workers have looked at it; every record must have been read."""
    seen: Row = {}

    def done() -> bool:
        seen.update(person.api("GET", f"/contributions/{contribution_id}"))
        return seen["state"] not in {"submitted", "validating"}

    wait(f"{bundle.contributor} to be validated", done)
    if seen["state"] != "validated":
        report = person.api("GET", f"/contributions/{contribution_id}/report")
        expect(False, f"{bundle.contributor} is {seen['state']}: {json.dumps(report)[:600]}")
    expect(seen["record_count"] == bundle.records, f"{seen['record_count']} records, sent {bundle.records}")
    return seen


def accept(steward: Person, contribution_id: str) -> None:
    steward.api("POST", f"/contributions/{contribution_id}/accept", {"reason": "Complete and well described."})


def publish(steward: Person, repo: str, notes: str = "First version.") -> Row:
    """The published version as the catalog shows it."""
    building = steward.api("POST", f"/datasets/{repo}/versions", {"notes": notes})
    seen: Row = {}

    def finished() -> bool:
        seen.update(steward.api("GET", f"/versions/{building['id']}"))
        return bool(seen["state"] != "building")

    wait("the version to be built", finished)
    expect(seen["state"] == "published", f"the version is {seen['state']}: {seen.get('failure')}")
    return dict(steward.api("GET", f"/datasets/{repo}/revisions/v{seen['number']}"))


def patched(steward: Person, repo: str) -> Row:
    """The version that is published after a withdrawal took the one before."""
    found: Row = {}

    def newer() -> bool:
        for seen in steward.pages(f"/datasets/{repo}/revisions"):
            if seen["state"] == "published":
                found.update(seen)
        return bool(found)

    wait("the patch version", newer)
    return found


def make_offer(steward: Person, repo: str, license_id: str, price_minor: int, *, status: int = 201, **more: Any) -> Row:
    """Under the newest text of a license; with another `status`, the problem that it is answered with."""
    licenses = {each["license_id"]: each["id"] for each in steward.pages("/licenses")}
    body = {"license_version": licenses[license_id], "price_minor": price_minor, "currency": "EUR", **more}
    return dict(steward.api("POST", f"/datasets/{repo}/offers", body, status=(status,)))


def order(buyer: Person, offer: Row, *, status: int = 201, **more: Any) -> Row:
    body = {"offer_id": offer["id"], "offer_sha256": offer["offer_sha256"], "accepted": True, **more}
    body.setdefault("client_ref", f"{offer['dataset']}:{body['offer_sha256'][:8]}")
    return dict(buyer.api("POST", "/orders", body, status=(status,)))


def pay(buyer: Person, placed: Row) -> Row:
    page = buyer.get(f"/pay/simulated/{placed['id']}/").text
    expect("simulated" in page.lower(), "the payment page does not say that it is simulated")
    buyer.submit(f"/pay/simulated/{placed['id']}/", {})
    paid = dict(buyer.api("GET", f"/orders/{placed['id']}"))
    expect(paid["state"] == "paid", f"the order is {paid['state']}")
    return paid


def held(person: Person, repo: str) -> int:
    """What a person has earned with a dataset, in minor units."""
    lines = [line for line in person.pages("/earnings/lines") if line["dataset"] == repo]
    for line in lines:
        expect(int(line["weight"]) <= int(line["total_weight"]), f"weights make no sense: {line}")
    return sum(int(line["amount_minor"]) for line in lines)
