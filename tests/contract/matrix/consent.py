"""Routes of notices, guardians, a person's own records and proof. The buyer is a guardian here."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from licensing.domain.actions import ACTION_CODES
from licensing.models import ConsentEvent, Evidence, Person, RecordSubject
from licensing.selectors import current_notice
from licensing.services.people import keep_birth, recorded_person
from tests.contract.matrix import Row, everybody, only
from tests.contract.matrix.world import World

WORDING = {"text": "Your voice teaches machines.", "purposes": ["access", "train"]}


def ward(world: World) -> dict[str, Any]:
    """Somebody of ten years whom the contributor recorded, in all of it; the buyer answered as guardian."""
    row, giver = world.contribution, world.people["contributor"]
    child, parent = recorded_person(row.payee, "CHILD"), recorded_person(row.payee, "PARENT")
    keep_birth(child, timezone.localdate().replace(year=timezone.localdate().year - 10, day=1), "SN")
    Person.objects.filter(pk=parent.pk).update(account=world.people["buyer"])
    subject = RecordSubject.objects.create(contribution=row, person=child, role="speaker", is_whole=True)
    proof = {"kind": "guardian_form", "sha256": "c" * 64, "added_by": giver, "added_at": timezone.now()}
    ConsentEvent.objects.create(
        contribution=row,
        kind="given",
        person=child,
        subject=subject,
        guardian=parent,
        evidence=Evidence.objects.create(contribution=row, **proof),
        notice=current_notice(),
        answers=dict.fromkeys(ACTION_CODES, "given"),
        limits={"commercial": True},
        at=timezone.now(),
    )
    return {"person_id": child.pk, "contribution_id": row.pk}


def only_ward(world: World) -> dict[str, Any]:
    return {"person_id": ward(world)["person_id"]}


def speaker(world: World) -> dict[str, Any]:
    """Without an account, whose answer holds."""
    made = ward(world)
    return {"person_id": made["person_id"], "contribution_id": made["contribution_id"]}


def proof(_world: World) -> dict[str, Any]:
    file = SimpleUploadedFile("form.pdf", b"%PDF-1.7\n%%EOF\n")
    return {"file": file, "kind": "contract"}


def answers(_world: World) -> dict[str, Any]:
    return {"notice_sha256": current_notice().text_sha256, "uses": {"access": True}}


GUARDIAN: dict[str, Any] = only("buyer", 200, others=404, anonymous=401)
GUARDIAN_PAGE: dict[str, Any] = only("buyer", 200, others=404, anonymous=302)
GUARDIAN_GO: dict[str, Any] = only("buyer", 302, others=404, anonymous=302)
MINE_PAGE: dict[str, Any] = only("contributor", 200, others=404, anonymous=302)
MINE_GO: dict[str, Any] = only("contributor", 302, others=404, anonymous=302)
UNKNOWN: dict[str, Any] = {"stranger": 404, "buyer": 404, "operator": 404}
DRAFT: dict[str, Any] = {"path": "draft_dataset_path", "body": WORDING}

ROWS = [
    Row("licensing-api:consent-notices", "GET", path="dataset_path", **everybody(200)),
    Row("licensing-api:consent-notices", "GET", path="draft_dataset_path", **only("steward", 200, others=404)),
    Row(
        "licensing-api:consent-notices",
        "POST",
        path="dataset_path",
        body=WORDING,
        **only("steward", 201, others=403, anonymous=401),
    ),
    Row("licensing-api:consent-notices", "POST", **DRAFT, **only("steward", 201, others=404, anonymous=401)),
    Row("licensing:consent_notices", "GET", path="dataset_path", **only("steward", 200, others=403, anonymous=302)),
    Row("licensing:consent_notices", "POST", path="dataset_path", **only("steward", 200, others=403, anonymous=302)),
    Row("licensing-api:assurance", "GET", path="dataset_path", **everybody(200)),
    Row("licensing-api:assurance", "GET", path="draft_dataset_path", **only("steward", 200, others=404)),
    Row("licensing-api:ward-consent", "GET", path=ward, **GUARDIAN),
    Row("licensing-api:ward-consent", "PUT", path=ward, body=answers, **GUARDIAN),
    Row("licensing-api:ward-withdraw", "POST", path=ward, **GUARDIAN),
    Row("licensing-api:ward-withdraw-all", "POST", path=only_ward, **GUARDIAN),
    Row("licensing-api:ward-own-records", "GET", path=ward, **GUARDIAN),
    Row(
        "licensing-api:own-records",
        "GET",
        path="contribution_path",
        **only("contributor", 200, others=404, anonymous=401),
    ),
    Row("licensing:ward-consent", "GET", path=ward, **GUARDIAN_PAGE),
    Row("licensing:ward-consent", "POST", path=ward, **GUARDIAN_PAGE),
    Row("licensing:ward-withdraw", "POST", path=ward, **GUARDIAN_GO),
    Row("licensing:ward-withdraw-all", "POST", path=only_ward, **GUARDIAN_GO),
    Row("licensing:ward-own-records", "GET", path=ward, **GUARDIAN_PAGE),
    Row("licensing:ward-own-records", "POST", path=ward, **GUARDIAN_GO),
    Row("licensing:own-records", "GET", path="contribution_path", **MINE_PAGE),
    Row("licensing:own-records", "POST", path="contribution_path", **MINE_GO),
    Row("licensing-api:person-proof", "POST", path=speaker, **everybody(415, anonymous=401)),
    Row("licensing:proof", "GET", path=speaker, anonymous=302, contributor=200, steward=200, **UNKNOWN),
    Row("licensing:proof", "POST", path=speaker, body=proof, anonymous=302, contributor=302, steward=302, **UNKNOWN),
]
