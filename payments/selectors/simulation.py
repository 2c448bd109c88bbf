"""How a dataset's revenue would be divided: as it is now or in a version that exists, with another steward's share."""

from collections import Counter
from uuid import UUID

from django.conf import settings

from collective.catalog.domain.splits import split_by_records
from collective.catalog.models import Dataset, DatasetVersion
from collective.catalog.selectors import acceptable_contributions, version_by_revision
from collective.core.domain.money import currency_of
from payments.domain.fees import FeeMode, FeeSchedule
from payments.domain.simulation import Simulation, simulate
from payments.errors import NobodySharesError, SimulatedPriceError


def simulated_sales(
    dataset: Dataset, *, price_minor: int, currency: str, fee_mode: FeeMode, steward_bps: int | None, version: str
) -> Simulation[UUID]:
    """`version` is a number, or empty for what is accepted now; `steward_bps` None is what it, or the dataset, has.

    Precondition: the asker stewards the dataset. Raises VersionNotFoundError, NobodySharesError, SimulatedPriceError.
    """
    step = currency_of(currency).charge_step
    if price_minor % step:
        raise SimulatedPriceError(currency=currency, step=step)
    weights = _present(dataset, steward_bps) if not version else _of(version_by_revision(dataset, version), steward_bps)
    if not sum(weights.values()):
        raise NobodySharesError
    return simulate(price_minor, currency, FeeSchedule(fee_mode, settings.FEE_BPS), weights)


def _present(dataset: Dataset, steward_bps: int | None) -> dict[UUID, int]:
    records: Counter[UUID] = Counter()
    for payee, count in acceptable_contributions(dataset).values_list("payee_id", "record_count"):
        records[payee] += count
    return _weights(dataset, records, dataset.steward_bps if steward_bps is None else steward_bps)


def _of(version: DatasetVersion, steward_bps: int | None) -> dict[UUID, int]:
    """The frozen split, or the same records under another steward's share."""
    if steward_bps is None:
        return dict(version.split.values_list("payee_id", "weight"))
    records: Counter[UUID] = Counter()
    for payee, count in version.holdings.values_list("contribution__payee_id", "rows"):
        records[payee] += count
    return _weights(version.dataset, records, steward_bps)


def _weights(dataset: Dataset, records: Counter[UUID], steward_bps: int) -> dict[UUID, int]:
    shares = split_by_records(records, steward_id=dataset.organization_id, steward_bps=steward_bps)
    return {share.payee_id: share.weight for share in shares}
