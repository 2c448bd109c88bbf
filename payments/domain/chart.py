"""The chart of accounts: what kind each code is, whose it is, and in which direction it may never go.

Credit is positive, debit negative: an asset's balance is negative, a debt of ours positive.
"""

import re
from dataclasses import dataclass
from uuid import UUID

ASSET, LIABILITY, REVENUE, EXPENSE, EQUITY = "AS", "LI", "RE", "EX", "EQ"
CASH = "embedded:balance"
CASH_SUFFIX = ":balance"
FEE = "fee"
TAX = "tax"
LOSS = "platform:loss"


@dataclass(frozen=True)
class AccountRule:
    kind: str
    may_go_debit: bool
    may_go_credit: bool


_RULES = {
    # Cash can run out; it cannot be less than nothing.
    re.compile(r"embedded:balance"): AccountRule(ASSET, may_go_debit=True, may_go_credit=False),
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
