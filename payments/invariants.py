"""Money that must never be false (domain.md D5, D6, D7); `manage.py audit` runs these."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce

from collective.core.invariants import invariant
from licensing.models import LicenseGrant
from licensing.selectors.ownership import upheld_claims
from payments.domain import chart
from payments.models import (
    Account,
    Entry,
    Journal,
    Order,
    Payment,
    Refund,
    Seal,
    Settlement,
    SettlementLine,
    TransferIntent,
    TransferReversal,
)
from payments.selectors.freezes import claimed_lines, frozen_entries
from payments.selectors.returned import parts_returned, returned_minor
from payments.triggers.truncate import missing_truncate_guards

SETTLED = ("paid", "partly_refunded", "refunded")


@invariant("D5", "every balance is the sum of its entries, and nobody empties the ledger's tables")
def balances_are_sums() -> Iterable[str]:
    yield from (f"guard {name} is missing" for name in missing_truncate_guards())
    sums = Account.objects.annotate(sum=Coalesce(Sum("entries__amount"), 0), count=Count("entries"))
    for account in sums.exclude(balance=F("sum"), version=F("count")):
        yield f"account {account} says {account.balance} after {account.version}, its entries say {account.sum}"


@invariant("D5", "every journal is sealed, complete, in one currency, and sums to zero")
def journals_balance() -> Iterable[str]:
    unsealed = Journal.objects.exclude(pk__in=Seal.objects.values("pk"))
    yield from (f"journal {journal} is not sealed" for journal in unsealed)
    counted = Journal.objects.annotate(sum=Coalesce(Sum("entries__amount"), 0), count=Count("entries"))
    for journal in counted.exclude(sum=0, count=F("n")):
        yield f"journal {journal} has {journal.count} of {journal.n} entries that sum to {journal.sum}"
    for entry in Entry.objects.exclude(account__currency=F("journal__currency")):
        yield f"entry {entry.pk} mixes currencies"


@invariant("D6", "what each buyer paid is fee, tax and pool, in the order, the payment and the ledger alike")
def sales_add_up() -> Iterable[str]:
    for payment in Payment.objects.select_related("order__period", "journal").iterator(chunk_size=1000):
        order = payment.order
        if payment.amount_minor != sum(order.parts.values()):
            yield f"order {order.pk}: paid {payment.amount_minor}, divided {order.parts}"
        booked = dict(payment.journal.entries.values_list("account__code", "amount"))
        for part, code in _places(order).items():
            if booked.get(code, 0) != payment.parts[part]:
                yield f"order {order.pk}: {part} is {payment.parts[part]}, the ledger says {booked.get(code, 0)}"


@invariant("D6", "refunds never pass their sale, part by part, and a full refund leaves nothing")
def refunds_add_up() -> Iterable[str]:
    touched = Q(order__refunds__isnull=False) | Q(order__state__in=["partly_refunded", "refunded"])
    for payment in Payment.objects.filter(touched).distinct().select_related("order"):
        order, back, whole = payment.order, parts_returned(payment.order), payment.parts
        is_whole = returned_minor(order) == payment.amount_minor
        if is_whole != (order.state == "refunded"):
            yield f"order {order.pk} is {order.state}: {returned_minor(order)} of {payment.amount_minor} went back"
        if any(back[part] > whole[part] for part in back) or (is_whole and back != whole):
            yield f"order {order.pk} is {order.state}: gave back {back} of {whole}"


@invariant("D6", "money back for withdrawn records is borne by the marketplace alone")
def removals_are_borne_here() -> Iterable[str]:
    for refund in Refund.objects.filter(borne_by="loss").select_related("journal"):
        legs = dict(refund.journal.entries.values_list("account__code", "amount"))
        borne = {chart.FEE: -refund.fee_minor, chart.TAX: -refund.tax_minor, chart.LOSS: -refund.pool_minor}
        others = any(code.startswith(("pool:", "period:", "c:")) for code in legs)
        if others or any(legs.get(code, 0) != amount for code, amount in borne.items()):
            yield f"refund {refund.pk} for withdrawn records was charged to {legs}"


@invariant("D6", "what a pool took in is what its payees were allotted and what it still holds")
def pools_add_up() -> Iterable[str]:
    for pool in Account.objects.filter(Q(code__startswith="pool:") | Q(code__startswith="period:")):
        lines = SettlementLine.objects.filter(settlement__pool=pool)
        posted = lines.filter(settlement__posted_at__isnull=False)
        moved = pool.entries.aggregate(
            sales=Sum("amount", filter=~Q(journal__event="settlement"), default=0),
            settled=Sum("amount", filter=Q(journal__event="settlement"), default=0),
        )
        sold = _sold_into(pool)
        allotted = posted.aggregate(sum=Sum("amount_minor", default=0))["sum"]
        unposted = Settlement.objects.filter(pool=pool, posted_at=None).exists()
        if moved["sales"] != sold or (not unposted and -moved["settled"] != allotted):
            yield f"{pool}: sold {sold}, took in {moved['sales']}, gave {-moved['settled']}, allotted {allotted}"


@invariant("D6", "every settlement divides exactly what came in since the one before")
def settlements_are_exact() -> Iterable[str]:
    for each in Settlement.objects.annotate(sum=Coalesce(Sum("lines__amount_minor"), 0)):
        if each.sum != each.amount_minor:
            yield f"settlement {each.pk} divides {each.amount_minor} into {each.sum}"


@invariant("D7", "a settled order has one payment, one sale and one license")
def orders_have_one_effect() -> Iterable[str]:
    granted = dict(LicenseGrant.objects.values_list("order_id").annotate(Count("pk")))
    for order in Order.objects.filter(state__in=[*SETTLED, "free"]):
        sales = Journal.objects.filter(key=f"sale:{order.pk}").count()
        expected = 0 if order.state == "free" else 1
        if (sales, granted.get(order.pk, 0)) != (expected, 1):
            yield f"order {order.pk} is {order.state} with {sales} sales and {granted.get(order.pk, 0)} licenses"
    unsettled = Order.objects.exclude(state__in=[*SETTLED, "free"])
    yield from (f"order {order.pk} is {order.state} and has a license" for order in unsettled.filter(pk__in=granted))


@invariant("D6", "what is in transit to a payee is what was reserved and has no answer yet")
def transits_add_up() -> Iterable[str]:
    transit = Account.objects.filter(code__startswith="c:", code__endswith=":in_transit").exclude(balance=0)
    booked = {(owner, currency): sum_ for owner, currency, sum_ in transit.values_list("owner", "currency", "balance")}
    waiting = TransferIntent.objects.filter(state="reserved").values_list("payee", "currency")
    reserved = {(payee, currency): sum_ for payee, currency, sum_ in waiting.annotate(Sum("amount_minor"))}
    for payee, currency in sorted({*booked, *reserved}, key=str):
        there, wanted = booked.get((payee, currency), 0), reserved.get((payee, currency), 0)
        if there != wanted:
            yield f"payee {payee}: {there} {currency} in transit, {wanted} reserved"


@invariant("D7", "a transfer is booked as it ended, and what came back of it as well")
def transfers_have_one_effect() -> Iterable[str]:
    ends: dict[str, set[str]] = {"reserved": set(), "failed": {":failed"}, "sent": {""}, "reversed": {""}}
    for intent in TransferIntent.objects.iterator(chunk_size=1000):
        key = f"transfer:{intent.pk}"
        keys = Journal.objects.filter(key__startswith=key).values_list("key", flat=True)
        found = {each.removeprefix(key) for each in keys}
        if found != {":reserve", *ends[intent.state]}:
            yield f"transfer {intent.pk} is {intent.state}, and booked as {sorted(found)}"
    done = TransferReversal.objects.filter(state="done").values_list("reference", flat=True)
    booked = Journal.objects.filter(event="transfer_reversal").values_list("key", flat=True)
    for reference in {f"reversal:{each}" for each in done} ^ set(booked):
        yield f"{reference} is booked, or was done, and not both"


@invariant("D6", "nothing that an upheld claim covers was released after it was upheld")
def claimed_is_not_released() -> Iterable[str]:
    for claim in upheld_claims():
        upheld = claim.events.get(kind="upheld")
        late = Settlement.objects.filter(released_at__gte=upheld.at, lines__in=claimed_lines(claim)).distinct()
        yield from (f"settlement {each.pk} was released although claim {claim.pk} was upheld" for each in late)
    frozen = Entry.objects.filter(frozen_entries())
    held = Account.objects.filter(entries__in=frozen).distinct()
    for account in held:
        free = account.entries.filter(amount__gt=0).exclude(pk__in=frozen.values("pk"))
        most = free.aggregate(sum=Sum("amount", default=0))["sum"]
        released = -account.entries.filter(journal__event="release").aggregate(sum=Sum("amount", default=0))["sum"]
        if released > most:
            yield f"{account} released {released}, and only {most} of it is not frozen"


def _places(order: Order) -> dict[str, str]:
    return {"fee": chart.FEE, "tax": chart.TAX, "pool": order.pool_account}


def _sold_into(pool: Account) -> int:
    """Sales less refunds, from the payments."""
    kind, _, key = pool.code.partition(":")
    mine = Q(order=UUID(key)) if kind == "period" else Q(order__version_id=UUID(key), order__period=None)
    payments = Payment.objects.filter(mine, booked_currency=pool.currency).select_related("order")
    sold = sum(payment.parts["pool"] for payment in payments)
    standing = Refund.objects.standing().filter(order__payment__in=payments, borne_by="pool")
    back: int = standing.aggregate(sum=Sum("pool_minor", default=0))["sum"]
    return sold - back
