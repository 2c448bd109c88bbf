"""The simulated rail's own books, which no real money ever touches."""

from django.db import models

from collective.core.ids import new_id


class SimulatedMovement(models.Model):
    """Append-only. The same `key` again is the same movement; `amount_minor` is positive when money came in."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=255, unique=True)
    kind = models.CharField(max_length=20)
    reference = models.CharField(max_length=100, unique=True)
    source = models.CharField(max_length=100, blank=True, help_text="The payment or transfer that it is a part of.")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(amount_minor=0), name="simulated_movement_moves_something")
        ]
        indexes = [models.Index(fields=["created_at"], name="simulated_movement_by_time")]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class SimulatedRecipient(models.Model):
    """A payee as the simulated rail knows them: complete with the first press of the button, anew with every other."""

    reference = models.CharField(max_length=100, primary_key=True)
    country = models.CharField(max_length=2)
    presses = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.reference
