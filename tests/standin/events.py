"""Events: a snapshot of a v1 object, or a thin note on a v2 one. docs.stripe.com/event-destinations"""

from copy import deepcopy
from typing import Any

from tests.standin.contract import check_object
from tests.standin.routes import Obj
from tests.standin.settings import PIN
from tests.standin.state import State
from tests.standin.webhooks import Kind


def emit(state: State, kind: str, obj: Obj, *, previous: Obj | None = None, account: str | None = None) -> None:
    """`account`: the connected account whose object it is."""
    data: Obj = {"object": deepcopy(obj)} | ({"previous_attributes": deepcopy(previous)} if previous else {})
    event = state.make(
        "event",
        "evt",
        account=account,
        api_version=PIN,
        data=data,
        livemode=False,
        pending_webhooks=0,
        request={"id": None, "idempotency_key": None},
        type=kind,
    )
    if state.call:
        event["request"] = {"id": state.call.request_id, "idempotency_key": state.call.key}
    if account is None:
        del event["account"]
    state.violations += [f"event {kind}: {problem}" for problem in check_object(event)]
    event["pending_webhooks"] = state.webhooks.publish(Kind.SNAPSHOT, event)


def emit_thin(state: State, kind: str, *, related: Obj, url: str, data: Any = None) -> None:
    event = state.add(
        {
            "id": state.new_id("evt_test"),
            "object": "v2.core.event",
            "type": kind,
            "created": state.clock.text(),
            "livemode": False,
            "context": None,
            "changes": None,
            "snapshot_event": None,
            "reason": None,
            "related_object": {"id": related["id"], "type": related["object"], "url": url},
        }
    )
    if state.call and state.call.key:
        event["reason"] = {
            "type": "request",
            "request": {"id": state.call.request_id, "idempotency_key": state.call.key},
        }
    thin = {name: event[name] for name in ("id", "object", "type", "created", "livemode", "related_object", "reason")}
    if data is not None:
        event["data"] = data
    state.violations += [f"event {kind}: {problem}" for problem in check_object(event)]
    state.webhooks.publish(Kind.THIN, {name: value for name, value in thin.items() if value is not None}, stored=event)
