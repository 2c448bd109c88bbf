"""How a dataset's records are laid out in configs and splits, as its steward has said."""

from django.db import models

from collective.accounts.models import User
from collective.catalog.models import Dataset


class DatasetLayout(models.Model):
    """For versions that are opened from now on; a dataset without a row has one config that is all for training."""

    dataset = models.OneToOneField(Dataset, on_delete=models.PROTECT, primary_key=True, related_name="layout")
    # `Layout.as_json`
    rules = models.JSONField()
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"layout of {self.dataset_id}"
