"""What pages of lower apps show of a push."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from collective.catalog.models import Contribution
from collective.core.web.panels import panel
from collective.interop.models import PushedCard


@panel("contribution.rights", order=90)
def pushed_card_panel(request: HttpRequest, *, contribution: Contribution) -> str:
    """The page shows the contribution to its contributor, and to the steward once it was handed in."""
    card = PushedCard.objects.filter(contribution=contribution).first()
    return render_to_string("interop/panels/pushed_card.html", {"card": card}, request) if card else ""
