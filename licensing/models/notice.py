"""What a licensee was told of a withdrawal, until when copies must go, and what they answered."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from collective.catalog.models import Withdrawal
from collective.core.ids import new_id
from collective.core.states import StatefulModel, StateTable
from licensing.domain.states import NOTICE_STATES
from licensing.models.grant import GrantStatusEvent, LicenseGrant


class WithdrawalNotice(StatefulModel):
    """One per grant and withdrawal; only the state changes. Says nothing of who withdrew."""

    state_table: ClassVar[StateTable] = NOTICE_STATES
    OPEN: ClassVar = ("notified", "acknowledged")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    grant = models.ForeignKey(LicenseGrant, on_delete=models.PROTECT, related_name="withdrawal_notices")
    withdrawal = models.ForeignKey(Withdrawal, on_delete=models.PROTECT, related_name="notices")
    state = models.CharField(max_length=12, choices=NOTICE_STATES.choices, default=NOTICE_STATES.initial)
    due_at = models.DateTimeField(null=True, help_text="Empty: the license promises no deletion.")
    # The license that the material carries besides the grant's, if copies under it need not be deleted.
    open_license = models.CharField(max_length=80, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["grant", "withdrawal"], name="notice_once_per_grant"),
            models.CheckConstraint(
                condition=~Q(state="overdue") | Q(due_at__isnull=False), name="notice_overdue_was_due"
            ),
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="notice_by_due_date")]

    def __str__(self) -> str:
        return f"{self.grant} · {self.withdrawal}"

    @property
    def is_open(self) -> bool:
        """Something is still to be answered: an attestation, or an acknowledgement where no deletion is promised."""
        return self.state == "notified" if self.due_at is None else self.state != "attested"


class WithdrawalNoticeEvent(models.Model):
    """Append-only. An attestation keeps the exact words, their hash, and who signed them."""

    KINDS: ClassVar = [(kind, kind) for kind in ("notified", "reminded", "acknowledged", "overdue", "attested")]

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    notice = models.ForeignKey(WithdrawalNotice, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12, choices=KINDS)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    signer_name = models.CharField(max_length=150, blank=True)
    statement = models.TextField(blank=True)
    statement_sha256 = models.CharField(max_length=64, blank=True)
    # Of a report that a program made about the deletion, such as that of `collective sync`.
    proof_sha256 = models.CharField(max_length=64, blank=True)
    # The suspension of the grant that came of it.
    status_event = models.ForeignKey(GrantStatusEvent, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["notice", "at"], name="notice_event_in_order")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="attested")
                | (Q(actor__isnull=False) & ~Q(signer_name="") & ~Q(statement="") & ~Q(statement_sha256="")),
                name="notice_attested_is_signed",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d}"
