"""Which version of a dataset a license gives."""

from collective.catalog.models import DatasetVersion
from licensing.models import LicenseGrant


def newest_covered(grant: LicenseGrant) -> DatasetVersion:
    """The newest version that is served and that the license covers by number; else the one that it is pinned to."""
    served = grant.dataset.versions.filter(state="published").order_by("-major", "-minor", "-patch")
    return next((version for version in served if grant.covers(version)), grant.pinned_version)
