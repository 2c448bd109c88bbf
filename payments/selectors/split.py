"""Who would get what from a sale of a version, before it happens."""

from dataclasses import dataclass

from collective.catalog.models import DatasetVersion
from collective.core.domain.money import Money, currency_of
from payments.domain.shares import largest_remainder


@dataclass(frozen=True)
class SplitPreview:
    """`payees` counts everybody who gets a share, the steward included where they get one."""

    steward: Money
    contributors: Money
    payees: int


def split_preview(version: DatasetVersion, amount_minor: int, currency: str) -> SplitPreview:
    """A first sale alone in its pool; later sales differ by a minor unit at most, as settlement is cumulative."""
    weights = dict(version.split.values_list("payee_id", "weight"))
    if not weights:
        return SplitPreview(Money(0, currency), Money(amount_minor, currency), 0)
    parts = largest_remainder(amount_minor, weights, step=currency_of(currency).charge_step)
    steward = parts.get(version.dataset.organization_id, 0)
    return SplitPreview(Money(steward, currency), Money(amount_minor - steward, currency), len(weights))
