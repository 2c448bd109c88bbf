"""What a key's owner may read: datasets that they licensed, and those of their own organizations."""

from django.db.models import Q, QuerySet

from collective.accounts.models import User
from collective.accounts.selectors import organizations_of
from collective.catalog.models import Dataset, DatasetVersion
from licensing.selectors import active_grants


def readable_datasets(user: User) -> QuerySet[Dataset]:
    """In order, and with a version that is served. A licensee keeps what was made private since."""
    served = DatasetVersion.objects.filter(state="published").values("dataset")
    licensed = active_grants(user).order_by().values("dataset")
    own = Q(organization__in=organizations_of(user).order_by())
    rows = Dataset.objects.select_related("organization").filter(own | Q(pk__in=licensed))
    return rows.filter(pk__in=served, state__in=Dataset.IN_ORDER).defer("card")


def datasets_in(user: User, share: str) -> QuerySet[Dataset]:
    return readable_datasets(user).filter(organization__slug=share)
