"""Routes of ingestion, API and pages."""

from typing import Any

from ingestion.domain.findings import Finding
from ingestion.domain.parts import SmallFile
from ingestion.models import PreparedObject, Upload, ValidationReport
from ingestion.services import start_batch, start_upload
from tests.contract.matrix import Row, everybody, only
from tests.contract.matrix.world import World

SIZE = 10
SMALL: dict[str, Any] = {"name": "a.wav", "size": SIZE, "md5": "0" * 32, "sha256": "0" * 64}
PART = {"number": 1, "size": SIZE, "md5": "0" * 32, "sha256": "0" * 64}


def open_upload(world: World) -> dict[str, Any]:
    """One that the contributor has begun and nobody has sent a part of."""
    upload = start_upload(
        actor=world.people["contributor"], contribution_id=world.draft_contribution.pk, name="a.jsonl", size=SIZE
    )
    return {"upload_id": upload.pk}


def small_upload(world: World) -> dict[str, Any]:
    """One that the contributor has begun in a batch."""
    (begun,) = start_batch(
        actor=world.people["contributor"], contribution_id=world.draft_contribution.pk, files=[SmallFile(**SMALL)]
    )
    assert begun.upload is not None
    return {"uploads": [str(begun.upload.pk)]}


def stored_upload(world: World) -> dict[str, Any]:
    return {"upload_id": Upload.objects.get(contribution=world.contribution, state="stored").pk}


def record(world: World) -> dict[str, Any]:
    preview = PreparedObject.objects.filter(contribution=world.contribution)[0].preview
    return {"contribution_id": world.contribution.pk, "record_id": preview[0]["record_id"]}


def no_record(world: World) -> dict[str, Any]:
    return {"contribution_id": world.contribution.pk, "record_id": "0" * 32}


def with_secrets(world: World) -> dict[str, Any]:
    """The contribution, as if its check had found a key in it."""
    found = Finding("secrets", "aws_key", "warning", "text", 1, (1,))
    ValidationReport.objects.filter(contribution=world.contribution).update(findings=[found.as_json()])
    return world.contribution_path


def version(world: World) -> dict[str, Any]:
    return {"version_id": world.version.pk}


# An upload is its sender's alone: a steward reads reports, not transfers.
SENDER: dict[str, Any] = {"anonymous": 401, "stranger": 404, "buyer": 404, "operator": 404, "steward": 404}
SENDER_PAGE: dict[str, Any] = {**SENDER, "anonymous": 302}
UNKNOWN: dict[str, Any] = {"anonymous": 401, "stranger": 404, "buyer": 404, "operator": 404}
UNKNOWN_PAGE: dict[str, Any] = {**UNKNOWN, "anonymous": 302}
BATCH = {"files": [SMALL]}
NEW_FILE = {"name": "a.jsonl", "size": SIZE}

ANSWER = {"note": "An example from a manual.", "looked": "on"}
BY_CHANCE = {"split": {"kind": "hash", "shares": [80, 10, 10]}}

ROWS = [
    Row("ingestion-api:uploads", "POST", path="draft_contribution_path", body=NEW_FILE, contributor=201, **SENDER),
    # The steward may see this one, and is told that its files are not theirs to change.
    Row(
        "ingestion-api:uploads",
        "POST",
        path="contribution_path",
        body=NEW_FILE,
        contributor=409,
        **SENDER,
    ),
    # A steward sees that there is a contribution, and none of its transfers: the list is of one's own.
    Row("ingestion-api:uploads", "GET", path="contribution_path", contributor=200, steward=200, **UNKNOWN),
    Row("ingestion-api:uploads", "GET", path="draft_contribution_path", contributor=200, **SENDER),
    Row("ingestion-api:upload-summary", "GET", path="contribution_path", contributor=200, steward=200, **UNKNOWN),
    Row("ingestion-api:upload-summary", "GET", path="draft_contribution_path", contributor=200, **SENDER),
    Row("ingestion-api:batch", "POST", path="draft_contribution_path", body=BATCH, contributor=200, **SENDER),
    Row("ingestion-api:batch", "POST", path="contribution_path", body=BATCH, contributor=409, **SENDER),
    Row(
        "ingestion-api:batch-complete",
        "POST",
        path="draft_contribution_path",
        body=small_upload,
        contributor=200,
        **SENDER,
    ),
    Row("ingestion-api:upload-restore", "POST", path=open_upload, contributor=200, **SENDER),
    Row("ingestion-api:upload-restore", "POST", path=stored_upload, contributor=409, **SENDER),
    Row("ingestion-api:upload", "GET", path=open_upload, contributor=200, **SENDER),
    Row("ingestion-api:upload", "DELETE", path=open_upload, contributor=204, **SENDER),
    Row("ingestion-api:upload", "DELETE", path=stored_upload, contributor=409, **SENDER),
    Row("ingestion-api:upload-parts", "GET", path=open_upload, contributor=200, **SENDER),
    Row("ingestion-api:upload-parts", "POST", path=open_upload, body={"parts": [PART]}, contributor=200, **SENDER),
    Row("ingestion-api:upload-parts", "POST", path=stored_upload, body={"parts": [PART]}, contributor=409, **SENDER),
    Row("ingestion-api:upload-complete", "POST", path=open_upload, contributor=409, **SENDER),
    Row("ingestion-api:report", "GET", path="contribution_path", contributor=200, steward=200, **UNKNOWN),
    Row("ingestion-api:report", "GET", path="draft_contribution_path", contributor=404, steward=404, **UNKNOWN),
    Row("ingestion-api:similar", "GET", path="contribution_path", contributor=200, steward=200, **UNKNOWN),
    Row("ingestion-api:similar", "GET", path="draft_contribution_path", contributor=200, steward=404, **UNKNOWN),
    Row("ingestion-api:record", "GET", path=record, contributor=200, steward=200, **UNKNOWN),
    Row("ingestion-api:record", "GET", path=no_record, contributor=404, steward=404, **UNKNOWN),
    # What the records hold, piece by piece, is for whoever may take them back.
    Row("ingestion-api:records", "GET", path="contribution_path", contributor=200, **SENDER),
    Row("ingestion-api:records", "GET", path="draft_contribution_path", contributor=200, **SENDER),
    Row("ingestion:records", "GET", path="contribution_path", contributor=200, **SENDER_PAGE),
    Row("ingestion:records", "GET", path="draft_contribution_path", contributor=200, **SENDER_PAGE),
    # Who stewards the dataset publishes it, and answers for what is in it.
    Row(
        "ingestion-api:acknowledge-secrets",
        "POST",
        path=with_secrets,
        body=ANSWER,
        contributor=403,
        steward=200,
        **UNKNOWN,
    ),
    Row(
        "ingestion-api:acknowledge-secrets",
        "POST",
        path="contribution_path",
        body=ANSWER,
        contributor=403,
        steward=409,
        **UNKNOWN,
    ),
    Row("ingestion-api:versions", "GET", path="dataset_path", **everybody(200)),
    Row("ingestion-api:versions", "GET", path="draft_dataset_path", **only("steward", 200, others=404)),
    Row("ingestion-api:versions", "POST", path="dataset_path", **only("steward", 201, others=403, anonymous=401)),
    Row("ingestion-api:versions", "POST", path="draft_dataset_path", **only("steward", 409, others=404, anonymous=401)),
    Row("ingestion-api:version", "GET", path=version, **everybody(200)),
    # It is published, so there is nothing to try again; only a steward would be let.
    Row("ingestion-api:version-retry", "POST", path=version, **only("steward", 409, others=403, anonymous=401)),
    Row("ingestion-api:layout", "GET", path="dataset_path", **only("steward", 200, others=403, anonymous=401)),
    Row("ingestion-api:layout", "GET", path="draft_dataset_path", **only("steward", 200, others=404, anonymous=401)),
    Row(
        "ingestion-api:layout",
        "PUT",
        path="dataset_path",
        body=BY_CHANCE,
        **only("steward", 200, others=403, anonymous=401),
    ),
    Row("ingestion:layout", "GET", path="dataset_path", **only("steward", 200, others=403, anonymous=302)),
    Row("ingestion:layout", "GET", path="draft_dataset_path", **only("steward", 200, others=404, anonymous=302)),
    Row(
        "ingestion:layout",
        "POST",
        path="dataset_path",
        body={"split_kind": "none", "config_kind": "none"},
        **only("steward", 302, others=403, anonymous=302),
    ),
    Row("ingestion:contribute", "GET", path="dataset_path", **everybody(200, anonymous=302)),
    Row("ingestion:contribute", "GET", path="draft_dataset_path", **only("steward", 200, others=404, anonymous=302)),
    Row("ingestion:contribute", "POST", path="dataset_path", body={"title": "Mine"}, **everybody(302)),
    Row("ingestion:workspace", "GET", path="contribution_path", contributor=200, steward=200, **UNKNOWN_PAGE),
    Row("ingestion:workspace", "GET", path="draft_contribution_path", contributor=200, steward=404, **UNKNOWN_PAGE),
    Row("ingestion:files", "GET", path="contribution_path", contributor=200, steward=200, **UNKNOWN_PAGE),
    Row("ingestion:files", "GET", path="draft_contribution_path", contributor=200, steward=404, **UNKNOWN_PAGE),
    Row("ingestion:check", "GET", path="contribution_path", contributor=200, steward=200, **UNKNOWN_PAGE),
    Row("ingestion:report", "GET", path="contribution_path", contributor=200, steward=200, **UNKNOWN_PAGE),
    Row("ingestion:report", "GET", path="draft_contribution_path", contributor=404, steward=404, **UNKNOWN_PAGE),
    Row("ingestion:report", "POST", path=with_secrets, body=ANSWER, contributor=403, steward=302, **UNKNOWN_PAGE),
    # The contributor is told the count beside the check; the pairs are for the steward who decides.
    Row("ingestion:similar", "GET", path="contribution_path", contributor=403, steward=200, **UNKNOWN_PAGE),
    Row("ingestion:similar", "GET", path="draft_contribution_path", contributor=403, steward=404, **UNKNOWN_PAGE),
    Row(
        "ingestion:similar",
        "POST",
        path="contribution_path",
        body={"decision": "both"},
        contributor=403,
        steward=302,
        **UNKNOWN_PAGE,
    ),
    Row("ingestion:submit", "POST", path="draft_contribution_path", contributor=302, steward=404, **UNKNOWN_PAGE),
    Row("ingestion:remove", "POST", path=open_upload, contributor=302, **SENDER_PAGE),
    Row("ingestion:remove", "POST", path=stored_upload, contributor=409, **SENDER_PAGE),
    Row("ingestion:publish", "POST", path="dataset_path", **only("steward", 302, others=403, anonymous=302)),
    Row("ingestion:version", "GET", path=version, **everybody(200)),
    Row("ingestion:build", "GET", path=version, **everybody(200)),
    Row("ingestion:retry", "POST", path=version, **only("steward", 302, others=403, anonymous=302)),
]
