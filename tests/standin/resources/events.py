"""Events that can be looked up for 30 days: docs.stripe.com/api/events and docs.stripe.com/api/v2/core/events"""

from tests.standin.clock import DAY
from tests.standin.errors import unsupported
from tests.standin.lists import is_within, page
from tests.standin.routes import Call, Obj, route
from tests.standin.state import State

KEPT_SECONDS = 30 * DAY


@route("GET", "/v1/events/{id}")
def retrieve(state: State, call: Call) -> Obj:
    return state.get("event", call.ids["id"])


@route("GET", "/v1/events")
def listing(state: State, call: Call) -> Obj:
    """The platform's own: those of connected accounts are asked for on their behalf."""
    oldest = state.now() - KEPT_SECONDS
    recent = (event for event in state.all("event") if event["created"] > oldest and not event.get("account"))
    params = call.params
    wanted = params.get("types") or ([params["type"]] if "type" in params else ["*"])
    found = [event for event in recent if any(_is(event["type"], kind) for kind in wanted)]
    delivered = params.get("delivery_success")
    return page(call, [e for e in found if delivered is None or state.webhooks.is_delivered(e) == delivered])


def _is(kind: str, wanted: str) -> bool:
    # `charge.*` stands for all that begin so.
    return kind.startswith(wanted[:-1]) if wanted.endswith("*") else kind == wanted


@route("GET", "/v2/core/events")
def list_thin(state: State, call: Call) -> Obj:
    """docs.stripe.com/api/v2/core/events/list: newest first. Of more than one page the stand-in knows the first."""
    oldest = state.clock.text(state.now() - KEPT_SECONDS)
    found = [event for event in state.all("v2.core.event") if event["created"] > oldest]
    about, types, created = (call.params.get(name) for name in ("object_id", "types", "created"))
    found = [event for event in found if not about or event["related_object"]["id"] == about]
    found = [event for event in found if not types or event["type"] in types]
    found = [event for event in found if is_within(event["created"], created or {})][::-1]
    if len(found) > call.params.get("limit", 100):
        raise unsupported("more events than one page has")
    return {"data": found, "next_page_url": None}


@route("GET", "/v2/core/events/{id}")
def retrieve_thin(state: State, call: Call) -> Obj:
    return state.get("v2.core.event", call.ids["id"])
