"""What payments draws on pages of the catalog and of ingestion."""

from django.db.models import Sum
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from collective.accounts.selectors import is_admin
from collective.catalog.models import Contribution, Dataset, DatasetVersion
from collective.catalog.policies import can_steward
from collective.core.domain.money import Money
from collective.core.web.panels import panel
from licensing.domain.plans import ONE_PRICE
from licensing.models import LicenseGrant, Offer
from licensing.selectors import live_offers
from licensing.selectors.removal import removed_share
from licensing.web.words import translated
from payments.errors import RemovalPartyError
from payments.selectors.checkout import quote_of
from payments.selectors.earnings import paid_to_people, sales_of_dataset
from payments.selectors.finance import open_tasks, waiting_approvals
from payments.selectors.lines import lines_visible_to
from payments.selectors.orders import orders_visible_to
from payments.selectors.removal import is_party, removal_due
from payments.web.money import price_lines


@panel("offer.price", order=10)
def price_panel(request: HttpRequest, *, dataset: Dataset, version: DatasetVersion, offer: Offer) -> str:
    """Both sides of the fee, and the way to the checkout for those who do not sell it themselves."""
    context = {"own": can_steward(request.user, dataset), "url": reverse("payments:checkout", args=[offer.pk])}
    if not offer.is_sold_here:
        context |= {"asks": True, "url": reverse("licensing:quote_ask", args=[offer.pk])}
    if offer.plan["model"] not in ("free", "one_off"):
        context["sentences"] = translated(offer.plain_words).price
    # Where the price depends on the buyer, the sentences say how, and the checkout says how much.
    simple = offer.plan["model"] in ONE_PRICE
    lines = price_lines(quote_of(offer), bps=offer.fee_bps, mode=offer.fee_mode, version=version) if simple else {}
    return render_to_string("payments/panels/price.html", context | lines, request)


@panel("dataset.card", order=10)
def card_line(request: HttpRequest, *, dataset: Dataset) -> str:
    """The lowest total, since that is what somebody pays."""
    offers = [offer for offer in live_offers(dataset) if offer.is_sold_here]
    totals = [Money(made.total_minor, made.currency) for made in map(quote_of, offers)]
    if not totals:
        return ""
    more = len(totals) > 1 or offers[0].plan["model"] not in ONE_PRICE
    context = {"total": totals[0], "more": more}
    return render_to_string("payments/panels/card.html", context, request)


@panel("desk.dataset", order=20)
def desk_panel(request: HttpRequest, *, dataset: Dataset) -> str:
    if not can_steward(request.user, dataset):
        return ""
    rows = [(count, Money(pool, currency)) for currency, count, pool in sales_of_dataset(dataset.pk)]
    return render_to_string("payments/panels/desk.html", {"rows": rows, "dataset": dataset}, request)


@panel("contribution.earnings", order=10)
def contribution_earnings(request: HttpRequest, *, contribution: Contribution) -> str:
    """What the payee of this contribution has earned from its dataset; for those who may see the payee's money."""
    if not is_admin(request.user, contribution.payee_id):
        return ""
    lines = lines_visible_to(request.user).filter(
        payee=contribution.payee_id, settlement__version__dataset=contribution.dataset_id
    )
    sums = lines.order_by().values_list("settlement__currency").annotate(sum=Sum("amount_minor"))
    rows = [Money(sum_, currency) for currency, sum_ in sums]
    return render_to_string("payments/panels/earned.html", {"rows": rows}, request)


@panel("person.earnings", order=10)
def person_earnings(request: HttpRequest) -> str:
    """All that the reader's organizations have earned, in each currency."""
    lines = lines_visible_to(request.user).order_by().values_list("settlement__currency")
    rows = [Money(sum_, currency) for currency, sum_ in lines.annotate(sum=Sum("amount_minor"))]
    return render_to_string("payments/panels/person.html", {"rows": rows}, request)


@panel("grant.removal", order=10)
def removal_panel(request: HttpRequest, *, grant: LicenseGrant) -> str:
    """Asking back the part of the price that withdrawn records were, where something is left to ask for."""
    order = orders_visible_to(request.user).filter(pk=grant.order_id).first()
    due = removal_due(order, removed_share(grant)) if order else None
    if order is None or due is None:
        return ""
    refused = RemovalPartyError.text if is_party(request.user, order, grant) else ""
    context = {"order": order, "due": due, "refused": refused}
    return render_to_string("payments/panels/removal.html", context, request)


@panel("operator.desk", order=10)
def finance_panel(request: HttpRequest) -> str:
    """What of money waits for a person. The page is for operators only."""
    context = {"tasks": open_tasks().count(), "approvals": waiting_approvals().count()}
    return render_to_string("payments/panels/finance.html", context, request)


@panel("home.paid", order=10)
def home_panel(request: HttpRequest) -> str:
    sums = paid_to_people()
    return render_to_string("payments/panels/home.html", {"sums": sums}, request) if sums else ""
