"""What a rail told us, as it came in: a row per event, before anybody acts on it."""

from django.db import models


class RailEvent(models.Model):
    """Its content is not kept: it may name people, and what follows from it is read from the rail again.

    `subject` is the object that changed, by the rail's reference.
    """

    rail = models.CharField(max_length=20)
    event_id = models.CharField(max_length=255)
    kind = models.CharField(max_length=100)
    subject = models.CharField(max_length=255)
    received_at = models.DateTimeField(auto_now_add=True)
    followed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rail", "event_id"], name="rail_event_once")]
        indexes = [models.Index(fields=["subject"], name="rail_event_subject")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
