"""Money that must never be false (domain.md D5, D6, D7); `manage.py audit` runs these."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce

from collective.core.invariants import invariant
from licensing.models import LicenseGrant
from licensing.selectors.ownership import upheld_claims
from payments.domain import chart
from payments.domain.inclusion import merkle_root, statement_leaf
from payments.domain.statement import sha256_of
from payments.models import Account, Entry, Journal, Order, Refund, Seal, Settlement, SettlementLine
from payments.selectors.freezes import claimed_lines, frozen_entries
from payments.selectors.statements import issued_periods
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
    for order in Order.objects.filter(state__in=SETTLED).select_related("payment__journal"):
        if order.payment.amount_minor != sum(order.parts.values()):
            yield f"order {order.pk}: paid {order.payment.amount_minor}, divided {order.parts}"
        booked = dict(order.payment.journal.entries.values_list("account__code", "amount"))
        for part, code in _places(order).items():
            if booked.get(code, 0) != order.parts[part]:
                yield f"order {order.pk}: {part} is {order.parts[part]}, the ledger says {booked.get(code, 0)}"


@invariant("D6", "refunds never pass their sale, part by part, and a full refund leaves nothing")
def refunds_add_up() -> Iterable[str]:
    sums = {f"{part}_back": Sum(f"refunds__{part}_minor", default=0) for part in ("tax", "fee", "pool")}
    for order in Order.objects.filter(Q(state__in=SETTLED) | Q(refunds__isnull=False)).annotate(**sums):
        back = {part: getattr(order, f"{part}_back") for part in order.parts}
        if any(back[part] > order.parts[part] for part in back) or (order.state == "refunded" and back != order.parts):
            yield f"order {order.pk} is {order.state}: gave back {back} of {order.parts}"


@invariant("D6", "money back for withdrawn records is borne by the marketplace alone")
def removals_are_borne_here() -> Iterable[str]:
    for refund in Refund.objects.filter(removal__isnull=False).select_related("journal"):
        legs = dict(refund.journal.entries.values_list("account__code", "amount"))
        cash = sum(amount for code, amount in legs.items() if code not in {chart.FEE, chart.TAX, chart.LOSS})
        borne = {chart.FEE: -refund.fee_minor, chart.TAX: -refund.tax_minor, chart.LOSS: -refund.pool_minor}
        others = any(code.startswith(("pool:", "period:", "c:")) for code in legs)
        if others or cash != refund.amount_minor or any(legs.get(code, 0) != amount for code, amount in borne.items()):
            yield f"refund {refund.pk} for withdrawn records was charged to {legs}"
    for account in Account.objects.filter(code=chart.LOSS):
        kept = Refund.objects.filter(removal__isnull=False, order__currency=account.currency)
        if account.balance != -kept.aggregate(sum=Sum("pool_minor", default=0))["sum"]:
            yield f"{account} is {account.balance}, and the refunds that it bears say otherwise"


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


@invariant("D5", "every statement is what was hashed, and all of an issue are under its root")
def statements_stand() -> Iterable[str]:
    for period in issued_periods().order_by("month", "currency", "revision"):
        leaves = []
        for statement in period.statements.order_by("position").iterator(chunk_size=500):
            leaves.append(statement_leaf(statement.sha256))
            if sha256_of(statement.body) != statement.sha256 or statement.position != len(leaves) - 1:
                yield f"statement {statement} is not the one that was issued"
        if merkle_root(leaves) != period.root_sha256:
            yield f"the statements of {period} are not under its root"


def _places(order: Order) -> dict[str, str]:
    return {"fee": chart.FEE, "tax": chart.TAX, "pool": order.pool_account}


def _sold_into(pool: Account) -> int:
    """Sales less refunds, from the orders."""
    kind, _, key = pool.code.partition(":")
    mine = Q(pk=UUID(key)) if kind == "period" else Q(version_id=UUID(key), period=None)
    orders = Order.objects.filter(mine, currency=pool.currency, state__in=SETTLED)
    sold: int = orders.aggregate(sum=Sum("pool_minor", default=0))["sum"]
    from_pool = Q(refunds__removal=None)
    back: int = orders.aggregate(sum=Sum("refunds__pool_minor", filter=from_pool, default=0))["sum"]
    return sold - back
