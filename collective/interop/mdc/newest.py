"""The only version of a dataset that the SDK can have, for queries over many datasets."""

from django.db.models import OuterRef, QuerySet

from collective.catalog.models import DatasetVersion


def newest_first(dataset: str) -> QuerySet[DatasetVersion]:
    """For a subquery: the versions that are served of the dataset that the column `dataset` of the query names."""
    served = DatasetVersion.objects.filter(dataset=OuterRef(dataset), state="published")
    return served.order_by("-major", "-minor", "-patch")
