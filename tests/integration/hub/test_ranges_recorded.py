"""What is written down of bytes that were streamed, and what stops the next range."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from collective.accounts.models import ApiKey
from collective.accounts.services import revoke_api_key
from collective.catalog.models import Dataset
from collective.core.invariants import invariants
from collective.core.storage import published
from licensing.models import AccessRecord, LicenseGrant
from licensing.services import revoke_grant, suspend_grant, withdraw_contribution
from tests.contract.hub.published import Market
from tests.integration.hub.conftest import DATA, Caller
from tests.integration.hub.test_resolve import body

GIVEN = [
    ({}, 0, -1),
    ({"Range": "bytes=0-9"}, 0, 9),
    ({"Range": "bytes=7-"}, 7, -1),
    ({"Range": "bytes=-8"}, -8, -1),
    ({"Range": "bytes=5-99999999"}, 5, -1),
    ({"Range": "bytes=3-4", "If-Range": '"other"'}, 0, -1),
]
NOTHING_GIVEN = [
    ("get", {"Range": "bytes=99999999-"}, 416),
    ("get", {"Range": "bytes=0-1,4-5"}, 416),
    ("get", {"If-Match": '"other"'}, 412),
    ("get", {"If-None-Match": "*"}, 304),
    ("head", {}, 200),
    ("head", {"Range": "bytes=0-9"}, 206),
]


def revoke(_market: Market) -> None:
    revoke_grant(actor=None, grant_id=LicenseGrant.objects.get().pk, reason="A test.")


def suspend(_market: Market) -> None:
    suspend_grant(actor=None, grant_id=LicenseGrant.objects.get().pk, reason="A test.")


def withdraw(market: Market) -> None:
    withdraw_contribution(actor=market.contributor, contribution_id=market.contribution.pk)


def quarantine(_market: Market) -> None:
    Dataset.objects.update(state="quarantined")


def revoke_key(_market: Market) -> None:
    key = ApiKey.objects.select_related("owner").get()
    revoke_api_key(actor=key.owner, key_id=key.pk)


def expire_key(_market: Market) -> None:
    now = timezone.now()
    ApiKey.objects.update(created_at=now - timedelta(days=2), expires_at=now - timedelta(seconds=1))


STOPS = [(revoke, 403), (suspend, 403), (withdraw, 403), (quarantine, 403), (revoke_key, 401), (expire_key, 401)]


@pytest.mark.parametrize(("headers", "first", "last"), GIVEN)
def test_the_record_names_the_bytes(buyer: Caller, headers: dict[str, str], first: int, last: int) -> None:
    content = body(buyer.get(DATA, **headers))
    record = AccessRecord.objects.get()
    size = record.size
    assert (record.first_byte, record.last_byte) == (first % size, last % size)
    assert record.first_byte is not None
    assert record.last_byte is not None
    assert len(content) == record.last_byte - record.first_byte + 1


@pytest.mark.parametrize(("method", "headers", "status"), NOTHING_GIVEN)
def test_an_answer_without_bytes_leaves_no_record(
    buyer: Caller, method: str, headers: dict[str, str], status: int
) -> None:
    assert getattr(buyer, method)(DATA, **headers).status_code == status
    assert AccessRecord.objects.count() == 0


@pytest.mark.parametrize(("stop", "status"), STOPS)
def test_the_next_range_is_refused(market: Market, buyer: Caller, stop: Callable[[Market], None], status: int) -> None:
    assert buyer.get(DATA, Range="bytes=0-3").status_code == 206
    stop(market)
    for response in (buyer.get(DATA, Range="bytes=4-7"), buyer.head(DATA), buyer.get(DATA, Range="bytes=9999999-")):
        assert response.status_code == status
        assert b"PAR1" not in body(response)
    assert AccessRecord.objects.count() == 1
    assert [text for each in invariants() if each.id == "D4" for text in each.check()] == []


def test_bytes_that_the_store_has_lost_are_neither_promised_nor_written_down(market: Market, buyer: Caller) -> None:
    """A redirect to our own host name would lead clients in a circle, and the record would be a lie."""
    file = market.version.files.get(path=DATA.partition("/main/")[2])
    published().delete(file.sha256)
    for answer in (buyer.get(DATA), buyer.head(DATA), buyer.get(DATA, Range="bytes=0-3")):
        assert (answer.status_code, answer.headers.get("Location")) == (503, None)
    assert AccessRecord.objects.count() == 0


def test_a_range_is_one_insert(buyer: Caller, django_assert_max_num_queries: Any) -> None:
    buyer.get(DATA, Range="bytes=0-3")
    with django_assert_max_num_queries(16) as asked:
        buyer.get(DATA, Range="bytes=4-7")
    written = [each["sql"] for each in asked.captured_queries if not each["sql"].startswith(("SELECT", "BEGIN"))]
    assert [sql.split('"')[1] for sql in written] == ["licensing_accessrecord"]


@pytest.mark.parametrize(("first", "last"), [(0, None), (None, 0), (5, 4), (0, 10**9)])
def test_the_database_refuses_what_is_no_range(buyer: Caller, first: int | None, last: int | None) -> None:
    buyer.get(DATA)
    record = AccessRecord.objects.get()
    record.pk, record._state.adding = record._meta.pk.get_default(), True
    record.first_byte, record.last_byte = first, last
    with pytest.raises(IntegrityError), transaction.atomic():
        record.save(force_insert=True)
