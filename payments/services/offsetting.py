"""What becomes payable again, after a transfer failed or was claimed late, repays first what the payee owes."""

from uuid import UUID

from payments.domain import chart
from payments.services.ledger import lock_accounts, post


def repay_from_due(*, payee_id: UUID, currency: str, key: str) -> None:
    """In the caller's transaction, which has locked both accounts. `key` names what made the money payable."""
    due, owed = (chart.payee_code(payee_id, part) for part in ("due", "owed"))
    accounts = lock_accounts([due], currency, if_open=[owed])
    amount = min(accounts[due].balance, -accounts[owed].balance) if owed in accounts else 0
    post(key=f"offset:{key}", event="offset", currency=currency, legs={due: -amount, owed: amount})
