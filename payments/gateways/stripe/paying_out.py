"""Money out by Stripe: recipients of Accounts v2, account links, transfers and their reversals."""

import hashlib
import json
from typing import Any

import stripe

from collective.core.addresses import address_of
from payments.gateways.facts import Movement, Recipient, RecipientState
from payments.gateways.stripe.client import calling
from payments.gateways.stripe.receipts import about, id_of
from payments.models import PayoutAccount, TransferIntent, TransferReversal

SEEN: Any = ["configuration.recipient", "defaults", "identity", "requirements"]
# docs.stripe.com/connect/account-capabilities: what may still become active, and what the payee cannot change.
STATES: dict[str, RecipientState] = {
    "active": "active",
    "pending": "incomplete",
    "restricted": "incomplete",
    "rejected": "restricted",
    "unsupported": "restricted",
}


class StripePayingOut:
    def open_account(self, account: PayoutAccount) -> Recipient:
        key = f"account:{account.pk}:{account.country}"
        with calling() as api:
            made = api.v2.core.accounts.create(_wanted(account), {"idempotency_key": key})
        return _recipient(made)

    def onboarding_link(self, account: PayoutAccount) -> str:
        page = address_of("payments:payout-account")
        asked = {"return_url": page, "refresh_url": page}
        case: Any = {"type": "account_onboarding", "account_onboarding": asked}
        with calling() as api:
            return api.v2.core.account_links.create({"account": account.reference, "use_case": case}).url

    def read_account(self, reference: str) -> Recipient:
        with calling() as api:
            return _recipient(api.v2.core.accounts.retrieve(reference, {"include": SEEN}))

    def transfer(self, intent: TransferIntent) -> str:
        wanted: Any = {
            "amount": intent.amount_minor,
            "currency": intent.currency.lower(),
            "destination": intent.account.reference,
            "transfer_group": _group(intent),
            "metadata": {"intent": str(intent.pk)},
        }
        with calling() as api:
            return api.v1.transfers.create(wanted, {"idempotency_key": f"transfer:{intent.pk}"}).id

    def find_transfer(self, intent: TransferIntent) -> str | None:
        wanted: Any = {"transfer_group": _group(intent), "limit": 100}
        with calling() as api:
            rows = list(api.v1.transfers.list(wanted).auto_paging_iter())
        return next((row.id for row in rows if about(row.metadata, "intent") == str(intent.pk)), None)

    def reverse(self, reversal: TransferReversal) -> str:
        wanted: Any = {"amount": reversal.amount_minor, "metadata": {"reversal": str(reversal.pk)}}
        key: Any = {"idempotency_key": f"reversal:{reversal.pk}"}
        with calling() as api:
            return api.v1.transfers.reversals.create(reversal.transfer.reference, wanted, key).id

    def find_reversal(self, reversal: TransferReversal) -> str | None:
        with calling() as api:
            made = api.v1.transfers.reversals.list(reversal.transfer.reference, {"limit": 100})
            rows = list(made.auto_paging_iter())
        return next((row.id for row in rows if about(row.metadata, "reversal") == str(reversal.pk)), None)

    def recipient_of(self, movement: Movement) -> str:
        """A reversal is named by its transfer, which its line in the books tells."""
        with calling() as api:
            line: Any = api.v1.balance_transactions.retrieve(movement.reference, {"expand": ["source"]})
            transfer: Any = line.source
            if transfer is not None and transfer.object == "transfer_reversal":
                transfer = api.v1.transfers.retrieve(id_of(transfer.transfer))
        return id_of(transfer.destination) if transfer is not None and transfer.object == "transfer" else ""


def _wanted(account: PayoutAccount) -> Any:
    """A recipient whose fees and losses are ours: docs.stripe.com/connect/accounts-v2"""
    return {
        "contact_email": account.opened_by.email,
        "display_name": account.payee.name,
        "dashboard": "express",
        "identity": {"country": account.country.lower()},
        "configuration": {"recipient": {"capabilities": {"stripe_balance": {"stripe_transfers": {"requested": True}}}}},
        "defaults": {"responsibilities": {"fees_collector": "application", "losses_collector": "application"}},
        "metadata": {"account": str(account.pk)},
        "include": SEEN,
    }


def _recipient(made: stripe.v2.core.Account) -> Recipient:
    asked: Any = made.to_dict()
    recipient = (asked.get("configuration") or {}).get("recipient") or {}
    balance = (recipient.get("capabilities") or {}).get("stripe_balance") or {}
    capability = balance.get("stripe_transfers") or {}
    state = "restricted" if asked.get("closed") else STATES.get(capability.get("status", ""), "incomplete")
    country = (asked.get("identity") or {}).get("country") or ""
    return Recipient(made.id, state, _missing(asked, capability), country.upper(), _destination(asked))


def _missing(asked: Any, capability: Any) -> tuple[str, ...]:
    """What the payee has to do; else why Stripe does not pay them."""
    entries = (asked.get("requirements") or {}).get("entries") or []
    wanted = [each["description"] for each in entries if each["awaiting_action_from"] == "user"]
    why = [each["code"] for each in capability.get("status_details") or []]
    return tuple(dict.fromkeys(wanted or why))


def _destination(asked: Any) -> str:
    """Which bank account or card is paid by default, per currency. Its id is Stripe's; nothing else of it is kept."""
    methods = (asked.get("defaults") or {}).get("payout_methods")
    return hashlib.sha256(json.dumps(methods, sort_keys=True).encode()).hexdigest() if methods else ""


def _group(intent: TransferIntent) -> str:
    return f"run:{intent.run_id}:{intent.payee_id}"
