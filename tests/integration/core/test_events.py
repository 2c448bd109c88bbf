"""Events: told with the change, relayed after any loss, and acted on once by each consumer (D7)."""

from collections import Counter
from collections.abc import Callable

import pytest
from django.db import transaction

from collective.core.events import deliver_event, publish, relay, relay_one
from collective.core.ids import new_id
from collective.core.models import InboxMessage, Job, OutboxEvent
from tests.integration.core.at_once import at_once
from tests.integration.core.toy_jobs import ToyHappened, behaving

pytestmark = pytest.mark.django_db(transaction=True)
Run = Callable[[], list[str]]


def test_every_consumer_hears_it_once(run_all_jobs: Run) -> None:
    heard: list[tuple[int, ToyHappened]] = []
    event = ToyHappened(toy_id=new_id())
    with behaving(first_consumer=lambda e: heard.append((1, e)), second_consumer=lambda e: heard.append((2, e))):
        publish(event)
        run_all_jobs()
        relay()
        run_all_jobs()
    assert sorted(heard, key=lambda pair: pair[0]) == [(1, event), (2, event)]


def test_an_event_of_a_failed_transaction_is_never_heard(run_all_jobs: Run) -> None:
    with transaction.atomic():
        publish(ToyHappened(toy_id=new_id()))
        transaction.set_rollback(True)
    assert (run_all_jobs(), OutboxEvent.objects.count()) == ([], 0)


def test_an_event_whose_process_died_after_the_commit_is_relayed(run_all_jobs: Run) -> None:
    toy_id = new_id()
    OutboxEvent.objects.create(topic="toy.happened", payload={"toy_id": str(toy_id)})
    heard: list[ToyHappened] = []
    with behaving(first_consumer=heard.append, second_consumer=heard.append):
        run_all_jobs()
    assert heard == [ToyHappened(toy_id=toy_id)] * 2


def test_eight_relays_make_one_job_per_consumer() -> None:
    row = OutboxEvent.objects.create(topic="toy.happened", payload={"toy_id": str(new_id())})
    outcomes = at_once(8, lambda: relay_one(row.pk))
    assert outcomes == [None] * 8
    assert Job.objects.filter(name="core.deliver_event").count() == 2


def test_eight_deliveries_have_one_effect() -> None:
    row = OutboxEvent.objects.create(topic="toy.happened", payload={"toy_id": str(new_id())})
    consumer = "tests.integration.core.toy_jobs.first_consumer"
    heard: list[ToyHappened] = []
    with behaving(first_consumer=heard.append):
        outcomes = at_once(8, lambda: deliver_event(event_id=str(row.pk), consumer=consumer))
    assert outcomes == [None] * 8
    assert len(heard) == 1


def test_a_consumer_that_fails_is_asked_again_and_the_other_is_not(run_all_jobs: Run) -> None:
    heard: Counter[str] = Counter()

    def fail_once(_: ToyHappened) -> None:
        heard["first"] += 1
        if heard["first"] == 1:
            raise OSError

    def note(_: ToyHappened) -> None:
        heard["second"] += 1

    with behaving(first_consumer=fail_once, second_consumer=note):
        publish(ToyHappened(toy_id=new_id()))
        run_all_jobs()
        assert InboxMessage.objects.count() == 1, "the failed effect left no inbox row"
        Job.objects.filter(state="queued").update(due_at="2020-01-01T00:00:00Z")
        run_all_jobs()
    assert heard == {"first": 2, "second": 1}
    assert InboxMessage.objects.count() == 2
