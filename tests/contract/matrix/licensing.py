"""Routes of licensing."""

from typing import Any

from licensing.domain.actions import ACTION_CODES
from licensing.models import LicenseVersion
from licensing.selectors import current_notice, current_statement, grant_of_order
from tests.contract.matrix import Row, everybody, only
from tests.contract.matrix.world import World


def text(world: World) -> dict[str, Any]:
    return {"text_sha256": world.offer.license_version.text_sha256}


def grant(world: World) -> dict[str, Any]:
    found = grant_of_order(world.order.pk)
    assert found is not None
    return {"grant_id": found.pk}


def agreement(world: World) -> dict[str, Any]:
    found = grant_of_order(world.order.pk)
    assert found is not None
    return {"agreement_id": found.agreement_id}


def me(world: World) -> dict[str, Any]:
    return {"user": str(world.order.buyer_id)}


def no_seat(world: World) -> dict[str, Any]:
    return {**grant(world), "seat_id": world.order.pk}


def free_offer(_world: World) -> dict[str, Any]:
    terms = LicenseVersion.objects.get(template__license_id="CC0-1.0")
    return {"license_version": str(terms.pk), "price_minor": 0, "currency": "EUR"}


def first_list(_world: World) -> dict[str, Any]:
    return {"number": 1}


def no_sample(world: World) -> dict[str, Any]:
    """The world's dataset is of texts. Who hears a clip and sees a thumbnail is told in the tests of excerpts."""
    data = world.version.files.get(kind="data")
    return {**world.dataset_path, "number": world.version.number, "sha256": data.sha256}


def private_sample(world: World) -> dict[str, Any]:
    return {**world.draft_dataset_path, "number": "1.0.0", "sha256": world.object_sha256}


def declaration(_world: World) -> dict[str, Any]:
    source = {"kind": "primary", "description": "At home.", "rights_role": "rightsholder"}
    consent = {"notice_sha256": current_notice().text_sha256, "answers": dict.fromkeys(ACTION_CODES, True)}
    signed = {"statement_sha256": current_statement().text_sha256, "signer_name": "Ama"}
    return {"source": {**source, "license": "LicenseRef-DC-OWN-WORK"}, "consent": consent, "attestation": signed}


STEWARD_ONLY = only("steward", 200, others=403, anonymous=401)
# Nobody but the contributor and, once it is handed in, the stewards knows that a contribution exists.
UNKNOWN: dict[str, Any] = {"stranger": 404, "buyer": 404, "operator": 404}
MINE_ALONE: dict[str, Any] = {"steward": 404, **UNKNOWN}

ROWS = [
    Row("licensing:preview-sample", "GET", path=no_sample, **everybody(404)),
    Row("licensing:preview-sample", "GET", path=private_sample, **everybody(404)),
    Row("licensing-api:licenses", "GET", **everybody(200)),
    Row("licensing-api:license", "GET", path=text, **everybody(200)),
    Row("licensing-api:license-text", "GET", path=text, **everybody(200)),
    Row("licensing-api:offers", "GET", path="dataset_path", **everybody(200)),
    Row("licensing-api:offers", "GET", path="draft_dataset_path", **only("steward", 200, others=404)),
    Row(
        "licensing-api:offers",
        "POST",
        path="dataset_path",
        body=free_offer,
        **only("steward", 201, others=403, anonymous=401),
    ),
    Row(
        "licensing-api:offers",
        "POST",
        path="draft_dataset_path",
        body=free_offer,
        **only("steward", 409, others=404, anonymous=401),
    ),
    Row("licensing-api:offer-choices", "GET", path="dataset_path", **STEWARD_ONLY),
    Row("licensing-api:offer", "GET", path="offer_path", **everybody(200)),
    Row("licensing-api:offer-retire", "POST", path="offer_path", **STEWARD_ONLY),
    # A license is its holder's: neither the seller nor an operator reads it.
    Row("licensing-api:grants", "GET", **everybody(200, anonymous=401)),
    Row("licensing-api:grant", "GET", path=grant, **only("buyer", 200, others=404, anonymous=401)),
    Row("licensing-api:grant-jws", "GET", path=grant, **only("buyer", 200, others=404, anonymous=401)),
    Row(
        "licensing-api:manifest",
        "GET",
        path="dataset_path",
        **only("buyer", 200, others=403, steward=200, anonymous=401),
    ),
    Row("licensing-api:manifest", "GET", path="draft_dataset_path", **everybody(404)),
    Row(
        "licensing-api:rights", "GET", path="contribution_path", anonymous=401, contributor=200, steward=200, **UNKNOWN
    ),
    Row("licensing-api:rights", "GET", path="draft_contribution_path", anonymous=401, contributor=200, **MINE_ALONE),
    Row(
        "licensing-api:rights",
        "PUT",
        path="draft_contribution_path",
        body=declaration,
        anonymous=401,
        contributor=200,
        **MINE_ALONE,
    ),
    Row(
        "licensing-api:rights",
        "PUT",
        path="contribution_path",
        body=declaration,
        anonymous=401,
        contributor=409,
        **MINE_ALONE,
    ),
    Row("licensing-api:withdraw", "POST", path="contribution_path", anonymous=401, contributor=200, **MINE_ALONE),
    Row("licensing:licenses", "GET", **everybody(200, anonymous=302)),
    Row("licensing:grant", "GET", path=grant, **only("buyer", 200, others=404, anonymous=302)),
    Row("licensing:grant-file", "GET", path=grant, **only("buyer", 200, others=404, anonymous=302)),
    Row("licensing:agreement", "GET", path=agreement, **only("buyer", 302, others=404, anonymous=302)),
    Row("licensing:license", "GET", path=text, **everybody(200)),
    Row("licensing:license-file", "GET", path=text, **everybody(200)),
    Row("licensing:rights", "GET", path="draft_contribution_path", anonymous=302, contributor=200, **MINE_ALONE),
    Row("licensing:rights", "POST", path="draft_contribution_path", anonymous=302, contributor=200, **MINE_ALONE),
    Row("licensing:withdraw", "GET", path="contribution_path", anonymous=302, contributor=200, **MINE_ALONE),
    Row("licensing:withdraw", "POST", path="contribution_path", anonymous=302, contributor=302, **MINE_ALONE),
    Row("licensing:offer_new", "GET", path="dataset_path", **only("steward", 200, others=403, anonymous=302)),
    Row("licensing:offer_new", "GET", path="draft_dataset_path", **only("steward", 200, others=404, anonymous=302)),
    Row("licensing:offer_new", "POST", path="dataset_path", **only("steward", 200, others=403, anonymous=302)),
    Row("licensing:retire", "POST", path="offer_path", **only("steward", 302, others=403, anonymous=302)),
    Row("licensing-api:certificate", "GET", path=grant, **only("buyer", 200, others=404, anonymous=401)),
    Row("licensing-api:seats", "GET", path=grant, **only("buyer", 200, others=404, anonymous=401)),
    # This license counts nobody, so that a seat cannot be given.
    Row("licensing-api:seats", "POST", path=grant, body=me, **only("buyer", 409, others=404, anonymous=401)),
    Row("licensing-api:seat-release", "POST", path=no_seat, **everybody(404, anonymous=401)),
    Row("licensing:certificate", "GET", path=grant, **only("buyer", 200, others=404, anonymous=302)),
    Row("licensing:seats", "GET", path=grant, **only("buyer", 200, others=404, anonymous=302)),
    Row("licensing:seats", "POST", path=grant, **only("buyer", 200, others=404, anonymous=302)),
    Row("licensing:seat-release", "POST", path=no_seat, **everybody(404, anonymous=302)),
    Row("licensing:verify", "GET", **everybody(200)),
    Row("licensing:verify", "POST", **everybody(200)),
    Row("licensing:grant-state", "GET", path=grant, **everybody(200)),
    Row("licensing:signing-keys", "GET", **only("operator", 302, others=404)),
    Row("licensing:signing-keys", "POST", **only("operator", 302, others=404)),
    Row("licensing:jwks", "GET", **everybody(200)),
    Row("licensing:status-list", "GET", path=first_list, **everybody(200)),
]
