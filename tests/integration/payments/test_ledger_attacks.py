"""What somebody with a database prompt tries, on either database: every attempt is refused and moves nothing."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from collective.core.ids import new_id
from payments.models import Account, Entry, Journal, Seal
from payments.services.ledger import post

pytestmark = pytest.mark.django_db(transaction=True)

POOL = "pool:00000000-0000-7000-8000-000000000001"
OWED = "c:{}:owed"


def sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [_raw(value) for value in values])


def _raw(value: Any) -> Any:
    return value.hex if isinstance(value, UUID) and connection.vendor == "sqlite" else value


@pytest.fixture
def sale() -> Journal:
    journal = post(
        key="sale:1", event="sale", currency="USD", legs={"embedded:balance": -10_500, "fee": 500, POOL: 10_000}
    ).journal
    assert journal is not None
    post(key="sale:2", event="sale", currency="EUR", legs={"embedded:balance": -100, "fee": 100})
    return journal


def account(code: str, currency: str = "USD") -> int:
    return Account.objects.get(code=code, currency=currency).pk


def journal(n: int = 2, key: str = "attack", currency: str = "USD", reverses: UUID | None = None) -> UUID:
    made = new_id()
    sql(
        "INSERT INTO payments_journal"
        " (id, key, fingerprint, event, currency, n, reverses_id, meta, created_at, seal_id)"
        " VALUES (%s, %s, 'f', 'sale', %s, %s, %s, %s, CURRENT_TIMESTAMP, %s)",
        made, key, currency, n, reverses, json.dumps({}), made,
    )  # fmt: skip
    return made


def entry(journal_id: UUID, seq: int, account_id: int, amount: Any) -> None:
    sql(
        "INSERT INTO payments_entry (journal_id, seq, account_id, amount) VALUES (%s, %s, %s, %s)",
        journal_id, seq, account_id, amount,
    )  # fmt: skip


def seal(journal_id: UUID) -> None:
    sql("INSERT INTO payments_seal (journal_id) VALUES (%s)", journal_id)


def balanced(journal_id: UUID) -> None:
    entry(journal_id, 1, account("fee"), 10)
    entry(journal_id, 2, account(POOL), -10)


def commit_without_a_seal(_: Journal) -> None:
    balanced(journal())


def commit_with_the_seal_of_another(sale: Journal) -> None:
    made = journal()
    balanced(made)
    sql("UPDATE payments_journal SET seal_id = %s WHERE id = %s", sale.pk, made)


def seal_what_does_not_balance(_: Journal) -> None:
    made = journal()
    entry(made, 1, account("fee"), 10)
    entry(made, 2, account(POOL), -9)
    seal(made)


def seal_a_single_entry(_: Journal) -> None:
    made = journal(n=1)
    entry(made, 1, account("fee"), 10)
    seal(made)


def seal_nothing(_: Journal) -> None:
    seal(journal(n=0))


def seal_fewer_than_declared(_: Journal) -> None:
    made = journal(n=3)
    balanced(made)
    seal(made)


def add_to_a_sealed_journal(sale: Journal) -> None:
    entry(sale.pk, 4, account("fee"), 10)
    entry(sale.pk, 5, account(POOL), -10)


def mix_currencies(_: Journal) -> None:
    made = journal()
    entry(made, 1, account("fee", "EUR"), 10)
    entry(made, 2, account(POOL), -10)
    seal(made)


def enter_before_the_journal(_: Journal) -> None:
    entry(new_id(), 1, account("fee"), 10)


def enter_nothing(_: Journal) -> None:
    made = journal()
    entry(made, 1, account("fee"), 0)
    entry(made, 2, account(POOL), 0)
    seal(made)


def enter_text(_: Journal) -> None:
    made = journal()
    entry(made, 1, account("fee"), "ten")
    entry(made, 2, account(POOL), "none")
    seal(made)


def enter_more_than_there_is_in_the_world(_: Journal) -> None:
    made = journal()
    entry(made, 1, account("fee"), 10**18)
    entry(made, 2, account(POOL), -(10**18))
    seal(made)


def change_an_amount(sale: Journal) -> None:
    sql("UPDATE payments_entry SET amount = 9999 WHERE journal_id = %s", sale.pk)


def move_an_entry_by_orm(sale: Journal) -> None:
    Entry.objects.filter(journal=sale).update(account=account("fee", "EUR"))


def delete_entries(sale: Journal) -> None:
    sql("DELETE FROM payments_entry WHERE journal_id = %s", sale.pk)


def change_a_journal(sale: Journal) -> None:
    sql("UPDATE payments_journal SET key = 'other' WHERE id = %s", sale.pk)


def delete_a_journal_by_orm(sale: Journal) -> None:
    Journal.objects.filter(pk=sale.pk)._raw_delete(using="default")


def move_a_seal(sale: Journal) -> None:
    sql("UPDATE payments_seal SET journal_id = %s WHERE journal_id = %s", new_id(), sale.pk)


def break_a_seal(sale: Journal) -> None:
    sql("DELETE FROM payments_seal WHERE journal_id = %s", sale.pk)


def raise_a_balance(_: Journal) -> None:
    sql("UPDATE payments_account SET balance = balance + 1 WHERE code = 'fee'")


def raise_a_balance_by_orm(_: Journal) -> None:
    row = Account.objects.get(code="fee", currency="USD")
    row.balance, row.version = 10**6, 2
    row.save()


def let_an_account_go_debit(_: Journal) -> None:
    sql("UPDATE payments_account SET may_go_credit = %s WHERE code = 'embedded:balance'", True)


def open_an_account_with_money(_: Journal) -> None:
    sql(
        "INSERT INTO payments_account (code, currency, kind, may_go_debit, may_go_credit, balance, version)"
        " VALUES ('tax', 'USD', 'LI', %s, %s, 5, 0)",
        True, True,
    )  # fmt: skip


def delete_an_account(_: Journal) -> None:
    sql("DELETE FROM payments_account WHERE code = 'fee' AND currency = 'EUR'")


def overdraw(_: Journal) -> None:
    made = journal()
    entry(made, 1, account("embedded:balance"), 10_501)
    entry(made, 2, account("fee"), -10_501)
    seal(made)


def use_a_key_twice(_: Journal) -> None:
    made = journal(key="sale:1")
    balanced(made)
    seal(made)


def reverse_a_journal_of_another_currency(sale: Journal) -> None:
    made = journal(currency="EUR", reverses=sale.pk)
    entry(made, 1, account("embedded:balance", "EUR"), 1)
    entry(made, 2, account("fee", "EUR"), -1)
    seal(made)


EVERYWHERE = [
    commit_without_a_seal,
    commit_with_the_seal_of_another,
    seal_what_does_not_balance,
    seal_a_single_entry,
    seal_nothing,
    seal_fewer_than_declared,
    add_to_a_sealed_journal,
    mix_currencies,
    enter_before_the_journal,
    enter_nothing,
    enter_text,
    enter_more_than_there_is_in_the_world,
    change_an_amount,
    move_an_entry_by_orm,
    delete_entries,
    change_a_journal,
    delete_a_journal_by_orm,
    move_a_seal,
    break_a_seal,
    raise_a_balance,
    raise_a_balance_by_orm,
    let_an_account_go_debit,
    open_an_account_with_money,
    delete_an_account,
    overdraw,
    use_a_key_twice,
    reverse_a_journal_of_another_currency,
]


def replace_an_entry(sale: Journal) -> None:
    """SQLite's REPLACE removes the old row without a DELETE trigger."""
    made, old = journal(), Entry.objects.filter(journal=sale).earliest("seq")
    sql(
        "INSERT OR REPLACE INTO payments_entry (id, journal_id, seq, account_id, amount) VALUES (%s, %s, 1, %s, 10)",
        old.pk, made, account("fee"),
    )  # fmt: skip
    entry(made, 2, account(POOL), -10)
    seal(made)


def replace_a_journal(sale: Journal) -> None:
    sql(
        "INSERT OR REPLACE INTO payments_journal (id, key, fingerprint, event, currency, n, meta, created_at, seal_id)"
        " VALUES (%s, 'other', 'f', 'gift', 'USD', 3, '{}', CURRENT_TIMESTAMP, %s)",
        sale.pk, sale.pk,
    )  # fmt: skip


def replace_a_seal(sale: Journal) -> None:
    sql("INSERT OR REPLACE INTO payments_seal (journal_id) VALUES (%s)", sale.pk)


def replace_an_account(_: Journal) -> None:
    sql(
        "INSERT OR REPLACE INTO payments_account"
        " (code, currency, kind, may_go_debit, may_go_credit, balance, version)"
        " VALUES ('fee', 'USD', 'RE', 1, 1, 0, 0)"
    )


def enter_a_fraction(_: Journal) -> None:
    made = journal()
    entry(made, 1, account("fee"), 0.5)
    entry(made, 2, account(POOL), -0.5)
    seal(made)


ON_SQLITE = [replace_an_entry, replace_a_journal, replace_a_seal, replace_an_account, enter_a_fraction]


def truncate_entries(_: Journal) -> None:
    sql("TRUNCATE payments_entry")


def truncate_everything(_: Journal) -> None:
    sql("TRUNCATE payments_account CASCADE")


def upsert_an_account(_: Journal) -> None:
    sql(
        "INSERT INTO payments_account (code, currency, kind, may_go_debit, may_go_credit, balance, version)"
        " VALUES ('fee', 'USD', 'RE', true, true, 0, 0) ON CONFLICT (code, currency) DO UPDATE SET balance = 0"
    )


def check_late_and_commit(_: Journal) -> None:
    """The foreign key to the seal is deferred; asking for it at once only fails sooner."""
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    balanced(journal())


ON_POSTGRESQL = [truncate_entries, truncate_everything, upsert_an_account, check_late_and_commit]

ATTACKS = EVERYWHERE + (ON_SQLITE if connection.vendor == "sqlite" else ON_POSTGRESQL)


def everything() -> dict[str, list[Any]]:
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in (Account, Journal, Entry, Seal)}


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_the_attack_is_refused_and_moves_nothing(attack: Callable[[Journal], None], sale: Journal) -> None:
    before = everything()
    with pytest.raises(DatabaseError), transaction.atomic():
        attack(sale)
    assert everything() == before


def test_the_way_that_services_take_is_open(sale: Journal) -> None:
    """The same statements, done right, commit: the attacks fail for what they do, not for how they are written."""
    with transaction.atomic():
        made = journal()
        balanced(made)
        seal(made)
    assert dict(Account.objects.filter(currency="USD").values_list("code", "balance")) == {
        "embedded:balance": -10_500,
        "fee": 510,
        POOL: 9_990,
    }


def test_half_a_journal_fails_at_commit_and_not_before(sale: Journal) -> None:
    reached = False
    with pytest.raises(IntegrityError), transaction.atomic():  # noqa: PT012 - the point is where it fails
        balanced(journal())
        reached = True
    assert reached
    assert not Journal.objects.filter(key="attack").exists()
