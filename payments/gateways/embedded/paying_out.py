"""Payees press a button instead of telling who they are, and are paid in movements of the simulated books."""

from django.db.models import F
from django.urls import reverse

from payments.errors import RailRefusedError
from payments.gateways.embedded.books import move
from payments.gateways.facts import Movement, Recipient
from payments.models import PayoutAccount, SimulatedMovement, SimulatedRecipient, TransferIntent, TransferReversal

# As Stripe names what it has to know first, so that the same words explain it.
MISSING = ("identity.individual.name", "payout_method")


class SimulatedPayingOut:
    def open_account(self, account: PayoutAccount) -> Recipient:
        found, _ = SimulatedRecipient.objects.get_or_create(
            reference=f"simacct_{account.pk.hex}", defaults={"country": account.country}
        )
        return _recipient(found)

    def onboarding_link(self, account: PayoutAccount) -> str:
        return reverse("payments:simulated-onboarding", args=[account.pk])

    def press(self, reference: str) -> None:
        """The payee pressed the button: complete, or from the second time on, paid to another place."""
        SimulatedRecipient.objects.filter(reference=reference).update(presses=F("presses") + 1)

    def read_account(self, reference: str) -> Recipient:
        return _recipient(SimulatedRecipient.objects.get(reference=reference))

    def transfer(self, intent: TransferIntent) -> str:
        key = f"transfer:{intent.pk}"
        if SimulatedMovement.objects.filter(key=key).exists():
            return _reference(intent)
        if self.read_account(intent.account.reference).state != "active":
            raise RailRefusedError(said="This recipient has not told who they are yet.")
        move(
            key=key,
            kind="transfer",
            reference=_reference(intent),
            currency=intent.currency,
            amount_minor=-intent.amount_minor,
            source=intent.account.reference,
        )
        return _reference(intent)

    def find_transfer(self, intent: TransferIntent) -> str | None:
        made = SimulatedMovement.objects.filter(key=f"transfer:{intent.pk}").first()
        return made.reference if made else None

    def reverse(self, reversal: TransferReversal) -> str:
        made = move(
            key=f"reversal:{reversal.pk}",
            kind="transfer_reversal",
            reference=f"simtrr_{reversal.pk.hex}",
            currency=reversal.transfer.currency,
            amount_minor=reversal.amount_minor,
            source=reversal.transfer.reference,
        )
        return made.reference

    def find_reversal(self, reversal: TransferReversal) -> str | None:
        made = SimulatedMovement.objects.filter(key=f"reversal:{reversal.pk}").first()
        return made.reference if made else None

    def recipient_of(self, movement: Movement) -> str:
        made = SimulatedMovement.objects.filter(reference=movement.source).first()
        if made is not None and made.kind == "transfer_reversal":
            made = SimulatedMovement.objects.filter(reference=made.source).first()
        return made.source if made is not None and made.kind == "transfer" else ""


def _reference(intent: TransferIntent) -> str:
    return f"simtr_{intent.pk.hex}"


def _recipient(found: SimulatedRecipient) -> Recipient:
    if found.presses == 0:
        return Recipient(found.reference, "incomplete", MISSING, found.country)
    return Recipient(found.reference, "active", (), found.country, f"{found.reference}:{found.presses}")
