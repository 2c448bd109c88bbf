"""A bank takes back money that paid no order: what funded a budget, or what no order could take.

In suspense at once. A budget keeps so much back while it is open, and gives it when it is lost; what was spent by then
its sponsor owes. Licenses that it paid stay, and whoever earned by them keeps what they earned.
"""

from django.db import transaction
from django.utils import timezone

from collective.core import audit
from collective.core.domain.money import Money, currency_of
from payments.domain import chart
from payments.domain.conversion import booked_after
from payments.gateways.facts import Disputed
from payments.gateways.rails import rail_of
from payments.models import SideDispute, SponsorFunding, Sponsorship, UnappliedPayment
from payments.services.finance import open_task
from payments.services.ledger import post
from payments.services.sponsor_returns import owe_returns, send_waiting_returns, taken_from

OVER = ("won", "lost")


@transaction.atomic
def follow_side_dispute(*, paid: SponsorFunding | UnappliedPayment, told: Disputed) -> SideDispute:
    """Bring our row to where the rail's is, through every step that was missed. Twice is once."""
    if isinstance(paid, SponsorFunding):
        Sponsorship.objects.select_for_update(no_key=True).get(pk=paid.sponsorship_id)
        about: dict[str, SponsorFunding | UnappliedPayment] = {"funding": paid}
    else:
        about = {"unapplied": UnappliedPayment.objects.select_for_update(no_key=True).get(pk=paid.pk)}
    dispute, _ = SideDispute.objects.get_or_create(
        rail=paid.rail, reference=told.reference, defaults={**about, "amount_minor": told.amount_minor}
    )
    if dispute.state in ("inquiry", "closed") and told.state in ("open", *OVER):
        _open(dispute, told)
    if dispute.state == "open" and told.state in OVER:
        _decide(dispute, told)
    if dispute.state == "inquiry" and told.state == "closed":
        dispute.transition_to("closed", closed_at=timezone.now())
    return dispute


def _open(dispute: SideDispute, told: Disputed) -> None:
    paid, step = dispute.paid, currency_of(dispute.currency).charge_step
    booked = booked_after(paid.amount_minor, paid.booked_minor, told.amount_minor, step)
    booked = booked if told.settled_minor is None else told.settled_minor
    dispute.transition_to(
        "open", amount_minor=told.amount_minor, booked_minor=booked, fee_minor=told.fee_minor, closed_at=None
    )
    _post(dispute, "opened", {chart.SUSPENSE: -booked}, booked)
    _post(dispute, "fee", {chart.DISPUTE_FEES: -told.fee_minor}, told.fee_minor)
    audit.record(actor=None, action="payments.side_dispute_opened", obj=paid, reference=dispute.reference)
    facts = {"amount": str(Money(told.amount_minor, told.currency))}
    if dispute.funding is not None:
        facts["sponsorship"] = str(dispute.funding.sponsorship_id)
    order = dispute.unapplied.order if dispute.unapplied else None
    open_task(key=f"dispute:{dispute.reference}", kind="dispute", order=order, facts=facts)


def _decide(dispute: SideDispute, told: Disputed) -> None:
    dispute.transition_to(told.state, closed_at=timezone.now())
    given_back = dispute.fee_minor - told.fee_minor
    _post(dispute, "fee-back", {chart.DISPUTE_FEES: given_back}, -given_back)
    if told.state == "won":
        _post(dispute, "won", {chart.SUSPENSE: dispute.booked_minor}, -dispute.booked_minor)
    elif dispute.funding is not None:
        _lose_funding(dispute, dispute.funding.sponsorship)
    elif dispute.unapplied is not None:
        _lose_unapplied(dispute, dispute.unapplied)
    if dispute.funding is not None:
        owe_returns(dispute.funding.sponsorship)
        send_waiting_returns(dispute.funding.sponsorship, f"dispute:{dispute.reference}")
    audit.record(
        actor=None, action=f"payments.side_dispute_{told.state}", obj=dispute.paid, reference=dispute.reference
    )


def _lose_funding(dispute: SideDispute, sponsorship: Sponsorship) -> None:
    taken = taken_from(sponsorship, dispute.currency, dispute.booked_minor)
    _post(dispute, "lost", {chart.SUSPENSE: dispute.booked_minor, **taken}, 0)
    if owed := -taken[chart.sponsor_owed_code(sponsorship.pk)]:
        facts = {"sponsorship": str(sponsorship.pk), "owes": str(Money(owed, dispute.currency))}
        open_task(key=f"sponsor-owes:{dispute.reference}", kind="difference", facts=facts)


def _lose_unapplied(dispute: SideDispute, kept: UnappliedPayment) -> None:
    """The bank has given it back. What we had sent back as well is lost."""
    left = 0 if kept.state == "returned" else min(kept.booked_minor, dispute.booked_minor)
    rest = left - dispute.booked_minor
    legs = {chart.SUSPENSE: dispute.booked_minor, chart.UNAPPLIED: -left, chart.LOSS: rest}
    _post(dispute, "lost", legs, 0)
    if left == kept.booked_minor:
        kept.transition_to("returned")


def _post(dispute: SideDispute, step: str, legs: dict[str, int], cash: int) -> None:
    key = f"dispute:{dispute.reference}:{step}"
    legs = {**legs, rail_of(dispute.rail).balance_account: cash}
    post(key=key, event=f"dispute_{step}", currency=dispute.currency, legs=legs, source=dispute.reference)
