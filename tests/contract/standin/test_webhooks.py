"""How the stand-in tells what happened: signed, at least once, in any order, for three days."""

import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from stripe import StripeClient, WebhookSignature

from tests.contract.standin.asking import event_types, paid_charge, recipient
from tests.contract.standin.receiver import SECRET, Receiver, receiving
from tests.standin.clock import DAY
from tests.standin.courier import delivering
from tests.standin.faults import EVERY, Fault
from tests.standin.standin import Standin

PAID = ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "checkout.session.completed"]


@pytest.fixture
def site(standin: Standin) -> Iterator[Receiver]:
    with receiving() as receiver:
        standin.endpoint(snapshot=receiver.url, secret=SECRET)
        yield receiver


def undelivered(stripe: StripeClient) -> list[str]:
    return [str(event.type) for event in stripe.v1.events.list({"delivery_success": False}).data][::-1]


def test_every_event_is_delivered_signed_and_then_no_more(
    stripe: StripeClient, standin: Standin, site: Receiver
) -> None:
    paid_charge(stripe, standin)
    assert undelivered(stripe) == PAID
    assert standin.deliver() == [(kind, 200) for kind in PAID]
    assert standin.deliver() == []
    assert site.types == PAID
    assert undelivered(stripe) == []
    assert {event.pending_webhooks for event in stripe.v1.events.list().data} == {0}
    event = stripe.construct_event(site.bodies[-1], _header(site.bodies[-1]), SECRET)
    assert event.data.object["status"] == "complete"


def _header(body: bytes) -> str:
    return str(WebhookSignature.generate_signature_header(body.decode(), SECRET))


def test_a_snapshot_shows_the_object_as_it_was_then(stripe: StripeClient, standin: Standin) -> None:
    charge = paid_charge(stripe, standin)
    stripe.v1.refunds.create({"charge": charge})
    [succeeded] = stripe.v1.events.list({"type": "charge.succeeded"}).data
    [refunded] = stripe.v1.events.list({"type": "charge.refunded"}).data
    amounts = [event.data.object["amount_refunded"] for event in (succeeded, refunded)]
    assert amounts == [0, 10000]


def test_what_is_not_answered_well_is_tried_again_for_three_days(
    stripe: StripeClient, standin: Standin, site: Receiver
) -> None:
    site.status = 503
    paid_charge(stripe, standin)
    assert {status for _, status in standin.deliver()} == {503}
    assert standin.deliver() == []
    for _ in range(80):
        standin.advance(3600)
        standin.deliver()
    tries = Counter(site.types)
    assert set(tries.values()) == {tries["charge.succeeded"]}
    assert 5 < tries["charge.succeeded"] < 15
    site.status = 200
    standin.advance(DAY)
    assert standin.deliver() == []
    assert undelivered(stripe) == PAID


def test_shuffled_and_duplicated(stripe: StripeClient, standin: Standin, site: Receiver) -> None:
    standin.arm(Fault.WEBHOOKS_SHUFFLE)
    standin.arm(Fault.WEBHOOK_DUPLICATE, times=EVERY)
    paid_charge(stripe, standin)
    standin.deliver()
    assert Counter(site.types) == Counter(PAID * 2)
    assert site.types != PAID * 2
    assert undelivered(stripe) == []


def test_a_dropped_one_never_comes_and_can_be_found(stripe: StripeClient, standin: Standin, site: Receiver) -> None:
    standin.arm(Fault.WEBHOOK_DROP, where="checkout.session.completed")
    paid_charge(stripe, standin)
    standin.deliver()
    standin.advance(4 * DAY)
    standin.deliver()
    assert site.types == PAID[:-1]
    assert undelivered(stripe) == ["checkout.session.completed"]


def test_a_delayed_one_comes_after_three_days(stripe: StripeClient, standin: Standin, site: Receiver) -> None:
    standin.arm(Fault.WEBHOOK_DELAY, where="charge.succeeded")
    paid_charge(stripe, standin)
    standin.deliver()
    assert undelivered(stripe) == ["charge.succeeded"]
    standin.advance(3 * DAY)
    assert standin.deliver() == [("charge.succeeded", 200)]


def test_a_wrong_secret_is_not_believed(stripe: StripeClient, standin: Standin) -> None:
    with receiving() as receiver:
        standin.endpoint(snapshot=receiver.url, secret="whsec_another")
        paid_charge(stripe, standin)
        assert {status for _, status in standin.deliver()} == {400}
        assert receiver.types == []


def test_v2_sends_thin_events_that_are_fetched(stripe: StripeClient, standin: Standin, site: Receiver) -> None:
    with receiving() as thin:
        standin.endpoint(thin=thin.url, secret=SECRET)
        account = recipient(stripe, standin)
        standin.deliver()
        assert site.types == []
        body = thin.bodies[-1]
        assert b"updated_capability" not in body
        notification = stripe.parse_event_notification(body, _header(body), SECRET)
        assert notification.type == "v2.core.account[configuration.recipient].capability_status_updated"
        event: Any = stripe.v2.core.events.retrieve(notification.id)
        assert event.data.updated_capability == "stripe_balance.stripe_transfers"
        assert event.related_object.id == account
        assert event.fetch_related_object().id == account


def test_thin_events_are_found_by_their_object(stripe: StripeClient, standin: Standin) -> None:
    first, second = recipient(stripe, standin), recipient(stripe)
    created = "v2.core.account.created"
    assert [event.type for event in stripe.v2.core.events.list({"object_id": second}).data] == [created]
    about_first = stripe.v2.core.events.list({"object_id": first, "types": [created]}).data
    assert len(about_first) == 1
    assert len(stripe.v2.core.events.list({"created": {"gte": about_first[0].created}}).data) == 5
    assert stripe.v2.core.events.list({"created": {"gt": "2999-01-01T00:00:00.000Z"}}).data == []


def test_events_are_found_by_type_and_page_by_page(stripe: StripeClient, standin: Standin) -> None:
    for _ in range(3):
        paid_charge(stripe, standin)
    charges = stripe.v1.events.list({"types": ["charge.*", "payment_intent.created"], "limit": 2})
    assert charges.has_more
    assert [event.type for event in charges.auto_paging_iter()] == ["charge.succeeded", "payment_intent.created"] * 3
    standin.advance(31 * DAY)
    assert event_types(stripe) == []


def test_a_program_delivers_by_itself(stripe: StripeClient, standin: Standin, site: Receiver) -> None:
    with delivering(standin):
        paid_charge(stripe, standin)
        deadline = time.monotonic() + 10
        while len(site.bodies) < len(PAID) and time.monotonic() < deadline:
            time.sleep(0.05)
    assert site.types == PAID
