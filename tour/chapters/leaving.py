"""A contributor takes their records back."""

import httpx

from tour import deeds
from tour.journey import Journey
from tour.report import expect
from tour.wire import wait


def withdraw(journey: Journey) -> tuple[str, None]:
    """One contributor leaves: at once nothing of the old version is served; then a patch version without them."""
    leaving = journey.scenario.bundles[0]
    person = journey.cast.contributors[leaving.contributor]
    person.api("POST", f"/contributions/{journey.contributions[leaving.contributor]}/withdraw", {})
    wait("the address signed before to lead nowhere", lambda: httpx.get(journey.signed_url).status_code >= 400)
    refused = journey.run_trainer(journey.version["number"], may_fail=True)
    expect(refused.returncode != 0, "the withdrawn version could still be loaded")
    old = f"/datasets/{journey.repo}/manifest?revision=v{journey.version['number']}"
    for anybody in (journey.cast.buyer, journey.cast.steward, person):
        anybody.api("GET", old, status=(410,))
    after = deeds.patched(journey.cast.steward, journey.repo)
    expect(after["row_count"] == journey.total_records - leaving.records, f"{after['row_count']} rows are left")
    rows = int(journey.run_client("tour.count_stream", journey.repo))
    expect(rows == after["row_count"], f"main still streams {rows} rows")
    page = journey.cast.buyer.get(f"/datasets/{journey.repo}/").text
    expect(after["number"] in page, "the dataset page does not show the new version")
    journey.facts["withdrawal"] = f"{leaving.records} records gone; {journey.version['number']} → {after['number']}"
    return f"{journey.version['number']} and its signed addresses refused; {after['number']} has {rows} rows", None


def earned_stays(journey: Journey) -> tuple[str, None]:
    leaving = journey.scenario.bundles[0].contributor
    held = deeds.held(journey.cast.contributors[leaving], journey.repo)
    expect(held > 0, "withdrawing took money back")
    return f"the contributor who left keeps {held} cents", None
