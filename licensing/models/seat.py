"""Who uses a license that counts its users."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from collective.core.ids import new_id
from licensing.models.grant import LicenseGrant


class Seat(models.Model):
    """One person, or one service key, in one numbered place of a grant; `released_at` ends it, and rows stay.

    The two constraints decide who takes the last place. For a service key `key_id` names it, and `user` is its owner.
    """

    PERSON, SERVICE = "person", "service"
    KINDS: ClassVar = [(PERSON, "person"), (SERVICE, "service key")]

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    grant = models.ForeignKey(LicenseGrant, on_delete=models.PROTECT, related_name="seats")
    kind = models.CharField(max_length=8, choices=KINDS)
    number = models.PositiveIntegerField(help_text="From 1 to the cap of its kind.")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    key_id = models.CharField(max_length=8, blank=True)
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", help_text="Empty: first use."
    )
    assigned_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["grant", "kind", "assigned_at"], name="seat_by_grant")]
        constraints = [
            models.UniqueConstraint(
                fields=["grant", "kind", "number"], condition=Q(released_at=None), name="seat_one_holder"
            ),
            models.UniqueConstraint(
                fields=["grant", "kind", "user", "key_id"], condition=Q(released_at=None), name="seat_once_per_holder"
            ),
            models.CheckConstraint(
                condition=(Q(kind="person") & Q(key_id="")) | (Q(kind="service") & ~Q(key_id="")),
                name="seat_of_a_person_or_a_key",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"
