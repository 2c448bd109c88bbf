"""Where the scenarios take place: the people of the sample marketplace, and datasets of a scenario's own."""

import base64
import hashlib
import io
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from itertools import islice
from pathlib import Path
from typing import Any

import httpx
import pyarrow.parquet as pq

from tour import deeds
from tour.deeds import Row
from tour.governance.shell import Shell
from tour.person import Person
from tour.report import expect
from tour.rights import Rights
from tour.scenario import Bundle, sentences
from tour.wire import wait

TRAIN = "LicenseRef-DC-TRAIN-COMM-1.0"
NEWEST = 12
SAMPLE_PASSWORD = "sample-password"  # noqa: S105 - of the sample accounts, printed at every start
OWN_WORDS = Rights("Written by hand for this marketplace.")


@dataclass(frozen=True)
class Hand:
    """What one person hands in."""

    person: Person
    bundle: Bundle
    rights: Rights = OWN_WORDS


@dataclass
class Stand:
    """A dataset with its first version; `contributions` are in the order of the hands."""

    repo: str
    contributions: list[str] = field(default_factory=list)
    version: Row = field(default_factory=dict)


class Town:
    """Everybody signs in with the sample's password; newcomers sign up through the forms."""

    def __init__(self, site: str, home: Path, shell: Shell | None) -> None:
        self.site, self.home, self.shell, self.run = site, home, shell, secrets.token_hex(3)
        self.operator = self._resident("operator")
        self.steward = self._resident("steward")
        self.ama = self._resident("mombasa")
        self.lucia = self._resident("lima")
        self.salma = self._resident("cairo")
        self.buyer = self._resident("buyer")
        self.other_buyer = self.newcomer("Second Buyer")
        self.organization = self.found(self.steward, "collective")

    def _resident(self, name: str) -> Person:
        person = Person(self.site, name, f"{name}@example.org").sign_in(SAMPLE_PASSWORD)
        person.name = person.api("GET", "/me")["name"]
        return person

    def newcomer(self, name: str) -> Person:
        address = f"{name.lower().replace(' ', '-')}-{self.run}@example.org"
        return Person(self.site, name, address).sign_up(self.operator)

    def found(self, owner: Person, name: str, kind: str = "nonprofit") -> Row:
        """An organization of this run."""
        slug = f"{name}-{self.run}"
        body = {"name": f"Walk {name} {self.run}", "slug": slug, "kind": kind}
        return dict(owner.api("POST", "/organizations", body))

    def stand(self, slug: str, *hands: Hand, beforehand: Callable[[Stand], None] | None = None) -> Stand:
        """Open a dataset, take in what everybody hands in, publish. `beforehand` comes when all of it was checked."""
        stand = Stand(deeds.open_dataset(self.steward, self.organization["slug"], slug, self.title(slug)))
        stand.contributions = [self.hand_in(stand.repo, hand) for hand in hands]
        for contribution, hand in zip(stand.contributions, hands, strict=True):
            deeds.checked(hand.person, contribution, hand.bundle)
        if beforehand:
            beforehand(stand)
        for contribution in stand.contributions:
            deeds.accept(self.steward, contribution)
        stand.version = deeds.publish(self.steward, stand.repo)
        return stand

    @property
    def now(self) -> datetime:
        """By the clock of the instance, to the second."""
        return parsedate_to_datetime(self.operator.get("/healthz").headers["date"])

    def title(self, slug: str) -> str:
        return f"Sentences of {slug} {self.run}"

    def mails(self, to: Person, about: str) -> list[str]:
        """Of the newest letters those to a person about a dataset's title, once there is one."""
        found: list[str] = []

        def arrived() -> bool:
            newest = islice(self.operator.letters(), NEWEST)
            found.extend(letter for letter in newest if f"To {to.email}," in letter and about in letter)
            return bool(found)

        wait(f"a mail about {about}", arrived)
        return found

    def hand_in(self, repo: str, hand: Hand) -> str:
        return deeds.hand_in(hand.person, repo, hand.bundle, hand.rights)[0]

    def hand(self, person: Person, *languages: str, rights: Rights = OWN_WORDS) -> Hand:
        return Hand(person, sentences(f"{', '.join(languages)} by {person.name}", *languages), rights)

    def sell(self, repo: str, license_id: str = TRAIN, price_minor: int = 10_000, **more: Any) -> Row:
        return deeds.make_offer(self.steward, repo, license_id, price_minor, **more)

    def buy(self, buyer: Person, offer: Row, **more: Any) -> Row:
        """Order and pay; the license as its holder sees it."""
        placed = deeds.order(buyer, offer, **more)
        paid = deeds.pay(buyer, placed) if placed["state"] == "awaiting_payment" else placed
        return dict(buyer.api("GET", f"/grants/{paid['grant_id']}"))


def said(answer: httpx.Response) -> str:
    """Status and code of an answer, as in “409 stale_offer”."""
    body = answer.json() if "json" in answer.headers.get("content-type", "") else {}
    return f"{answer.status_code} {body.get('code', '') if isinstance(body, dict) else ''}".strip()


def manifest(person: Person, repo: str, revision: str = "main", **more: str) -> httpx.Response:
    query = "&".join(f"{name}={value}" for name, value in {"revision": revision, **more}.items())
    return person.ask("GET", f"/datasets/{repo}/manifest?{query}")


def download(person: Person, repo: str, revision: str = "main") -> dict[str, bytes]:
    """Every data file by its path, each with the SHA-256 that the manifest names."""
    given = manifest(person, repo, revision)
    expect(given.status_code == 200, f"the manifest of {revision} answered {said(given)}")
    files = {}
    for file in given.json()["files"]:
        files[file["path"]] = httpx.get(file["url"], timeout=60).content
        expect(hashlib.sha256(files[file["path"]]).hexdigest() == file["sha256"], f"{file['path']} differs")
    return files


def record_ids(files: dict[str, bytes]) -> set[str]:
    tables = [pq.read_table(io.BytesIO(content), columns=["record_id"]) for content in files.values()]
    return {record for table in tables for record in table.column("record_id").to_pylist()}


def listed_records(person: Person, contribution: str) -> list[str]:
    """The ids of a contribution's records, in the order of its rows."""
    found: list[str] = []
    first: int | None = 1
    while first:
        page = person.api("GET", f"/contributions/{contribution}/records?first={first}")
        found += [record["record_id"] for record in page["records"]]
        first = page["next"]
    return found


def signed(person: Person, grant: Row) -> str:
    """The license as a compact JWS."""
    return person.ask("GET", f"/grants/{grant['id']}/jws").text.strip()


def claims(jws: str) -> dict[str, Any]:
    """What a signed license says; whether it is genuine is another question."""
    payload = jws.split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))))
