"""What moves a payee's money, in words. An event that has none yet appears by its own name."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy

KINDS = {
    "opening": gettext_lazy("Opening balance"),
    "closing": gettext_lazy("Closing balance"),
    "earned": gettext_lazy("Earned"),
    "reversed": gettext_lazy("Taken back after refunds or disputes"),
    "paid": gettext_lazy("Paid out"),
    "returned": gettext_lazy("Payment that came back"),
    "other": gettext_lazy("Other"),
    "within": gettext_lazy("Changed its place"),
}
EVENTS = {
    "sale": gettext_lazy("Sale"),
    "refund": gettext_lazy("Refund"),
    "refund_failed": gettext_lazy("Refund that failed"),
    "release": gettext_lazy("Hold is over"),
    "write_off": gettext_lazy("Debt that was written off"),
    "offset": gettext_lazy("Debt that was repaid"),
    "transfer_reserve": gettext_lazy("Set aside for a transfer"),
    "transfer": gettext_lazy("Transfer"),
    "transfer_failed": gettext_lazy("Transfer that failed"),
    "transfer_reversal": gettext_lazy("Transfer that was taken back"),
    "dispute_lost": gettext_lazy("Lost dispute"),
    "unclaimed": gettext_lazy("Not claimed in time"),
    "claimed": gettext_lazy("Claimed after all"),
    "correction": gettext_lazy("Correction"),
}


def words() -> Mapping[str, str]:
    return {name: str(word) for name, word in {**EVENTS, **KINDS}.items()}


def event_word(event: str) -> str:
    return str(EVENTS[event]) if event in EVENTS else event.replace("_", " ").capitalize()
