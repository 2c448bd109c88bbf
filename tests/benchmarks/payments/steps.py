"""One step in a process of its own: `python -m tests.benchmarks.payments.steps STEP ARGUMENT…`; the answer is JSON."""

import json
import statistics
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import Any
from uuid import UUID

import django

django.setup()

from django.db import connection  # noqa: E402 - Django has to be set up first

from collective.core.invariants import invariants  # noqa: E402
from licensing.models import Offer  # noqa: E402
from payments.models import Entry, Journal, Payment, Settlement, SettlementLine  # noqa: E402
from payments.services import pay_simulated, settle_pool  # noqa: E402
from payments.services.releasing import release_settlement  # noqa: E402
from tests.benchmarks.payments import market  # noqa: E402
from tests.benchmarks.payments.costs import measured  # noqa: E402

WARM_UP = 3
SECONDS_BETWEEN_SALES = 2.0


def opened(sizes: str, price: str) -> dict[str, Any]:
    """An offer for each number of payees."""
    return {size: str(market.open_market(n, int(size), int(price)).pk) for n, size in enumerate(sizes.split(","))}


def sales(rounds: str, *offers: str) -> list[dict[str, Any]]:
    """In turns, so that a slow moment is everybody's. Milliseconds, medians."""
    shops = [Offer.objects.get(pk=each) for each in offers]
    seen: list[list[tuple[float, float, int]]] = [[] for _ in shops]
    for _ in range(WARM_UP + int(rounds)):
        for shop, times in zip(shops, seen, strict=True):
            times.append(_sale(shop))
    return [_medians(times[WARM_UP:]) for times in seen]


def _sale(shop: Offer) -> tuple[float, float, int]:
    buyer = market.new_buyer()
    begun = time.perf_counter()
    order = market.order(shop, buyer)
    placed = time.perf_counter()
    pay_simulated(actor=buyer, order_id=order.pk)
    paid = time.perf_counter()
    return placed - begun, paid - placed, Entry.objects.filter(journal__key=f"sale:{order.pk}").count()


def _medians(times: list[tuple[float, float, int]]) -> dict[str, Any]:
    place, pay, entries = zip(*times, strict=True)
    both = [order + payment for order, payment in zip(place, pay, strict=True)]
    middle = {name: statistics.median(each) for name, each in (("place", place), ("pay", pay), ("both", both))}
    return {**middle, "entries": sorted(set(entries))}


def settle(offer: str) -> dict[str, Any]:
    """With somebody who goes on buying the same dataset meanwhile; their first sale is part of what is divided."""
    shop = Offer.objects.get(pk=offer)
    market.buy(shop)
    alone = min(_sale(shop)[:2][1] for _ in range(WARM_UP))
    done, waited = threading.Event(), list[float]()
    buyer = threading.Thread(target=_keep_buying, args=(shop, done, waited))
    with measured() as work:
        buyer.start()
        settlement = settle_pool(version_id=market.version_of(shop), currency="USD")
        seconds = time.perf_counter()
        done.set()
        buyer.join()
        stopping = time.perf_counter() - seconds
    work.seconds -= stopping
    lines = SettlementLine.objects.filter(settlement=settlement).count()
    return {**asdict(work), "lines": lines, "sales": len(waited), "longest": max(waited), "alone": alone}


def _keep_buying(shop: Offer, done: threading.Event, waited: list[float]) -> None:
    try:
        while not done.is_set():
            waited.append(_sale(shop)[1])
            done.wait(SECONDS_BETWEEN_SALES)
    finally:
        connection.close()


def release(offer: str) -> dict[str, Any]:
    """The first settlement of the pool."""
    settlement = Settlement.objects.get(version=market.version_of(Offer.objects.get(pk=offer)), n=1)
    with measured() as work:
        release_settlement(settlement)
    settlement.refresh_from_db()
    return {**asdict(work), "lines": settlement.lines.count(), "is_marked": settlement.released_at is not None}


def audit() -> dict[str, Any]:
    money = [each for each in invariants() if each.check.__module__ == "payments.invariants"]
    with measured() as work:
        false = [text for each in money for text in each.check()]
    return {**asdict(work), "entries": Entry.objects.count(), "journals": Journal.objects.count(), "false": false[:5]}


def buyers(offer: str, count: str) -> dict[str, Any]:
    """As many threads, each with a connection of its own, who begin at one moment."""
    shop, people = Offer.objects.get(pk=offer), [market.new_buyer() for _ in range(int(count))]
    start = threading.Barrier(len(people))

    def act(number: int) -> tuple[float, UUID]:
        try:
            start.wait()
            begun = time.perf_counter()
            order = market.order(shop, people[number])
            pay_simulated(actor=people[number], order_id=order.pk)
            return time.perf_counter() - begun, order.pk
        finally:
            connection.close()

    begun = time.perf_counter()
    with ThreadPoolExecutor(len(people)) as pool:
        done = list(pool.map(act, range(len(people))))
    whole = time.perf_counter() - begun
    times = sorted(seconds for seconds, _ in done)
    payments = Payment.objects.filter(order__in=[order for _, order in done])
    p95 = times[max(0, round(0.95 * len(times)) - 1)]
    return {
        "p50": statistics.median(times),
        "p95": p95,
        "longest": times[-1],
        "seconds": whole,
        "orders": len({order for _, order in done}),
        "payments": payments.count(),
    }


STEPS: dict[str, Callable[..., Any]] = {each.__name__: each for each in (opened, sales, settle, release, audit, buyers)}

if __name__ == "__main__":
    print(json.dumps(STEPS[sys.argv[1]](*sys.argv[2:])))
