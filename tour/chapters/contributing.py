"""From an empty dataset to a published version."""

from tour import deeds
from tour.journey import Journey
from tour.report import expect
from tour.rights import Rights
from tour.scenario import Bundle


def open_dataset(journey: Journey, run: str) -> tuple[str, None]:
    steward, scenario = journey.cast.steward, journey.scenario
    organization = steward.api("POST", "/organizations", {"name": f"Tour collective {run}", "slug": f"tour-{run}"})
    journey.repo = deeds.open_dataset(
        steward,
        organization["slug"],
        scenario.title.lower().replace(" ", "-"),
        scenario.title,
        modality=scenario.modality,
        task=scenario.task,
        languages=scenario.languages,
        summary=f"{scenario.source} Opened by the tour.",
    )
    return f"{journey.repo}, open to contributions, steward's share 10 %", None


def contribute(journey: Journey, bundle: Bundle) -> tuple[str, None]:
    """Start, upload in parts to the signed addresses, declare rights, submit."""
    rights = Rights(journey.scenario.source, journey.scenario.material_license)
    person = journey.cast.contributors[bundle.contributor]
    journey.contributions[bundle.contributor], parts = deeds.hand_in(person, journey.repo, bundle, rights)
    return f"{bundle.file_name}, {len(bundle.content) / 1e6:.2f} MB in {parts} part(s), rights declared", None


def wait_for_validation(journey: Journey) -> tuple[str, None]:
    records = 0
    for bundle in journey.scenario.bundles:
        name = bundle.contributor
        seen = deeds.checked(journey.cast.contributors[name], journey.contributions[name], bundle)
        records += seen["record_count"]
    return f"{len(journey.scenario.bundles)} contributions, {records} records, none lost", None


def accept_and_publish(journey: Journey) -> tuple[str, None]:
    for contribution_id in journey.contributions.values():
        deeds.accept(journey.cast.steward, contribution_id)
    journey.version = deeds.publish(journey.cast.steward, journey.repo)
    files = [file for file in journey.version["files"] if file["kind"] == "data"]
    expect(journey.version["row_count"] == journey.total_records, f"{journey.version['row_count']} rows")
    return f"version {journey.version['number']}, {journey.version['row_count']} rows in {len(files)} shard(s)", None
