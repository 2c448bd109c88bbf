"""Who was given which bytes, under what, when. Evidence: never changed."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from collective.catalog.models import DatasetVersion
from collective.core.ids import new_id
from licensing.models.grant import LicenseGrant


class AccessRecord(models.Model):
    """A URL or a stream for one data file. `key_id` names the API key, and is kept when the key is gone.

    `first_byte` and `last_byte`, both included, are those of a stream. A URL has none: whoever holds it may ask the
    store for any part of the file while it is good.
    """

    ROLES: ClassVar = [("licensee", "licensee"), ("steward", "steward")]

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    key_id = models.CharField(max_length=8, blank=True)
    role = models.CharField(max_length=10, choices=ROLES)
    grant = models.ForeignKey(LicenseGrant, on_delete=models.PROTECT, null=True, related_name="access_records")
    version = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="+")
    path = models.CharField(max_length=250)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    first_byte = models.PositiveBigIntegerField(null=True)
    last_byte = models.PositiveBigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["grant", "at"], name="access_by_grant")]
        constraints = [
            models.CheckConstraint(
                condition=(Q(role="licensee") & Q(grant__isnull=False)) | (Q(role="steward") & Q(grant=None)),
                name="access_under_a_grant_or_as_steward",
            ),
            models.CheckConstraint(
                condition=Q(first_byte__isnull=True, last_byte__isnull=True)
                | Q(first_byte__isnull=False, last_byte__isnull=False)
                & Q(first_byte__lte=F("last_byte"), last_byte__lt=F("size")),
                name="access_range_within_the_file",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.path} {self.at:%Y-%m-%d %H:%M}"
