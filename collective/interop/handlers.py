"""What interop does when the catalog tells it something."""

from collective.catalog.events import ContributionWithdrawn
from collective.core.events import handles
from collective.interop.models import PushedCard


@handles(ContributionWithdrawn)
def forget_the_pushed_card(event: ContributionWithdrawn) -> None:
    """Its author took everything back, and examples in a card are data too."""
    PushedCard.objects.filter(contribution=event.contribution_id).delete()
