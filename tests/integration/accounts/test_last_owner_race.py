"""Two owners who leave at the same moment: one stays. On both databases, with real threads and connections."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from django.db import connection

from collective.accounts.errors import LastOwnerError
from collective.accounts.invariants import every_organization_has_an_owner
from collective.accounts.models import Membership, User
from collective.accounts.services import change_role, create_organization, remove_member
from tests.integration.accounts.people import person


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["leave", "step down"])
def test_of_four_owners_who_go_at_once_one_stays(way: str) -> None:
    owners = [person(name) for name in ("Ana", "Ben", "Cleo", "Dan")]
    organization = create_organization(actor=owners[0], name="Wolof Voices")
    for each in owners[1:]:
        Membership.objects.create(organization=organization, user=each, role=Membership.OWNER)
    ready = Barrier(len(owners))

    def go(user: User) -> bool:
        ready.wait()
        try:
            _go(way, user, organization.pk)
        except LastOwnerError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(len(owners)) as pool:
        went = list(pool.map(go, owners))
    assert sorted(went) == [False, True, True, True]
    stayed = owners[went.index(False)]
    assert [row.user for row in organization.memberships.filter(role=Membership.OWNER)] == [stayed]
    assert list(every_organization_has_an_owner()) == []


def _go(way: str, user: User, organization_id: UUID) -> None:
    if way == "leave":
        remove_member(actor=user, organization_id=organization_id, user_id=user.pk)
    else:
        change_role(actor=user, organization_id=organization_id, user_id=user.pk, role=Membership.MEMBER)
