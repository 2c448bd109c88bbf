"""What somebody needs to recompute a statement without us: weights, history of each pool, and the way to the root."""

from typing import Any
from uuid import UUID

from collective.catalog.models import SplitShare
from payments.domain.inclusion import inclusion_path, statement_leaf
from payments.domain.statement import moment_text
from payments.models import SalePeriod, Settlement, Statement
from payments.selectors.accrual import stages_of

FORMAT = "data-collective-statement-proof/2"
# Of a larger split only the payee's own weight and the sum are told; a share is then checked to its last unit but one.
MOST_PAYEES = 10_000


def proof_of(statement: Statement) -> dict[str, Any]:
    """`statement` is text: its bytes are what `sha256` and the tree are about.

    Precondition: the statement is visible to whom this is shown. The weights of others have no names, only the ids by
    which units that are left over are given out.
    """
    period = statement.period
    hashes = period.statements.order_by("position").values_list("sha256", flat=True)
    leaves = [statement_leaf(sha256) for sha256 in hashes]
    shares = [each["share"] for each in statement.content["movements"] if "share" in each]
    return {
        "format": FORMAT,
        "statement": statement.body,
        "sha256": statement.sha256,
        "period": {
            "id": str(period),
            "root_sha256": period.root_sha256,
            "statements": period.statement_count,
            "issued_at": moment_text(period.issued_at) if period.issued_at else None,
        },
        "position": statement.position,
        "path": [list(step) for step in inclusion_path(leaves, statement.position)],
        "splits": _splits({each["split_sha256"]: UUID(each["version_id"]) for each in shares}),
        "pools": _pools(shares, period.currency),
    }


def _splits(versions: dict[str, UUID]) -> dict[str, list[list[str]]]:
    """Payee and weight, as the split's hash has them, by that hash."""
    found = {}
    for sha256, version in versions.items():
        rows = SplitShare.objects.filter(version=version).order_by("payee").values_list("payee_id", "weight")
        pairs = [[str(payee), str(weight)] for payee, weight in rows[: MOST_PAYEES + 1]]
        if len(pairs) <= MOST_PAYEES:
            found[sha256] = sorted(pairs)
    return found


def _pools(shares: list[dict[str, Any]], currency: str) -> dict[str, Any]:
    """Per pool what it had held in all at each division, until the last that the statement names."""
    last: dict[str, int] = {}
    for each in shares:
        last[each["pool"]] = max(each["n"], last.get(each["pool"], 0))
    return {code: _history(code, currency, n) for code, n in sorted(last.items())}


def _history(code: str, currency: str, last: int) -> dict[str, Any]:
    rows = Settlement.objects.filter(pool__code=code, currency=currency, n__lte=last).order_by("n")
    period = SalePeriod.objects.filter(pool__code=code, pool__currency=currency).first()
    return {"nets_minor": list(rows.values_list("net_minor", flat=True)), **(_by_day(period) if period else {})}


def _by_day(period: SalePeriod) -> dict[str, Any]:
    """For what pays for a time: for how many days who shared it, without the days on which nobody did."""
    stages = sorted(stages_of(period), key=lambda stage: stage.first_day)
    ends = [stage.first_day for stage in stages[1:]] + [period.days]
    return {
        "stages": [
            [end - stage.first_day, sorted([str(payee), str(weight)] for payee, weight in stage.weights.items())]
            for stage, end in zip(stages, ends, strict=True)
            if any(stage.weights.values()) and len(stage.weights) <= MOST_PAYEES
        ],
    }
