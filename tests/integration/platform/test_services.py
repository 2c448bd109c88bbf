"""The parts that tests stand on are real, and leave nothing behind."""

import socket
import urllib.request
from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Page
from pytest_socket import SocketConnectBlockedError

from collective.core.audit import record
from collective.core.db.triggers import missing_triggers
from collective.core.jobs import enqueue
from collective.core.models import Heartbeat
from licensing.models import LicenseVersion
from tests.factories import DatasetFactory
from tests.services.flush import guards_lifted, restore_database
from tests.services.s3 import S3Server


def test_redis_is_real(redis_url: str) -> None:
    assert redis_url.startswith("unix://")
    cache.set("said", "once")
    assert cache.get("said") == "once"


def test_the_network_ends_at_loopback() -> None:
    with pytest.warns(UserWarning, match="192.0.2.1"), pytest.raises(SocketConnectBlockedError):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_both_s3_servers_answer(s3_server: S3Server, moto_server: S3Server) -> None:
    for server in (s3_server, moto_server):
        with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection_:
            assert connection_.getpeername()[1] == server.port


@pytest.mark.parametrize("_round", [1, 2])
@pytest.mark.django_db(transaction=True)
def test_a_committed_test_leaves_no_rows_and_keeps_the_guards(_round: int) -> None:
    assert not Heartbeat.objects.exists()
    assert missing_triggers() == []
    record(actor=None, action="test.happened", obj=Heartbeat.objects.create(name="x", at=timezone.now()))


@pytest.mark.django_db(transaction=True)
def test_what_migrations_wrote_is_put_back_exactly() -> None:
    before = connection.creation.serialize_db_to_string()
    DatasetFactory.create()
    with guards_lifted():
        LicenseVersion.objects.all().delete()
    assert connection.creation.serialize_db_to_string() != before
    restore_database()
    assert connection.creation.serialize_db_to_string() == before
    assert missing_triggers() == []


@pytest.mark.django_db(transaction=True)
def test_jobs_are_run_until_none_is_left(run_all_jobs: Callable[[], list[str]]) -> None:
    assert run_all_jobs() == []
    enqueue("core.deliver_event", key="x", event_id="0", consumer="nobody")
    assert run_all_jobs() == ["core.deliver_event"]


def test_a_live_site_answers_over_http(live_site: str) -> None:
    with urllib.request.urlopen(f"{live_site}/static/pico/pico.css") as answer:
        assert answer.status == 200


@pytest.mark.browser
def test_a_page_opens_in_chromium(page: Page) -> None:
    answer = page.goto("/static/pico/pico.css")
    assert answer is not None
    assert answer.status == 200
