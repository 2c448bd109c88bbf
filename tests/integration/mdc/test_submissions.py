"""Faults and detours on the way of a submission."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from collective.accounts.models import User
from collective.catalog.models import Contribution
from collective.core.jobs.drain import drain
from collective.core.storage import incoming
from collective.core.storage.errors import ObjectNotFoundError
from collective.interop.mdc.samples import UNFINISHED_MOST
from collective.interop.mdc.submissions import forget_drafts
from collective.interop.models import MdcSubmission, MdcUpload
from ingestion.models import Upload
from ingestion.services import sweep_uploads
from licensing.services import declare_rights
from tests.contract.hub.published import Market, key_for
from tests.factories import OrganizationFactory, UserFactory
from tests.integration.licensing.world import declaration
from tests.integration.mdc.conftest import Caller
from tests.integration.mdc.sending import (
    UPLOAD,
    begun,
    completed,
    contribution_of,
    corpus,
    drafted,
    sent,
    submitted,
    uploaded,
)
from tests.unit.interop_mdc.test_submissions import WHOLE

pytestmark = pytest.mark.once  # `test_handing_in.py` goes the whole way on both databases
MIB = 1024**2


def test_parts_in_any_order_and_again(sender: Caller) -> None:
    name, content = drafted(sender), bytes(range(256)) * (24 * MIB // 1024)
    began = begun(sender, name, len(content))
    base = f"/uploads/{began['fileUploadId']}"
    last = sent(sender, base, content[5 * MIB :], 2)
    sent(sender, base, b"x" * (5 * MIB))
    parts = [last, sent(sender, base, content[: 5 * MIB])]
    for _ in range(2):  # the second as after a lost answer
        assert completed(sender, base, began, parts, content).status_code == 200
    drain()
    upload = Upload.objects.get()
    assert (upload.state, upload.sha256) == ("stored", hashlib.sha256(content).hexdigest())
    assert sender.get(f"{base}/parts/1").status_code == 410
    assert completed(sender, base, began, parts, b"other").status_code == 422


@pytest.mark.parametrize("fault", ["etag", "missing", "short", "uploadId", "checksum"])
def test_a_completion_that_does_not_fit_is_refused(sender: Caller, fault: str) -> None:
    name, content = drafted(sender), corpus()
    began = begun(sender, name, len(content) + (fault == "short"))
    base = f"/uploads/{began['fileUploadId']}"
    part = sent(sender, base, content)
    body: dict[str, Any] = {**began, "parts": [part], "checksum": "a" * 64}
    faults: dict[str, dict[str, Any]] = {
        "etag": {"parts": [{**part, "etag": "0" * 32}]},
        "missing": {"parts": [part, {"partNumber": 2, "etag": part["etag"]}]},
        "short": {},
        "uploadId": {"uploadId": "other"},
        "checksum": {"checksum": "short"},
    }
    body |= faults[fault]
    refused = sender.post(base, body)
    assert refused.status_code == (422 if fault in ("uploadId", "checksum") else 409)
    assert (".mdc-upload.json" in refused.json()["message"]) is (refused.status_code == 409)
    assert Upload.objects.get().state == "open"


def test_other_bytes_than_announced_are_never_handed_in(sender: Caller, person: User) -> None:
    name, content = drafted(sender), corpus()
    began = begun(sender, name, len(content))
    base = f"/uploads/{began['fileUploadId']}"
    part = sent(sender, base, content)
    assert completed(sender, base, began, [part], b"something else").status_code == 200
    drain()
    contribution = contribution_of(name)
    declare_rights(actor=person, contribution_id=contribution.pk, declaration=declaration())
    refused = submitted(sender, name)
    assert (refused.status_code, refused.json()["error"]) == (409, "upload_failed")
    assert Contribution.objects.get(pk=contribution.pk).state == "draft"
    assert completed(sender, base, began, [part], content).status_code == 410  # so that the SDK begins anew
    uploaded(sender, name, content)
    drain()
    assert submitted(sender, name).status_code == 200


def test_an_upload_that_expired_is_gone(sender: Caller) -> None:
    name = drafted(sender)
    base = f"/uploads/{begun(sender, name, 10)['fileUploadId']}"
    Upload.objects.update(active_at=timezone.now() - timedelta(days=30))
    sweep_uploads()
    assert sender.get(f"{base}/parts/1").status_code == 410


def test_an_upload_of_which_the_store_has_nothing_left_begins_anew(sender: Caller) -> None:
    """As after a rule of the bucket: only 410 makes the SDK forget what it had sent."""
    name, content = drafted(sender), corpus()
    began = begun(sender, name, len(content))
    base = f"/uploads/{began['fileUploadId']}"
    part = sent(sender, base, content)
    upload = Upload.objects.get()
    incoming().abort(upload.key, upload.storage_id)
    refused = completed(sender, base, began, [part], content)
    assert (refused.status_code, refused.json()["error"]) == (410, "parts_lost")
    uploaded(sender, name, content)
    drain()
    assert sorted(Upload.objects.values_list("state", flat=True)) == ["aborted", "stored"]


def test_samples_that_nobody_finishes_have_an_end(sender: Caller) -> None:
    name = drafted(sender)
    path = f"/submissions/{name}/sample"
    for _ in range(UNFINISHED_MOST):
        begun(sender, name, 10, path)
    refused = sender.post(path, {"fileSize": 10, **UPLOAD})
    assert (refused.status_code, refused.json()["error"]) == (429, "too_many_samples")
    MdcUpload.objects.update(created_at=timezone.now() - timedelta(days=3))
    begun(sender, name, 10, path)


def test_a_sample_that_was_swept_out_of_the_store_begins_anew(sender: Caller, settings: Settings) -> None:
    path = f"/submissions/{drafted(sender)}/sample"
    base = f"{path}/{begun(sender, path.split('/')[2], 10, path)['fileUploadId']}"
    assert sender.get(f"{base}/parts/1").status_code == 200
    swept = timezone.now() - timedelta(hours=settings.UPLOAD_ORPHAN_HOURS, minutes=1)
    MdcUpload.objects.update(created_at=swept)
    assert sender.get(f"{base}/parts/1").status_code == 410


def test_a_sample_is_checked_and_thrown_away(sender: Caller) -> None:
    name, content = drafted(sender), corpus()
    path = f"/submissions/{name}/sample"
    began = begun(sender, name, len(content), path)
    base = f"{path}/{began['fileUploadId']}"
    parts = [sent(sender, base, content)]
    for _ in range(2):
        assert completed(sender, base, began, parts, content).status_code == 200
    drain()
    shown = sender.patch(f"/submissions/{name}", {"other": "A datasheet."}).json()["submission"]
    assert (shown["sampleFileReferenceId"], shown["fileUploadId"]) == (began["fileUploadId"], None)
    with pytest.raises(ObjectNotFoundError):
        incoming().open(MdcUpload.objects.get().key)
    assert submitted(sender, name).json()["error"] == "upload_missing"
    wrong = begun(sender, name, len(content), path)
    base = f"{path}/{wrong['fileUploadId']}"
    completed(sender, base, wrong, [sent(sender, base, content)], b"else")
    drain()
    assert sender.get(f"{base}/parts/1").status_code == 410


def test_a_second_file_takes_the_place_of_one_that_is_still_being_checked(sender: Caller) -> None:
    name = drafted(sender)
    for file, content in (("first.tar.gz", corpus()), ("second.tar.gz", corpus(b"text\nsomething else entirely\n"))):
        uploaded(sender, name, content, filename=file)
    drain()
    assert {each.name: each.state for each in Upload.objects.all()} == {
        "first.tar.gz": "aborted",
        "second.tar.gz": "stored",
    }


def test_a_new_file_takes_the_place_of_the_one_before(sender: Caller) -> None:
    name = drafted(sender)
    uploaded(sender, name, corpus())
    drain()
    uploaded(sender, name, corpus(b"text\nsomething else entirely\n"))
    drain()
    assert sorted(Upload.objects.values_list("state", flat=True)) == ["removed", "stored"]


def test_deleting(sender: Caller, person: User) -> None:
    name = drafted(sender)
    base = uploaded(sender, name, corpus())
    drain()
    assert sender.delete(f"/submissions/{name}").status_code == 204
    assert [sender.delete(f"/submissions/{name}").status_code, sender.get(f"{base}/parts/1").status_code] == [410, 410]
    drain()
    assert Upload.objects.get().state == "removed"
    assert contribution_of(name).state == "withdrawn"


def test_what_was_accepted_is_not_deleted_and_takes_a_new_version(sender: Caller, person: User) -> None:
    name = drafted(sender)
    uploaded(sender, name, corpus())
    drain()
    first = contribution_of(name)
    Contribution.objects.filter(pk=first.pk).update(state="accepted", decided_at=timezone.now())
    refused = sender.delete(f"/submissions/{name}")
    assert refused.status_code == 403
    assert f"/contributions/{first.pk}/withdraw/" in refused.json()["message"]
    uploaded(sender, name, corpus(b"text\nmore of the same\n"))
    again = contribution_of(name)
    assert (again.pk != first.pk, again.state, again.dataset_id) == (True, "draft", first.dataset_id)
    first.refresh_from_db()
    assert first.state == "accepted"


def test_a_dataset_that_is_there_can_be_named_and_keeps_its_words(sender: Caller, market: Market) -> None:
    name = sender.post("/submissions", {"name": "acme/greetings"}).json()["submission"]["id"]
    sender.patch(f"/submissions/{name}", {**WHOLE, "name": "Mine now", "visibility": "private"})
    uploaded(sender, name, corpus())
    row = MdcSubmission.objects.get(pk=name)
    before = (market.dataset.title, market.dataset.visibility)
    market.dataset.refresh_from_db()
    assert (row.dataset_id, before) == (market.dataset.pk, (market.dataset.title, market.dataset.visibility))
    by_dataset = sender.patch(f"/submissions/{market.dataset.pk}", {"format": "CSV"})  # people confuse the two ids
    assert by_dataset.json()["submission"]["id"] == name


def test_somebody_of_several_organizations_says_which(sender: Caller, person: User) -> None:
    OrganizationFactory.create(slug="coast", name="Coast", owner=person)
    refused = sender.post("/submissions", {"name": "Greetings"})
    assert (refused.status_code, "acme, coast" in refused.json()["message"]) == (422, True)
    made = sender.post("/submissions", {"name": "coast/Greetings"}).json()["submission"]
    assert (made["name"], MdcSubmission.objects.get(pk=made["id"]).organization.slug) == ("Greetings", "coast")


def test_nobody_touches_anothers_submission(sender: Caller) -> None:
    name = drafted(sender)
    base = uploaded(sender, name, corpus())
    other = Caller(key_for(UserFactory.create(), "upload"))
    answers = [
        other.patch(f"/submissions/{name}", {"name": "x"}),
        submitted(other, name),
        other.delete(f"/submissions/{name}"),
        other.post("/uploads", {"submissionId": name, "fileSize": 1, **UPLOAD}),
        other.get(f"{base}/parts/1"),
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 404, 404, 410]


def test_an_address_with_a_slash_too_many_is_told_in_words(sender: Caller) -> None:
    """And never led on: the SDK would ask there again without its body, and take the answer for a draft."""
    refused = sender.post("/submissions/", {"name": "Greetings"})
    assert (refused.status_code, refused.json()["error"]) == (404, "not_found")
    assert "nothing at this address" in refused.json()["message"]


def test_a_key_needs_the_scope(person: User) -> None:
    reader = Caller(key_for(person))
    refused = reader.post("/submissions", {"name": "Greetings"})
    assert (refused.status_code, refused.json()["error"]) == (403, "scope_missing")


def test_handing_in_needs_words_and_agreement(sender: Caller) -> None:
    made = sender.post("/submissions", {"name": "Greetings"}).json()["submission"]["id"]
    missing = submitted(sender, made)
    assert missing.status_code == 422
    assert "longDescription, task, locale" in missing.json()["message"]
    assert sender.post(f"/submissions/{made}", {"agreeToSubmit": "yes"}).status_code == 422
    assert sender.patch(f"/submissions/{made}", {"isPaid": True}).status_code == 422


def test_drafts_without_a_file_are_forgotten(sender: Caller) -> None:
    old, kept = drafted(sender), drafted(sender)
    MdcSubmission.objects.filter(pk=old).update(updated_at=timezone.now() - timedelta(days=31))
    forget_drafts()
    assert sender.patch(f"/submissions/{old}", {"format": "x"}).status_code == 410
    assert sender.patch(f"/submissions/{kept}", {"format": "x"}).status_code == 200
