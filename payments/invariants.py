"""Money that must never be false (domain.md D5, D6, D7); `manage.py audit` runs these."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar
from uuid import UUID

from django.db.models import Count, Exists, F, Max, Model, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from collective.core.invariants import invariant
from licensing.models import LicenseGrant
from licensing.selectors.ownership import upheld_claims
from payments.domain import chart
from payments.domain.inclusion import merkle_root, statement_leaf
from payments.domain.statement import sha256_of
from payments.models import (
    Account,
    Coupon,
    Dispute,
    Entry,
    Invoice,
    Journal,
    Order,
    Payment,
    Refund,
    ReleasedPart,
    Seal,
    Settlement,
    SettlementLine,
    SideDispute,
    SponsoredOrder,
    SponsorFunding,
    SponsorReturn,
    TransferIntent,
    TransferReversal,
)
from payments.selectors.freezes import claimed_entries, frozen_entries
from payments.selectors.returned import parts_returned, returned_minor
from payments.selectors.statements import issued_periods
from payments.triggers.truncate import missing_truncate_guards

SETTLED = ("paid", "partly_refunded", "refunded")
ROWS_AT_ONCE = 1000
Row = TypeVar("Row", bound=Model)


@invariant("D5", "every balance is the sum of its entries, and nobody empties the ledger's tables")
def balances_are_sums() -> Iterable[str]:
    yield from (f"guard {name} is missing" for name in missing_truncate_guards())
    sums = Account.objects.annotate(sum=Coalesce(Sum("entries__amount"), 0), count=Count("entries"))
    for account in sums.exclude(balance=F("sum"), version=F("count")):
        yield f"account {account} says {account.balance} after {account.version}, its entries say {account.sum}"


@invariant("D5", "every journal is sealed, complete, in one currency, and sums to zero")
def journals_balance() -> Iterable[str]:
    unsealed = Journal.objects.exclude(Exists(Seal.objects.filter(pk=OuterRef("pk"))))
    yield from (f"journal {journal} is not sealed" for journal in unsealed)
    counted = Journal.objects.annotate(sum=Coalesce(Sum("entries__amount"), 0), count=Count("entries"))
    for journal in counted.exclude(sum=0, count=F("n")):
        yield f"journal {journal} has {journal.count} of {journal.n} entries that sum to {journal.sum}"
    for entry in Entry.objects.exclude(account__currency=F("journal__currency")):
        yield f"entry {entry.pk} mixes currencies"


@invariant("D6", "what each buyer paid is fee, tax and pool, in the order, the payment and the ledger alike")
def sales_add_up() -> Iterable[str]:
    for payments in _pages(Payment.objects.select_related("order__period")):
        booked = _legs_of([payment.journal_id for payment in payments])
        for payment in payments:
            yield from _false_sale(payment, booked[payment.journal_id])


def _false_sale(payment: Payment, booked: dict[str, int]) -> Iterable[str]:
    order = payment.order
    if payment.amount_minor != sum(order.parts.values()):
        yield f"order {order.pk}: paid {payment.amount_minor}, divided {order.parts}"
    for part, code in _places(order).items():
        if booked.get(code, 0) != payment.parts[part]:
            yield f"order {order.pk}: {part} is {payment.parts[part]}, the ledger says {booked.get(code, 0)}"


@invariant("D6", "what open invoices ask for is claimed from their organizations and deferred, and nothing else is")
def claims_add_up() -> Iterable[str]:
    asked: dict[tuple[str, str], int] = defaultdict(int)
    for invoice in Invoice.objects.filter(state="open").select_related("order"):
        order = invoice.order
        asked[chart.receivable_code(order.licensee_id), order.currency] -= order.total_minor
        asked[chart.DEFERRED, order.currency] += order.total_minor
    claims = Account.objects.filter(Q(code__startswith="receivable:") | Q(code=chart.DEFERRED))
    booked = {
        (code, currency): balance for code, currency, balance in claims.values_list("code", "currency", "balance")
    }
    for place in asked.keys() | booked.keys():
        if asked.get(place, 0) != booked.get(place, 0):
            yield f"{place}: open invoices ask for {asked.get(place, 0)}, the ledger says {booked.get(place, 0)}"


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
    for refunds in _pages(Refund.objects.filter(borne_by="loss")):
        booked = _legs_of([refund.journal_id for refund in refunds])
        yield from (text for refund in refunds for text in _false_removal(refund, booked[refund.journal_id]))


def _false_removal(refund: Refund, legs: dict[str, int]) -> Iterable[str]:
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
    one_before = Settlement.objects.filter(pool=OuterRef("pool"), n=OuterRef("n") - 1).values("net_minor")
    every = Settlement.objects.annotate(one_before=Coalesce(Subquery(one_before), 0))
    for later in every.exclude(before_minor=F("one_before")):
        yield f"settlement {later.pk} begins at {later.before_minor}, the one before ended at {later.one_before}"
    summed = Settlement.objects.annotate(sum=Coalesce(Sum("lines__amount_minor"), 0))
    # Opened by a worker that has not stored its lines yet.
    beginning = Q(sum=0, posted_at=None)
    for each in summed.exclude(beginning).exclude(sum=F("net_minor") - F("before_minor")):
        yield f"settlement {each.pk} divides {each.amount_minor} into {each.sum}"


@invariant("D7", "a settled order has one payment, one sale and one license")
def orders_have_one_effect() -> Iterable[str]:
    for orders in _pages(Order.objects.filter(state__in=[*SETTLED, "free"])):
        sales_of = Journal.objects.filter(key__in=[f"sale:{order.pk}" for order in orders])
        grants_of = LicenseGrant.objects.filter(order_id__in=[order.pk for order in orders])
        sold = set(sales_of.values_list("key", flat=True))
        granted = dict(grants_of.values_list("order_id").annotate(Count("pk")))
        for order in orders:
            sales, expected = int(f"sale:{order.pk}" in sold), 0 if order.state == "free" else 1
            if (sales, granted.get(order.pk, 0)) != (expected, 1):
                yield f"order {order.pk} is {order.state} with {sales} sales and {granted.get(order.pk, 0)} licenses"
    unsettled = Order.objects.exclude(state__in=[*SETTLED, "free"])
    licensed = unsettled.filter(Exists(LicenseGrant.objects.filter(order_id=OuterRef("pk"))))
    yield from (f"order {order.pk} is {order.state} and has a license" for order in licensed)


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
    for intents in _pages(TransferIntent.objects.all()):
        wanted = [f"transfer:{intent.pk}{end}" for intent in intents for end in ("", ":reserve", ":failed")]
        booked = set(Journal.objects.filter(key__in=wanted).values_list("key", flat=True))
        for intent in intents:
            key = f"transfer:{intent.pk}"
            found = {each for each in ("", ":reserve", ":failed") if key + each in booked}
            if found != {":reserve", *ends[intent.state]}:
                yield f"transfer {intent.pk} is {intent.state}, and booked as {sorted(found)}"
    done = TransferReversal.objects.filter(state="done").values_list("reference", flat=True)
    back = Journal.objects.filter(event="transfer_reversal").values_list("key", flat=True)
    for reference in sorted({f"reversal:{each}" for each in done} ^ set(back)):
        yield f"{reference} is booked, or was done, and not both"


@invariant("D6", "nothing is released before its hold is over, and nothing twice")
def released_is_mature() -> Iterable[str]:
    settlement = "entries__journal__settlement_posting__settlement"
    last = Journal.objects.filter(event="release").aggregate(at=Max("created_at"))["at"]
    if last is None:
        return
    over = Q(**{f"{settlement}__release_at__lte": last}) | Q(**{settlement: None})
    mature = Sum("entries__amount", filter=over & Q(entries__amount__gt=0), default=0)
    released = Sum("entries__amount", filter=Q(entries__journal__event="release"), default=0)
    held = Account.objects.filter(code__endswith=":held").annotate(mature=mature, released=-released)
    for account in held.filter(released__gt=F("mature")).iterator(ROWS_AT_ONCE):
        yield f"{account} released {account.released}, and only {account.mature} of it was over its hold"


@invariant("D6", "nothing that an upheld claim covers was released after it was upheld")
def claimed_is_not_released() -> Iterable[str]:
    for claim in upheld_claims():
        upheld = claim.events.get(kind="upheld")
        late = ReleasedPart.objects.filter(entry__in=claimed_entries(claim).values("pk"), released_at__gte=upheld.at)
        yield from (f"entry {each.entry_id} was released although claim {claim.pk} was upheld" for each in late)
    covered = frozen_entries().filter(amount__gt=0).values_list("account")
    frozen = dict(covered.annotate(Sum("left")))
    earned = Sum("entries__amount", filter=Q(entries__amount__gt=0), default=0)
    paid = Sum("entries__amount", filter=Q(entries__journal__event="release"), default=0)
    for account in Account.objects.filter(pk__in=frozen).annotate(earned=earned, released=-paid):
        most = account.earned - frozen[account.pk]
        if account.released > most:
            yield f"{account} released {account.released}, and only {most} of it is not frozen"


def _pages(rows: "QuerySet[Row]") -> Iterator[list[Row]]:
    """All of them in memory could be too many, and one question for each of them takes too long."""
    everything = rows.order_by("pk").iterator(ROWS_AT_ONCE)
    yield from iter(lambda: list(islice(everything, ROWS_AT_ONCE)), [])


def _legs_of(journals: list[UUID]) -> dict[UUID, dict[str, int]]:
    found: dict[UUID, dict[str, int]] = {journal: {} for journal in journals}
    entries = Entry.objects.filter(journal__in=journals)
    for journal, code, amount in entries.values_list("journal_id", "account__code", "amount"):
        found[journal][code] = amount
    return found


@invariant("D7", "a coupon is in use as often as orders hold it")
def coupons_are_counted() -> Iterable[str]:
    held = Count("orders", filter=~Q(orders__state__in=["cancelled", "expired"]))
    for coupon in Coupon.objects.annotate(held=held).exclude(uses=F("held")):
        yield f"coupon {coupon.pk} counts {coupon.uses} uses, {coupon.held} orders hold it"


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


@invariant(
    "D6", "a budget holds what was funded and refunded, less what was spent, returned and lost, or its sponsor owes it"
)
def budgets_add_up() -> Iterable[str]:
    holds: Counter[tuple[str, str]] = Counter()
    for row in Account.objects.filter(code__startswith="sponsor:"):
        holds[row.code.removesuffix(chart.OWED), row.currency] += row.balance
    expected: Counter[tuple[str, str]] = Counter(dict.fromkeys(holds, 0))
    for funding in SponsorFunding.objects.filter(state="paid").select_related("sponsorship"):
        expected[funding.sponsorship.account, funding.booked_currency] += funding.booked_minor
    for back in SponsorReturn.objects.filter(state="done").select_related("funding__sponsorship"):
        expected[back.funding.sponsorship.account, back.funding.booked_currency] -= back.booked_minor
    for spent in SponsoredOrder.objects.select_related("order__payment", "sponsorship"):
        payment = spent.order.payment
        refunds = Refund.objects.standing().filter(order=spent.order_id)
        refunded: int = refunds.aggregate(sum=Sum("booked_minor", default=0))["sum"]
        expected[spent.sponsorship.account, payment.booked_currency] += refunded - payment.booked_minor
    expected.subtract(_lost_by_budgets())
    for place, sum_ in expected.items():
        if holds[place] != sum_:
            yield f"{place[0]} {place[1]} holds {holds[place]}, its rows say {sum_}"


def _lost_by_budgets() -> "Counter[tuple[str, str]]":
    lost: Counter[tuple[str, str]] = Counter()
    for dispute in SideDispute.objects.filter(state="lost").select_related("funding__sponsorship"):
        if dispute.funding is not None:
            lost[dispute.funding.sponsorship.account, dispute.currency] += dispute.booked_minor
    return lost


@invariant("D6", "what banks took back is in suspense until they have decided, and no longer")
def suspense_adds_up() -> Iterable[str]:
    waiting: Counter[str] = Counter()
    for dispute in Dispute.objects.filter(state="open").select_related("order__payment"):
        waiting[dispute.order.payment.booked_currency] += dispute.booked_minor
    for side in SideDispute.objects.filter(state="open").select_related("funding", "unapplied"):
        waiting[side.currency] += side.booked_minor
    for account in Account.objects.filter(code=chart.SUSPENSE):
        if -account.balance != waiting[account.currency]:
            yield f"{account} holds {-account.balance}, open disputes are about {waiting[account.currency]}"


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
    payments = Payment.objects.filter(mine, booked_currency=pool.currency)
    as_paid = payments.filter(currency=pool.currency).aggregate(sum=Sum("order__pool_minor", default=0))["sum"]
    changed = payments.exclude(currency=pool.currency).select_related("order")
    sold: int = as_paid + sum(payment.parts["pool"] for payment in changed)
    standing = Refund.objects.standing().filter(order__payment__in=payments, borne_by="pool")
    back: int = standing.aggregate(sum=Sum("pool_minor", default=0))["sum"]
    return sold - back
