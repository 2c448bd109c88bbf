"""The two addresses at which Stripe tells us things: what they believe, and what they keep."""

import json
import time

import pytest
from django.test import Client
from pytest_django import Settings
from stripe import WebhookSignature

from collective.core.models import Job
from payments.models import RailEvent
from tests.integration.payments.shop import SECRETS

# What Stripe says and hears: the same services run on both databases with the embedded rail, and in the money machine.
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shop"), pytest.mark.once]

EVENT = {"id": "evt_1", "object": "event", "type": "charge.updated", "data": {"object": {"id": "ch_1", "name": "Ada"}}}
THIN = {
    "id": "evt_2",
    "object": "v2.core.event",
    "type": "v2.core.account.updated",
    "related_object": {"id": "acct_1", "type": "v2.core.account", "url": "/v2/core/accounts/acct_1"},
}


def send(body: object, *, to: str = "snapshot", secret: str = "", at: float = 0, client: Client | None = None) -> int:
    text = body if isinstance(body, str) else json.dumps(body)
    moment = int(time.time() + at)
    header = WebhookSignature.generate_signature_header(text, secret or SECRETS[to], timestamp=moment)
    answer = (client or Client()).post(
        f"/stripe/{to}", text, content_type="application/json", headers={"Stripe-Signature": header}
    )
    return answer.status_code


@pytest.mark.parametrize(("body", "to", "subject"), [(EVENT, "snapshot", "ch_1"), (THIN, "thin", "acct_1")])
def test_a_message_is_one_row_however_often_it_comes(body: object, to: str, subject: str) -> None:
    assert [send(body, to=to) for _ in range(3)] == [200, 200, 200]
    row = RailEvent.objects.get()
    assert (row.subject, row.followed_at) == (subject, None)
    assert Job.objects.filter(name="payments.follow_event").count() == 1


def test_nothing_of_its_content_is_kept() -> None:
    send(EVENT)
    kept = json.dumps(list(RailEvent.objects.values()), default=str) + json.dumps(list(Job.objects.values("arguments")))
    assert "Ada" not in kept


def test_it_needs_no_session_and_no_form_token() -> None:
    assert send(EVENT, client=Client(enforce_csrf_checks=True)) == 200


@pytest.mark.parametrize("at", [-301, 301, 3600])
def test_a_signature_is_good_for_five_minutes_both_ways(at: float) -> None:
    """The client itself would accept one from the future."""
    assert send(EVENT, at=at) == 400
    assert not RailEvent.objects.exists()


def test_each_address_has_its_own_secret_and_its_own_kind() -> None:
    assert send(EVENT, secret=SECRETS["thin"]) == 400
    assert send(THIN, to="snapshot") == 400
    assert send(EVENT, to="thin") == 400
    assert not RailEvent.objects.exists()


@pytest.mark.parametrize(
    "body", ["", "no JSON", "[]", '{"object": "event"}', '{"object": "event", "data": {}}', "null"]
)
def test_what_is_signed_and_makes_no_sense_is_refused(body: str) -> None:
    assert send(body) == 400
    assert not RailEvent.objects.exists()


def test_without_a_signature_or_a_secret_nothing_is_believed(settings: Settings) -> None:
    answer = Client().post("/stripe/snapshot", json.dumps(EVENT), content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_signature")
    settings.STRIPE_WEBHOOK_SECRETS = {"snapshot": "", "thin": ""}
    header = WebhookSignature.generate_signature_header(json.dumps(EVENT), "", timestamp=int(time.time()))
    answer = Client().post(
        "/stripe/snapshot", json.dumps(EVENT), content_type="application/json", headers={"Stripe-Signature": header}
    )
    assert answer.status_code == 400
    assert not RailEvent.objects.exists()


def test_more_than_any_message_is_not_read() -> None:
    large = {**EVENT, "filler": "x" * (256 * 1024)}
    assert send(large) == 413
    assert not RailEvent.objects.exists()
