"""The audit trail: one unbroken chain per stream, which not even SQL can rewrite (reliability 2.10, G5)."""

import pytest
from django.db import DatabaseError, connection, transaction

from collective.core import audit
from collective.core.models import AuditEvent, AuditHead
from tests.factories import UserFactory
from tests.integration.core.at_once import at_once
from tests.services.flush import guards_lifted

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_chain_holds_what_was_said() -> None:
    user = UserFactory.create()
    before = AuditEvent.objects.count()
    first = audit.record(actor=user, action="toy.made", obj=user, stream="toy", reason="Because.", size=3, who=user.pk)
    second = audit.record(actor=None, action="toy.broken", obj=user, stream="toy")
    assert AuditEvent.objects.count() == before + 2
    assert (first.seq, first.previous_hash, first.data) == (1, "0" * 64, {"size": 3, "who": str(user.pk)})
    assert (second.seq, second.previous_hash, second.actor) == (2, first.hash, None)
    assert audit.broken_links("toy") == []


def test_an_event_of_a_failed_change_is_not_there() -> None:
    user = UserFactory.create()
    with transaction.atomic():
        audit.record(actor=user, action="toy.made", obj=user, stream="toy")
        transaction.set_rollback(True)
    assert not AuditHead.objects.filter(stream="toy").exists()


def test_many_writers_make_one_chain() -> None:
    user = UserFactory.create()

    def write() -> None:
        for _ in range(10):
            audit.record(actor=user, action="toy.made", obj=user, stream="toy")

    assert at_once(6, write) == [None] * 6
    assert AuditHead.objects.get(stream="toy").seq == 60
    assert audit.broken_links("toy") == []


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE core_auditevent SET reason = 'forged'",
        "UPDATE core_auditevent SET seq = seq + 1",
        "DELETE FROM core_auditevent",
        "DELETE FROM core_audithead",
        "UPDATE core_audithead SET hash = 'forged'",
        "UPDATE core_audithead SET seq = 0",
    ],
)
def test_sql_cannot_rewrite_it(attack: str) -> None:
    user = UserFactory.create()
    audit.record(actor=user, action="toy.made", obj=user, stream="toy")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)
    assert audit.broken_links("toy") == []


@pytest.mark.parametrize(
    ("attack", "found"),
    [
        ("UPDATE core_auditevent SET reason = 'forged' WHERE seq = 2", ["toy #2: the row or its link was changed"]),
        ("DELETE FROM core_auditevent WHERE seq = 2", ["toy #3: the row or its link was changed"]),
        ("DELETE FROM core_auditevent WHERE seq = 3", ["toy: the head does not match the last row"]),
    ],
)
def test_whoever_lifts_the_guards_is_still_found_out(attack: str, found: list[str]) -> None:
    user = UserFactory.create()
    for _ in range(3):
        audit.record(actor=user, action="toy.made", obj=user, stream="toy")
    with guards_lifted(), connection.cursor() as cursor:
        cursor.execute(attack.replace("WHERE", "WHERE stream = 'toy' AND"))
    assert audit.broken_links("toy") == found
