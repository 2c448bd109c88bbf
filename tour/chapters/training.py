"""What a licensed buyer does with the data, and how they prove the license."""

import hashlib
import json

import httpx

from tour.journey import Journey
from tour.report import expect
from tour.wire import tampered, verify, wrong_files


def train(journey: Journey) -> tuple[str, None]:
    outcome = json.loads(journey.run_trainer(journey.version["number"]).stdout.splitlines()[-1])
    journey.facts["accuracy"] = f"{outcome['accuracy']:.4f} on {outcome['tested_on']} records not trained on"
    expect(outcome["accuracy"] >= journey.scenario.minimum_accuracy, f"accuracy is {outcome['accuracy']}")
    return f"accuracy {outcome['accuracy']:.4f} after training on {outcome['trained_on']} records", None


def stream(journey: Journey) -> tuple[str, None]:
    rows = journey.run_client("tour.count_stream", journey.repo)
    expect(int(rows) == journey.total_records, f"streamed {rows} rows")
    return f"load_dataset(streaming=True) gave {rows} rows", None


def snapshot(journey: Journey) -> tuple[str, None]:
    folder = journey.home / "snapshot"
    journey.run_client("tour.download", journey.repo, str(folder))
    command_line = journey.home / "by-command"
    journey.run_program("hf", "download", journey.repo, "--repo-type", "dataset", "--local-dir", str(command_line))
    wrong = [path for base in (folder, command_line) for path in wrong_files(base, journey.version["files"])]
    expect(not wrong, f"these files differ from the manifest: {wrong}")
    return (
        f"snapshot_download and hf download: {len(journey.version['files'])} files each, every sha256 as stated",
        None,
    )


def presigned(journey: Journey) -> tuple[str, None]:
    """The manifest of presigned addresses, with nothing but plain HTTP."""
    key = {"Authorization": f"Bearer {journey.cast.buyer.key}"}
    manifest = httpx.get(f"{journey.site}/api/v1/datasets/{journey.repo}/manifest", headers=key, timeout=60).json()
    journey.signed_url = manifest["files"][0]["url"]
    for file in manifest["files"]:
        body = httpx.get(file["url"], timeout=60).content
        expect(hashlib.sha256(body).hexdigest() == file["sha256"], f"{file['path']} differs from its sha256")
        head = httpx.get(file["url"], headers={"Range": "bytes=0-3"}, timeout=60)
        expect((head.status_code, head.content) == (206, b"PAR1"), f"Range answered {head.status_code}")
    return f"{len(manifest['files'])} presigned address(es), Range and sha256 hold", None


def verify_grant(journey: Journey) -> tuple[str, None]:
    """Offline: the grant, the saved keys and the downloaded folder; then one flipped byte must be noticed."""
    grants = [grant for grant in journey.cast.buyer.pages("/grants") if grant["dataset"] == journey.repo]
    expect(len(grants) == 1, f"{len(grants)} grants")
    jws, keys = journey.home / "grant.jws", journey.home / "jwks.json"
    jws.write_bytes(journey.cast.buyer.get(f"/api/v1/grants/{grants[0]['id']}/jws").content)
    keys.write_bytes(httpx.get(f"{journey.site}/.well-known/jwks.json").content)
    folder = journey.home / "snapshot"
    command = ["verify_grant", str(jws), "--jwks", str(keys), "--manifest", str(folder / "manifest.json")]
    good = verify(*command, "--dir", str(folder))
    expect((good.returncode, good.stdout.partition(":")[0]) == (0, "ok"), f"verify_grant: {good.stdout} {good.stderr}")
    bad = verify("verify_grant", str(tampered(jws)), "--jwks", str(keys))
    expect(bad.returncode != 0 and "signature" in bad.stdout, f"a tampered grant passed: {bad.stdout}")
    return "ok with keys, manifest and every file; a tampered copy: signature", None
