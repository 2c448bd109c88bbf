"""The chart of accounts: what kind each code is, whose it is, and in which direction it may never go.

Credit is positive, debit negative: an asset's balance is negative, a debt of ours positive.
"""

import re
from dataclasses import dataclass
from uuid import UUID

ASSET, LIABILITY, REVENUE, EXPENSE, EQUITY = "AS", "LI", "RE", "EX", "EQ"
EMBEDDED_CASH = "embedded:balance"
STRIPE_CASH = "stripe:balance"
CASH_SUFFIX = ":balance"
# What the rail has sent on to the marketplace's own bank.
BANK = "bank"
FEE = "fee"
TAX = "tax"
LOSS = "platform:loss"
# What the rail keeps for a payment, and what a buyer's bank takes for a dispute.
RAIL_FEES = "stripe:fees"
DISPUTE_FEES = "dispute:fees"
# A payment that a buyer's bank has taken back until the dispute is decided.
SUSPENSE = "dispute:suspense"
# What a change between currencies gained or cost.
FX = "fx"
# Money that arrived and that no order could take.
UNAPPLIED = "unapplied"
# What invoices ask for, until they are paid.
DEFERRED = "deferred:invoice"
# Ends the name of what a sponsor has to give us: what went back to them and was spent already.
OWED = ":owed"
# Shares that nobody claimed in the time that the law gives. Never an income.
UNCLAIMED = "unclaimed"


@dataclass(frozen=True)
class AccountRule:
    kind: str
    may_go_debit: bool
    may_go_credit: bool


_RULES = {
    # Simulated cash can run out; it cannot be less than nothing.
    re.compile(r"embedded:balance"): AccountRule(ASSET, may_go_debit=True, may_go_credit=False),
    # A real balance can: refunds and disputes come when they come.
    re.compile(r"stripe:balance"): AccountRule(ASSET, may_go_debit=True, may_go_credit=True),
    re.compile(r"bank"): AccountRule(ASSET, may_go_debit=True, may_go_credit=True),
    re.compile(r"dispute:suspense"): AccountRule(ASSET, may_go_debit=True, may_go_credit=False),
    re.compile(r"receivable:[0-9a-f-]{36}"): AccountRule(ASSET, may_go_debit=True, may_go_credit=False),
    re.compile(r"deferred:invoice|unapplied|unclaimed"): AccountRule(LIABILITY, may_go_debit=False, may_go_credit=True),
    # What an organization put aside for the licenses of researchers; it cannot pay more than it holds.
    re.compile(r"sponsor:[0-9a-f-]{36}"): AccountRule(LIABILITY, may_go_debit=False, may_go_credit=True),
    re.compile(r"sponsor:[0-9a-f-]{36}:owed"): AccountRule(ASSET, may_go_debit=True, may_go_credit=False),
    # Expenses; a rail may give a fee back, so that they can pass zero for a moment.
    re.compile(r"(stripe|dispute):fees|fx"): AccountRule(EXPENSE, may_go_debit=True, may_go_credit=True),
    re.compile(r"fee"): AccountRule(REVENUE, may_go_debit=True, may_go_credit=True),
    re.compile(r"tax"): AccountRule(LIABILITY, may_go_debit=True, may_go_credit=True),
    # What the marketplace bears itself. It never becomes an income.
    re.compile(r"platform:loss"): AccountRule(EXPENSE, may_go_debit=True, may_go_credit=False),
    # A pool owes nobody less than nothing, except between a refund and the settlement that follows it.
    re.compile(r"pool:[0-9a-f-]{36}"): AccountRule(LIABILITY, may_go_debit=True, may_go_credit=True),
    # What a period earns, until it is over.
    re.compile(r"period:[0-9a-f-]{36}"): AccountRule(LIABILITY, may_go_debit=True, may_go_credit=True),
    re.compile(r"c:[0-9a-f-]{36}:(held|due|in_transit)"): AccountRule(
        LIABILITY, may_go_debit=False, may_go_credit=True
    ),
    re.compile(r"c:[0-9a-f-]{36}:owed"): AccountRule(ASSET, may_go_debit=True, may_go_credit=False),
}


def rule_of(code: str) -> AccountRule:
    for pattern, rule in _RULES.items():
        if pattern.fullmatch(code):
            return rule
    raise ValueError(f"{code} is not in the chart of accounts")


def pool_code(version_id: UUID) -> str:
    return f"pool:{version_id}"


def period_code(order_id: UUID) -> str:
    return f"period:{order_id}"


def receivable_code(organization_id: UUID) -> str:
    return f"receivable:{organization_id}"


def sponsor_code(sponsorship_id: UUID) -> str:
    return f"sponsor:{sponsorship_id}"


def sponsor_owed_code(sponsorship_id: UUID) -> str:
    """What the sponsor owes us."""
    return sponsor_code(sponsorship_id) + OWED


def payee_code(payee_id: UUID, part: str) -> str:
    """`part`: held (in the hold), due (payable), in_transit (being paid), owed (the payee's debt to us)."""
    return f"c:{payee_id}:{part}"


def is_cash(code: str) -> bool:
    """Money that is ours to pay from, on whatever rail: what goes there from a payee has been paid to them."""
    return code.endswith(CASH_SUFFIX)


def payee_of(code: str) -> UUID | None:
    """Whose account this is, if it is a contributor's."""
    head, _, rest = code.partition(":")
    return UUID(rest.partition(":")[0]) if head == "c" else None
