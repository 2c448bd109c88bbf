"""The instance's signing keys. A retired key verifies for ever; a compromised one no longer."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from collective.core.states import StatefulModel, StateTable
from licensing.domain.states import KEY_STATES


class SigningKey(StatefulModel):
    """Ed25519. `sealed` is the private key, encrypted under a key that is derived from the instance's secret."""

    state_table: ClassVar[StateTable] = KEY_STATES

    kid = models.CharField(max_length=64, primary_key=True)
    public_x = models.CharField(max_length=64, help_text="Base64url, as in a JWK.")
    sealed = models.TextField()
    state = models.CharField(max_length=12, choices=KEY_STATES.choices, default=KEY_STATES.initial)
    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=Q(state="active"), name="signing_key_one_active")
        ]

    def __str__(self) -> str:
        return f"{self.kid} ({self.state})"
