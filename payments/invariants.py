"""Money that must never be false (domain.md D5, D6, D7); `manage.py audit` runs these."""

from collections import Counter
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
    Coupon,
    Entry,
    Journal,
    Order,
    Payment,
    Refund,
    Seal,
    Settlement,
    SettlementLine,
    SponsoredOrder,
    SponsorFunding,
    SponsorReturn,
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


@invariant("D7", "a coupon is in use as often as orders hold it")
def coupons_are_counted() -> Iterable[str]:
    held = Count("orders", filter=~Q(orders__state__in=["cancelled", "expired"]))
    for coupon in Coupon.objects.annotate(held=held).exclude(uses=F("held")):
        yield f"coupon {coupon.pk} counts {coupon.uses} uses, {coupon.held} orders hold it"


@invariant("D6", "a budget holds what was funded, less what was spent and returned, with what was refunded")
def budgets_add_up() -> Iterable[str]:
    accounts = {(row.code, row.currency): row for row in Account.objects.filter(code__startswith="sponsor:")}
    expected: Counter[tuple[str, str]] = Counter(dict.fromkeys(accounts, 0))
    for funding in SponsorFunding.objects.filter(state="paid").select_related("sponsorship"):
        expected[funding.sponsorship.account, funding.booked_currency] += funding.booked_minor
    for back in SponsorReturn.objects.filter(state="done").select_related("funding__sponsorship"):
        expected[back.funding.sponsorship.account, back.funding.booked_currency] -= back.booked_minor
    for spent in SponsoredOrder.objects.select_related("order__payment", "sponsorship"):
        payment = spent.order.payment
        refunds = Refund.objects.standing().filter(order=spent.order_id)
        refunded: int = refunds.aggregate(sum=Sum("booked_minor", default=0))["sum"]
        expected[spent.sponsorship.account, payment.booked_currency] += refunded - payment.booked_minor
    for place, sum_ in expected.items():
        holds = accounts[place].balance if place in accounts else 0
        if holds != sum_:
            yield f"{place[0]} {place[1]} holds {holds}, its rows say {sum_}"


@invariant("D7", "what a budget paid is one order of a researcher whom its sponsor approved")
def sponsored_are_approved() -> Iterable[str]:
    sold = set(Payment.objects.filter(rail="sponsorship").values_list("order_id", flat=True))
    noted = SponsoredOrder.objects.select_related("order", "approval")
    yield from (f"order {pk} was paid by no known budget" for pk in sold - {each.pk for each in noted})
    for each in noted:
        if each.pk not in sold or each.approval.sponsorship_id != each.sponsorship_id:
            yield f"order {each.pk} was not paid from the budget {each.sponsorship_id}"
        if each.approval.researcher_id != each.order.licensee_id:
            yield f"order {each.pk} was paid for {each.approval.researcher_id}, whose license it is not"


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
