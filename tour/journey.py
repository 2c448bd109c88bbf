"""The main job, step by step. Every step says what it saw; money is recomputed here from scratch."""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tour.person import Person
from tour.report import expect
from tour.scenario import Bundle, Scenario
from tour.shares import STEWARD, by_weight, expected_shares
from tour.wire import PATIENCE_SECONDS, declare_rights, tampered, upload, verify, wait, wrong_files


@dataclass
class Cast:
    """Who takes part, each with a session of their own."""

    operator: Person
    steward: Person
    buyer: Person
    contributors: dict[str, Person]


@dataclass
class Journey:
    site: str
    scenario: Scenario
    cast: Cast
    home: Path
    facts: dict[str, str] = field(default_factory=dict)
    repo: str = ""
    contributions: dict[str, str] = field(default_factory=dict)
    version: dict[str, Any] = field(default_factory=dict)
    offer: dict[str, Any] = field(default_factory=dict)
    order: dict[str, Any] = field(default_factory=dict)
    signed_url: str = ""

    # -- contribute and publish ------------------------------------------------------------------------------------

    def open_dataset(self, run: str) -> tuple[str, None]:
        steward, scenario = self.cast.steward, self.scenario
        organization = steward.api("POST", "/organizations", {"name": f"Tour collective {run}", "slug": f"tour-{run}"})
        dataset = steward.api(
            "POST",
            "/datasets",
            {
                "organization": organization["slug"],
                "slug": scenario.title.lower().replace(" ", "-"),
                "title": scenario.title,
                "modality": scenario.modality,
                "task": scenario.task,
                "languages": scenario.languages,
                "summary": f"{scenario.source} Opened by the tour.",
                "card": "Made by the tour of this marketplace.",
                "open_to_contributions": True,
                "steward_bps": 1000,
            },
        )
        self.repo = dataset["repo_id"]
        return f"{self.repo}, open to contributions, steward's share 10 %", None

    def contribute(self, bundle: Bundle) -> tuple[str, None]:
        """Start, upload in parts to the signed addresses, declare rights, submit."""
        person = self.cast.contributors[bundle.contributor]
        contribution = person.api("POST", f"/datasets/{self.repo}/contributions", {"title": bundle.contributor})
        self.contributions[bundle.contributor] = contribution["id"]
        parts = upload(person, contribution["id"], bundle)
        wait(f"{bundle.file_name} to be stored", lambda: self._contribution(person, bundle)["file_count"] == 1)
        declare_rights(person, contribution["id"], self.scenario)
        person.api("POST", f"/contributions/{contribution['id']}/submit")
        return f"{bundle.file_name}, {len(bundle.content) / 1e6:.2f} MB in {parts} part(s), rights declared", None

    def wait_for_validation(self) -> tuple[str, None]:
        records = 0
        for bundle in self.scenario.bundles:
            person = self.cast.contributors[bundle.contributor]
            wait(
                f"{bundle.contributor} to be validated",
                lambda person=person, bundle=bundle: (
                    self._contribution(person, bundle)["state"] not in {"submitted", "validating"}
                ),
            )
            seen = self._contribution(person, bundle)
            if seen["state"] != "validated":
                report = person.api("GET", f"/contributions/{seen['id']}/report")
                expect(False, f"{bundle.contributor} is {seen['state']}: {json.dumps(report)[:600]}")
            expect(seen["record_count"] == bundle.records, f"{seen['record_count']} records, sent {bundle.records}")
            records += seen["record_count"]
        return f"{len(self.scenario.bundles)} contributions, {records} records, none lost", None

    def accept_and_publish(self) -> tuple[str, None]:
        steward = self.cast.steward
        for contribution_id in self.contributions.values():
            steward.api("POST", f"/contributions/{contribution_id}/accept", {"reason": "Complete and well described."})
        building = steward.api("POST", f"/datasets/{self.repo}/versions", {"notes": "First version."})
        self.version = self.wait_for_version(building["id"])
        files = [file for file in self.version["files"] if file["kind"] == "data"]
        expect(self.version["row_count"] == self.total_records, f"{self.version['row_count']} rows")
        return f"version {self.version['number']}, {self.version['row_count']} rows in {len(files)} shard(s)", None

    def wait_for_version(self, version_id: str) -> dict[str, Any]:
        """Until it is built; the published version as the catalog shows it."""
        seen: dict[str, Any] = {}

        def finished() -> bool:
            seen.update(self.cast.steward.api("GET", f"/versions/{version_id}"))
            return bool(seen["state"] != "building")

        wait("the version to be built", finished)
        expect(seen["state"] == "published", f"the version is {seen['state']}: {seen.get('failure')}")
        return dict(self.cast.steward.api("GET", f"/datasets/{self.repo}/revisions/v{seen['number']}"))

    # -- license and pay -------------------------------------------------------------------------------------------

    def refuse_uncovered_offer(self) -> tuple[str, None]:
        """The material's license does not allow this offer; every blocking contribution is named."""
        problem = self._publish_offer(self.scenario.refused_under, status=409)
        named = json.dumps(problem)
        missing = [title for title in self.contributions if title not in named]
        expect(not missing, f"not named as blocking: {missing}")
        return (
            f"{self.scenario.refused_under} refused ({problem['code']}), {len(self.contributions)} blockers named",
            None,
        )

    def publish_offer(self) -> tuple[str, None]:
        self.offer = self._publish_offer(self.scenario.sold_under, status=201)
        return f"{self.scenario.sold_under} at {self.offer['price']} EUR", None

    def _publish_offer(self, license_id: str, *, status: int) -> dict[str, Any]:
        licenses = {each["license_id"]: each["id"] for each in self.cast.steward.pages("/licenses")}
        body = {"license_version": licenses[license_id], "price_minor": self.scenario.price_minor, "currency": "EUR"}
        return dict(self.cast.steward.api("POST", f"/datasets/{self.repo}/offers", body, status=(status,)))

    def refuse_unlicensed_load(self) -> tuple[str, None]:
        self.cast.buyer.make_key("datasets:read", "download", "licenses:read")
        outcome = self.run_trainer(self.version["number"], may_fail=True)
        expect(outcome.returncode != 0, "datasets loaded without a license")
        expect("/datasets/" + self.repo in outcome.stderr, f"no link to license it: {outcome.stderr[-600:]}")
        return "load_dataset without a license ends with the link to license it", None

    def buy(self) -> tuple[str, None]:
        buyer = self.cast.buyer
        stale = self._order(offer_sha256="0" * 64, status=409)
        expect(stale["code"] == "stale_offer", f"a stale offer was answered with {stale}")
        self.order = self._order(offer_sha256=self.offer["offer_sha256"], status=201)
        again = self._order(offer_sha256=self.offer["offer_sha256"], status=201)
        expect(again["id"] == self.order["id"], "the same order twice became two")
        page = buyer.get(f"/pay/simulated/{self.order['id']}/").text
        expect("simulated" in page.lower(), "the payment page does not say that it is simulated")
        buyer.submit(f"/pay/simulated/{self.order['id']}/", {})
        self.order = buyer.api("GET", f"/orders/{self.order['id']}")
        expect(self.order["state"] == "paid", f"the order is {self.order['state']}")
        total, price, fee = (self.order[f"{part}_minor"] for part in ("total", "price", "fee"))
        return f"{total} cents = price {price} + fee {fee}; a stale offer and a second click change nothing", None

    def _order(self, *, offer_sha256: str, status: int) -> dict[str, Any]:
        body = {
            "offer_id": self.offer["id"],
            "offer_sha256": offer_sha256,
            "accepted": True,
            "client_ref": f"{self.repo}:{offer_sha256[:8]}",
        }
        return dict(self.cast.buyer.api("POST", "/orders", body, status=(status,)))

    def check_split(self) -> tuple[str, None]:
        """Recompute who gets what, and compare with what each person is shown, to the cent."""
        price = int(self.order["price_minor"])
        expect(int(self.order["total_minor"]) == price + price * 500 // 10_000, "the fee is not 5 % on top")
        records = {bundle.contributor: bundle.records for bundle in self.scenario.bundles}
        wanted = expected_shares(price, records, steward_bps=1000)
        wait("the split to be settled", lambda: self._held(self.cast.steward) > 0)
        seen = {name: self._held(person) for name, person in self.cast.contributors.items()}
        seen[STEWARD] = self._held(self.cast.steward)
        expect(by_weight(seen, records) == by_weight(wanted, records), f"shown {seen}, expected {wanted}")
        expect(sum(seen.values()) == price, f"{sum(seen.values())} of {price} shared out")
        self.facts["split"] = ", ".join(f"{name} {amount}" for name, amount in seen.items())
        return f"{len(seen)} parties, together {price} cents exactly, as recomputed here", None

    def _held(self, person: Person) -> int:
        lines = [line for line in person.pages("/earnings/lines") if line["dataset"] == self.repo]
        for line in lines:
            expect(int(line["weight"]) <= int(line["total_weight"]), f"weights make no sense: {line}")
        return sum(int(line["amount_minor"]) for line in lines)

    # -- train and prove -------------------------------------------------------------------------------------------

    def train(self) -> tuple[str, None]:
        outcome = json.loads(self.run_trainer(self.version["number"]).stdout.splitlines()[-1])
        self.facts["accuracy"] = f"{outcome['accuracy']:.4f} on {outcome['tested_on']} records not trained on"
        expect(outcome["accuracy"] >= self.scenario.minimum_accuracy, f"accuracy is {outcome['accuracy']}")
        return f"accuracy {outcome['accuracy']:.4f} after training on {outcome['trained_on']} records", None

    def stream(self) -> tuple[str, None]:
        rows = self.run_client("tour.count_stream", self.repo)
        expect(int(rows) == self.total_records, f"streamed {rows} rows")
        return f"load_dataset(streaming=True) gave {rows} rows", None

    def snapshot(self) -> tuple[str, None]:
        folder = self.home / "snapshot"
        self.run_client("tour.download", self.repo, str(folder))
        command_line = self.home / "by-command"
        self.run_program("hf", "download", self.repo, "--repo-type", "dataset", "--local-dir", str(command_line))
        wrong = [path for base in (folder, command_line) for path in wrong_files(base, self.version["files"])]
        expect(not wrong, f"these files differ from the manifest: {wrong}")
        return (
            f"snapshot_download and hf download: {len(self.version['files'])} files each, every sha256 as stated",
            None,
        )

    def presigned(self) -> tuple[str, None]:
        """The manifest of presigned addresses, with nothing but plain HTTP."""
        key = {"Authorization": f"Bearer {self.cast.buyer.key}"}
        manifest = httpx.get(f"{self.site}/api/v1/datasets/{self.repo}/manifest", headers=key, timeout=60).json()
        self.signed_url = manifest["files"][0]["url"]
        for file in manifest["files"]:
            body = httpx.get(file["url"], timeout=60).content
            expect(hashlib.sha256(body).hexdigest() == file["sha256"], f"{file['path']} differs from its sha256")
            head = httpx.get(file["url"], headers={"Range": "bytes=0-3"}, timeout=60)
            expect((head.status_code, head.content) == (206, b"PAR1"), f"Range answered {head.status_code}")
        return f"{len(manifest['files'])} presigned address(es), Range and sha256 hold", None

    def verify_grant(self) -> tuple[str, None]:
        """Offline: the grant, the saved keys and the downloaded folder; then one flipped byte must be noticed."""
        grants = [grant for grant in self.cast.buyer.pages("/grants") if grant["dataset"] == self.repo]
        expect(len(grants) == 1, f"{len(grants)} grants")
        jws, keys = self.home / "grant.jws", self.home / "jwks.json"
        jws.write_bytes(self.cast.buyer.get(f"/api/v1/grants/{grants[0]['id']}/jws").content)
        keys.write_bytes(httpx.get(f"{self.site}/.well-known/jwks.json").content)
        folder = self.home / "snapshot"
        command = ["verify_grant", str(jws), "--jwks", str(keys), "--manifest", str(folder / "manifest.json")]
        good = verify(*command, "--dir", str(folder))
        expect(
            (good.returncode, good.stdout.partition(":")[0]) == (0, "ok"), f"verify_grant: {good.stdout} {good.stderr}"
        )
        bad = verify("verify_grant", str(tampered(jws)), "--jwks", str(keys))
        expect(bad.returncode != 0 and "signature" in bad.stdout, f"a tampered grant passed: {bad.stdout}")
        return "ok with keys, manifest and every file; a tampered copy: signature", None

    # -- withdraw --------------------------------------------------------------------------------------------------

    def withdraw(self) -> tuple[str, None]:
        """One contributor leaves: at once nothing of the old version is served; then a patch version without them."""
        leaving = self.scenario.bundles[0]
        person = self.cast.contributors[leaving.contributor]
        person.api("POST", f"/contributions/{self.contributions[leaving.contributor]}/withdraw", {})
        wait("the address signed before to lead nowhere", lambda: httpx.get(self.signed_url).status_code >= 400)
        refused = self.run_trainer(self.version["number"], may_fail=True)
        expect(refused.returncode != 0, "the withdrawn version could still be loaded")
        after = self._patch_version()
        expect(after["row_count"] == self.total_records - leaving.records, f"{after['row_count']} rows are left")
        rows = int(self.run_client("tour.count_stream", self.repo))
        expect(rows == after["row_count"], f"main still streams {rows} rows")
        page = self.cast.buyer.get(f"/datasets/{self.repo}/").text
        expect(after["number"] in page, "the dataset page does not show the new version")
        self.facts["withdrawal"] = f"{leaving.records} records gone; {self.version['number']} → {after['number']}"
        return f"{self.version['number']} and its signed addresses refused; {after['number']} has {rows} rows", None

    def _patch_version(self) -> dict[str, Any]:
        found: dict[str, Any] = {}

        def newer() -> bool:
            for seen in self.cast.steward.pages(f"/datasets/{self.repo}/revisions"):
                if seen["state"] == "published":
                    found.update(seen)
            return bool(found)

        wait("the patch version", newer)
        return found

    def earned_stays(self) -> tuple[str, None]:
        leaving = self.scenario.bundles[0].contributor
        held = self._held(self.cast.contributors[leaving])
        expect(held > 0, "withdrawing took money back")
        return f"the contributor who left keeps {held} cents", None

    # -- clients ---------------------------------------------------------------------------------------------------

    def run_trainer(self, revision: str, *, may_fail: bool = False) -> "subprocess.CompletedProcess[str]":
        return self._run([sys.executable, "-m", self.scenario.trainer, self.repo, f"v{revision}"], may_fail=may_fail)

    def run_client(self, module: str, *arguments: str) -> str:
        return self._run([sys.executable, "-m", module, *arguments]).stdout.strip()

    def run_program(self, program: str, *arguments: str) -> str:
        return self._run([str(Path(sys.executable).parent / program), *arguments]).stdout

    def _run(self, command: list[str], *, may_fail: bool = False) -> "subprocess.CompletedProcess[str]":
        """As a researcher would: two environment variables, and a cache that knows nothing."""
        with tempfile.TemporaryDirectory(dir=self.home) as cache:
            environment = {
                **os.environ,
                "HF_ENDPOINT": self.site,
                "HF_TOKEN": self.cast.buyer.key,
                "HF_HOME": cache,
                "HF_HUB_DISABLE_TELEMETRY": "1",
                "HF_HUB_DISABLE_PROGRESS_BARS": "1",
            }
            outcome = subprocess.run(  # noqa: S603 - our own modules
                command, env=environment, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
            )
        expect(
            may_fail or outcome.returncode == 0,
            f"{command[-2:]} ended with {outcome.returncode}: {outcome.stderr[-900:]}",
        )
        return outcome

    def _contribution(self, person: Person, bundle: Bundle) -> dict[str, Any]:
        return dict(person.api("GET", f"/contributions/{self.contributions[bundle.contributor]}"))

    @property
    def total_records(self) -> int:
        return sum(bundle.records for bundle in self.scenario.bundles)
