"""Money into a budget: by the rail, without a fee, booked when the rail says that it arrived."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from collective.accounts.models import User
from collective.accounts.policies import check_can_manage
from collective.core import audit
from collective.core.domain.money import Money, currency_of
from collective.core.jobs import enqueue
from payments.errors import FundingAmountError, SponsorshipOverError
from payments.gateways.facts import Cost, Progress, Receipt
from payments.gateways.rails import rail, rail_of, simulated_button
from payments.models import SponsorFunding, Sponsorship
from payments.models.ledger import LARGEST_AMOUNT
from payments.selectors.sponsoring import funding_for, sponsorship_for
from payments.services.ledger import post
from payments.services.paying import book_cost
from payments.services.sponsor_returns import owe_returns

LOOK_AFTER = timedelta(minutes=10)


def start_funding(*, actor: User, sponsorship_id: UUID, amount_minor: int) -> SponsorFunding:
    """Open the rail's page. Every call is another payment; who is unsure sees the open ones on the page.

    Raises FundingAmountError, SponsorshipOverError, RailDownError, RailRefusedError.
    """
    funding = _reserve(actor, sponsorship_id, amount_minor)
    return _opened(funding)


@transaction.atomic
def _reserve(actor: User, sponsorship_id: UUID, amount_minor: int) -> SponsorFunding:
    """Committed before the rail is asked: the row's id is the key of the call."""
    sponsorship = sponsorship_for(actor, sponsorship_id)
    check_can_manage(actor, sponsorship.sponsor)
    sponsorship = Sponsorship.objects.select_for_update(no_key=True).get(pk=sponsorship.pk)
    if sponsorship.state != "open" or sponsorship.until <= timezone.now():
        raise SponsorshipOverError
    _check_amount(amount_minor, sponsorship.currency)
    funding = SponsorFunding.objects.create(
        sponsorship=sponsorship, amount_minor=amount_minor, rail=rail().name, made_by=actor
    )
    _look_later(funding)
    audit.record(actor=actor, action="payments.funding_started", obj=funding, amount_minor=amount_minor)
    return funding


def _check_amount(amount_minor: int, currency: str) -> None:
    rules = currency_of(currency)
    if not rules.minimum_price <= amount_minor <= LARGEST_AMOUNT // 1000 or amount_minor % rules.charge_step:
        least, step = Money(rules.minimum_price, currency), Money(rules.charge_step, currency)
        text = FundingAmountError.text.format(least=least, step=step.decimal())
        raise FundingAmountError(least=str(least), step=step.decimal(), fields={"amount": [text]})


def _opened(funding: SponsorFunding) -> SponsorFunding:
    if funding.state == "reserved":
        opened = rail_of(funding.rail).collecting.open_funding(funding)
        SponsorFunding.objects.filter(pk=funding.pk, state="reserved").update(
            state="open", reference=opened.reference, url=opened.url
        )
        funding.refresh_from_db()
    return funding


@transaction.atomic
def pay_funding_simulated(*, actor: User, funding_id: UUID) -> SponsorFunding:
    """The button. Raises RailUnavailableError where payments are real, SponsorshipOverError."""
    button = simulated_button()
    funding = funding_for(actor, funding_id)
    check_can_manage(actor, funding.sponsorship.sponsor)
    if funding.state == "paid":
        return funding
    if funding.sponsorship.state != "open" or funding.state == "ended":
        raise SponsorshipOverError
    return accept_funding(receipt=button.pay_funding(funding))


@transaction.atomic
def accept_funding(*, receipt: Receipt) -> SponsorFunding:
    """What arrived is in the budget, once. What the budget cannot use goes back: it has closed, or it is not what
    was asked for, because the rail changed it into another currency."""
    sponsorship_id = SponsorFunding.objects.values_list("sponsorship_id", flat=True).get(pk=receipt.order_id)
    sponsorship = Sponsorship.objects.select_for_update(no_key=True).get(pk=sponsorship_id)
    funding = SponsorFunding.objects.select_related("sponsorship").get(pk=receipt.order_id)
    if funding.state == "paid":
        return funding
    legs = {rail_of(receipt.rail).balance_account: -receipt.booked_minor, sponsorship.account: receipt.booked_minor}
    key = f"funding:{funding.pk}"
    posting = post(key=key, event="funding", currency=receipt.booked_currency, legs=legs, source=receipt.source)
    book_cost(charge=receipt.source, cost=Cost(receipt.cost_minor, receipt.booked_currency), rail_name=receipt.rail)
    funding.transition_to(
        "paid",
        payment=receipt.reference,
        booked_minor=receipt.booked_minor,
        booked_currency=receipt.booked_currency,
        journal=posting.entered,
        paid_at=timezone.now(),
    )
    audit.record(actor=None, action="payments.funded", obj=sponsorship, funding=funding.pk)
    owe_returns(sponsorship)
    return funding


def follow_funding(progress: Progress) -> SponsorFunding:
    """What was paid is accepted, what is over is ended."""
    funding = SponsorFunding.objects.get(pk=progress.funding_id)
    if funding.state == "reserved":
        funding.transition_to("open", reference=progress.reference)
    if progress.receipt is not None:
        return accept_funding(receipt=progress.receipt)
    if progress.state == "ended" and funding.state == "open":
        funding.transition_to("ended")
    return funding


def look_after_funding(*, funding_id: UUID) -> None:
    """Job: ask the rail itself until the page is over. Messages from the rail are only the faster way."""
    funding = _opened(SponsorFunding.objects.select_related("sponsorship", "made_by").get(pk=funding_id))
    if funding.state == "open":
        funding = follow_funding(rail_of(funding.rail).collecting.progress(funding.reference))
    # A simulated page waits for its button for ever; nobody needs to ask after it.
    if funding.state == "open" and not rail_of(funding.rail).is_simulated:
        _look_later(funding)


def end_funding(*, funding_id: UUID) -> None:
    """Job: the budget has closed, so nobody should be able to pay into it any more."""
    funding = SponsorFunding.objects.select_related("sponsorship").get(pk=funding_id)
    if funding.state == "reserved":
        funding.transition_to("ended")
    if funding.state == "open":
        rail_of(funding.rail).collecting.end_checkout(funding.reference)
        funding = follow_funding(rail_of(funding.rail).collecting.progress(funding.reference))
    if funding.state == "open" and rail_of(funding.rail).is_simulated:
        funding.transition_to("ended")


def _look_later(funding: SponsorFunding) -> None:
    later = timezone.now() + LOOK_AFTER
    key = f"funding:{funding.pk}:{int(later.timestamp())}"
    enqueue("payments.look_after_funding", key=key, due_at=later, funding_id=funding.pk)
