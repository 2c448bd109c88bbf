"""From an empty dataset to a published version."""

import json

from tour.journey import Journey
from tour.report import expect
from tour.scenario import Bundle
from tour.wire import declare_rights, upload, wait


def open_dataset(journey: Journey, run: str) -> tuple[str, None]:
    steward, scenario = journey.cast.steward, journey.scenario
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
    journey.repo = dataset["repo_id"]
    return f"{journey.repo}, open to contributions, steward's share 10 %", None


def contribute(journey: Journey, bundle: Bundle) -> tuple[str, None]:
    """Start, upload in parts to the signed addresses, declare rights, submit."""
    person = journey.cast.contributors[bundle.contributor]
    contribution = person.api("POST", f"/datasets/{journey.repo}/contributions", {"title": bundle.contributor})
    journey.contributions[bundle.contributor] = contribution["id"]
    parts = upload(person, contribution["id"], bundle)
    wait(f"{bundle.file_name} to be stored", lambda: journey.contribution(person, bundle)["file_count"] == 1)
    declare_rights(person, contribution["id"], journey.scenario)
    person.api("POST", f"/contributions/{contribution['id']}/submit")
    return f"{bundle.file_name}, {len(bundle.content) / 1e6:.2f} MB in {parts} part(s), rights declared", None


def wait_for_validation(journey: Journey) -> tuple[str, None]:
    records = 0
    for bundle in journey.scenario.bundles:
        person = journey.cast.contributors[bundle.contributor]
        wait(
            f"{bundle.contributor} to be validated",
            lambda person=person, bundle=bundle: (
                journey.contribution(person, bundle)["state"] not in {"submitted", "validating"}
            ),
        )
        seen = journey.contribution(person, bundle)
        if seen["state"] != "validated":
            report = person.api("GET", f"/contributions/{seen['id']}/report")
            expect(False, f"{bundle.contributor} is {seen['state']}: {json.dumps(report)[:600]}")
        expect(seen["record_count"] == bundle.records, f"{seen['record_count']} records, sent {bundle.records}")
        records += seen["record_count"]
    return f"{len(journey.scenario.bundles)} contributions, {records} records, none lost", None


def accept_and_publish(journey: Journey) -> tuple[str, None]:
    steward = journey.cast.steward
    for contribution_id in journey.contributions.values():
        steward.api("POST", f"/contributions/{contribution_id}/accept", {"reason": "Complete and well described."})
    building = steward.api("POST", f"/datasets/{journey.repo}/versions", {"notes": "First version."})
    journey.version = journey.wait_for_version(building["id"])
    files = [file for file in journey.version["files"] if file["kind"] == "data"]
    expect(journey.version["row_count"] == journey.total_records, f"{journey.version['row_count']} rows")
    return f"version {journey.version['number']}, {journey.version['row_count']} rows in {len(files)} shard(s)", None
