"""What explains a payee's share of a settlement: how much was collected, the weights, and what came before."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from payments.domain.statement import MOST_SALES, moment_text
from payments.models import SettlementLine, SettlementPosting
from payments.selectors.lines import SoldItem, sold_items


def shares_by_journal(
    payees: Sequence[UUID], currency: str, starts_at: datetime, ends_at: datetime
) -> dict[tuple[UUID, str], dict[str, Any]]:
    """Of settlements posted in that time, by payee and the journal's key. Weights are text, as they may pass 2^53."""
    postings = SettlementPosting.objects.filter(
        journal__currency=currency, journal__created_at__gte=starts_at, journal__created_at__lt=ends_at
    )
    keys = {(each[0], each[1]): each[2] for each in postings.values_list("settlement_id", "chunk", "journal__key")}
    lines = SettlementLine.objects.filter(payee__in=payees, settlement__in=postings.values("settlement"))
    rows = list(lines.select_related("settlement__pool", "settlement__version__dataset__organization"))
    items = sold_items({line.settlement for line in rows})
    return {
        (line.payee_id, keys[line.settlement_id, line.chunk]): {"share": _share(line, items[line.settlement_id])}
        for line in rows
        if (line.settlement_id, line.chunk) in keys
    }


def _share(line: SettlementLine, items: Sequence[SoldItem]) -> dict[str, Any]:
    settlement, version = line.settlement, line.settlement.version
    return {
        "dataset": version.dataset.repo_id,
        "title": version.dataset.title,
        "version": version.number,
        "version_id": str(version.pk),
        "split_sha256": version.split_sha256,
        "pool": settlement.pool.code,
        "n": settlement.n,
        "before_net_minor": settlement.before_minor,
        "net_minor": settlement.net_minor,
        "weight": str(line.weight),
        "total_weight": str(settlement.total_weight),
        "before_minor": line.before_minor,
        "amount_minor": line.amount_minor,
        "collected": _collected(items),
        "sales": [_sale(item) for item in items[:MOST_SALES]],
    }


def _collected(items: Sequence[SoldItem]) -> list[dict[str, Any]]:
    """What came into the pool, or left it, by kind."""
    counts = Counter(item.kind for item in items)
    sums: Counter[str] = Counter()
    for item in items:
        sums[item.kind] += item.amount_minor
    return [{"event": kind, "count": counts[kind], "amount_minor": sums[kind]} for kind in sorted(counts)]


def _sale(item: SoldItem) -> dict[str, Any]:
    return {
        "event": item.kind,
        "at": moment_text(item.at),
        "amount_minor": item.amount_minor,
        "license": item.license_name,
        "licensee": item.licensee,
    }
