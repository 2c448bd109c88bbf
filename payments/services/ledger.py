"""Posting to the ledger: the only code that writes journals."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import rfc8785
from django.db import IntegrityError, transaction

from collective.core.db.rows import insert_rows
from payments.domain import chart
from payments.errors import InsufficientFundsError, LedgerConflictError
from payments.models import Account, Entry, Journal, Seal


@dataclass(frozen=True)
class Posting:
    """`journal` is None when nothing moved; `is_new` is False when the same fact had been posted before."""

    journal: Journal | None
    is_new: bool

    @property
    def entered(self) -> Journal:
        """The journal of a fact that always moves something."""
        if self.journal is None:
            raise ValueError("nothing was posted: every leg is zero")
        return self.journal


@transaction.atomic
def post(
    *,
    key: str,
    event: str,
    currency: str,
    legs: Mapping[str, int],
    reverses: Journal | None = None,
    meta: Mapping[str, Any] | None = None,
    locked: Mapping[str, Account] | None = None,
    source: str = "",
) -> Posting:
    """Post one fact: amounts per account code, credit positive, that sum to zero. `source`: see `Journal`.

    The same key with the same contents is a replay and gives the first journal. `locked` are the accounts of all legs,
    where the caller's transaction has locked them, and looked for the key, already. Raises LedgerConflictError for the
    same key with other contents, InsufficientFundsError where an account would pass zero, ValueError for legs that do
    not balance or an unknown account.
    """
    moving = {code: amount for code, amount in legs.items() if amount}
    if sum(moving.values()):
        raise ValueError(f"{key}: the legs sum to {sum(moving.values())}, not to zero")
    if not moving:
        return Posting(None, is_new=False)
    accounts = lock_accounts(moving, currency) if locked is None else locked
    fingerprint = _fingerprint(event, currency, moving)
    # Under the locks: who posts the same fact at the same moment waits there, and then finds our journal here.
    if locked is None and (earlier := posted(key)):
        return _replay(earlier, fingerprint)
    _check_funds(accounts, moving)
    journal = Journal(key=key, fingerprint=fingerprint, event=event, currency=currency, n=len(moving))
    journal.reverses, journal.meta, journal.source = reverses, dict(meta or {}), source
    try:
        with transaction.atomic():
            _write(journal, accounts, moving)
    except IntegrityError:
        # The same key over other accounts, committed between our look and our write.
        if winner := posted(key):
            return _replay(winner, fingerprint)
        raise
    return Posting(journal, is_new=True)


def posted(key: str) -> Journal | None:
    """The journal of a fact. Look under the locks before computing legs that depend on balances."""
    return Journal.objects.filter(key=key).first()


def lock_accounts(codes: Iterable[str], currency: str, *, if_open: Iterable[str] = ()) -> dict[str, Account]:
    """The accounts by code, opened where missing and locked in one order, so that two postings cannot deadlock.

    Those of `if_open` are locked with them where there are any, and not opened.
    """
    wanted, mine = set(codes), Account.objects.filter(currency=currency)
    if not wanted:
        return {}
    missing = wanted.difference(mine.filter(code__in=wanted).values_list("code", flat=True))
    if missing:
        _open_accounts(sorted(missing), currency)
    found = mine.filter(code__in=wanted.union(if_open)).select_for_update(no_key=True).order_by("id")
    return {account.code: account for account in found}


def _open_accounts(codes: Sequence[str], currency: str) -> None:
    """Those that somebody else has opened since stay as they are."""
    rules, none = [chart.rule_of(code) for code in codes], [0] * len(codes)
    columns: dict[str, tuple[str, Sequence[Any]]] = {
        "code": ("text", codes),
        "currency": ("text", [currency] * len(codes)),
        "kind": ("text", [rule.kind for rule in rules]),
        "owner_id": ("uuid", [chart.payee_of(code) for code in codes]),
        "may_go_debit": ("boolean", [rule.may_go_debit for rule in rules]),
        "may_go_credit": ("boolean", [rule.may_go_credit for rule in rules]),
        "balance": ("bigint", none),
        "version": ("bigint", none),
    }
    insert_rows(Account._meta.db_table, columns, or_leave=True)


def _check_funds(accounts: Mapping[str, Account], legs: Mapping[str, int]) -> None:
    """Says it in words before the table's own CHECK would."""
    for code, amount in legs.items():
        account, after = accounts[code], accounts[code].balance + amount
        if (after < 0 and not account.may_go_debit) or (after > 0 and not account.may_go_credit):
            raise InsufficientFundsError(account=code)


def _write(journal: Journal, accounts: Mapping[str, Account], legs: Mapping[str, int]) -> None:
    journal.seal_id = journal.id
    journal.save(force_insert=True)
    codes = sorted(legs)
    columns: dict[str, tuple[str, Sequence[Any]]] = {
        "journal_id": ("uuid", [journal.id] * len(codes)),
        "seq": ("bigint", range(1, len(codes) + 1)),
        "account_id": ("bigint", [accounts[code].id for code in codes]),
        "amount": ("bigint", [legs[code] for code in codes]),
    }
    insert_rows(Entry._meta.db_table, columns)
    Seal.objects.create(journal=journal)


def _replay(journal: Journal, fingerprint: str) -> Posting:
    if journal.fingerprint != fingerprint:
        raise LedgerConflictError(key=journal.key)
    return Posting(journal, is_new=False)


def _fingerprint(event: str, currency: str, legs: Mapping[str, int]) -> str:
    """SHA-256 of the canonical JSON; amounts as text, since JSON numbers end at 2^53."""
    body = [event, currency, [[code, str(amount)] for code, amount in sorted(legs.items())]]
    return hashlib.sha256(rfc8785.dumps(body)).hexdigest()
