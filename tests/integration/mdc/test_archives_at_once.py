"""A training job starts: all its workers ask for the same archive, each over a connection of its own."""

from typing import Any

import pytest

from collective.core.jobs.drain import drain
from collective.core.models import Job
from collective.interop.models import MdcArchive
from tests.contract.hub.published import Market
from tests.integration.core.at_once import at_once
from tests.integration.mdc.conftest import Caller

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS = 8


def test_one_archive_is_made_by_one_job(market: Market, buyer: Caller) -> None:
    early = asked_by_all(buyer, market)
    assert [(answer.status_code, answer["Retry-After"]) for answer in early] == [(503, "5")] * WORKERS
    assert (MdcArchive.objects.count(), Job.objects.filter(name="interop.build_archive").count()) == (1, 1)
    drain()
    sessions = [answer.json() for answer in asked_by_all(buyer, market)]
    assert {session["checksum"] for session in sessions} == {MdcArchive.objects.get().sha256}
    assert len({session["accessRecordId"] for session in sessions}) == WORKERS


def asked_by_all(buyer: Caller, market: Market) -> list[Any]:
    answers = at_once(WORKERS, lambda: buyer.post(f"/datasets/{market.dataset.pk}/download"))
    return [answer for answer in answers if not isinstance(answer, Exception)]
