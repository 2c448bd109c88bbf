"""From an offer that is refused to a sale that is divided."""

import json

from tour import deeds
from tour.journey import Journey
from tour.report import expect
from tour.shares import STEWARD, by_weight, expected_shares
from tour.wire import wait


def refuse_uncovered_offer(journey: Journey) -> tuple[str, None]:
    """The material's license does not allow this offer; every blocking contribution is named."""
    problem = _publish_offer(journey, journey.scenario.refused_under, status=409)
    named = json.dumps(problem)
    missing = [title for title in journey.contributions if title not in named]
    expect(not missing, f"not named as blocking: {missing}")
    return (
        f"{journey.scenario.refused_under} refused ({problem['code']}), {len(journey.contributions)} blockers named",
        None,
    )


def publish_offer(journey: Journey) -> tuple[str, None]:
    journey.offer = _publish_offer(journey, journey.scenario.sold_under, status=201)
    return f"{journey.scenario.sold_under} at {journey.offer['price']} EUR", None


def _publish_offer(journey: Journey, license_id: str, *, status: int) -> deeds.Row:
    price = journey.scenario.price_minor
    return deeds.make_offer(journey.cast.steward, journey.repo, license_id, price, status=status)


def refuse_unlicensed_load(journey: Journey) -> tuple[str, None]:
    journey.cast.buyer.make_key("datasets:read", "download", "licenses:read")
    outcome = journey.run_trainer(journey.version["number"], may_fail=True)
    expect(outcome.returncode != 0, "datasets loaded without a license")
    expect("/datasets/" + journey.repo in outcome.stderr, f"no link to license it: {outcome.stderr[-600:]}")
    return "load_dataset without a license ends with the link to license it", None


def buy(journey: Journey) -> tuple[str, None]:
    buyer, offer = journey.cast.buyer, journey.offer
    stale = deeds.order(buyer, offer, offer_sha256="0" * 64, status=409)
    expect(stale["code"] == "stale_offer", f"a stale offer was answered with {stale}")
    placed, again = deeds.order(buyer, offer), deeds.order(buyer, offer)
    expect(again["id"] == placed["id"], "the same order twice became two")
    journey.order = deeds.pay(buyer, placed)
    total, price, fee = (journey.order[f"{part}_minor"] for part in ("total", "price", "fee"))
    return f"{total} cents = price {price} + fee {fee}; a stale offer and a second click change nothing", None


def check_split(journey: Journey) -> tuple[str, None]:
    """Recompute who gets what, and compare with what each person is shown, to the cent."""
    price = int(journey.order["price_minor"])
    expect(int(journey.order["total_minor"]) == price + price * 500 // 10_000, "the fee is not 5 % on top")
    records = {bundle.contributor: bundle.records for bundle in journey.scenario.bundles}
    wanted = expected_shares(price, records, steward_bps=1000)
    wait("the split to be settled", lambda: deeds.held(journey.cast.steward, journey.repo) > 0)
    seen = {name: deeds.held(person, journey.repo) for name, person in journey.cast.contributors.items()}
    seen[STEWARD] = deeds.held(journey.cast.steward, journey.repo)
    expect(by_weight(seen, records) == by_weight(wanted, records), f"shown {seen}, expected {wanted}")
    expect(sum(seen.values()) == price, f"{sum(seen.values())} of {price} shared out")
    journey.facts["split"] = ", ".join(f"{name} {amount}" for name, amount in seen.items())
    return f"{len(seen)} parties, together {price} cents exactly, as recomputed here", None
