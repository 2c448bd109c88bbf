"""The card that came with a push."""

from django.db import models

from collective.catalog.models import Contribution


class PushedCard(models.Model):
    """The newest `README.md` pushed to a contribution: a note to the steward. It is never a dataset's public card."""

    contribution = models.OneToOneField(
        Contribution, on_delete=models.PROTECT, primary_key=True, related_name="pushed_card"
    )
    text = models.TextField()
    pushed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"README.md of {self.contribution_id}"
