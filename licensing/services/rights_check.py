"""The rights check: consent of all who are in the data, upstream licenses and attestations, for each license."""

from dataclasses import dataclass

from collective.accounts.models import User
from collective.catalog.models import Contribution, Dataset, DatasetVersion
from collective.catalog.policies import check_can_steward
from collective.catalog.selectors import acceptable_contributions, latest_version
from licensing.domain.rights_check import Part, RightsCheck, rights_check
from licensing.models import LicenseVersion
from licensing.selectors import published_licenses, rights_of


@dataclass(frozen=True)
class DatasetRights:
    """`version` None: nothing is published yet, and the accepted contributions are what is checked."""

    version: DatasetVersion | None
    licenses: dict[str, LicenseVersion]
    check: RightsCheck


def check_dataset_rights(*, actor: User, dataset: Dataset) -> DatasetRights:
    """For the newest version, or what would be in the first one."""
    check_can_steward(actor, dataset)
    version = latest_version(dataset)
    licenses = {row.license_id: row for row in published_licenses().defer("text")}
    terms = {license_id: row.terms_view for license_id, row in licenses.items()}
    return DatasetRights(version, licenses, rights_check(terms, _parts(dataset, version)))


def _parts(dataset: Dataset, version: DatasetVersion | None) -> list[Part]:
    if version is None:
        rows = list(acceptable_contributions(dataset))
        return _counted([(row, row.record_count) for row in rows])
    held = version.holdings.select_related("contribution").order_by("contribution__decided_at", "contribution_id")
    return _counted([(each.contribution, each.rows) for each in held])


def _counted(rows: list[tuple[Contribution, int]]) -> list[Part]:
    known = rights_of(row for row, _ in rows)
    return [Part(rights, records) for rights, (_, records) in zip(known, rows, strict=True)]
