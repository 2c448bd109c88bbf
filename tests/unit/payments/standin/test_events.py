"""Snapshot events carry the object whole; thin ones say only where it is."""

from typing import Any

import pytest

from tests.standin.contract import check_notification, check_object, check_response, match, skeleton

REFUND = skeleton("refund", id="re_1", amount=5, currency="usd", status="succeeded")
RELATED = {"id": "acct_1", "type": "v2.core.account", "url": "/v2/core/accounts/acct_1"}
DELIVERED: dict[str, Any] = {
    "id": "evt_1",
    "object": "v2.core.event",
    "type": "v2.core.account[configuration.recipient].capability_status_updated",
    "created": "2026-11-01T00:00:00Z",
    "livemode": False,
    "related_object": RELATED,
}


def snapshot(obj: dict[str, Any], kind: str = "refund.updated") -> dict[str, Any]:
    return skeleton("event", id="evt_1", type=kind, data={"object": obj})


def test_a_snapshot_event_carries_a_whole_object() -> None:
    assert check_object(snapshot(REFUND)) == []


@pytest.mark.parametrize(
    ("obj", "problems"),
    [
        (REFUND | {"fee": 1}, ["data[object][fee]: is not declared by Refund"]),
        (REFUND | {"amount": "5"}, ["data[object][amount]: '5' is not int"]),
        ({"object": "unicorn"}, ["data[object]: 'unicorn' is no object that the client knows"]),
    ],
)
def test_its_object_is_checked_by_its_own_name(obj: dict[str, Any], problems: list[str]) -> None:
    assert check_object(snapshot(obj)) == problems


def test_events_in_a_list_are_checked_with_their_objects() -> None:
    found = match("GET", "/v1/events")
    assert found is not None
    page = {"object": "list", "url": "/v1/events", "has_more": False, "data": [snapshot(REFUND | {"fee": 1})]}
    assert check_response(found[0], page) == ["data[0][data][object][fee]: is not declared by Refund"]


def test_a_snapshot_event_has_a_known_type() -> None:
    (problem,) = check_object(snapshot(REFUND, "refund.eaten"))
    assert problem.startswith("type: 'refund.eaten' is not one of 'account.application.authorized', ")


def test_a_thin_event_as_delivered() -> None:
    assert check_notification(DELIVERED) == []
    assert check_notification(DELIVERED | {"data": {}, "related_object": {"id": "acct_1"}}) == [
        "data: is not declared by V2CoreAccountIncludingConfigurationRecipientCapabilityStatusUpdatedEventNotification",
        "related_object[type]: is missing, and RelatedObject requires it",
        "related_object[url]: is missing, and RelatedObject requires it",
    ]
    assert check_notification(DELIVERED | {"type": "v2.unicorn"}) == [
        "type: 'v2.unicorn' is no thin event that the client knows"
    ]


def test_a_thin_event_as_fetched_has_the_data_of_its_type() -> None:
    data = {"updated_capability": "stripe_balance.stripe_transfers"}
    assert check_object(DELIVERED | {"data": data}) == []
    assert check_object(DELIVERED) == ["data: is missing, and Event requires it"]
    assert check_object(DELIVERED | {"type": "v2.core.account.updated", "data": data}) == [
        "data: is not declared by Event"
    ]
