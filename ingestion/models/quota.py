"""How much an organization may hold in uploads, and what was cleared away that belonged to none."""

from django.db import models

from collective.accounts.models import Organization


class StorageQuota(models.Model):
    """`held_bytes` changes only by conditional UPDATE (services/quotas.py), so that no race passes the limit."""

    organization = models.OneToOneField(
        Organization, on_delete=models.PROTECT, primary_key=True, related_name="storage_quota"
    )
    held_bytes = models.PositiveBigIntegerField(default=0)
    limit_bytes = models.PositiveBigIntegerField(
        null=True, blank=True, help_text="Set by an operator; empty means the default of this site."
    )

    def __str__(self) -> str:
        return f"{self.organization}: {self.held_bytes}"


class StoreSweep(models.Model):
    """One look for bytes in the incoming store that no upload knows of."""

    at = models.DateTimeField(auto_now_add=True)
    seen = models.PositiveIntegerField()
    removed = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}: {self.removed} of {self.seen}"
