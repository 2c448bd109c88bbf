"""What a budget does not need any more goes back to who funded it, by the rail that it came by."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from collective.core import audit
from collective.core.jobs import enqueue
from payments.domain import chart
from payments.errors import RailRefusedError
from payments.gateways.facts import Returned
from payments.gateways.rails import rail_of
from payments.models import Account, SponsorFunding, SponsorReturn, Sponsorship
from payments.selectors.sponsoring import budget_minor, spendable_minor
from payments.services.finance import open_task
from payments.services.ledger import post

# A rail forgets a key after a day; well before that it is asked whether it did it already.
ASK_FIRST_AFTER = timedelta(hours=12)
# What is on its way, and what a person has to find another way for.
PENDING = ("reserved", "refused", "failed")


def owe_returns(sponsorship: Sponsorship) -> None:
    """Under the lock of its row: what could not be used goes back whole, and of a closed budget what is left.

    The newest funding first: its payment can be refunded for longest.
    """
    fundings = sponsorship.fundings.filter(state="paid").order_by("-paid_at", "-id")
    for funding in fundings:
        if not funding.is_usable and not funding.returns.exists():
            _owe(funding, funding.amount_minor, funding.booked_minor)
    if sponsorship.state != "closed":
        return
    rest = spendable_minor(sponsorship) - _promised(sponsorship)
    for funding in fundings:
        part = min(rest, _left(funding)) if funding.is_usable else 0
        if part > 0:
            _owe(funding, part, part)
            rest -= part


def _promised(sponsorship: Sponsorship) -> int:
    pending = SponsorReturn.objects.filter(
        funding__sponsorship=sponsorship, funding__booked_currency=sponsorship.currency, state__in=PENDING
    )
    promised: int = pending.aggregate(sum=Sum("booked_minor", default=0))["sum"]
    return promised


def _left(funding: SponsorFunding) -> int:
    """What neither went back, nor may be at the sponsor's bank already."""
    given: int = funding.returns.aggregate(sum=Sum("amount_minor", default=0))["sum"]
    disputed = funding.disputes.filter(state__in=["open", "lost"])
    taken: int = disputed.aggregate(sum=Sum("amount_minor", default=0))["sum"]
    return funding.amount_minor - given - taken


def _owe(funding: SponsorFunding, amount_minor: int, booked_minor: int) -> None:
    owed = SponsorReturn.objects.create(funding=funding, amount_minor=amount_minor, booked_minor=booked_minor)
    _send_soon(owed, "")
    audit.record(actor=None, action="payments.sponsor_return_owed", obj=owed, amount_minor=amount_minor)


def _send_soon(owed: SponsorReturn, again: str) -> None:
    key = f"sponsor-return:{owed.pk}:{again}".removesuffix(":")
    enqueue("payments.send_sponsor_return", key=key, return_id=owed.pk)


def send_waiting_returns(sponsorship: Sponsorship, why: str) -> None:
    """In the caller's transaction, once per `why`: what a bank might have taken is decided."""
    for owed in SponsorReturn.objects.filter(funding__sponsorship=sponsorship, state="reserved"):
        _send_soon(owed, why)


def taken_from(sponsorship: Sponsorship, currency: str, amount_minor: int) -> dict[str, int]:
    """Legs, under the lock of its row, of what went back to the sponsor: from the budget; what is spent, they owe."""
    taken = min(amount_minor, budget_minor(sponsorship, currency))
    return {sponsorship.account: -taken, chart.sponsor_owed_code(sponsorship.pk): taken - amount_minor}


def given_back_to(sponsorship_id: UUID, currency: str, amount_minor: int) -> dict[str, int]:
    """Legs of what comes back to a budget: what its sponsor owes is paid with it first. Its row is locked."""
    sponsorship = Sponsorship.objects.select_for_update(no_key=True).get(pk=sponsorship_id)
    code = chart.sponsor_owed_code(sponsorship_id)
    debt = Account.objects.filter(code=code, currency=currency).first()
    repaid = min(amount_minor, -debt.balance) if debt else 0
    return {sponsorship.account: amount_minor - repaid, code: repaid}


def send_sponsor_return(*, return_id: UUID) -> SponsorReturn:
    """Job: ask the rail, outside of any transaction, and book its answer. Twice is once.

    What a bank may take waits until it has decided; what it has taken does not go back a second time.
    """
    owed = SponsorReturn.objects.select_related("funding__sponsorship").get(pk=return_id)
    sponsorship, currency = owed.funding.sponsorship, owed.funding.booked_currency
    if owed.state != "reserved":
        return owed
    if owed.booked_minor > budget_minor(sponsorship, currency):
        return _refused(owed, "The budget does not hold it any more.")
    if owed.booked_minor > spendable_minor(sponsorship, currency):
        return owed
    funding, key = owed.funding, str(owed.pk)
    collecting = rail_of(funding.rail).collecting
    is_old = timezone.now() - owed.created_at > ASK_FIRST_AFTER
    back = collecting.find_refund(payment=funding.payment, key=key) if is_old else None
    try:
        back = back or collecting.refund(
            payment=funding.payment,
            amount_minor=owed.amount_minor,
            currency=funding.sponsorship.currency,
            key=key,
        )
    except RailRefusedError as refusal:
        return _refused(owed, refusal.message)
    record_sponsor_return(funding=funding, back=back)
    owed.refresh_from_db()
    return owed


@transaction.atomic
def record_sponsor_return(*, funding: SponsorFunding, back: Returned) -> SponsorReturn | None:
    """Once per refund of the rail, whoever sent it, however often we hear of it. None: it failed before it counted."""
    sponsorship = Sponsorship.objects.select_for_update(no_key=True).get(pk=funding.sponsorship_id)
    known = SponsorReturn.objects.filter(reference=back.reference).first()
    if known is not None:
        return _failed(known) if back.has_failed else known
    owed = SponsorReturn.objects.filter(pk=back.key, funding=funding).first() if back.key else None
    if back.has_failed:
        return None if owed is None else _refused(owed, "The payment service could not send it.")
    return _book(funding, sponsorship, back, owed)


def _book(
    funding: SponsorFunding, sponsorship: Sponsorship, back: Returned, owed: SponsorReturn | None
) -> SponsorReturn:
    """What somebody sent back at the rail may be spent already: then the sponsor owes it."""
    given = owed.booked_minor if owed else (back.settled_minor or back.amount_minor)
    cash = given if back.settled_minor is None else back.settled_minor
    taken = taken_from(sponsorship, funding.booked_currency, given)
    legs = {rail_of(funding.rail).balance_account: cash, chart.FX: given - cash, **taken}
    key = f"sponsor-return:{back.reference}"
    posting = post(key=key, event="sponsor_return", currency=funding.booked_currency, legs=legs, source=back.reference)
    journal = posting.entered
    if owed is None:
        owed = SponsorReturn(funding=funding, amount_minor=back.amount_minor, booked_minor=given)
        owed.state, owed.journal, owed.reference = "done", journal, back.reference
        owed.save(force_insert=True)
    else:
        owed.transition_to("done", journal=journal, reference=back.reference)
    audit.record(actor=None, action="payments.sponsor_returned", obj=owed, amount_minor=back.amount_minor)
    if -taken[sponsorship.account] < given:
        open_task(key=f"sponsor-return:{owed.pk}", kind="difference", facts={"sponsorship": str(sponsorship.pk)})
    return owed


def _failed(owed: SponsorReturn) -> SponsorReturn:
    """The money came back to us: the journal is reversed, once, and a person finds another way to the sponsor."""
    if owed.state != "done" or owed.journal is None:
        return owed
    journal, sponsorship = owed.journal, owed.funding.sponsorship
    moved = {entry.account.code: -entry.amount for entry in journal.entries.select_related("account")}
    back = sum(moved.pop(code, 0) for code in (sponsorship.account, chart.sponsor_owed_code(sponsorship.pk)))
    legs = moved | given_back_to(sponsorship.pk, journal.currency, back)
    key = f"{journal.key}:failed"
    post(
        key=key,
        event="sponsor_return_failed",
        currency=journal.currency,
        legs=legs,
        reverses=journal,
        source=journal.source,
    )
    owed.transition_to("failed")
    open_task(key=f"sponsor-return:{owed.pk}", kind="refund_failed", facts={"return": str(owed.pk)})
    return owed


@transaction.atomic
def _refused(owed: SponsorReturn, said: str) -> SponsorReturn:
    if owed.state == "reserved":
        owed.transition_to("refused", refusal=said[:300])
        facts = {"return": str(owed.pk), "said": said}
        open_task(key=f"sponsor-return:{owed.pk}", kind="refund_refused", facts=facts)
    return owed
