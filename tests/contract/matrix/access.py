"""Routes of requests for access. The buyer asked; only the buyer's side and the stewards know of it."""

from typing import Any

from collective.catalog.models import Dataset
from licensing import services
from licensing.models import AccessRequest
from tests.contract.matrix import Row, everybody, only
from tests.contract.matrix.world import World


def restricted(world: World) -> dict[str, Any]:
    Dataset.objects.filter(pk=world.dataset.pk).update(visibility="restricted")
    return world.dataset_path


def asked(world: World) -> dict[str, Any]:
    return {"request_id": _request(world).pk}


def asked_back(world: World) -> dict[str, Any]:
    row = _request(world)
    services.ask_for_information(actor=world.people["steward"], request_id=row.pk, text="For what?")
    return {"request_id": row.pk}


def approved(world: World) -> dict[str, Any]:
    row = _request(world)
    services.approve_access(actor=world.people["steward"], request_id=row.pk, reason="Good.")
    return {"request_id": row.pk}


def with_file(world: World) -> dict[str, Any]:
    buyer = world.people["buyer"]
    file = services.store_access_file(actor=buyer, dataset_id=world.dataset.pk, name="a", content=b"a paper")
    path = asked_back(world)
    services.answer_access_request(actor=buyer, request_id=path["request_id"], text="Here.", files=[str(file.pk)])
    return {**path, "file_id": file.pk}


def rule(world: World) -> dict[str, Any]:
    made = services.add_access_rule(
        actor=world.people["steward"], dataset_id=world.dataset.pk, name="Research", conditions=CONDITIONS
    )
    return {"rule_id": made.pk}


def _request(world: World) -> AccessRequest:
    restricted(world)
    buyer = world.people["buyer"]
    return services.request_access(
        actor=buyer,
        dataset_id=world.dataset.pk,
        licensee_id=buyer.personal_organization.pk,
        asked=services.Asked("Research."),
    )


CONDITIONS = [{"field": "purpose", "any_of": ["research"]}]
TEXT = {"text": "Because."}
DECISION = {"decision": "approve", "reason": "Good."}
# The buyer asked, the steward decides; to everybody else the request does not exist.
BOTH = {**everybody(404, anonymous=401), "buyer": 200, "steward": 200}
BUYER = {**BOTH, "steward": 403}
STEWARD = {**BOTH, "buyer": 403}
BOTH_PAGE = {**BOTH, "anonymous": 302}
BUYER_PAGE = {**everybody(404, anonymous=302), "buyer": 302, "steward": 403}
STEWARD_PAGE = {**everybody(404, anonymous=302), "buyer": 403, "steward": 302}
DESK = only("steward", 200, others=403, anonymous=401)
DESK_PAGE = only("steward", 200, others=403, anonymous=302)

ROWS = [
    Row("licensing-api:access-questions", "GET", path=restricted, **everybody(200)),
    Row("licensing-api:access-questions", "GET", path="draft_dataset_path", **only("steward", 200, others=404)),
    Row("licensing-api:access-questions", "PUT", path=restricted, body={"questions": []}, **DESK),
    Row("licensing-api:access-rules", "GET", path=restricted, **DESK),
    Row(
        "licensing-api:access-rules",
        "POST",
        path=restricted,
        body={"name": "Research", "conditions": CONDITIONS},
        **{**DESK, "steward": 201},
    ),
    Row("licensing-api:access-rule-end", "POST", path=rule, **DESK),
    Row("licensing-api:access-files", "POST", path=restricted, body=TEXT, **everybody(201, anonymous=401)),
    Row(
        "licensing-api:access-files",
        "POST",
        path="draft_dataset_path",
        body=TEXT,
        **only("steward", 201, others=404, anonymous=401),
    ),
    # One's own only: what the list holds is in the tests of requests.
    Row("licensing-api:access-requests", "GET", **everybody(200, anonymous=401)),
    Row("licensing-api:dataset-access-requests", "GET", path=restricted, **everybody(200, anonymous=401)),
    Row(
        "licensing-api:dataset-access-requests",
        "POST",
        path=restricted,
        body={"purpose": "Research."},
        **everybody(201, anonymous=401),
    ),
    Row("licensing-api:access-request", "GET", path=asked, **BOTH),
    Row("licensing-api:access-request-file", "GET", path=with_file, **BOTH),
    Row("licensing-api:access-withdraw", "POST", path=asked, **BUYER),
    Row("licensing-api:access-answer", "POST", path=asked_back, body=TEXT, **BUYER),
    Row("licensing-api:access-decision", "POST", path=asked, body=DECISION, **STEWARD),
    Row("licensing-api:access-information", "POST", path=asked, body=TEXT, **STEWARD),
    Row("licensing-api:access-end", "POST", path=approved, body=TEXT, **STEWARD),
    Row("licensing:access_ask", "GET", path=restricted, **everybody(200, anonymous=302)),
    Row("licensing:access_ask", "POST", path=restricted, **everybody(200, anonymous=302)),
    Row("licensing:access_requests", "GET", **everybody(200, anonymous=302)),
    Row("licensing:access_request", "GET", path=asked, **BOTH_PAGE),
    Row("licensing:access_file", "GET", path=with_file, **BOTH_PAGE),
    Row("licensing:access_withdraw", "POST", path=asked, **BUYER_PAGE),
    Row("licensing:access_answer", "POST", path=asked_back, body=TEXT, **BUYER_PAGE),
    Row("licensing:access_approve", "POST", path=asked, body=TEXT, **STEWARD_PAGE),
    Row("licensing:access_decline", "POST", path=asked, body=TEXT, **STEWARD_PAGE),
    Row("licensing:access_ask_back", "POST", path=asked, body=TEXT, **STEWARD_PAGE),
    Row("licensing:access_end", "POST", path=approved, body=TEXT, **STEWARD_PAGE),
    Row("licensing:access_inbox", "GET", path=restricted, **DESK_PAGE),
    Row("licensing:access_questions", "GET", path=restricted, **DESK_PAGE),
    Row("licensing:access_questions", "POST", path=restricted, **DESK_PAGE),
    Row("licensing:access_rules", "GET", path=restricted, **DESK_PAGE),
    Row("licensing:access_rules", "POST", path=restricted, **DESK_PAGE),
    Row("licensing:access_rule_end", "POST", path=rule, **only("steward", 302, others=403, anonymous=302)),
]
