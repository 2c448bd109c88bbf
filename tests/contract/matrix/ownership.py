"""Routes about claims of ownership: filed by anybody, decided by stewards and operators, told to licensees."""

from typing import Any

from licensing.models import OwnershipClaim
from licensing.selectors import grant_of_order
from licensing.services import Claimed, file_claim, review_claim, uphold_claim
from tests.contract.matrix import Row, everybody, only
from tests.contract.matrix.world import World

WORDS = {"name": "Ada", "email": "ada@example.org", "what": "All.", "why": "I made it.", "evidence": "A contract."}


def filed(world: World) -> OwnershipClaim:
    """By the stranger, in the cell's own transaction."""
    claimant = world.people["stranger"]
    return file_claim(actor=claimant, dataset_id=world.dataset.pk, claimed=Claimed(**WORDS))


def claim(world: World) -> dict[str, Any]:
    return {"claim_id": filed(world).pk}


def reviewed(world: World) -> dict[str, Any]:
    made = filed(world)
    review_claim(actor=world.people["steward"], claim_id=made.pk)
    return {"claim_id": made.pk}


def upheld_part(world: World) -> dict[str, Any]:
    made = filed(world)
    steward = world.people["steward"]
    review_claim(actor=steward, claim_id=made.pk, contribution_id=world.contribution.pk)
    uphold_claim(actor=world.people["operator"], claim_id=made.pk, reason="theirs")
    return {"claim_id": made.pk}


def words(_world: World) -> dict[str, Any]:
    return dict(WORDS)


def reason(_world: World) -> dict[str, Any]:
    return {"reason": "Looked into."}


def decision(_world: World) -> dict[str, Any]:
    return {"decision": "uphold", "reason": "Looked into."}


def grant(world: World) -> dict[str, Any]:
    found = grant_of_order(world.order.pk)
    assert found is not None
    return {"grant_id": found.pk}


# The claimant, who is the stranger here, sees the claim; the others do not know of it.
UNKNOWN: dict[str, Any] = {"contributor": 404, "buyer": 404}
SEEN: dict[str, Any] = {"stranger": 200, "steward": 200, "operator": 200, **UNKNOWN}
DESK: dict[str, Any] = {"stranger": 403, "steward": 200, "operator": 200, **UNKNOWN}
STEP: dict[str, Any] = {"stranger": 403, "steward": 302, "operator": 302, **UNKNOWN}

ROWS = [
    Row("licensing-api:ownership-file", "POST", path="dataset_path", body=words, **everybody(201)),
    Row(
        "licensing-api:ownership-file",
        "POST",
        path="draft_dataset_path",
        body=words,
        **only("steward", 201, others=404),
    ),
    Row("licensing-api:ownership-claims", "GET", **everybody(200, anonymous=401)),
    Row("licensing-api:ownership-claim", "GET", path=claim, anonymous=401, **SEEN),
    Row("licensing-api:ownership-review", "POST", path=claim, anonymous=401, **DESK),
    Row(
        "licensing-api:ownership-decision",
        "POST",
        path=reviewed,
        body=decision,
        anonymous=401,
        **{**DESK, "steward": 403},
    ),
    Row("licensing-api:grant-claims", "GET", path=grant, **only("buyer", 200, others=404, anonymous=401)),
    Row("licensing:ownership-file", "GET", path="dataset_path", **everybody(200)),
    Row("licensing:ownership-file", "POST", path="dataset_path", body=words, **everybody(302)),
    Row("licensing:ownership-claims", "GET", **everybody(200, anonymous=302)),
    Row("licensing:ownership-claim", "GET", path=claim, anonymous=302, **SEEN),
    Row("licensing:ownership-review", "POST", path=claim, anonymous=302, **STEP),
    Row("licensing:ownership-uphold", "POST", path=reviewed, body=reason, anonymous=302, **{**STEP, "steward": 403}),
    Row("licensing:ownership-take-out", "POST", path=upheld_part, body=reason, anonymous=302, **STEP),
    Row("licensing:ownership-reject", "POST", path=reviewed, body=reason, anonymous=302, **{**STEP, "steward": 403}),
    # An operator takes back only what somebody without an account wrote.
    Row(
        "licensing:ownership-withdraw",
        "POST",
        path=claim,
        anonymous=302,
        **{**STEP, "stranger": 302, "steward": 403, "operator": 403},
    ),
]
