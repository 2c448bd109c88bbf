"""Routes of licensing."""

from typing import Any

from ingestion.models import PreparedObject
from licensing.domain.actions import ACTION_CODES
from licensing.models import LicenseVersion, RecordSubject
from licensing.selectors import current_notice, current_statement, grant_of_order
from licensing.services import Manifest, deliver_manifest, token_of
from licensing.services.people import claim_of, recorded_person
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


def manifest(world: World) -> Manifest:
    return deliver_manifest(actor=world.order.buyer, key=None, version=world.version)


def session(world: World) -> dict[str, Any]:
    return {"session_id": manifest(world).session.pk}


def session_token(world: World) -> dict[str, Any]:
    given = manifest(world)
    return {"token": token_of(given.session), "path": given.deliveries[0].path}


def no_seat(world: World) -> dict[str, Any]:
    return {**grant(world), "seat_id": world.order.pk}


def free_offer(_world: World) -> dict[str, Any]:
    terms = LicenseVersion.objects.get(template__license_id="CC0-1.0")
    return {"license_version": str(terms.pk), "price_minor": 0, "currency": "EUR"}


def training_offer(world: World) -> dict[str, Any]:
    terms = LicenseVersion.objects.get(template__license_id="LicenseRef-DC-TRAIN-COMM-1.0")
    return {**free_offer(world), "license_version": str(terms.pk)}


def no_quote(world: World) -> dict[str, Any]:
    """Nobody asked in this world. Who sees and answers a request is told in the tests of offers."""
    return {"quote_id": world.offer.pk}


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


def one_record(world: World) -> dict[str, Any]:
    preview = PreparedObject.objects.filter(contribution=world.contribution)[0].preview
    return {"record_ids": [preview[0]["record_id"]]}


def merging(_world: World) -> dict[str, Any]:
    return {"sources": ["CC-BY-4.0", "ODbL-1.0"], "target": "ODbL-1.0"}


def training(world: World) -> dict[str, Any]:
    job = {"action": "train", "commercial": True, "territory": ["FR"], "licensee_type": "individual"}
    return {"sources": [world.dataset.repo_id], "job": job}


STEWARD_ONLY = only("steward", 200, others=403, anonymous=401)
# Nobody but the contributor and, once it is handed in, the stewards knows that a contribution exists.
STOPS: dict[str, Any] = everybody(403, anonymous=401, steward=200, operator=200)
UNKNOWN: dict[str, Any] = {"stranger": 404, "buyer": 404, "operator": 404}
MINE_ALONE: dict[str, Any] = {"steward": 404, **UNKNOWN}


def own_receipt(world: World) -> dict[str, Any]:
    return {"event_id": world.contribution.consent_events.get().pk}


def answers(_world: World) -> dict[str, Any]:
    return {"notice_sha256": current_notice().text_sha256, "uses": {"access": True}}


def claim(world: World) -> dict[str, Any]:
    """Of somebody whom the contributor recorded."""
    person = recorded_person(world.contribution.payee, "SPK-1")
    subject = {"contribution": world.contribution, "person": person, "role": "speaker"}
    RecordSubject.objects.create(**subject, is_whole=True)
    made = claim_of(actor=world.contribution.contributor, contribution=world.contribution, person_id=person.pk)
    return {"claim": made}


def person_in_it(world: World) -> dict[str, Any]:
    claim(world)
    return {**world.contribution_path, "person_id": world.contribution.subjects.get().person_id}


PEOPLE: dict[str, Any] = {"contributor": 200, "steward": 200, **UNKNOWN}
# Whoever brought in or publishes the answers of people cannot become one of them.
PROVIDERS: dict[str, Any] = {"contributor": 403, "steward": 403}
CONSENT_MINE: dict[str, Any] = only("contributor", 200, others=404, anonymous=401)
CONSENT_PAGE: dict[str, Any] = only("contributor", 200, others=404, anonymous=302)

ROWS = [
    Row("licensing-api:consents", "GET", **everybody(200, anonymous=401)),
    Row("licensing-api:consents-withdraw", "POST", **everybody(200, anonymous=401)),
    Row("licensing-api:claims", "POST", body=claim, **{**everybody(200, anonymous=401), **PROVIDERS}),
    Row("licensing-api:receipt", "GET", path=own_receipt, **CONSENT_MINE),
    Row("licensing-api:consent", "GET", path="contribution_path", **CONSENT_MINE),
    Row("licensing-api:consent", "PUT", path="contribution_path", body=answers, **CONSENT_MINE),
    Row("licensing-api:people", "GET", path="contribution_path", anonymous=401, **PEOPLE),
    Row("licensing-api:people", "POST", path="contribution_path", **everybody(415, anonymous=401)),
    Row("licensing-api:person-claim", "POST", path=person_in_it, anonymous=401, **PEOPLE),
    Row("licensing:people", "GET", path="contribution_path", anonymous=302, **PEOPLE),
    Row("licensing:people", "POST", path="contribution_path", anonymous=302, **PEOPLE),
    Row("licensing:claim-link", "POST", path=person_in_it, anonymous=302, **PEOPLE),
    Row("licensing:consents", "GET", **everybody(200, anonymous=302)),
    Row("licensing:consents-withdraw", "POST", **everybody(302)),
    Row("licensing:claim", "GET", path=claim, **everybody(200, anonymous=302)),
    Row("licensing:claim", "POST", path=claim, **{**everybody(302), **PROVIDERS}),
    Row("licensing:receipt", "GET", path=own_receipt, **CONSENT_PAGE),
    Row("licensing:consent", "GET", path="contribution_path", **CONSENT_PAGE),
    Row("licensing:consent", "POST", path="contribution_path", **CONSENT_PAGE),
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
    Row(
        "licensing-api:offer-preview",
        "POST",
        path="dataset_path",
        body=training_offer,
        **only("steward", 200, others=403, anonymous=401),
    ),
    # The world's offer has a price: whoever may see it hears that there is nothing to ask.
    Row("licensing-api:quote-ask", "POST", path="offer_path", body={"use": "A."}, **everybody(409, anonymous=401)),
    Row("licensing-api:quotes", "GET", **everybody(200, anonymous=401)),
    Row(
        "licensing-api:quote-answer",
        "POST",
        path=no_quote,
        body={"price_minor": 100, "currency": "EUR"},
        **everybody(404, anonymous=401),
    ),
    Row("licensing-api:quote-decline", "POST", path=no_quote, body={"reason": "No."}, **everybody(404, anonymous=401)),
    Row("licensing-api:offer", "GET", path="offer_path", **everybody(200)),
    Row("licensing-api:offer-retire", "POST", path="offer_path", **STEWARD_ONLY),
    # A license is its holder's: neither the seller nor an operator reads it.
    Row("licensing-api:grants", "GET", **everybody(200, anonymous=401)),
    Row("licensing-api:grant", "GET", path=grant, **only("buyer", 200, others=404, anonymous=401)),
    Row("licensing-api:grant-jws", "GET", path=grant, **only("buyer", 200, others=404, anonymous=401)),
    # Its stewards and operators stop it, and read no more of it than its state.
    *(
        Row(f"licensing-api:grant-{step}", "POST", path=grant, body={"reason": "Breach."}, **STOPS)
        for step in ("suspend", "reinstate", "revoke")
    ),
    Row(
        "licensing-api:manifest",
        "GET",
        path="dataset_path",
        **only("buyer", 200, others=403, steward=200, anonymous=401),
    ),
    Row("licensing-api:manifest", "GET", path="draft_dataset_path", **everybody(404)),
    # The buyer's session. Who else holds its token holds nothing.
    Row(
        "licensing-api:session-url",
        "POST",
        body=session_token,
        **only("buyer", 200, others=403, anonymous=401),
    ),
    Row(
        "licensing-api:session-budget",
        "POST",
        path=session,
        body={"times": 100},
        **only("steward", 200, others=404, anonymous=401),
    ),
    Row("licensing-api:credits", "GET", path="dataset_path", **everybody(200)),
    Row("licensing-api:credits", "GET", path="draft_dataset_path", **everybody(404)),
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
    Row(
        "licensing-api:withdraw-records",
        "POST",
        path="contribution_path",
        body=one_record,
        anonymous=401,
        contributor=200,
        **MINE_ALONE,
    ),
    Row(
        "licensing-api:withdraw-records",
        "POST",
        path="draft_contribution_path",
        body=one_record,
        anonymous=401,
        contributor=409,
        **MINE_ALONE,
    ),
    Row("licensing:withdraw-records", "POST", path="contribution_path", anonymous=302, contributor=302, **MINE_ALONE),
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
    Row("licensing:combine", "GET", **everybody(200)),
    Row("licensing:rights_check", "GET", path="dataset_path", **only("steward", 200, others=403, anonymous=302)),
    Row("licensing:rights_check", "GET", path="draft_dataset_path", **only("steward", 200, others=404, anonymous=302)),
    Row("licensing-api:rights-check", "GET", path="dataset_path", **STEWARD_ONLY),
    Row(
        "licensing-api:rights-check",
        "GET",
        path="draft_dataset_path",
        **only("steward", 200, others=404, anonymous=401),
    ),
    Row("licensing-api:compatibility-merge", "POST", body=merging, **everybody(200)),
    Row("licensing-api:compatibility-train", "POST", body=training, **everybody(200)),
    Row("licensing:quote_ask", "GET", path="offer_path", **everybody(200, anonymous=302)),
    Row("licensing:quote_ask", "POST", path="offer_path", **everybody(200, anonymous=302)),
    Row("licensing:quotes", "GET", **everybody(200, anonymous=302)),
    Row(
        "licensing:quote_answer",
        "POST",
        path=no_quote,
        body={"decline": "1", "reason": "No."},
        **everybody(404, anonymous=302),
    ),
    Row("licensing-api:offer-odrl", "GET", path="offer_path", **everybody(200)),
    Row("licensing-api:grant-odrl", "GET", path=grant, **only("buyer", 200, others=404, anonymous=401)),
    Row("licensing:odrl-profile", "GET", **everybody(200)),
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
