"""What the simulated rail writes down: a movement per key."""

from payments.models import SimulatedMovement


def move(
    *, key: str, kind: str, reference: str, currency: str, amount_minor: int, source: str = ""
) -> SimulatedMovement:
    """The same key again gives the first movement. `amount_minor` is positive when money comes in."""
    found, _ = SimulatedMovement.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "reference": reference,
            "currency": currency,
            "amount_minor": amount_minor,
            "source": source,
        },
    )
    return found
