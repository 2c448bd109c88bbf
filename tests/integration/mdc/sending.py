"""What the SDK sends, call by call."""

import hashlib
import io
import tarfile
from typing import Any
from urllib.parse import urlsplit

from django.test import Client

from collective.catalog.models import Contribution
from collective.interop.models import MdcSubmission
from tests.integration.mdc.conftest import Caller
from tests.unit.interop_mdc.test_submissions import WHOLE

UPLOAD = {"filename": "corpus.tar.gz", "mimeType": "application/gzip"}


def corpus(text: bytes = b"text,label\nhello there my friend,1\ngood morning to all,2\n") -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        member = tarfile.TarInfo("data.csv")
        member.size = len(text)
        tar.addfile(member, io.BytesIO(text))
    return packed.getvalue()


def drafted(sender: Caller, **fields: Any) -> str:
    """The id of a submission with all its words."""
    made = sender.post("/submissions", {"name": "Greetings of the coast"})
    assert made.status_code == 201, made.content
    name = str(made.json()["submission"]["id"])
    assert sender.patch(f"/submissions/{name}", {**WHOLE, "task": "NLP", **fields}).status_code == 200
    return name


def begun(sender: Caller, submission: str, size: int, path: str = "/uploads", **more: str) -> dict[str, str]:
    answer = sender.post(path, {"submissionId": submission, "fileSize": size, **UPLOAD, **more})
    assert answer.status_code == 201, answer.content
    return dict(answer.json())


def sent(sender: Caller, base: str, content: bytes, number: int = 1) -> dict[str, Any]:
    """One part, as the SDK sends it: a PUT without a key and without a type."""
    url = urlsplit(sender.get(f"{base}/parts/{number}").json()["url"])
    answer = Client().generic("PUT", f"{url.path}?{url.query}", content, content_type="")
    assert answer.status_code == 200, answer.content
    return {"partNumber": number, "etag": answer["ETag"].strip('"')}


def completed(sender: Caller, base: str, began: dict[str, str], parts: list[dict[str, Any]], content: bytes) -> Any:
    checksum = hashlib.sha256(content).hexdigest()
    return sender.post(base, {"uploadId": began["uploadId"], "parts": parts, "checksum": checksum})


def uploaded(sender: Caller, submission: str, content: bytes, **more: str) -> str:
    began = begun(sender, submission, len(content), **more)
    base = f"/uploads/{began['fileUploadId']}"
    answer = completed(sender, base, began, [sent(sender, base, content)], content)
    assert answer.status_code == 200, answer.content
    return base


def contribution_of(submission: str) -> Contribution:
    found = MdcSubmission.objects.select_related("contribution__dataset__organization").get(pk=submission).contribution
    assert found is not None
    return found


def submitted(sender: Caller, submission: str) -> Any:
    return sender.post(f"/submissions/{submission}", {"agreeToSubmit": True})
