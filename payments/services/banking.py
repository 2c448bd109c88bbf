"""What the rail sends on to the marketplace's own bank, and what comes back from there."""

from django.db import transaction

from payments.domain import chart
from payments.gateways.facts import PaidOut
from payments.gateways.rails import rail_of
from payments.services.ledger import post, posted


def follow_payout(rail_name: str, reference: str) -> None:
    """It leaves the rail's balance when it is made, long before it arrives; so it is booked when we hear of it."""
    payout = rail_of(rail_name).reporting.payout(reference)
    if payout is not None:
        record_payout(rail_name=rail_name, payout=payout)


@transaction.atomic
def record_payout(*, rail_name: str, payout: PaidOut) -> None:
    """Twice is once. One that failed before we heard of it moved nothing in the end."""
    key, cash = f"platform-payout:{payout.reference}", rail_of(rail_name).balance_account
    legs = {cash: payout.amount_minor, chart.BANK: -payout.amount_minor}
    sent = posted(key)
    if not payout.has_failed:
        post(key=key, event="platform_payout", currency=payout.currency, legs=legs, source=payout.reference)
    elif sent is not None:
        back = {code: -amount for code, amount in legs.items()}
        post(
            key=f"{key}:failed",
            event="platform_payout_failed",
            currency=payout.currency,
            legs=back,
            reverses=sent,
            source=payout.reference,
        )
