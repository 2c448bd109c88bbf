"""Which published versions a contribution was made from. What happens to them happens to it. Append-only."""

from django.db import models

from collective.accounts.models import User
from collective.catalog.models.contribution import Contribution
from collective.catalog.models.version import DatasetVersion


class Derivation(models.Model):
    """No circle can come about: the source was sealed before the contribution was handed in."""

    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="derivations")
    source = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="derived")
    declared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contribution", "source"], name="derivation_once")]

    def __str__(self) -> str:
        return f"{self.contribution} ← {self.source}"
