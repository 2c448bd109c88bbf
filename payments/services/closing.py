"""Payees that nobody can act for any more. Their money does not go with them: an operator decides."""

from collections import defaultdict
from hashlib import sha256
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from collective.accounts.models import Membership, Organization
from collective.accounts.selectors import MANAGERS
from payments.models import Account
from payments.services.finance import open_task


def look_after_closed_payees() -> int:
    """Job: a task for each payee with money or a debt whose people have all left; returns how many there are.

    Once per payee and kinds of balances: one that a person has closed comes again when they have come to owe, too.

    What is due is still paid by the weekly run where the rail knows the payee, and becomes unclaimed otherwise; a debt
    is written off by an operator.
    """
    left = _left_behind()
    for payee in Organization.objects.filter(pk__in=left).order_by("pk"):
        with transaction.atomic():
            kinds = sha256(",".join(sorted(left[payee.pk])).encode()).hexdigest()[:16]
            key = f"account-closed:{payee.pk}:{kinds}"
            open_task(key=key, kind="account_closed", payee=payee, facts={"balances": left[payee.pk]})
    return len(left)


def _left_behind() -> dict[UUID, dict[str, int]]:
    """Per payee: account and currency, with what is on it."""
    present = Membership.objects.filter(organization=OuterRef("owner"), role__in=MANAGERS, user__is_active=True)
    moved = Account.objects.exclude(owner=None).exclude(balance=0).filter(~Exists(present))
    found: dict[UUID, dict[str, int]] = defaultdict(dict)
    for owner, code, currency, balance in moved.values_list("owner_id", "code", "currency", "balance"):
        if owner is not None:
            found[owner][f"{code.rpartition(':')[2]} {currency}"] = balance
    return found
