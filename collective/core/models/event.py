"""What others must hear: written with the change that it tells of, delivered later, at least once."""

from django.db import models

from collective.core.ids import new_id


class OutboxEvent(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    topic = models.CharField(max_length=100)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    relayed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=models.Q(relayed_at=None), name="outbox_waiting"),
        ]

    def __str__(self) -> str:
        return self.topic


class InboxMessage(models.Model):
    """One consumer has taken one message: the row commits with the effect, so the effect happens once."""

    consumer = models.CharField(max_length=100)
    message_id = models.CharField(max_length=200)
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["consumer", "message_id"], name="inbox_once")]

    def __str__(self) -> str:
        return f"{self.consumer} ← {self.message_id}"
